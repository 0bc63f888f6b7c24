import { expect, test } from 'vitest';
import fc from 'fast-check';
import { ClockLoss } from './clock-loss.ts';
import { IntervalLoss } from './interval-loss.ts';
import { SequenceLoss } from './sequence-loss.ts';
import { UnwrappedClock } from './unwrapped-clock.ts';

test('a sequence tells how many are missing, over its end too; a repetition is none', () => {
  const loss = new SequenceLoss(65_536);
  expect([65_533, 65_534, 65_534, 1, 2, 5].map((sequence) => loss.next(sequence))).toEqual([0, 0, 0, 2, 0, 2]);
  expect(loss.count).toBe(4);
});

test('a clock that wraps goes on counting, whatever the gaps, while the host saw them within half a turn', () => {
  const step = fc.record({ ticks: fc.integer({ min: 0, max: 200_000 }), late: fc.integer({ min: -1_000, max: 1_000 }) });
  fc.assert(fc.property(fc.integer({ min: 0, max: 65_535 }), fc.array(step), (start, steps) => {
    const clock = new UnwrappedClock(65_536, 100_000);
    let ticks = start;
    expect(clock.next(start, 0)).toBe(start);
    let host = 0;
    for (const { ticks: more, late } of steps) {
      ticks += more;
      host = Math.max(host, (ticks - start + late) * 100_000);
      expect(clock.next(ticks % 65_536, host)).toBe(ticks);
    }
  }));
});

test('a clock that runs a little backwards is told as running backwards', () => {
  const clock = new UnwrappedClock(65_536, 100_000);
  expect([[10, 0], [60, 5e6], [58, 10e6], [110, 15e6]].map(([raw, host]) => clock.next(raw!, host!))).toEqual([10, 60, 58, 110]);
});

const MS = 1_000_000;

test('a device clock tells how many periods are missing while the pen is down, and nothing of a lifted pen', () => {
  const loss = new ClockLoss();
  const steps = [...Array.from({ length: 20 }, () => 50), 52, 48, 0, 50, 150, 50, 250];
  let ticks = 0;
  const missing = steps.map((step) => loss.next(ticks += step, true));
  expect(missing.filter((count) => count > 0)).toEqual([2, 4]);
  expect(missing[24]).toBe(2);
  loss.next(ticks += 50, false);
  expect(loss.next(ticks += 5_000, true)).toBe(0);
  expect(loss.count).toBe(6);
});

test('a device clock that runs backwards is no loss', () => {
  const loss = new ClockLoss();
  for (let index = 0; index < 20; index++) loss.next(index * 50, true);
  expect([loss.next(900, true), loss.next(950, true), loss.next(1_000, true)]).toEqual([0, 0, 0]);
});

/** @param intervals in ms. @param repeated every so many reports one is the same as before */
function intervals(loss: IntervalLoss, given: readonly number[], repeated: number | null, down = true): void {
  let time = 0;
  for (const [index, interval] of given.entries()) loss.next((time += interval) * MS, down, repeated !== null && index % repeated === 0);
}

const steady = Array.from({ length: 100 }, () => 5);

test('a gap between reports that come in time is a loss, of as many as fit in', () => {
  const loss = new IntervalLoss();
  intervals(loss, [...steady, 25, ...steady], 4);
  expect([loss.count, loss.method, loss.pauses]).toEqual([4, 'interval', 0]);
});

test('a late report that a burst follows was delayed, not lost', () => {
  const loss = new IntervalLoss();
  intervals(loss, [...steady, 25, 0, 0, 0, 0, ...steady], 4);
  expect([loss.count, loss.method]).toEqual([0, 'interval']);
});

test('of a delay and a loss in one, the loss remains', () => {
  const loss = new IntervalLoss();
  // 50 ms without a report are nine missing ones; four of them come late
  intervals(loss, [...steady, 50, 0, 0, 0, 0, ...steady], 4);
  expect(loss.count).toBe(5);
});

test('polls that now and then come for nothing are no loss', () => {
  const loss = new IntervalLoss();
  intervals(loss, Array.from({ length: 400 }, (_, index) => index % 9 === 8 ? 8 : 4), 4);
  expect([loss.count, loss.method]).toEqual([0, 'interval']);
});

test('gaps of a device that never repeats itself may be its silence: nobody can tell', () => {
  const loss = new IntervalLoss();
  intervals(loss, [...steady, 80, ...steady, 40], null);
  expect([loss.count, loss.method, loss.pauses]).toEqual([0, 'unknown', 2]);
});

test('a pen in the air may be silent for as long as it likes', () => {
  const loss = new IntervalLoss();
  intervals(loss, [...steady, 800, ...steady], 4, false);
  expect([loss.count, loss.method, loss.pauses]).toEqual([0, 'interval', 0]);
});
