/**
 * Marks what is odd about each sample and counts it. Values stay as they came.
 *
 * Before it: a decoder has filled a row of `SampleRows`. After it: `PenFindings.anomalies`.
 */
import type { Channel } from '#biometrics/capture.ts';
import { Mark, Switch } from '#biometrics/sample.ts';
import { Column, ROW_WIDTH, type SampleRows } from './sample-rows.ts';

type MarkName = keyof typeof Mark;
/** The marks a device's own reports can earn, in the order of their bits. */
const COUNTED = ['outOfRange', 'pressureWithoutTip', 'tipOutOfRange', 'repeated', 'clockBackwards', 'afterLoss'] as const satisfies readonly MarkName[];

/** Device time and host time of the row before: in an array, because a number in a field of its own is allocated anew each time. */
export class LastTimes {
  readonly #times = new Float64Array(2).fill(-Infinity);

  /** Keeps these. @param deviceTime NaN: not given. @returns whether one of them is before the last one */
  backwards(deviceTime: number, hostTime: number): boolean {
    const backwards = deviceTime < this.#times[0]! || hostTime < this.#times[1]!;
    this.#times[0] = deviceTime;
    this.#times[1] = hostTime;
    return backwards;
  }
}

export class RowMarker {
  // one entry for each channel that has a range
  readonly #columns: Uint8Array;
  readonly #least: Float64Array;
  readonly #most: Float64Array;
  readonly #pressureMin: number;
  readonly #hasInRange: boolean;
  readonly #counts = new Float64Array(COUNTED.length);
  readonly #last: LastTimes;

  /**
   * @param channels with the logical ranges that the device declares. @param hasInRange false: it has no In Range switch that could contradict the tip
   * @param last shared by the markers of a device that sends its pen in several kinds of report
   */
  constructor(channels: readonly Channel[], hasInRange = true, last = new LastTimes()) {
    this.#hasInRange = hasInRange;
    this.#last = last;
    // clocks have no range to leave
    const ranged = channels.filter(({ name }) => name !== 'deviceTime' && name !== 'hostTime');
    this.#columns = Uint8Array.from(ranged, ({ name }) => Column[name]);
    this.#least = Float64Array.from(ranged, ({ logicalMin }) => logicalMin ?? -Infinity);
    this.#most = Float64Array.from(ranged, ({ logicalMax }) => logicalMax ?? Infinity);
    this.#pressureMin = ranged.find(({ name }) => name === 'pressure')?.logicalMin ?? 0;
  }

  /** @param repeated the report was bit for bit the one before. @param afterLoss a report before this one is known to be missing */
  mark(rows: SampleRows, row: number, repeated: boolean, afterLoss: boolean): void {
    const marks = this.#odd(rows, row) | (repeated ? Mark.repeated : 0) | (afterLoss ? Mark.afterLoss : 0);
    rows.marks[row] = rows.marks[row]! | marks;
    if (marks === 0) return;
    for (let index = 0; index < COUNTED.length; index++) if ((marks & Mark[COUNTED[index]!]) !== 0) this.#counts[index]!++;
  }

  /** Only what was seen. */
  anomalies(): Record<string, number> {
    return Object.fromEntries(COUNTED.map((name, index) => [name, this.#counts[index]!] as const).filter(([, count]) => count > 0));
  }

  #odd(rows: SampleRows, row: number): number {
    const at = row * ROW_WIDTH;
    const switches = rows.switches[row]!;
    const tip = (switches & Switch.tip) !== 0;
    let marks = 0;
    for (let index = 0; index < this.#columns.length; index++) {
      const value = rows.channels[at + this.#columns[index]!]!;
      // false for NaN: a channel that is not given is not out of range
      if (value < this.#least[index]! || value > this.#most[index]!) marks |= Mark.outOfRange;
    }
    // the eraser in contact presses too, with the tip switch off (HID Usage Tables, Digitizers 0x45)
    if (!tip && (switches & Switch.eraser) === 0 && rows.channels[at + Column.pressure]! > this.#pressureMin) marks |= Mark.pressureWithoutTip;
    if (tip && this.#hasInRange && (switches & Switch.inRange) === 0) marks |= Mark.tipOutOfRange;
    if (this.#last.backwards(rows.channels[at + Column.deviceTime]!, rows.channels[at + Column.hostTime]!)) marks |= Mark.clockBackwards;
    return marks;
  }
}
