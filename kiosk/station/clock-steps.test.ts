import { expect, test } from 'vitest';
import { ClockSteps } from './clock-steps.ts';

function clocks(): { steps: ClockSteps; pass(ms: number): void; set(ms: number): void } {
  let [wall, monotonic] = [Date.parse('2026-11-26T10:00:00Z'), 5_000];
  return {
    steps: new ClockSteps(() => wall, () => monotonic),
    pass: (ms) => { wall += ms; monotonic += ms; },
    set: (ms) => { wall += ms; },
  };
}

test('a clock that only runs has no steps', () => {
  const { steps, pass } = clocks();
  for (let second = 0; second < 100; second++) {
    pass(1_000);
    expect(steps.look()).toBeNull();
  }
  expect(steps.all).toEqual([]);
});

test('a clock that is set shows it once, with its size and direction', () => {
  const { steps, pass, set } = clocks();
  pass(1_000);
  set(3_600_000);
  pass(400);
  expect(steps.look()).toEqual({ at: '2026-11-26T11:00:01.400Z', ms: 3_600_000 });
  expect(steps.look()).toBeNull();
  pass(600);
  set(-3_600_500);
  expect(steps.look()).toEqual({ at: '2026-11-26T10:00:01.500Z', ms: -3_600_500 });
  expect(steps.all.map(({ ms }) => ms)).toEqual([3_600_000, -3_600_500]);
});

test('a slow slew is no step, however long it goes on', () => {
  const { steps, pass, set } = clocks();
  for (let second = 0; second < 2_000; second++) {
    pass(1_000);
    set(0.5);
    expect(steps.look()).toBeNull();
  }
});

test('the latest 64 are kept', () => {
  const { steps, set } = clocks();
  for (let ms = 1_000; ms < 1_070; ms++) {
    set(ms);
    steps.look();
  }
  expect(steps.all).toHaveLength(64);
  expect(steps.all.at(-1)?.ms).toBe(1_069);
});

test('a process that stood still between looking at one clock and at the other saw no step', () => {
  let [monotonic, standstill] = [5_000, 0];
  const steps = new ClockSteps(() => {
    const wall = 1_000_000_000 + monotonic;
    monotonic += standstill;
    return wall;
  }, () => monotonic);
  standstill = 400;
  expect(steps.look()).toBeNull();
  standstill = 0;
  monotonic += 1_000;
  expect(steps.look()).toBeNull();
  expect(steps.all).toEqual([]);
});
