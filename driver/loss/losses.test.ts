import { expect, test } from 'vitest';
import fc from 'fast-check';
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
