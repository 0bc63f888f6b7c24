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

export class RowMarker {
  readonly #least = new Float64Array(ROW_WIDTH).fill(-Infinity);
  readonly #most = new Float64Array(ROW_WIDTH).fill(Infinity);
  readonly #pressureMin: number;
  readonly #hasInRange: boolean;
  readonly #counts = new Float64Array(COUNTED.length);
  #deviceTime = -Infinity;
  #hostTime = -Infinity;

  /** @param channels with the logical ranges that the device declares. @param hasInRange false: it has no In Range switch that could contradict the tip */
  constructor(channels: readonly Channel[], hasInRange = true) {
    this.#hasInRange = hasInRange;
    for (const { name, logicalMin, logicalMax } of channels) {
      // clocks have no range to leave
      if (name === 'deviceTime' || name === 'hostTime') continue;
      this.#least[Column[name]] = logicalMin ?? -Infinity;
      this.#most[Column[name]] = logicalMax ?? Infinity;
    }
    const pressureMin = this.#least[Column.pressure]!;
    this.#pressureMin = pressureMin === -Infinity ? 0 : pressureMin;
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
    for (let column = 0; column < ROW_WIDTH; column++) {
      const value = rows.channels[at + column]!;
      // false for NaN: a channel that is not given is not out of range
      if (value < this.#least[column]! || value > this.#most[column]!) marks |= Mark.outOfRange;
    }
    if (!tip && rows.channels[at + Column.pressure]! > this.#pressureMin) marks |= Mark.pressureWithoutTip;
    if (tip && this.#hasInRange && (switches & Switch.inRange) === 0) marks |= Mark.tipOutOfRange;
    const deviceTime = rows.channels[at + Column.deviceTime]!;
    const hostTime = rows.channels[at + Column.hostTime]!;
    if (deviceTime < this.#deviceTime || hostTime < this.#hostTime) marks |= Mark.clockBackwards;
    this.#deviceTime = deviceTime;
    this.#hostTime = hostTime;
    return marks;
  }
}
