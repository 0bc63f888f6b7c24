import fc from 'fast-check';
import { expect, test } from 'vitest';
import { INK_WIDTHS } from '#biometrics/ink.ts';
import { inkFromNumbers, inkToNumbers } from './ink-numbers.ts';

const tenth = fc.integer({ min: -100_000, max: 100_000 }).map((value) => value / 10 + 0);
const outline = fc.record({ width: fc.constantFrom(...INK_WIDTHS), points: fc.array(fc.tuple(tenth, tenth)) });

test('ink comes out as it went in', () => {
  fc.assert(fc.property(fc.array(outline), (ink) => {
    expect(inkFromNumbers(inkToNumbers(ink))).toEqual(ink);
  }));
});
