/** `two-readers.test.ts` for longer: other damage in every run, the seed in its name. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { compareReaders } from '#fixtures/records/compare-readers.ts';
import { mutated, numbers } from '#fixtures/records/mutations.ts';

const folder = join(import.meta.dirname, '../../fixtures/records');
const vectors = readdirSync(folder).filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { record: string });

const ROUNDS = 20;
const AT_ONCE = 3_000;
const seed = Number(process.env['COUNTERSIGN_SEED'] ?? Date.now() % 1_000_000_000);

test(`agree on ${ROUNDS * AT_ONCE} damaged records (COUNTERSIGN_SEED=${seed})`, (context) => {
  const python = judge(context, 'python3');
  const next = numbers(seed);
  // the refused ones as well: what is wrong with them may be mended, or come second
  const records = vectors.map(({ record }) => Buffer.from(record, 'base64')).filter(({ length }) => length < 50_000);
  const total = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const { differences, counts } = compareReaders(python, Array.from({ length: AT_ONCE }, () => mutated(records[next(records.length)]!, next)));
    expect(differences).toEqual([]);
    for (const [outcome, count] of counts) total.set(outcome, (total.get(outcome) ?? 0) + count);
  }
  expect(total.get('read')).toBeGreaterThan(ROUNDS * AT_ONCE / 100);
});
