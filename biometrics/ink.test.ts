import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryCapture } from '#fixtures/arbitrary-capture.ts';
import type { Capture, SurfaceInfo } from './capture.ts';
import { inkInMm, strokeOutline, strokesOf } from './ink.ts';
import { Switch, type Sample } from './sample.ts';

const [some] = fc.sample(arbitraryCapture().filter(({ samples }) => samples.length > 0), { numRuns: 1, seed: 3 });
const RECTANGLE = { x: 100, y: 200, width: 144, height: 72 };

/** A capture of the given points; `u` lifts the pen. */
function captureOf(points: ([number, number] | 'u')[], surface: SurfaceInfo | null = null, perMm: number | null = null): Capture {
  const samples = points.map((point, index): Sample => ({
    ...some!.samples[0]!, x: point === 'u' ? 0 : point[0], y: point === 'u' ? 0 : point[1], hostTime: index,
    switches: point === 'u' ? Switch.inRange : Switch.tip | Switch.inRange,
  }));
  const axis = (name: 'x' | 'y') => ({ name, unit: 'count', logicalMin: 0, logicalMax: 9999, physicalMin: null, physicalMax: null, unitExponent: null, perMm, rotation: null, derived: false });
  return { ...some!, surface, samples, source: { ...some!.source, channels: [axis('x'), axis('y')] } };
}

const positions = (capture: Capture) => inkInMm(capture, RECTANGLE).map((stroke) => stroke.map(({ x, y }) => [x, y]));

describe('strokes', () => {
  it('are the runs of tip-down samples; in-air samples divide them and belong to none', () => {
    const capture = captureOf(['u', [1, 1], [2, 2], 'u', 'u', [3, 3], 'u']);
    expect(strokesOf(capture).map((stroke) => stroke.map(({ x }) => x))).toEqual([[1, 2], [3]]);
    expect(strokesOf(captureOf(['u']))).toEqual([]);
  });
});

describe('ink in millimetres', () => {
  it('lies where the page says, from the lower left corner of the field, y up', () => {
    const surface: SurfaceInfo = { width: 800, height: 600, devicePixelRatio: 1, orientation: 0, toPage: [0.5, 0, 0, -0.5, 100, 272], calibration: null };
    const [[first, second]] = positions(captureOf([[0, 0], [144, 144]], surface)) as [[[number, number], [number, number]]];
    expect(first[0]).toBeCloseTo(0, 9);
    expect(first[1]).toBeCloseTo(25.4, 9);
    expect(second[0]).toBeCloseTo(25.4, 9);
    expect(second[1]).toBeCloseTo(0, 9);
  });

  it('of a pad without a screen keeps its own size, upright, in the middle of the field', () => {
    expect(positions(captureOf([[1000, 1000], [2000, 1500]], null, 100))).toEqual([[
      [expect.closeTo(25.4 - 5, 9), expect.closeTo(12.7 + 2.5, 9)], [expect.closeTo(25.4 + 5, 9), expect.closeTo(12.7 - 2.5, 9)],
    ]]);
  });

  it('of a pad larger than the field is made smaller, in proportion, until it fits', () => {
    const [[first, second]] = positions(captureOf([[0, 0], [20_000, 1000]], null, 100)) as [[[number, number], [number, number]]];
    expect(second[0] - first[0]).toBeCloseTo(50.8 * 0.9, 9);
    expect((first[1] - second[1]) / (second[0] - first[0])).toBeCloseTo(1 / 20, 9);
  });

  it('of a source without resolution fills the field', () => {
    const [[first, second]] = positions(captureOf([[0, 0], [10, 5]])) as [[[number, number], [number, number]]];
    expect([second[0] - first[0], first[1] - second[1]]).toEqual([expect.closeTo(50.8 * 0.9, 9), expect.closeTo(25.4 * 0.9, 9)]);
  });

  it('of a single dot is in the middle, and of nothing is nothing', () => {
    expect(positions(captureOf([[7, 7]]))).toEqual([[[25.4, 12.7]]]);
    expect(positions(captureOf(['u']))).toEqual([]);
  });
});

describe('the outline of a stroke', () => {
  const stroke = (pressure: number) => Array.from({ length: 20 }, (_, index) => ({ x: index * 5, y: 50, pressure }));
  const height = (outline: [number, number][]) => Math.max(...outline.map(([, y]) => y)) - Math.min(...outline.map(([, y]) => y));

  it('surrounds the stroke, and is wider where pressed harder', () => {
    const light = strokeOutline(stroke(0.1), { size: 8 });
    const firm = strokeOutline(stroke(0.9), { size: 8 });
    expect(height(light)).toBeGreaterThan(0);
    expect(height(firm)).toBeGreaterThan(height(light));
    expect(Math.max(...firm.map(([x]) => x))).toBeGreaterThan(90);
  });

  it('of a single point is a dot, of none is empty', () => {
    expect(height(strokeOutline([{ x: 5, y: 5, pressure: 0.5 }], { size: 8 }))).toBeGreaterThan(1);
    expect(strokeOutline([], { size: 8 })).toEqual([]);
  });
});
