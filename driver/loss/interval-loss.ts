/**
 * Loss where the device has no clock and counts nothing: by gaps of arrival while the pen touches the surface.
 *
 * A host that was busy reads late, and then much at once: reports that come early after a gap pay it back, and only what
 * has not been paid back when reports come in time again, or the pen is lifted, counts.
 *
 * Some devices say nothing while nothing changes: their gaps are no losses, and cannot be told from them. They are known
 * by never repeating themselves. Where gaps were seen and hardly a repetition, the method is `unknown`, nothing is
 * counted as lost, and the gaps are told as pauses.
 *
 * What it cannot tell: which report was the one after the gap; losses at the very start, until the period is known, and
 * in the air; a single missing report. A host asks at times of its own: a pen of 225 reports a second that is asked every
 * 4 ms leaves one of its gaps 8 ms long every now and then, with nothing lost. An estimate, no proof.
 */
import type { Losses } from '#biometrics/capture.ts';
import { Recent } from './recent.ts';

/** In periods. */
const LATE = 2.25;
const EARLY = 0.75;
/** A device that goes on while the pen rests repeats at least this share of its reports. */
const REPEATS = 0.05;

export class IntervalLoss {
  readonly #intervals = new Recent();
  /** Arrival of the report before; and periods without a report that may still come. In an array, because a number in a field of its own is allocated anew each time. */
  readonly #state = new Float64Array(2);
  #down = false;
  #missing = 0;
  #gaps = 0;
  #reports = 0;
  #repeated = 0;

  /** @param hostTime arrival, ns. @param down the tip touches. @param repeated bit for bit the report before */
  next(hostTime: number, down: boolean, repeated: boolean): void {
    const interval = hostTime - this.#state[0]!;
    const touched = this.#down && down;
    this.#state[0] = hostTime;
    this.#down = down;
    const period = this.#intervals.typical;
    this.#reports++;
    if (repeated) this.#repeated++;
    if (touched) this.#intervals.add(interval);
    if (!touched || !(period > 0)) return this.#settle();
    const early = interval < EARLY * period && this.#state[1]! > 0;
    if (!early && this.#state[1]! > 0) this.#settle();
    if (early || interval > LATE * period) this.#state[1] = Math.max(0, this.#state[1]! + interval / period - 1);
  }

  /** What comes next does not follow on what came last. */
  paused(): void {
    this.#down = false;
  }

  get method(): Losses['method'] {
    return this.#tellsNothing ? 'unknown' : 'interval';
  }

  /** What is owed at this moment counts: nobody knows yet that it will come. */
  get count(): number {
    return this.#tellsNothing ? 0 : this.#missing + Math.round(this.#state[1]!);
  }

  /** Gaps that may be losses, or a device that said nothing. */
  get pauses(): number {
    return this.#tellsNothing ? this.#gaps + (Math.round(this.#state[1]!) > 0 ? 1 : 0) : 0;
  }

  get #tellsNothing(): boolean {
    return this.#missing + Math.round(this.#state[1]!) > 0 && this.#repeated < REPEATS * this.#reports;
  }

  #settle(): void {
    const missing = Math.round(this.#state[1]!);
    this.#state[1] = 0;
    if (missing === 0) return;
    this.#missing += missing;
    this.#gaps++;
  }
}
