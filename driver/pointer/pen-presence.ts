/**
 * Whether buttons listen to touch: not while a pen is in range, nor shortly after, when the palm is still
 * on the glass. Pure bookkeeping in ms on the clock of `Event.timeStamp`; the screen feeds it every pen event.
 */

/** A pen in range reports all the time. Silent for this long, it is gone, even where the host never said so. */
const SILENT = 3_000;

export class PenPresence {
  readonly #after: number;
  #lastSeen = -Infinity;
  #leftAt: number | null = -Infinity;

  /** @param after how long touch stays ignored once the pen has left, ms */
  constructor(after: number) {
    this.#after = after;
  }

  seen(at: number): void {
    this.#lastSeen = at;
    this.#leftAt = null;
  }

  left(at: number): void {
    this.#leftAt = at;
  }

  blocksTouch(at: number): boolean {
    const left = this.#leftAt ?? (at - this.#lastSeen > SILENT ? this.#lastSeen + SILENT : null);
    return left === null || at - left < this.#after;
  }
}
