/** Bytes written and read one after the other: LEB128 varints, zigzag, little-endian float64. FORMAT.md section 4. */
import { RecordError } from './errors.ts';

const LONGEST_VARINT = 8;

/** @returns where the next byte goes. There have to be 8 bytes of room. */
function putVarint(bytes: Uint8Array, start: number, value: number): number {
  let at = start;
  let high = value;
  for (; high >= 2 ** 31; high = Math.floor(high / 0x80)) bytes[at++] = (high % 0x80) | 0x80;
  let rest = high | 0; // whole numbers of 32 bits are several times faster
  for (; rest >= 0x80; rest >>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
  bytes[at++] = rest;
  return at;
}

/** A growing buffer. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1, seven bits at a time, low bits first. */
  varint(value: number): void {
    this.#reserve(LONGEST_VARINT);
    this.#length = putVarint(this.#bytes, this.#length, value);
  }

  /** Whole numbers below 2^52 in magnitude, one after the other; small magnitudes of either sign become small varints. */
  zigzags(values: Float64Array): void {
    this.#reserve(values.length * LONGEST_VARINT);
    let at = this.#length;
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      at = putVarint(this.#bytes, at, value < 0 ? -2 * value - 1 : 2 * value);
    }
    this.#length = at;
  }

  float64(value: number): void {
    this.#reserve(8);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was written; nothing of it stays here: it may be a stroke. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#length);
    this.#bytes.fill(0);
    this.#length = 0;
    return taken;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.#bytes);
    this.#bytes.fill(0);
    this.#bytes = larger;
  }
}

/** Reads what `ByteWriter` wrote. Every method throws RecordError `RECORD_MALFORMED` at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #name: string;
  #at = 0;

  /** @param name what is being read, for messages */
  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#name = name;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw this.malformed('ends too early');
    this.#at += 1;
    return value;
  }

  /** Refuses a longer form than needed: one number has one encoding. */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (!Number.isSafeInteger(value) || (byte === 0 && scale > 1)) throw this.malformed('has a number outside its form');
      if (byte < 0x80) return value;
      if (scale > 2 ** 49) throw this.malformed('has a number outside its form');
    }
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  float64(): number {
    const at = this.#at;
    this.take(8);
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getFloat64(at, true);
  }

  take(length: number): Uint8Array<ArrayBuffer> {
    if (length > this.#bytes.length - this.#at) throw this.malformed('ends too early');
    this.#at += length;
    return new Uint8Array(this.#bytes.subarray(this.#at - length, this.#at));
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw this.malformed('has bytes left over');
  }

  malformed(what: string): RecordError {
    return new RecordError('RECORD_MALFORMED', `${this.#name}, byte ${this.#at}: ${what}`);
  }
}
