import fc from 'fast-check';
import { expect, test } from 'vitest';
import { positionAt, strokesThrough } from './sigma-lognormal.ts';

const coordinate = fc.double({ min: -50, max: 50, noNaN: true });
const target = fc.record({ x: coordinate, y: coordinate, bend: fc.double({ min: -3, max: 3, noNaN: true }) });

test('a stroke starts at rest where the one before ended, and arrives at its target', () => {
  fc.assert(fc.property(fc.array(target, { minLength: 1, maxLength: 6 }), (targets) => {
    const origin = { x: 1, y: 2 };
    const strokes = strokesThrough(origin, targets, targets.map((_, at) => ({ start: at * 0.1, mu: -2, sigma: 0.2 })));
    const end = targets.at(-1) ?? origin;
    expect(positionAt(origin, strokes, 0)).toEqual(origin);
    const reached = positionAt(origin, strokes, 60);
    expect(reached.x).toBeCloseTo(end.x, 3);
    expect(reached.y).toBeCloseTo(end.y, 3);
  }));
});
