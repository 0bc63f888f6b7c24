/** Both readers give the same answer, value for value and code for code, to records damaged at every layer. `two-readers.long.test.ts` goes on. */
import { expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { compareReaders } from '#fixtures/records/compare-readers.ts';
import { damagedRecords } from '#fixtures/records/damaged-records.ts';
import { numbers } from '#fixtures/records/mutations.ts';

test('agree on records damaged at random', (context) => {
  const { differences, counts } = compareReaders(judge(context, 'python3'), damagedRecords(1_000, numbers(20_261_127)));
  expect(differences).toEqual([]);
  // the damage reaches both sides of the line
  for (const outcome of ['read', 'RECORD_MALFORMED', 'RECORD_LIMIT']) expect(counts.get(outcome), outcome).toBeGreaterThan(5);
});
