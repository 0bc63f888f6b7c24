/** Reports of a pad that did not arrive, by the best means its model has: numbers, else its clock, else gaps of arrival. */
import type { Losses } from '#biometrics/capture.ts';
import { ClockLoss } from '../loss/clock-loss.ts';
import { IntervalLoss } from '../loss/interval-loss.ts';
import { SequenceLoss } from '../loss/sequence-loss.ts';
import { PenOption } from './models.ts';
import type { PenReading } from './pen-report.ts';

/** Time count and sequence have 16 bits. */
export const TURN = 65_536;

type Counter =
  | { by: 'sequence'; loss: SequenceLoss }
  | { by: 'device-clock'; loss: ClockLoss }
  | { by: 'interval'; loss: IntervalLoss };

export class PadLosses {
  readonly #option: PenOption;
  #counter: Counter;
  /** Counted before the last interruption. */
  #before = 0;

  constructor(option: PenOption) {
    this.#option = option;
    this.#counter = counterFor(option);
  }

  /** Reports stopped on purpose: what is missing from here on is no loss, and numbers may begin anew. */
  interrupted(): void {
    this.#before += this.#counter.loss.count;
    this.#counter = counterFor(this.#option);
  }

  /** @param deviceTime unwrapped. @returns whether reports are known to be missing just before this reading */
  next({ sequence, switches }: PenReading, deviceTime: number, hostTime: number): boolean {
    const { by, loss } = this.#counter;
    const down = switches !== 0;
    if (by === 'sequence') return sequence !== null && loss.next(sequence) > 0;
    if (by === 'device-clock') return loss.next(deviceTime, down) > 0;
    loss.next(hostTime, down);
    return false;
  }

  losses(): Losses {
    return { count: this.#before + this.#counter.loss.count, method: this.#counter.by };
  }
}

function counterFor(option: PenOption): Counter {
  switch (option) {
    case PenOption.sequence:
    case PenOption.timeCountAndSequence: return { by: 'sequence', loss: new SequenceLoss(TURN) };
    case PenOption.timeCount: return { by: 'device-clock', loss: new ClockLoss() };
    case PenOption.none: return { by: 'interval', loss: new IntervalLoss() };
  }
}
