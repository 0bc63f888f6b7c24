/**
 * One pen report, compiled: flat tables instead of fields, so that reading it allocates nothing.
 *
 * Null state (HID 1.11, sections 5.10 and 6.2.2.5): a field that declares it and is outside its logical range sends
 * nothing meaningful; its channel is not given in that report. Only x and y stay as they came and are marked as out of
 * range: a sample has a position. A value out of range without null state stays too.
 *
 * A report that is too short gives the channels that are wholly in it; without x and y it is no sample.
 */
import type { Channel } from '#biometrics/capture.ts';
import { Switch } from '#biometrics/sample.ts';
import { RowMarker } from '../../row-marker.ts';
import { Column, ROW_WIDTH, type SampleRows } from '../../sample-rows.ts';
import { FieldFlag } from '../descriptor/field.ts';
import { signedBits, unsignedBits } from './bits.ts';
import type { PenReport } from './pen-report.ts';
import type { ReportTiming } from './report-timing.ts';

const BYTE_VALUES = 256;

export class ReportReader {
  readonly #length: number;
  // one entry for each number
  readonly #columns: Uint8Array;
  readonly #firstBits: Uint32Array;
  readonly #sizes: Uint8Array;
  readonly #signed: Uint8Array;
  readonly #nullBelow: Float64Array;
  readonly #nullAbove: Float64Array;
  // one entry for each byte that has switches: what every value of that byte means
  readonly #switchBytes: Uint32Array;
  readonly #switchMeanings: Uint8Array;
  readonly #serial: PenReport['serial'];
  readonly #timing: ReportTiming;
  readonly #clockMin: number;
  readonly #marker: RowMarker;
  readonly #last: Uint8Array;
  #lastLength = -1;
  short = 0;
  nulls = 0;

  /** @param timing shared with the other pen reports of the device that have the same clock */
  constructor(report: PenReport, channels: readonly Channel[], timing: ReportTiming) {
    const { numbers, switches } = report;
    this.#length = report.length;
    this.#columns = Uint8Array.from(numbers, ({ channel }) => Column[channel]);
    this.#firstBits = Uint32Array.from(numbers, ({ firstBit }) => firstBit);
    this.#sizes = Uint8Array.from(numbers, ({ field }) => field.bitSize);
    this.#signed = Uint8Array.from(numbers, ({ field }) => field.logicalMin < 0 ? 1 : 0);
    const hasNull = numbers.map(({ field }) => (field.flags & FieldFlag.nullState) !== 0 && field.logicalMax > field.logicalMin);
    this.#nullBelow = Float64Array.from(numbers, ({ field }, index) => hasNull[index]! ? field.logicalMin : -Infinity);
    this.#nullAbove = Float64Array.from(numbers, ({ field }, index) => hasNull[index]! ? field.logicalMax : Infinity);
    const switched = switches.flatMap(({ bit, firstBit, size }) => Array.from({ length: size }, (_, index) => ({ bit, byte: (firstBit + index) >> 3, mask: 1 << ((firstBit + index) & 7) })));
    const byByte = Map.groupBy(switched, ({ byte }) => byte);
    this.#switchBytes = Uint32Array.from(byByte.keys());
    this.#switchMeanings = Uint8Array.from([...byByte.values()].flatMap(meaningsOf));
    this.#serial = report.serial;
    this.#timing = timing;
    this.#clockMin = numbers.find(({ channel }) => channel === 'deviceTime')?.field.logicalMin ?? 0;
    this.#marker = new RowMarker(channels, switches.some(({ bit }) => bit === Switch.inRange), timing.last);
    this.#last = new Uint8Array(report.length);
  }

  /** @returns false where the report has no position; then the row stays unused */
  read(report: Uint8Array, hostTime: number, rows: SampleRows): boolean {
    const bits = report.length * 8;
    if (report.length < this.#length) this.short++;
    // x and y come first
    if (this.#firstBits[0]! + this.#sizes[0]! > bits || this.#firstBits[1]! + this.#sizes[1]! > bits) return false;
    const row = rows.length++;
    this.#numbers(report, bits, hostTime, rows, row);
    this.#switches(report, rows, row);
    this.#serialNumber(report, bits, rows, row);
    const down = (rows.switches[row]! & Switch.tip) !== 0;
    const repeated = this.#repeats(report);
    const missing = this.#timing.next(rows.channels[row * ROW_WIDTH + Column.deviceTime]!, hostTime, down, repeated);
    rows.marks[row] = 0;
    this.#marker.mark(rows, row, repeated, missing > 0);
    return true;
  }

  anomalies(): Record<string, number> {
    return this.#marker.anomalies();
  }

  #numbers(report: Uint8Array, bits: number, hostTime: number, rows: SampleRows, row: number): void {
    const { channels } = rows;
    const at = row * ROW_WIDTH;
    for (let column = 0; column < ROW_WIDTH; column++) channels[at + column] = Number.NaN;
    channels[at + Column.hostTime] = hostTime;
    for (let index = 0; index < this.#columns.length; index++) {
      const firstBit = this.#firstBits[index]!;
      const size = this.#sizes[index]!;
      if (firstBit + size > bits) continue;
      let value = this.#signed[index] === 1 ? signedBits(report, firstBit, size) : unsignedBits(report, firstBit, size);
      if (value < this.#nullBelow[index]! || value > this.#nullAbove[index]!) {
        this.nulls++;
        if (index > 1) continue;
      }
      const column = this.#columns[index]!;
      if (column === Column.deviceTime) value = this.#timing.ticks(value - this.#clockMin, hostTime);
      channels[at + column] = value;
    }
  }

  #switches(report: Uint8Array, rows: SampleRows, row: number): void {
    let switches = 0;
    for (let index = 0; index < this.#switchBytes.length; index++) {
      const byte = this.#switchBytes[index]!;
      if (byte < report.length) switches |= this.#switchMeanings[index * BYTE_VALUES + report[byte]!]!;
    }
    rows.switches[row] = switches;
  }

  #serialNumber(report: Uint8Array, bits: number, rows: SampleRows, row: number): void {
    rows.serials[2 * row] = 0;
    rows.serials[2 * row + 1] = 0;
    rows.hasSerial[row] = 0;
    for (let index = 0; index < this.#serial.length; index++) {
      const { high, firstBit, size } = this.#serial[index]!;
      // half a number would be another pen's
      if (firstBit + size > bits) return void (rows.hasSerial[row] = 0);
      rows.serials[2 * row + (high ? 1 : 0)] = unsignedBits(report, firstBit, size);
      rows.hasSerial[row] = 1;
    }
  }

  /** Whether this is bit for bit the report before it; keeps this one. */
  #repeats(report: Uint8Array): boolean {
    const length = Math.min(report.length, this.#length);
    let same = length === this.#lastLength;
    for (let index = 0; index < length; index++) {
      const byte = report[index]!;
      if (this.#last[index] !== byte) {
        same = false;
        this.#last[index] = byte;
      }
    }
    this.#lastLength = length;
    return same;
  }
}

/** For each value of a byte, the switches that are on. */
function meaningsOf(switched: readonly { bit: number; mask: number }[]): number[] {
  return Array.from({ length: BYTE_VALUES }, (_, value) => switched.reduce((on, { bit, mask }) => (value & mask) === 0 ? on : on | bit, 0));
}
