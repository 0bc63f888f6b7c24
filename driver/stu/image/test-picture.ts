/**
 * For `doctor`: a picture that looks wrong wherever a picture setting is wrong, to be looked at by a person on the pad.
 *
 * | seen | wrong |
 * |---|---|
 * | the F is mirrored in steps of 8 pixels, the diagonal is a saw | order of bits |
 * | white on black | which bit is white |
 * | the diagonal leans more and more | rows do not begin on a whole byte |
 * | the bars are not red, green, blue from the left, as many as one, two and three notches say | order of bytes |
 * | the frame is not closed | size of the screen |
 */
import type { PadPicture } from '../../pad.ts';

type Colour = readonly [number, number, number];
const BLACK: Colour = [0, 0, 0];
const WHITE: Colour = [255, 255, 255];
const BARS: readonly Colour[] = [[255, 0, 0], [0, 255, 0], [0, 0, 255]];

/** @param width and @param height of the pad's screen, at least 64 × 64. @param kind the bars are in colours only, and the encoding follows from it */
export function testPicture(width: number, height: number, kind: 'colours' | 'black and white' = 'colours'): PadPicture {
  const rgba = new Uint8Array(4 * width * height);
  const fill = (x: number, y: number, columns: number, rows: number, [red, green, blue]: Colour): void => {
    for (let row = y; row < y + rows; row++) for (let column = x; column < x + columns; column++) rgba.set([red, green, blue, 255], 4 * (row * width + column));
  };
  fill(0, 0, width, height, BLACK);
  fill(1, 1, width - 2, height - 2, WHITE);
  letterF(fill, 8, 8, Math.floor(height / 8));
  const right = Math.floor(width / 2);
  for (let step = 0; step < height - 16; step++) fill(right - Math.floor(height / 2) + step, 8 + step, 1, 1, BLACK);
  if (kind === 'colours') BARS.forEach((colour, index) => {
    const bar = Math.floor((width - right) / 6);
    const x = width - (3 - index) * (bar + 4) - 4;
    fill(x, 8, bar, height - 16, colour);
    for (let notch = 0; notch <= index; notch++) fill(x, 12 + 8 * notch, Math.floor(bar / 2), 4, BLACK);
  });
  return { width, height, rgba, buttons: [], ink: null };
}

function letterF(fill: (x: number, y: number, columns: number, rows: number, colour: Colour) => void, x: number, y: number, unit: number): void {
  fill(x, y, unit, 6 * unit, BLACK);
  fill(x, y, 3 * unit, unit, BLACK);
  fill(x, y + 2 * unit, 2 * unit, unit, BLACK);
}
