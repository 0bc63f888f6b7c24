/** A line of loops, as even as a hand never is: every part of it costs as much as every other. */
import type { PenPoint } from '#fixtures/browser.ts';

/** Reports a second: what today's pens give. */
export const RATE = 200;
const LOOPS_A_SECOND = 1.7;

/** One stroke, from left to right through the box. */
export function loops({ x, y, width, height }: { x: number; y: number; width: number; height: number }, count: number): PenPoint[] {
  return Array.from({ length: count }, (_, index) => {
    const seconds = index / RATE;
    const turn = 2 * Math.PI * LOOPS_A_SECOND * seconds;
    return {
      x: x + width * (0.1 + 0.8 * (index / count) - 0.03 * Math.sin(turn)),
      y: y + height * (0.5 + 0.25 * Math.cos(turn)),
      force: 0.5 + 0.3 * Math.sin(turn / 2),
      at: seconds * 1_000,
    };
  });
}
