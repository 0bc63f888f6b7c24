/** `two-readers.test.ts` for longer: other damage in every run, the seed in its name. */
import { expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { compareReaders } from '#fixtures/records/compare-readers.ts';
import { damagedRecords } from '#fixtures/records/damaged-records.ts';
import { numbers } from '#fixtures/records/mutations.ts';

const ROUNDS = 20;
const AT_ONCE = 3_000;
const seed = Number(process.env['COUNTERSIGN_SEED'] ?? Date.now() % 1_000_000_000);

test(`agree on ${ROUNDS * AT_ONCE} damaged records (COUNTERSIGN_SEED=${seed})`, (context) => {
  const python = judge(context, 'python3');
  const next = numbers(seed);
  let read = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { differences, counts } = compareReaders(python, damagedRecords(AT_ONCE, next));
    expect(differences).toEqual([]);
    read += counts.get('read') ?? 0;
  }
  expect(read).toBeGreaterThan(ROUNDS * AT_ONCE / 50);
});
