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
    expect(worst(movements, 'jerk', () => r * w ** 3)).toBeLessThan(0.03);
    expect(worst(movements, 'curvature', (t) => -1 / (4 * r * half(t)))).toBeLessThan(0.02);
  });

  /** The lognormal bell and its slope; sums of bells with directions are the sigma-lognormal of Plamondon and Djioua (README.md). */
  const bell = (t: number, mu: number, sigma: number) => (t <= 0 ? 0 : Math.exp(-((Math.log(t) - mu) ** 2) / (2 * sigma ** 2)) / (sigma * Math.sqrt(2 * Math.PI) * t));
  const slope = (t: number, mu: number, sigma: number) => (t <= 0 ? 0 : -bell(t, mu, sigma) / t * (1 + (Math.log(t) - mu) / sigma ** 2));
  /** The integral of the bell from 0, by Simpson's rule in 400 parts. */
  const way = (t: number, mu: number, sigma: number) => {
    if (t <= 0) return 0;
    const h = t / 400;
    return Array.from({ length: 401 }, (_, i) => (i === 0 || i === 400 ? 1 : i % 2 === 1 ? 4 : 2) * bell(i * h, mu, sigma)).reduce((sum, each) => sum + each) * h / 3;
  };
  type Stroke = { D: number; t0: number; mu: number; sigma: number; angle: number };
  const summed = (strokes: Stroke[], of: typeof bell) => (t: number) => strokes.reduce(({ x, y }, { D, t0, mu, sigma, angle }) => {
    const value = D * of(t - t0, mu, sigma);
    return { x: x + value * Math.cos(angle), y: y + value * Math.sin(angle) };
  }, { x: 0, y: 0 });

  it.each<[string, Stroke[], number, number]>([
    ['one lognormal stroke', [{ D: 40, t0: -0.1, mu: -1.2, sigma: 0.3, angle: 0.93 }], 0.005, 0.02],
    ['three that overlap and turn (sigma-lognormal)', [
      { D: 30, t0: -0.1, mu: -1.2, sigma: 0.3, angle: 0 }, { D: 20, t0: 0.02, mu: -1.2, sigma: 0.3, angle: 1.6 }, { D: 25, t0: 0.15, mu: -1.2, sigma: 0.3, angle: 2.8 },
    ], 0.005, 0.02],
  ])('%s: speed and acceleration are the sums of the bells and of their slopes', (_name, strokes, ofSpeed, ofAcceleration) => {
    const times = uneven(100);
    const { movements } = derive(drawn(times, summed(strokes, way)));
    const [velocity, acceleration] = [summed(strokes, bell), summed(strokes, slope)];
    const truth = times.map((t) => ({ v: velocity(t), a: acceleration(t) }));
    const [fastest, hardest] = [Math.max(...truth.map(({ v }) => Math.hypot(v.x, v.y))), Math.max(...truth.map(({ a }) => Math.hypot(a.x, a.y)))];
    const within = movements.slice(3, -3).map((movement, index) => ({ movement, ...truth[index + 3]! }));
    expect(Math.max(...within.map(({ movement, v }) => Math.abs(movement.speed! - Math.hypot(v.x, v.y)))) / fastest).toBeLessThan(ofSpeed);
    expect(Math.max(...within.map(({ movement, a }) => Math.abs(movement.acceleration! - Math.hypot(a.x, a.y)))) / hardest).toBeLessThan(ofAcceleration);
    const moving = within.filter(({ v }) => Math.hypot(v.x, v.y) > 0.3 * fastest);
    const off = moving.map(({ movement, v, a }) => Math.abs(movement.curvature! - (v.x * a.y - v.y * a.x) / Math.hypot(v.x, v.y) ** 3));
    expect(Math.max(...off)).toBeLessThan(0.01);
  });

  it('pressure that swells, and its rate', () => {
    const [mean, swell, w] = [500, 200, 2 * Math.PI * 3];
    const times = uneven(120);
    const { movements } = derive(drawn(times, (t) => ({ x: 100 * t, y: 0 }), (index) => ({ pressure: mean + swell * Math.sin(w * times[index]!) })));
    const off = movements.slice(3, -3).map(({ pressureRate }, index) => Math.abs(pressureRate! - swell * w * Math.cos(w * times[index + 3]!)));
    expect(Math.max(...off) / (swell * w)).toBeLessThan(0.005);
    expect(movements.map(({ pressure }) => pressure)).toEqual(times.map((t) => mean + swell * Math.sin(w * t)));
  });

  it('a pen whose lean goes round: tilt from azimuth and altitude, at each sample', () => {
    const angle = (name: 'azimuth' | 'altitude'): Channel => ({ ...axis('x'), name, unit: 'deg', perMm: null, rotation: name === 'azimuth' ? 'clockwise' : null });
    const times = uneven(60);
    const pen = drawn(times, (t) => ({ x: 100 * t, y: 0 }), (index) => ({ tiltX: null, tiltY: null, azimuth: 6 * index, altitude: 50 }));
    const { movements } = derive({ ...pen, source: { ...pen.source, channels: [axis('x'), axis('y'), angle('azimuth'), angle('altitude')] } });
    movements.forEach(({ tiltX, tiltY, azimuth, altitude }, index) => {
      // the tangents of both are the legs of the lean seen from above
      const [around, lean] = [6 * index * Math.PI / 180, Math.tan(40 * Math.PI / 180)];
      expect(Math.tan(tiltX! * Math.PI / 180)).toBeCloseTo(lean * Math.cos(around), 9);
      expect(Math.tan(tiltY! * Math.PI / 180)).toBeCloseTo(lean * Math.sin(around), 9);
      expect([azimuth, altitude]).toEqual([6 * index, 50]);
    });
  });
});

describe('what is missing', () => {
  const line = (t: number) => ({ x: 100 * t, y: 0 });

  it('every fourth sample left out without a word: a circle is still one, to less', () => {
    const [r, v] = [10, 100];
    const times = uneven(160).filter((_, index) => index % 4 !== 3);
    const { movements } = derive(drawn(times, (t) => ({ x: r * Math.cos(v * t / r), y: r * Math.sin(v * t / r) })));
    expect(new Set(movements.map(({ run }) => run))).toEqual(new Set([0]));
    expect(worst(movements, 'speed', () => v)).toBeLessThan(2e-3);
    expect(worst(movements, 'acceleration', () => v * v / r)).toBeLessThan(0.02);
    expect(worst(movements, 'curvature', () => 1 / r)).toBeLessThan(0.02);
  });

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
