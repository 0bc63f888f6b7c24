/**
 * Which touches were a palm. Pure: times in, verdict out, all in ms on one clock.
 *
 * It cannot tell a palm from a finger that signs: it only knows that nobody signs with a finger
 * while a pen is at the screen, or just before.
 */

/** A span of time; `to` is null while it lasts. */
export interface Span { from: number; to: number | null }

/** True if the touch overlaps the pen's presence, or ended less than `before` ms ahead of it. */
export function isPalm(touch: Span, pen: Span, before: number): boolean {
  const touchEnd = touch.to ?? Infinity;
  const penEnd = pen.to ?? Infinity;
  return touchEnd > pen.from - before && touch.from < penEnd;
}
