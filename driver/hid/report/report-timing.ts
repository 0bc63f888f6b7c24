/**
 * Time and losses of the pen reports of one device: of all that have the same Scan Time, or of all that have none.
 *
 * A device that sends its pen in several kinds of report has one clock and one row of reports. Each kind by itself would count
 * the clock from another turn, and take the time in which another kind came for a loss.
 *
 * Before it: `report-reader.ts`, one for each kind. After it: `../../loss`, and `PenDecoder.findings`.
 */
import type { Losses } from '#biometrics/capture.ts';
import { ClockLoss } from '../../loss/clock-loss.ts';
import { IntervalLoss } from '../../loss/interval-loss.ts';
import { UnwrappedClock } from '../../loss/unwrapped-clock.ts';
import { LastTimes } from '../../row-marker.ts';
import { clockOf } from './channels.ts';
import type { PenReport } from './pen-report.ts';

export class ReportTiming {
  /** Of the row before, whichever kind of report it came in. */
  readonly last = new LastTimes();
  readonly #clock: UnwrappedClock | null;
  readonly #clockLoss: ClockLoss | null;
  readonly #intervalLoss: IntervalLoss | null;

  /** @param clock as `clockOf`; null: these reports have none */
  constructor(clock: ReturnType<typeof clockOf>) {
    this.#clock = clock === null ? null : new UnwrappedClock(clock.wrapsAfter, clock.tickNs);
    this.#clockLoss = clock === null ? null : new ClockLoss();
    this.#intervalLoss = clock === null ? new IntervalLoss() : null;
  }

  /** @param raw Scan Time from its logical minimum on. @param hostTime arrival, ns. @returns ticks, unwrapped */
  ticks(raw: number, hostTime: number): number {
    return this.#clock!.next(raw, hostTime);
  }

  /** @param ticks unwrapped; NaN: this report has none. @param hostTime arrival, ns. @returns how many reports are known to be missing before this one */
  next(ticks: number, hostTime: number, down: boolean, repeated: boolean): number {
    this.#intervalLoss?.next(hostTime, down, repeated);
    return this.#clockLoss === null || Number.isNaN(ticks) ? 0 : this.#clockLoss.next(ticks, down);
  }

  /** Reports with another clock come now: the time until these come again is no gap. */
  paused(): void {
    this.#clockLoss?.paused();
    this.#intervalLoss?.paused();
  }

  get lost(): number {
    return (this.#clockLoss ?? this.#intervalLoss)!.count;
  }

  get method(): Losses['method'] {
    return (this.#clockLoss ?? this.#intervalLoss)!.method;
  }

  /** Gaps of arrival that nobody can tell from a loss. */
  get pauses(): number {
    return this.#intervalLoss?.pauses ?? 0;
  }
}

/** One for each report, in their order; the same one where they share a clock, or have none. */
export function timingsOf(reports: readonly PenReport[]): ReportTiming[] {
  const byClock = new Map<string, ReportTiming>();
  return reports.map((report) => {
    const clock = clockOf(report);
    const key = JSON.stringify(clock);
    const timing = byClock.get(key) ?? new ReportTiming(clock);
    byClock.set(key, timing);
    return timing;
  });
}
