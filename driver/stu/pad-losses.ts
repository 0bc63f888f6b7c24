/** Reports of a pad that did not arrive, by the best means its model has: numbers, else its clock, else gaps of arrival. */
import type { Losses } from '#biometrics/capture.ts';
import { ClockLoss } from '../loss/clock-loss.ts';
import { IntervalLoss } from '../loss/interval-loss.ts';
import { SequenceLoss } from '../loss/sequence-loss.ts';
import { PenOption } from './models.ts';
import type { PenReading } from './pen-report.ts';

/** Time count and sequence have 16 bits. */
export const TURN = 65_536;

export class PadLosses {
  readonly #option: PenOption;
  /** For pads that number their reports, and for those that time them. */
  #exact: SequenceLoss | ClockLoss | null;
  /** Counted before the last interruption. */
  #before = 0;
  readonly #gaps = new IntervalLoss();

  constructor(option: PenOption) {
    this.#option = option;
    this.#exact = counterFor(option);
  }

  /** Reports stopped on purpose: what is missing from here on is no loss, and numbers may begin anew. */
  interrupted(): void {
    this.#before += this.#exact?.count ?? 0;
    this.#exact = counterFor(this.#option);
  }

  /**
   * @param deviceTime unwrapped, NaN where the report has none. @param repeated the same reading as the one before
   * @returns whether reports are known to be missing just before this reading
   */
  next({ sequence, switches }: PenReading, deviceTime: number, hostTime: number, repeated: boolean): boolean {
    const down = switches !== 0;
    if (this.#exact instanceof SequenceLoss) return sequence !== null && this.#exact.next(sequence) > 0;
    if (this.#exact instanceof ClockLoss) return !Number.isNaN(deviceTime) && this.#exact.next(deviceTime, down) > 0;
    this.#gaps.next(hostTime, down, repeated);
    return false;
  }

  losses(): Losses {
    if (this.#exact === null) return { count: this.#gaps.count, method: this.#gaps.method };
    return { count: this.#before + this.#exact.count, method: this.#exact.method };
  }

  /** Gaps of arrival that may be losses or the pad's own pauses; 0 where better means are there. */
  get pauses(): number {
    return this.#exact === null ? this.#gaps.pauses : 0;
  }
}

function counterFor(option: PenOption): SequenceLoss | ClockLoss | null {
  switch (option) {
    case PenOption.sequence:
    case PenOption.timeCountAndSequence: return new SequenceLoss(TURN);
    case PenOption.timeCount: return new ClockLoss();
    case PenOption.none: return null;
  }
}
