/** Promise 3, in finer steps than `kill.test.ts`: the station is killed at every flush, and at single writes to its databases. */
import { afterAll, expect, test } from 'vitest';
import { killRounds, type KillRounds, type Left } from './kill-rounds.ts';

/** Pages are written one by one, so a packet takes hundreds of writes; in between all are alike. */
const STEPS = [...Array.from({ length: 20 }, (_, index) => index + 1), ...Array.from({ length: 60 }, (_, index) => 25 + 10 * index)];
let rounds: KillRounds | undefined;

afterAll(async () => rounds?.end());

test('a station killed at any flush between Done and "Thank you" has the whole packet or none', async (context) => {
  rounds ??= await killRounds(context);
  const left: Left[] = [];
  while (left.length < 16 && left.at(-1) !== 'untouched') left.push(await rounds.round({ calls: 'fsync,fdatasync', when: left.length + 1 }));
  expect(left.join(' ')).toMatch(/^(unsigned ){2,}(complete ){2,}(untouched|complete)$/);
});

test('a station killed at any write between Done and "Thank you" has the whole packet or none', async (context) => {
  rounds ??= await killRounds(context);
  const left: Left[] = [];
  for (const when of STEPS) {
    left.push(await rounds.round({ calls: 'pwrite64,pwritev', when }));
    if (left.at(-1) === 'untouched') break;
  }
  expect(left.join(' ')).toMatch(/^(unsigned )+(complete )+untouched$/);
  await rounds.checkChain();
});
