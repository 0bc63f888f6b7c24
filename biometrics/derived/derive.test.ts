import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryCapture } from '#fixtures/arbitrary-capture.ts';
import type { Capture, Channel } from '../capture.ts';
import { Mark, Switch, type Sample } from '../sample.ts';
import { derive, type Movement } from './derive.ts';

const [some] = fc.sample(arbitraryCapture().filter(({ samples }) => samples.length > 0), { numRuns: 1, seed: 6 });
const axis = (name: 'x' | 'y'): Channel => ({
  name, unit: 'count', logicalMin: null, logicalMax: null, physicalMin: null, physicalMax: null, unitExponent: null, perMm: 100, rotation: null, derived: false,
});

/** Times in s, about 200 a second, each up to 30 % early or late. */
const uneven = (count: number): number[] => Array.from({ length: count }, (_, index) => 0.005 * (index + 0.3 * Math.sin(7 * index * index)));

/** A pen at (x, y) mm at each time; the device counts 100 per mm, here with fractions, so that only the method errs. */
function drawn(times: readonly number[], at: (t: number) => { x: number; y: number }, change: (index: number) => Partial<Sample> = () => ({})): Pick<Capture, 'source' | 'samples'> {
  const samples = times.map((t, index): Sample => {
    const { x, y } = at(t);
    return { ...some!.samples[0]!, x: x * 100, y: y * 100, hostTime: t * 1e9, pressure: 500 + 200 * t, switches: Switch.tip, marks: 0, ...change(index) };
  });
  return { source: { ...some!.source, deviceClock: null, channels: [axis('x'), axis('y')] }, samples };
}

/** Greatest relative error against the truth, away from the three samples at either end. */
function worst(movements: readonly Movement[], of: 'speed' | 'acceleration' | 'jerk' | 'curvature', truth: (t: number) => number): number {
  return Math.max(...movements.slice(3, -3).map((movement) => Math.abs(movement[of]! / truth(movement.time) - 1)));
}

describe('movement along curves that are known, unevenly sampled', () => {
  it('a circle at constant speed: v, v²/r, v³/r², 1/r', () => {
    const [r, v] = [10, 100];
    const { movements, lengthUnit, clock } = derive(drawn(uneven(120), (t) => ({ x: r * Math.cos(v * t / r), y: r * Math.sin(v * t / r) })));
    expect([lengthUnit, clock]).toEqual(['mm', 'host']);
    expect(worst(movements, 'speed', () => v)).toBeLessThan(1e-3);
    expect(worst(movements, 'acceleration', () => v * v / r)).toBeLessThan(0.01);
    expect(worst(movements, 'jerk', () => v ** 3 / r ** 2)).toBeLessThan(0.03);
    expect(worst(movements, 'curvature', () => 1 / r)).toBeLessThan(0.01);
    expect(movements[60]!.pressureRate).toBeCloseTo(200, 6);
  });

  it('a cycloid: speed 2rω|sin(ωt/2)|, curvature 1/(4r|sin(ωt/2)|), turning the other way', () => {
    const [r, w] = [5, 8];
    const times = uneven(130).map((t) => t + 0.05);
    const { movements } = derive(drawn(times, (t) => ({ x: r * (w * t - Math.sin(w * t)), y: r * (1 - Math.cos(w * t)) })));
    const half = (t: number) => Math.sin(w * (t + times[0]!) / 2);
    expect(worst(movements, 'speed', (t) => 2 * r * w * half(t))).toBeLessThan(0.01);
    expect(worst(movements, 'acceleration', () => r * w * w)).toBeLessThan(0.01);
    expect(worst(movements, 'curvature', (t) => -1 / (4 * r * half(t)))).toBeLessThan(0.02);
  });

  it('a lognormal stroke (Plamondon 1995): its speed is the lognormal bell', () => {
    const [D, t0, mu, sigma] = [40, -0.1, -1.2, 0.3];
    const bell = (t: number) => D / (sigma * Math.sqrt(2 * Math.PI) * (t - t0)) * Math.exp(-((Math.log(t - t0) - mu) ** 2) / (2 * sigma ** 2));
    // The way so far is the integral of the bell, here by Simpson's rule in 400 parts.
    const way = (t: number) => {
      const h = (t - t0 - 1e-6) / 400;
      return Array.from({ length: 401 }, (_, i) => (i === 0 || i === 400 ? 1 : i % 2 === 1 ? 4 : 2) * bell(t0 + 1e-6 + i * h)).reduce((a, b) => a + b) * h / 3;
    };
    const times = uneven(80);
    const { movements } = derive(drawn(times, (t) => ({ x: 0.6 * way(t), y: 0.8 * way(t) })));
    const peak = Math.exp(mu - sigma ** 2) + t0;
    const errors = movements.slice(3, -3).map(({ time, speed }) => Math.abs(speed! - bell(time + times[0]!)) / bell(peak));
    expect(Math.max(...errors)).toBeLessThan(0.005);
  });
});

describe('what is missing', () => {
  const line = (t: number) => ({ x: 100 * t, y: 0 });

  it('a hole, a loss, a repeated and a backward time end a run; nothing reaches over them', () => {
    const times = Array.from({ length: 50 }, (_, index) => 0.005 * index + (index >= 10 ? 0.1 : 0));
    times[30] = times[29]!;
    times[40] = times[39]! - 0.001;
    const jump = drawn(times, (t) => ({ x: 100 * t + (t > 0.1 ? 50 : 0), y: 0 }), (index) => index === 20 ? { marks: Mark.afterLoss } : {});
    const { movements, strokes } = derive(jump);
    expect(movements.flatMap(({ run }, index) => run !== movements[index - 1]?.run ? [index] : [])).toEqual([0, 10, 20, 30, 40]);
    for (const { speed } of movements) expect(speed).toBeCloseTo(100, 6);
    expect(strokes).toEqual([{ first: 0, last: 49, duration: null, path: null }]);
  });

  it('a run of one sample has no speed, of two no acceleration, of three no jerk', () => {
    const known = (count: number) => derive(drawn(uneven(count), line)).movements[0]!;
    expect([known(1).speed, known(2).acceleration, known(3).jerk]).toEqual([null, null, null]);
    expect([known(2).speed, known(3).acceleration, known(4).jerk]).not.toContain(null);
  });

  it('strokes and the lifts between them have durations and paths; the air between is no part of a stroke', () => {
    const air = (index: number) => index >= 10 && index < 15 ? { switches: Switch.inRange } : {};
    const { strokes, lifts } = derive(drawn(Array.from({ length: 30 }, (_, index) => 0.005 * index), line, air));
    expect(strokes.map(({ first, last }) => [first, last])).toEqual([[0, 9], [15, 29]]);
    expect(lifts[0]!.duration).toBeCloseTo(0.03, 9);
    expect(lifts[0]!.path).toBeCloseTo(3, 9);
    expect(strokes[0]!.path).toBeCloseTo(4.5, 9);
  });

  it('nothing is computed that is not a number, whatever was captured', () => {
    fc.assert(fc.property(arbitraryCapture(), (capture) => {
      const { movements } = derive(capture);
      expect(movements).toHaveLength(capture.samples.length);
      for (const { speed, acceleration, jerk, curvature } of movements) for (const value of [speed, acceleration, jerk, curvature]) expect(value === null || Number.isFinite(value)).toBe(true);
    }));
  });
});
