import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryCapture } from '#fixtures/arbitrary-capture.ts';
import { arbitrarySample } from '#fixtures/arbitrary-sample.ts';
import type { Capture } from './capture.ts';
import { dynamicsFreeInk, INK_STEP, INK_WIDTHS } from './dynamics-free-ink.ts';
import { inkInMm, type InkPoint } from './ink.ts';
import { Switch } from './sample.ts';

/** Corners of a path in whole 0.01 mm, pressure in 1/1024ths, as a pen would give them. */
const corner = fc.record({ x: fc.integer({ min: 0, max: 6000 }), y: fc.integer({ min: 0, max: 2500 }), pressure: fc.integer({ min: 0, max: 1023 }) })
  .map(({ x, y, pressure }): InkPoint => ({ x: x / 100, y: y / 100, pressure: pressure / 1023 }));
const path = fc.array(corner, { minLength: 2, maxLength: 12 });

/** The same path as another pen would sample it: between two corners as many more reports as `more` says, none where it says 0. */
function resampled(corners: readonly InkPoint[], more: readonly number[]): InkPoint[] {
  return corners.flatMap((from, index) => {
    const to = corners[index + 1];
    if (to === undefined) return [from];
    const parts = (more[index % more.length] ?? 0) + 1;
    return Array.from({ length: parts }, (_, part) => ({
      x: from.x + (to.x - from.x) * part / parts,
      y: from.y + (to.y - from.y) * part / parts,
      pressure: from.pressure + (to.pressure - from.pressure) * part / parts,
    }));
  });
}

function line(length: number, samples: number): InkPoint[] {
  return Array.from({ length: samples }, (_, index) => ({ x: 5 + length * index / (samples - 1), y: 7, pressure: 0.6 }));
}

/** A capture of one stroke: how often each report came, and how many ns lay between two. */
function captured(points: readonly InkPoint[], times: number, interval: number): Capture {
  const [some] = fc.sample(arbitraryCapture(), { numRuns: 1, seed: 9 });
  const [blank] = fc.sample(arbitrarySample(), { numRuns: 1, seed: 9 });
  const axis = { unit: 'count', logicalMin: 0, logicalMax: 1, physicalMin: null, physicalMax: null, unitExponent: null, perMm: 100, rotation: null, derived: false };
  const samples = points.flatMap((point) => Array<InkPoint>(times).fill(point)).map(({ x, y, pressure }, index) => ({
    ...blank!, x: Math.round(x * 100), y: Math.round(y * 100), pressure, switches: Switch.tip,
    hostTime: index * interval, deviceTime: index * interval / 1000,
  }));
  const channels = (['x', 'y', 'pressure'] as const).map((name) => ({ name, ...axis }));
  return { ...some!, surface: null, samples, source: { ...some!.source, channels } };
}

describe('the ink stamped in the document', () => {
  it('is the same for the same path, however densely and unevenly it was sampled', () => {
    fc.assert(fc.property(fc.array(path, { minLength: 1, maxLength: 4 }), fc.array(fc.nat(40), { minLength: 1, maxLength: 12 }), (paths, more) => {
      expect(dynamicsFreeInk(paths.map((each) => resampled(each, more)))).toEqual(dynamicsFreeInk(paths));
    }));
  });

  it('is the same for two captures of one path at 50 and at 500 reports a second', () => {
    const field = { x: 0, y: 0, width: 200, height: 100 };
    fc.assert(fc.property(path, (corners) => {
      const slow = dynamicsFreeInk(inkInMm(captured(corners, 1, 20_000_000), field));
      const fast = dynamicsFreeInk(inkInMm(captured(corners, 10, 2_000_000), field));
      expect(fast).toEqual(slow);
    }));
  });

  it('is the same whichever stroke was written first, and in whichever direction', () => {
    fc.assert(fc.property(fc.array(path, { minLength: 1, maxLength: 4 }), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (paths, backwards) => {
      const otherwise = paths.map((each, index) => (backwards[index] ? each.toReversed() : each)).toReversed();
      expect(dynamicsFreeInk(otherwise)).toEqual(dynamicsFreeInk(paths));
    }));
  });

  it('has as many points as the length wants, not as there were samples', () => {
    for (const samples of [2, 3, 17, 200, 5000]) {
      expect(dynamicsFreeInk([line(20, samples)])[0]!.points).toHaveLength(Math.round(20 / INK_STEP) + 1);
    }
    expect(dynamicsFreeInk([line(40, 17)])[0]!.points).toHaveLength(Math.round(40 / INK_STEP) + 1);
  });

  it('does not tell how long the pen rested in one place', () => {
    const short = line(20, 50);
    const resting = Array.from({ length: 400 }, (_, index) => ({ x: 25 + (index % 2) * 0.01, y: 7, pressure: 0.6 }));
    expect(dynamicsFreeInk([[...short, ...resting]])[0]!.points.length).toBe(dynamicsFreeInk([short])[0]!.points.length);
  });

  it('lies on a grid of 0.1 mm, in at most four widths, and is one line per stroke', () => {
    fc.assert(fc.property(fc.array(path, { maxLength: 8 }), (paths) => {
      const ink = dynamicsFreeInk(paths);
      expect(ink).toHaveLength(paths.length);
      for (const { width, points } of ink) {
        expect(INK_WIDTHS).toContain(width);
        for (const value of points.flat()) expect(value).toBe(Math.round(value * 10) / 10);
      }
    }));
  });

  it('stays within a quarter of a millimetre of a written curve, and keeps its ends', () => {
    const circle = Array.from({ length: 90 }, (_, index) => ({ x: 20 + 4 * Math.cos(index / 15), y: 10 + 4 * Math.sin(index / 15), pressure: 0.5 }));
    const { points } = dynamicsFreeInk([circle])[0]!;
    for (const [x, y] of points) expect(Math.abs(Math.hypot(x - 20, y - 10) - 4)).toBeLessThan(0.25);
    const ends = [points[0]!, points.at(-1)!];
    for (const { x, y } of [circle[0]!, circle.at(-1)!]) {
      expect(Math.min(...ends.map((end) => Math.hypot(end[0] - x, end[1] - y)))).toBeLessThan(0.1);
    }
  });

  it('paints a dot as a line of no length, and nothing for nothing', () => {
    expect(dynamicsFreeInk([[{ x: 3.04, y: 5, pressure: 1 }]])).toEqual([{ width: 0.7, points: [[3, 5], [3, 5]] }]);
    expect(dynamicsFreeInk([[], []])).toEqual([]);
  });

  it('refuses a stroke that no hand writes instead of filling the memory', () => {
    const far = [{ x: 0, y: 0, pressure: 0.5 }, { x: 1e300, y: 0, pressure: 0.5 }];
    expect(() => dynamicsFreeInk([far])).toThrow(expect.objectContaining({ code: 'RECORD_LIMIT' }));
    expect(() => dynamicsFreeInk([[far[0]!, { ...far[1]!, x: Number.NaN }]])).toThrow(expect.objectContaining({ code: 'RECORD_LIMIT' }));
  });
});
