import { expect, test } from 'vitest';
import type { Affine } from '#biometrics/affine.ts';
import type { Capture } from '#biometrics/capture.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import { uprightInk } from './upright-ink.ts';

const MM_PER_POINT = 25.4 / 72;
const rect = { x: 100, y: 50, width: 72, height: 36 };

/** One stroke along the field's lower edge in user space, from its left to its right end. */
function alongLowerEdge(): Capture {
  const pen = recordedPen();
  const sample = { ...pen.samples.find(({ switches }) => (switches & 1) === 1)! };
  const surface = { width: 1280, height: 800, devicePixelRatio: 1, orientation: 0, toPage: [1, 0, 0, 1, 0, 0] as Affine, calibration: null };
  return { ...pen, surface, samples: [100, 136, 172].map((x) => ({ ...sample, x, y: 50 })) };
}

function ends(rotate: number, unit = 1): [number, number][] {
  const [stroke] = uprightInk(alongLowerEdge(), rect, { rotate, unit });
  return [stroke!.at(0)!, stroke!.at(-1)!].map(({ x, y }) => [Math.round(x / MM_PER_POINT) + 0, Math.round(y / MM_PER_POINT) + 0]);
}

test('on an upright page the ink lies where it was written', () => {
  expect(ends(0)).toEqual([[0, 0], [72, 0]]);
});

test('a page shown turned clockwise by 90 degrees: what was the lower edge is the left one, running down', () => {
  expect(ends(90)).toEqual([[0, 72], [0, 0]]);
});

test('a page shown upside down: what was the lower edge is the upper one, running left', () => {
  expect(ends(180)).toEqual([[72, 36], [0, 36]]);
});

test('a page shown turned by 270 degrees: what was the lower edge is the right one, running up', () => {
  expect(ends(270)).toEqual([[36, 0], [36, 72]]);
});

test('a page whose units are two points: the ink is as large as it was written', () => {
  expect([0, 90, 180, 270].map((rotate) => ends(rotate, 2))).toEqual([[[0, 0], [144, 0]], [[0, 144], [0, 0]], [[144, 72], [0, 72]], [[72, 0], [72, 144]]]);
});

test('ink of a pad without a screen stays inside the field as displayed, and keeps its size where there is room', () => {
  const pad = { ...recordedPen(), surface: null };
  const ink = uprightInk(pad, rect, { rotate: 90, unit: 1 }).flat();
  const width = (points: { x: number }[]) => Math.max(...points.map(({ x }) => x)) - Math.min(...points.map(({ x }) => x));
  const roomy = [8, 16].map((unit) => width(uprightInk(pad, rect, { rotate: 90, unit }).flat()));
  expect(roomy[0]).toBeGreaterThan(width(ink));
  expect(roomy[1]).toBeCloseTo(roomy[0]!);
  expect(ink.length).toBeGreaterThan(100);
  for (const { x, y } of ink) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(36 * MM_PER_POINT);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(72 * MM_PER_POINT);
  }
});
