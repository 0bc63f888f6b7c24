import { expect, test } from 'vitest';
import fc from 'fast-check';
import { apply, compose, invert, type Affine } from '#biometrics/affine.ts';
import { fieldBox, surfaceSize, surfaceToPage } from './surface-map.ts';

// What pdf.js gives for an A4 page (595 by 842 points) at scale 1, upright and turned by 90 degrees.
const UPRIGHT: Affine = [1, 0, 0, -1, 0, 842];
const TURNED: Affine = [0, 1, 1, 0, 0, 0];
const field = { x: 60, y: 100, width: 200, height: 50 };
const surface = { left: 100, top: 40, width: 800, height: 200 };

test('corners of a surface with the field\'s proportions land on the field\'s corners', () => {
  const map = surfaceToPage(surface, field, UPRIGHT);
  expect(apply(map, 100, 240)).toEqual([60, 100]);
  expect(apply(map, 900, 40)).toEqual([260, 150]);
});

test('on a page turned by 90 degrees the ink is upright as seen: left of the surface is low in y', () => {
  const tall = { x: 60, y: 100, width: 50, height: 200 };
  const map = surfaceToPage(surface, tall, TURNED);
  expect(fieldBox(tall, TURNED)).toEqual({ left: 100, top: 60, width: 200, height: 50 });
  expect(apply(map, 100, 40)).toEqual([60, 100]);
  expect(apply(map, 900, 40)).toEqual([60, 300]);
});

test('whatever the proportions, ink stays inside the field and keeps its shape', () => {
  const size = fc.double({ min: 20, max: 900, noNaN: true });
  fc.assert(fc.property(size, size, size, size, (width, height, fieldWidth, fieldHeight) => {
    const rect = { x: 10, y: 20, width: fieldWidth, height: fieldHeight };
    const map = surfaceToPage({ left: 5, top: 7, width, height }, rect, UPRIGHT);
    for (const [x, y] of [[5, 7], [5 + width, 7 + height]] as const) {
      const [X, Y] = apply(map, x, y);
      expect(X).toBeGreaterThanOrEqual(10 - 1e-6);
      expect(X).toBeLessThanOrEqual(10 + fieldWidth + 1e-6);
      expect(Y).toBeGreaterThanOrEqual(20 - 1e-6);
      expect(Y).toBeLessThanOrEqual(20 + fieldHeight + 1e-6);
    }
    expect(map[0]).toBeCloseTo(-map[3], 9);
  }));
});

test('a map and its inverse lead back', () => {
  const map: Affine = [2, 1, -1, 3, 10, -4];
  const [x, y] = apply(compose(map, invert(map)), 12.5, -7);
  expect(x).toBeCloseTo(12.5, 9);
  expect(y).toBeCloseTo(-7, 9);
});

test('the surface fills the stage, but is never flatter than a signature', () => {
  expect(surfaceSize({ width: 1000, height: 600 }, { left: 0, top: 0, width: 300, height: 30 })).toEqual({ width: 1000, height: 416 });
  expect(surfaceSize({ width: 1000, height: 300 }, { left: 0, top: 0, width: 200, height: 100 })).toEqual({ width: 600, height: 300 });
});
