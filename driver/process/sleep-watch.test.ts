import { expect, test, vi } from 'vitest';
import { slept, watchSleep } from './sleep-watch.ts';

const reading = (uptimeMs: number, monotonicMs: number): { uptimeMs: number; monotonicMs: number } => ({ uptimeMs, monotonicMs });

test.each([
  ['a second that passes', reading(1_000, 1_000), false],
  ['a process that was starved', reading(12_000, 12_000), false],
  ['uptime in whole seconds', reading(2_000, 1_050), false],
  ['an hour that the monotonic clock missed', reading(3_601_000, 1_000), true],
  ['ten seconds that it missed', reading(11_000, 1_000), true],
  ['an hour in which nothing ran, on a clock that goes on', reading(3_600_000, 3_600_000), true],
  ['a clock that was set back', reading(-3_600_000, 1_000), false],
])('%s', (_what, now, expected) => {
  expect(slept(reading(0, 0), now)).toBe(expected);
});

test('waking up is told once, and not after the end of the watch', () => {
  vi.useFakeTimers();
  try {
    const clock = { uptimeMs: 0, monotonicMs: 0 };
    const pass = (ms: number, asleep = 0): void => {
      clock.uptimeMs += ms + asleep;
      clock.monotonicMs += ms;
      vi.advanceTimersByTime(ms);
    };
    let woke = 0;
    const end = watchSleep(() => { woke++; }, { uptime: () => clock.uptimeMs / 1_000, monotonic: () => clock.monotonicMs });
    for (let second = 0; second < 60; second++) pass(1_000);
    expect(woke).toBe(0);
    pass(1_000, 7_200_000);
    for (let second = 0; second < 60; second++) pass(1_000);
    expect(woke).toBe(1);
    end();
    pass(1_000, 7_200_000);
    expect(woke).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});
