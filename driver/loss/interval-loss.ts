/**
 * Loss where the device has no clock and counts nothing: by gaps of arrival while the pen touches the surface.
 *
 * A host that was busy reads late, and then much at once: reports that come early after a gap pay it back, and only what
 * has not been paid back when reports come in time again, or the pen is lifted, counts.
 *
 * What it cannot tell: a device that pauses while the pen rests, from one that was not heard; which report was the one
 * after the gap; losses at the very start, until the period is known, and in the air. Arrivals are rounded to USB frames,
 * so one missing report of a fast pen may go unnoticed, and one that was late may count: an estimate, no proof.
 */
import { Recent } from './recent.ts';

/** In periods. */
const LATE = 1.75;
const EARLY = 0.75;

export class IntervalLoss {
  readonly method = 'interval';
  readonly #intervals = new Recent();
  #hostTime = 0;
  #down = false;
  #lost = 0;
  /** Periods without a report that may still come. */
  #owed = 0;

  /** @param hostTime arrival, ns. @param down the tip touches */
  next(hostTime: number, down: boolean): void {
    const interval = hostTime - this.#hostTime;
    const touched = this.#down && down;
    this.#hostTime = hostTime;
    this.#down = down;
    const period = this.#intervals.typical;
    if (touched) this.#intervals.add(interval);
    if (!touched || period === null || period <= 0) return this.#settle();
    const late = interval / period - 1;
    if (interval > LATE * period || (interval < EARLY * period && this.#owed > 0)) this.#owed = Math.max(0, this.#owed + late);
    else this.#settle();
  }

  /** What is owed at this moment counts: nobody knows yet that it will come. */
  get count(): number {
    return this.#lost + Math.round(this.#owed);
  }

  #settle(): void {
    this.#lost += Math.round(this.#owed);
    this.#owed = 0;
  }
}
