import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fewAtATime } from './few-at-a-time.ts';

test('a burst is done in its order, for so long in each turn, and all of it', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => { vi.restoreAllMocks(); });
  const done: number[] = [];
  const take = fewAtATime(5);
  const working = (piece: number, ms: number) => take(() => { done.push(piece); now += ms; });
  for (let piece = 0; piece < 8; piece++) working(piece, piece === 6 ? 50 : 2);
  const after = [done.length];
  // what comes while others wait waits behind them
  working(8, 2);
  for (let turns = 0; turns < 4; turns++) {
    await turn();
    after.push(done.length);
  }
  // a slow one is the last of its turn
  expect(after).toEqual([3, 6, 7, 9, 9]);
  expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  await turn();
  working(9, 2);
  expect(done).toHaveLength(10);
});
