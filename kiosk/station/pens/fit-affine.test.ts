import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply, type Affine } from '#biometrics/affine.ts';
import { fitAffine } from './fit-affine.ts';

/** Scales of real digitizers against a display, any turn, mirrored or not, sheared a little, anywhere. */
const anyMap = fc.record({
  angle: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }), scaleX: fc.double({ min: 0.005, max: 20, noNaN: true }),
  aspect: fc.double({ min: 0.3, max: 3, noNaN: true }), mirrored: fc.boolean(), shear: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
  e: fc.double({ min: -5_000, max: 5_000, noNaN: true }), f: fc.double({ min: -5_000, max: 5_000, noNaN: true }),
}).map(({ angle, scaleX, aspect, mirrored, shear, e, f }): Affine => {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const sy = scaleX * aspect * (mirrored ? -1 : 1);
  return [scaleX * cos, scaleX * sin, shear * scaleX * cos - sy * sin, shear * scaleX * sin + sy * cos, e, f];
});

const CROSSES = [[2_000, 1_500], [18_000, 1_500], [18_000, 9_000], [2_000, 9_000], [10_000, 5_250]] as const;
const taps = (map: Affine) => CROSSES.map(([x, y]) => ({ from: { x, y }, to: point(apply(map, x, y)) }));

function point([x, y]: readonly [number, number]): { x: number; y: number } {
  return { x, y };
}

test('recovers any affine map from the five crosses', () => {
  fc.assert(fc.property(anyMap, fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 10_000 }), (map, x, y) => {
    const fit = fitAffine(taps(map))!;
    expect(fit.residual).toBeLessThan(1e-6);
    const [[wantedX, wantedY], [gotX, gotY]] = [apply(map, x, y), apply(fit.map, x, y)];
    expect(Math.hypot(gotX - wantedX, gotY - wantedY)).toBeLessThan(1e-5);
  }));
});

test('no other map has a smaller sum of squares', () => {
  const noise = fc.array(fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: -5, max: 5, noNaN: true })), { minLength: 5, maxLength: 5 });
  fc.assert(fc.property(noise, fc.integer({ min: 0, max: 5 }), fc.constantFrom(-1, 1), (errors, index, sign) => {
    const map: Affine = [0.08, 0, 0, 0.08, 0, 0];
    const pairs = taps(map).map(({ from, to }, at) => ({ from, to: { x: to.x + errors[at]![0], y: to.y + errors[at]![1] } }));
    const squares = (tried: Affine) => pairs.reduce((sum, { from, to }) => {
      const [x, y] = apply(tried, from.x, from.y);
      return sum + (x - to.x) ** 2 + (y - to.y) ** 2;
    }, 0);
    const fit = fitAffine(pairs)!;
    const other = fit.map.map((value, at) => (at === index ? value + sign * (at < 4 ? 1e-5 : 0.01) : value)) as Affine;
    expect(squares(fit.map)).toBeLessThanOrEqual(squares(other));
  }));
});

test('one tap beside its cross shows in the residual', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4 }), fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }), (which, angle) => {
    const pairs = taps([0.08, 0, 0, 0.08, 0, 0]);
    const { to } = pairs[which]!;
    pairs[which] = { ...pairs[which]!, to: { x: to.x + 80 * Math.cos(angle), y: to.y + 80 * Math.sin(angle) } };
    expect(fitAffine(pairs)!.residual).toBeGreaterThan(12);
  }));
});

test('taps on one line, or too few, fix nothing', () => {
  const line = [1, 2, 3, 4, 5].map((at) => ({ from: { x: at * 100, y: at * 200 }, to: { x: at, y: at } }));
  expect(fitAffine(line)).toBeNull();
  expect(fitAffine(taps([1, 0, 0, 1, 0, 0]).slice(0, 2))).toBeNull();
  expect(fitAffine(Array.from({ length: 5 }, () => line[0]!))).toBeNull();
});
