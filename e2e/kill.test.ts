/**
 * Promise 3: when the guest reads "Thank you", the packet survives; before that, the document stays waiting.
 *
 * strace kills the running station at every fourth of its flushes between Done and "Thank you", and right behind it. What was
 * written to the kernel outlives a kill: this stands for a crash, not for a disk that lies about flushing. No hook in the product
 * helps. Kills at each flush, at single writes, and while it tidies up are in `kill.long.test.ts`.
 */
import { afterAll, expect, test } from 'vitest';
import { killRounds, type KillRounds, type Left } from './kill-rounds.ts';

const MOST = 3;
let rounds: KillRounds | undefined;

afterAll(async () => rounds?.end());

test('a station killed at a flush between Done and "Thank you" has the whole packet or none', async (context) => {
  rounds ??= await killRounds(context);
  const left: Left[] = [];
  while (left.length < MOST && left.at(-1) !== 'untouched') left.push(await rounds.round({ calls: 'fsync,fdatasync', when: 4 * left.length + 1 }));
  // the trail, the record announced, the packet, the request completed: each flushed before the next is begun
  expect(left.join(' ')).toMatch(/^(unsigned )+(complete )*(untouched|complete)$/);
}, 150_000);

test('a station killed right behind "Thank you" has the packet, and all of these records are one chain', async (context) => {
  rounds ??= await killRounds(context);
  expect(await rounds.round('after thank you')).toBe('complete');
  await rounds.checkChain();
});
