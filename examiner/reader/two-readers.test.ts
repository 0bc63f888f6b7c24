/** Both readers give the same answer, value for value and code for code, to records damaged at every layer. `two-readers.long.test.ts` goes on. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { compareReaders } from '#fixtures/records/compare-readers.ts';
import { mutated, numbers } from '#fixtures/records/mutations.ts';

const folder = join(import.meta.dirname, '../../fixtures/records');
const vectors = readdirSync(folder).filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { record: string; expect: object });
const good = vectors.filter((vector) => !('error' in vector.expect)).map(({ record }) => Buffer.from(record, 'base64'));

test('agree on records damaged at random', (context) => {
  const next = numbers(20_261_127);
  const damaged = good.flatMap((record) => Array.from({ length: 25 }, () => mutated(record, next)));
  const { differences, counts } = compareReaders(judge(context, 'python3'), damaged);
  expect(differences).toEqual([]);
  // the damage reaches both sides of the line
  for (const outcome of ['read', 'RECORD_MALFORMED', 'RECORD_LIMIT']) expect(counts.get(outcome), outcome).toBeGreaterThan(5);
});
