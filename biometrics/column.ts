/**
 * One column of numbers: the values of one channel over all samples. FORMAT.md section 4.
 *
 * Lossless for every finite float64. Numbers that are fractions with one small divisor (integers of a device,
 * sixteenths of a pixel, milliseconds with three decimals, a float32) are kept as whole numerators in
 * differences; a column with anything else is kept as it is, in raw float64. The encoder tries; the decoder
 * only follows, with one IEEE 754 division per value, so any language gets the same bits.
 *
 * Buffers are overwritten once they were used: what they hold is a stroke in plain text.
 */
import { ByteWriter, type ByteReader } from './byte-stream.ts';
import { RecordError } from './errors.ts';

/** The values of one channel; `null` where a sample did not have it. */
export type Column = readonly (number | null)[];

const KIND = { empty: 0, fraction: 1, raw: 2 } as const;
const SOME_NULL = 0x10;

/** Differences stay below this magnitude, so that zigzag and sums are exact in a float64. */
const MAX_DIFFERENCE = 2 ** 52;

/** Divisors tried, smallest first: powers of two to 2^40 and of ten to 10^9. */
const DIVISORS = [
  ...Array.from({ length: 41 }, (_, power) => 2 ** power),
  ...Array.from({ length: 9 }, (_, power) => 10 ** (power + 1)),
].sort((a, b) => a - b);

/** Writes a column. @throws RecordError `RECORD_MALFORMED` for NaN and infinities, which no device reports */
export function writeColumn(out: ByteWriter, name: string, column: Column): void {
  const values = column.filter((value) => value !== null);
  const strange = values.find((value) => !Number.isFinite(value));
  if (strange !== undefined) throw new RecordError('RECORD_MALFORMED', `${name} is ${strange}, which no device reports`);
  if (values.length === 0) return out.byte(KIND.empty);

  const nulls = values.length < column.length ? SOME_NULL : 0;
  const divisor = DIVISORS.find((candidate) => values.every((value) => isFraction(value, candidate)));
  const best = divisor === undefined ? null : smallestDifferences(values.map((value) => Math.round(value * divisor)));
  out.byte(best === null ? KIND.raw | nulls : KIND.fraction | (best.order << 2) | nulls);
  if (nulls !== 0) writeRuns(out, column);
  if (best === null) {
    for (const value of values) out.float64(value);
  } else {
    out.varint(divisor!);
    out.append(best.bytes);
    best.bytes.fill(0);
  }
}

/** Reads a column of `count` values. @throws RecordError `RECORD_MALFORMED` */
export function readColumn(input: ByteReader, count: number): (number | null)[] {
  const head = input.byte();
  const kind = head & 0x03;
  const order = (head >> 2) & 0x03;
  if (head >= 0x20 || kind > KIND.raw || order > 2 || (kind !== KIND.fraction && order > 0) || head === SOME_NULL) {
    throw input.malformed(`has a column head 0x${head.toString(16)}`);
  }
  if (kind === KIND.empty) return Array<null>(count).fill(null);
  const present = (head & SOME_NULL) === 0 ? null : readRuns(input, count);
  const values = kind === KIND.raw
    ? readRaw(input, present?.count ?? count)
    : readFractions(input, present?.count ?? count, order);
  if (present === null) return values;
  let next = 0;
  return present.mask.map((there) => (there ? values[next++]! : null));
}

function isFraction(value: number, divisor: number): boolean {
  const numerator = Math.round(value * divisor);
  return Math.abs(numerator) < MAX_DIFFERENCE && Object.is((numerator + 0) / divisor, value);
}

interface Differences { order: number; bytes: Uint8Array; information: number }

/** The encoding, among orders 0, 1 and 2, whose bytes carry the least information; null if none can hold the numbers. */
function smallestDifferences(numerators: readonly number[]): Differences | null {
  let best: Differences | null = null;
  for (let order = 0; order <= 2 && best?.information !== 0; order++) {
    const bytes = differences(numerators, order);
    if (bytes === null) continue;
    const next = { order, bytes, information: information(bytes) };
    if (best === null || next.information < best.information) {
      best?.bytes.fill(0);
      best = next;
    } else {
      bytes.fill(0);
    }
  }
  return best;
}

/** Order 1: value minus the one before. Order 2: minus the step before, too. The first value stands whole. */
function differences(numerators: readonly number[], order: number): Uint8Array | null {
  const residuals = new Float64Array(numerators.length);
  let before = 0;
  let step = 0;
  for (let index = 0; index < numerators.length; index++) {
    const numerator = numerators[index]!;
    const difference = order === 0 ? numerator : numerator - before;
    const residual = difference - step;
    if (Math.abs(difference) >= MAX_DIFFERENCE || Math.abs(residual) >= MAX_DIFFERENCE) return null;
    residuals[index] = residual;
    before = numerator;
    if (order === 2 && index > 0) step = difference;
  }
  const out = new ByteWriter();
  out.zigzags(residuals);
  residuals.fill(0);
  return out.take();
}

function readFractions(input: ByteReader, count: number, order: number): number[] {
  const divisor = input.varint();
  if (divisor === 0) throw input.malformed('has a divisor of 0');
  const values: number[] = [];
  let numerator = 0;
  let step = 0;
  for (let index = 0; index < count; index++) {
    const difference = input.zigzag() + step;
    numerator = order === 0 ? difference : numerator + difference;
    if (order === 2 && index > 0) step = difference;
    if (!Number.isSafeInteger(numerator) || !Number.isSafeInteger(step)) throw input.malformed('adds up to a number above 2^53');
    values.push((numerator + 0) / divisor);
  }
  return values;
}

function readRaw(input: ByteReader, count: number): number[] {
  return Array.from({ length: count }, () => {
    const value = input.float64();
    if (!Number.isFinite(value)) throw input.malformed('has a value that is not finite');
    return value;
  });
}

/** Lengths of the runs of present and of absent values in turn, beginning with present (which may be 0). */
function writeRuns(out: ByteWriter, column: Column): void {
  let present = true;
  let run = 0;
  for (const value of column) {
    if ((value !== null) !== present) {
      out.varint(run);
      present = !present;
      run = 0;
    }
    run += 1;
  }
  out.varint(run);
}

function readRuns(input: ByteReader, count: number): { mask: boolean[]; count: number } {
  const mask: boolean[] = [];
  let there = 0;
  for (let present = true; mask.length < count; present = !present) {
    const run = input.varint();
    if (run > count - mask.length || (run === 0 && (mask.length > 0 || !present))) throw input.malformed('has a run of the wrong length');
    for (let i = 0; i < run; i++) mask.push(present);
    if (present) there += run;
  }
  return { mask, count: there };
}

/** Shannon's measure in bits over single bytes: what deflate's Huffman codes will need, near enough to choose by. */
function information(bytes: Uint8Array): number {
  const counts = new Uint32Array(256);
  for (let at = 0; at < bytes.length; at++) counts[bytes[at]!]! += 1;
  return counts.reduce((bits, count) => (count === 0 ? bits : bits - count * Math.log2(count / bytes.length)), 0);
}
