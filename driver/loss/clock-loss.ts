/**
 * Loss by the device's own clock (HID Scan Time): a step of several periods between two reports of a pen that touches
 * the surface means that the reports between them did not arrive.
 *
 * What it cannot tell: a device that pauses by itself from one that was not heard; the first reports, until the period
 * is known; losses while the pen is in the air, where many devices pause; more than one turn of the clock, unless the
 * host's clock bridged it (`unwrapped-clock.ts`). The number is the nearest whole number of periods: an estimate.
 */
import { Recent } from './recent.ts';

export class ClockLoss {
  readonly method = 'device-clock';
  readonly #steps = new Recent();
  /** Ticks of the report before. */
  readonly #before = new Float64Array(1);
  #down = false;
  count = 0;

  /** @param ticks unwrapped. @param down the tip touches. @returns how many reports are missing before this one */
  next(ticks: number, down: boolean): number {
    const step = this.#down && down ? ticks - this.#before[0]! : 0;
    this.#before[0] = ticks;
    this.#down = down;
    // the same or an earlier time is no step
    if (step <= 0) return 0;
    const period = this.#steps.typical;
    this.#steps.add(step);
    const missing = Number.isNaN(period) ? 0 : Math.max(0, Math.round(step / period) - 1);
    this.count += missing;
    return missing;
  }

  /** What comes next does not follow on what came last. */
  paused(): void {
    this.#down = false;
  }
}
