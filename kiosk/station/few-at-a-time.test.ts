import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fewAtATime } from './few-at-a-time.ts';

test('a burst is done in its order, a few in each turn, and all of it', async () => {
  const done: number[] = [];
  const take = fewAtATime(3);
  for (let at = 0; at < 8; at++) take(() => done.push(at));
  const after = [done.length];
  // what comes while others wait waits behind them
  take(() => done.push(8));
  for (let turns = 0; turns < 3; turns++) {
    await turn();
    after.push(done.length);
  }
  expect(after).toEqual([3, 6, 9, 9]);
  expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  await turn();
  take(() => done.push(9));
  expect(done).toHaveLength(10);
});
