/** Reports in the second that ends now: what a device really sends, counted and not taken from single gaps (arrival is quantised by the bus). */
const WINDOW_MS = 1_000;

export class Rate {
  #batches: { at: number; count: number }[] = [];

  /** @param at milliseconds on any monotonic clock */
  add(count: number, at: number): void {
    this.#batches.push({ at, count });
  }

  perSecond(at: number): number {
    this.#batches = this.#batches.filter((batch) => batch.at > at - WINDOW_MS);
    return this.#batches.reduce((sum, { count }) => sum + count, 0);
  }
}
