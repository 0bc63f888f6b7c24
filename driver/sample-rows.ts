/**
 * Samples as columns of numbers, used again and again: a decoder fills it at full speed without making an object
 * for each report.
 *
 * Before it: the decoders of this folder. After it: `toSamples`, once per batch.
 */
import { CHANNELS, type ChannelName, type Sample } from '#biometrics/sample.ts';

/** Place of each channel in a row. */
export const Column = Object.fromEntries(CHANNELS.map((name, index) => [name, index])) as Record<ChannelName, number>;

export const ROW_WIDTH = CHANNELS.length;

export class SampleRows {
  readonly capacity: number;
  /** Rows of `ROW_WIDTH` numbers in the order of `CHANNELS`; NaN: the channel is not given. */
  readonly channels: Float64Array;
  /** Low and high half of the transducer serial number. */
  readonly serials: Uint32Array;
  readonly hasSerial: Uint8Array;
  readonly switches: Uint32Array;
  readonly marks: Uint32Array;
  /** Rows that are filled. */
  length = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.channels = new Float64Array(capacity * ROW_WIDTH).fill(Number.NaN);
    this.serials = new Uint32Array(capacity * 2);
    this.hasSerial = new Uint8Array(capacity);
    this.switches = new Uint32Array(capacity);
    this.marks = new Uint32Array(capacity);
  }

  clear(): void {
    this.length = 0;
  }

  /** Overwrites what was in it: samples are biometric data. */
  wipe(): void {
    this.channels.fill(Number.NaN);
    this.serials.fill(0);
    this.length = 0;
  }

  toSamples(): Sample[] {
    return Array.from({ length: this.length }, (_, row) => this.#sample(row));
  }

  #sample(row: number): Sample {
    const at = row * ROW_WIDTH;
    const optional = (column: number): number | null => {
      const value = this.channels[at + column]!;
      return Number.isNaN(value) ? null : value;
    };
    const always = (column: number): number => this.channels[at + column]!;
    return {
      x: always(Column.x), y: always(Column.y), z: optional(Column.z),
      pressure: optional(Column.pressure), tangentialPressure: optional(Column.tangentialPressure),
      tiltX: optional(Column.tiltX), tiltY: optional(Column.tiltY), azimuth: optional(Column.azimuth), altitude: optional(Column.altitude),
      twist: optional(Column.twist), battery: optional(Column.battery),
      transducerSerial: this.hasSerial[row] === 1 ? (BigInt(this.serials[2 * row + 1]!) << 32n) | BigInt(this.serials[2 * row]!) : null,
      deviceTime: optional(Column.deviceTime), hostTime: always(Column.hostTime),
      switches: this.switches[row]!, marks: this.marks[row]!,
    };
  }
}
