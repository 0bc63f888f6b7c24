/**
 * Raw deflate (RFC 1951), read strictly: exactly the announced number of bytes, the last block ended, nothing behind it,
 * no code that is incomplete or has too many words, no distance to before the beginning. FORMAT.md section 4 names all of them.
 *
 * Readers of libraries differ in what they let pass; two readers of evidence must not. `fflate` writes.
 * The output is reserved by the caller's word: `section.ts` has checked it against the limits. Tables are built anew for every
 * block and grow with its code to 2^9 entries, so that many short blocks cost no more than long ones.
 */

/** What is wrong with a deflate stream. */
export class InflateError extends Error {}

/** Longest code word in bits (RFC 1951 section 3.2.7), and the longest that the table answers at once. */
const MAX_BITS = 15;
const FAST_BITS = 9;
const END_OF_BLOCK = 256;

/** RFC 1951 section 3.2.5: lengths of matches for the symbols from 257, distances for the symbols from 0. */
const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = Array.from({ length: 30 }, (_, symbol) => (symbol < 4 ? symbol + 1 : 1 + ((2 + (symbol & 1)) << ((symbol >> 1) - 1))));
const DISTANCE_BITS = Array.from({ length: 30 }, (_, symbol) => Math.max(0, (symbol >> 1) - 1));

/** Section 3.2.7: the order in which the lengths of the code for code lengths come. */
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const MAX_LITERALS = 286;
const MAX_DISTANCES = 30;

/** A canonical Huffman code (section 3.2.2). */
interface Code {
  /** By the next bits, up to 9: symbol · 16 + length; 0 where the word is longer or there is none. */
  fast: Uint16Array;
  /** How many words have each length, and the symbols in the order of their words. */
  counts: Uint16Array;
  symbols: Uint16Array;
}

/**
 * @param length bytes that the stream has to inflate to
 * @throws InflateError
 */
export function inflateExactly(stream: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const bits = new BitReader(stream);
  const out = new Uint8Array(length);
  let at = 0;
  for (let last = false; !last;) {
    last = bits.take(1) === 1;
    const type = bits.take(2);
    if (type === 0) at = copyStored(bits, out, at);
    else if (type === 1) at = readBlock(bits, FIXED, out, at);
    else if (type === 2) at = readBlock(bits, dynamicCodes(bits), out, at);
    else throw new InflateError('a block of type 3');
  }
  bits.end();
  if (at !== length) throw new InflateError(`${at} bytes, ${length} announced`);
  return out;
}

function copyStored(bits: BitReader, out: Uint8Array, at: number): number {
  bits.toNextByte();
  const length = bits.take(16);
  if (bits.take(16) !== (length ^ 0xffff)) throw new InflateError('a stored block whose length does not match its complement');
  const stored = bits.bytes(length);
  room(out, at, length);
  out.set(stored, at);
  return at + length;
}

function readBlock(bits: BitReader, { literals, distances }: { literals: Code; distances: Code }, out: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const symbol = bits.symbol(literals);
    if (symbol === END_OF_BLOCK) return at;
    if (symbol < END_OF_BLOCK) {
      room(out, at, 1);
      out[at++] = symbol;
      continue;
    }
    const length = ranged(bits, symbol - END_OF_BLOCK - 1, LENGTHS, LENGTH_BITS);
    const distance = ranged(bits, bits.symbol(distances), DISTANCES, DISTANCE_BITS);
    if (distance > at) throw new InflateError('a distance to before the beginning');
    room(out, at, length);
    for (const end = at + length; at < end; at++) out[at] = out[at - distance]!;
  }
}

function ranged(bits: BitReader, symbol: number, bases: readonly number[], extra: readonly number[]): number {
  const base = bases[symbol];
  if (base === undefined) throw new InflateError('a symbol that means nothing');
  return base + bits.take(extra[symbol]!);
}

function room(out: Uint8Array, at: number, more: number): void {
  if (more > out.length - at) throw new InflateError(`more than the ${out.length} bytes announced`);
}

/** Section 3.2.7. */
function dynamicCodes(bits: BitReader): { literals: Code; distances: Code } {
  const literalCount = bits.take(5) + 257;
  const distanceCount = bits.take(5) + 1;
  const orderCount = bits.take(4) + 4;
  if (literalCount > MAX_LITERALS || distanceCount > MAX_DISTANCES) throw new InflateError('more symbols than there are');
  const orderLengths = new Uint8Array(CODE_ORDER.length);
  for (let index = 0; index < orderCount; index++) orderLengths[CODE_ORDER[index]!] = bits.take(3);
  const lengths = readLengths(bits, codeOf(orderLengths), literalCount + distanceCount);
  if (lengths[END_OF_BLOCK] === 0) throw new InflateError('a block that cannot end');
  const literals = lengths.subarray(0, literalCount);
  const distances = lengths.subarray(literalCount);
  return { literals: codeOf(literals, true), distances: codeOf(distances, true) };
}

function readLengths(bits: BitReader, code: Code, count: number): Uint8Array {
  const lengths = new Uint8Array(count);
  for (let at = 0; at < count;) {
    const symbol = bits.symbol(code);
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    if (symbol === 16 && at === 0) throw new InflateError('a repetition of nothing');
    const value = symbol === 16 ? lengths[at - 1]! : 0;
    const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    if (times > count - at) throw new InflateError('more lengths of codes than announced');
    lengths.fill(value, at, at += times);
  }
  return lengths;
}

/** @param mayBeShort a code of one word of one bit, or of none at all, is no error until a word is read that it does not have */
function codeOf(lengths: Uint8Array, mayBeShort = false): Code {
  const counts = new Uint16Array(MAX_BITS + 1);
  for (let symbol = 0; symbol < lengths.length; symbol++) counts[lengths[symbol]!]! += 1;
  counts[0] = 0;
  let left = 1;
  let longest = 0;
  let coded = 0;
  /** By length: where its symbols begin among all, and its next word. */
  const places = new Uint16Array(MAX_BITS + 1);
  const words = new Uint16Array(MAX_BITS + 1);
  for (let bits = 1; bits <= MAX_BITS; bits++) {
    const count = counts[bits]!;
    left = 2 * left - count;
    if (left < 0) throw new InflateError('a code with more words than bits allow');
    places[bits] = coded;
    words[bits] = (words[bits - 1]! + counts[bits - 1]!) << 1;
    coded += count;
    if (count > 0) longest = bits;
  }
  if (left > 0 && !(mayBeShort && longest <= 1)) throw new InflateError('an incomplete code');

  const fast = new Uint16Array(1 << Math.min(longest, FAST_BITS));
  const symbols = new Uint16Array(coded);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    symbols[places[length]!++] = symbol;
    const word = words[length]!++;
    if (length > FAST_BITS) continue;
    for (let index = reversed(word, length); index < fast.length; index += 1 << length) fast[index] = symbol * 16 + length;
  }
  return { fast, counts, symbols };
}

/** Words of a code come with their first bit lowest. */
function reversed(word: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((word >> bit) & 1) << (length - 1 - bit);
  return result;
}

class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** Bits that were fetched and not yet taken, the next one lowest; fewer than 24 + 8. */
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** @param count up to 16 */
  take(count: number): number {
    this.#fetch(count);
    if (this.#count < count) throw new InflateError('no end');
    const value = this.#held & ((1 << count) - 1);
    this.#drop(count);
    return value;
  }

  symbol({ fast, counts, symbols }: Code): number {
    this.#fetch(MAX_BITS);
    const found = fast[this.#held & (fast.length - 1)]!;
    if (found !== 0) {
      if ((found & 15) > this.#count) throw new InflateError('no end');
      this.#drop(found & 15);
      return found >> 4;
    }
    let word = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= MAX_BITS; length++) {
      if (length > this.#count) throw new InflateError('no end');
      word |= (this.#held >> (length - 1)) & 1;
      const count = counts[length]!;
      if (word - first < count) {
        this.#drop(length);
        return symbols[index + word - first]!;
      }
      index += count;
      first = (first + count) << 1;
      word <<= 1;
    }
    throw new InflateError('a word that its code does not have');
  }

  toNextByte(): void {
    this.#drop(this.#count & 7);
  }

  /** From the next byte on; only after `toNextByte`. */
  bytes(length: number): Uint8Array {
    this.#at -= this.#count >> 3;
    this.#held = this.#count = 0;
    if (length > this.#bytes.length - this.#at) throw new InflateError('no end');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** The rest of the last byte is padding of any value (as zlib has it); a whole byte is too much. */
  end(): void {
    if (this.#at - (this.#count >> 3) !== this.#bytes.length) throw new InflateError('bytes after its end');
  }

  #fetch(count: number): void {
    while (this.#count < count && this.#at < this.#bytes.length) {
      this.#held |= this.#bytes[this.#at++]! << this.#count;
      this.#count += 8;
    }
  }

  #drop(count: number): void {
    this.#held >>>= count;
    this.#count -= count;
  }
}

/** Section 3.2.6. Symbols 286, 287, 30 and 31 have words and mean nothing. */
const FIXED = {
  literals: codeOf(Uint8Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8))),
  distances: codeOf(new Uint8Array(32).fill(5)),
};
