/**
 * Ink on its way between threads: all its outlines as one list of numbers. Minutes of ink are hundreds of thousands of small arrays, which
 * the thread between would have to make anew, only to send them on.
 *
 * Before: `record-worker.ts`. After: `signing-worker.ts`.
 */
import type { InkOutline } from '#biometrics/ink.ts';

/** Of each outline: its width in mm, how many points it has, and x and y of each in mm. */
export type InkNumbers = Float64Array<ArrayBuffer>;

export function inkToNumbers(outlines: readonly InkOutline[]): InkNumbers {
  const numbers = new Float64Array(outlines.reduce((sum, { points }) => sum + 2 + 2 * points.length, 0));
  let at = 0;
  for (const { width, points } of outlines) {
    numbers[at++] = width;
    numbers[at++] = points.length;
    for (const [x, y] of points) {
      numbers[at++] = x;
      numbers[at++] = y;
    }
  }
  return numbers;
}

export function inkFromNumbers(numbers: InkNumbers): InkOutline[] {
  const outlines: InkOutline[] = [];
  for (let at = 0; at < numbers.length;) {
    const width = numbers[at++]!;
    const count = numbers[at++]!;
    outlines.push({ width, points: Array.from({ length: count }, () => [numbers[at++]!, numbers[at++]!]) });
  }
  return outlines;
}
