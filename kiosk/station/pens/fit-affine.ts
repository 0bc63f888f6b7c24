/**
 * The affine map that comes closest to given pairs of points, by least squares (normal equations of the two rows, solved by
 * Cramer's rule on centred points).
 *
 * Before: taps of a pen, and the crosses they were meant for. After: `calibrating.ts`. An affine map knows shift, scale, turn and
 * shear; it does not straighten what a digitizer bends at its edges: the residual shows that.
 */
import { apply, type Affine } from '#biometrics/affine.ts';

export interface Pair { from: { x: number; y: number }; to: { x: number; y: number } }

/** Points on one line fix no plane: the smallest share of their spread that must lie across it. */
const LEAST_SPREAD = 1e-6;

/** @returns null for fewer than three pairs, or where the points lie on one line */
export function fitAffine(pairs: readonly Pair[]): { map: Affine; residual: number } | null {
  if (pairs.length < 3) return null;
  const from = centre(pairs.map((pair) => pair.from));
  const to = centre(pairs.map((pair) => pair.to));
  const sum = (term: (pair: Pair) => number): number => pairs.reduce((total, pair) => total + term(pair), 0);
  const dx = ({ from: { x } }: Pair): number => x - from.x;
  const dy = ({ from: { y } }: Pair): number => y - from.y;
  const [xx, xy, yy] = [sum((pair) => dx(pair) ** 2), sum((pair) => dx(pair) * dy(pair)), sum((pair) => dy(pair) ** 2)];
  const determinant = xx * yy - xy * xy;
  if (!(determinant > LEAST_SPREAD * Math.max(xx, yy) ** 2)) return null;
  const row = (target: (pair: Pair) => number): [number, number] => {
    const [xt, yt] = [sum((pair) => dx(pair) * target(pair)), sum((pair) => dy(pair) * target(pair))];
    return [(xt * yy - yt * xy) / determinant, (yt * xx - xt * xy) / determinant];
  };
  const [a, c] = row(({ to: { x } }) => x - to.x);
  const [b, d] = row(({ to: { y } }) => y - to.y);
  const map: Affine = [a, b, c, d, to.x - a * from.x - c * from.y, to.y - b * from.x - d * from.y];
  return { map, residual: Math.max(...pairs.map((pair) => distance(map, pair))) };
}

/** How far the map puts a tap from its cross. */
function distance(map: Affine, { from, to }: Pair): number {
  const [x, y] = apply(map, from.x, from.y);
  return Math.hypot(x - to.x, y - to.y);
}

function centre(points: readonly { x: number; y: number }[]): { x: number; y: number } {
  const mean = (axis: 'x' | 'y'): number => points.reduce((total, point) => total + point[axis], 0) / points.length;
  return { x: mean('x'), y: mean('y') };
}
