/**
 * Deterministic CBOR (RFC 8949 section 4.2.1) in the small part the record uses: whole numbers, float64, byte
 * and text strings, arrays, maps with text names, null, false and true. One value has one encoding: names sorted
 * by their encoded bytes, shortest lengths and integers, every other number as float64. A reader refuses anything
 * else, so two records with the same content are the same bytes.
 *
 * The reader is written here, not taken from a library: FORMAT.md section 9 says which code the first thing wrong
 * gets, byte by byte, and two readers of a format that is evidence must not differ in that. `cborg` writes.
 *
 * Does not protect from a forger, who can write deterministic CBOR too: the device signature does.
 */
import { encode, Token, Type } from 'cborg';
import { RecordError } from './errors.ts';
import { MAX_DEPTH, MAX_ENTRIES, MAX_ITEMS, MAX_TEXT } from './limits.ts';

const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;
const FLOAT64 = 27;
const MAX_WHOLE = BigInt(Number.MAX_SAFE_INTEGER);

/** Encodes plain values. A minus zero stays one, which no CBOR integer could say. */
export function encodeCbor(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(value, {
    float64: true,
    typeEncoders: { number: (n: number) => (Object.is(n, -0) ? new Token(Type.float, n) : null) },
  });
}

/**
 * Decodes bytes from outside: numbers (bigint above 2^53 - 1), Uint8Array (views into `bytes`), text, arrays, plain objects.
 * Time and memory grow with the bytes, never with what a length in them announces.
 * @throws RecordError `RECORD_MALFORMED`, `RECORD_LIMIT`
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  const reader = new CborReader(bytes);
  const value = reader.item(0);
  reader.end();
  return value;
}

class CborReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** A byte order mark is a character like any other: without `ignoreBOM` it would be lost. */
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #at = 0;
  #items = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @param depth arrays and maps around this item */
  item(depth: number): unknown {
    const initial = this.#initial();
    const major = initial >> 5;
    if (major === MAJOR.simple) return this.#simple(initial & 31);
    if (major === MAJOR.tag) throw this.#malformed('a tag');
    const argument = this.#argument(initial & 31);
    if (major === MAJOR.unsigned) return argument > MAX_WHOLE ? argument : Number(argument);
    if (major === MAJOR.negative) return this.#negative(argument);
    if (major === MAJOR.bytes) return this.#take(argument);
    if (major === MAJOR.text) return this.#text(argument);
    if (depth === MAX_DEPTH) throw this.#limit(`nested deeper than ${MAX_DEPTH}`);
    if (argument > MAX_ENTRIES) throw this.#limit(`${argument} entries, at most ${MAX_ENTRIES} allowed`);
    return major === MAJOR.array
      ? Array.from({ length: Number(argument) }, () => this.item(depth + 1))
      : this.#map(Number(argument), depth + 1);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw this.#malformed('bytes after the body');
  }

  /** The first byte of the next item, which counts from here on. */
  #initial(): number {
    const initial = this.#bytes[this.#at];
    if (initial === undefined) throw this.#malformed('ends too early');
    this.#items += 1;
    if (this.#items > MAX_ITEMS) throw this.#limit(`more than ${MAX_ITEMS} items`);
    this.#at += 1;
    return initial;
  }

  /** The number in or behind the initial byte, which has to be in as few bytes as hold it. */
  #argument(info: number): number | bigint {
    if (info < 24) return info;
    if (info > 27) throw this.#malformed('a length that is not definite, or a reserved one');
    const size = 1 << (info - 24);
    const value = this.#unsigned(this.#skip(size), size);
    if (value < (size === 1 ? 24 : 2 ** (4 * size))) throw this.#malformed('a number in more bytes than it needs');
    return value;
  }

  #unsigned(at: number, size: number): number | bigint {
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at);
    return size === 4 ? this.#view.getUint32(at) : this.#view.getBigUint64(at);
  }

  #negative(argument: number | bigint): number {
    if (argument >= MAX_WHOLE) throw this.#malformed('an integer below -(2^53 - 1)');
    return -1 - Number(argument);
  }

  #simple(info: number): boolean | null | number {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22) return null;
    if (info !== FLOAT64) throw this.#malformed('a simple value or a short float that records do not use');
    const value = this.#view.getFloat64(this.#skip(8));
    if (!Number.isFinite(value)) throw this.#malformed('a number that is not finite');
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) throw this.#malformed('a whole number as a float');
    return value;
  }

  #text(length: number | bigint): string {
    const raw = this.#take(length);
    let value: string;
    try {
      value = this.#utf8.decode(raw);
    } catch (error) {
      throw new RecordError('RECORD_MALFORMED', `body, byte ${this.#at}: a text that is not UTF-8`, { cause: error });
    }
    if (value.length > MAX_TEXT) throw this.#limit(`a text of more than ${MAX_TEXT} UTF-16 units`);
    return value;
  }

  #map(length: number, depth: number): Record<string, unknown> {
    let before: Uint8Array = new Uint8Array();
    return Object.fromEntries(Array.from({ length }, () => {
      const start = this.#at;
      const next = this.#bytes[start];
      if (next !== undefined && next >> 5 !== MAJOR.text) throw this.#malformed('a name that is no text');
      const name = this.item(depth) as string;
      const encoded = this.#bytes.subarray(start, this.#at);
      if (!isAfter(encoded, before)) throw this.#malformed('a name twice, or names in another order than that of their bytes');
      before = encoded;
      return [name, this.item(depth)];
    }));
  }

  #take(length: number | bigint): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, this.#at);
  }

  /** @returns where the bytes passed over begin */
  #skip(length: number | bigint): number {
    if (length > this.#bytes.length - this.#at) throw this.#malformed('ends too early');
    this.#at += Number(length);
    return this.#at - Number(length);
  }

  #malformed(what: string): RecordError {
    return new RecordError('RECORD_MALFORMED', `body, byte ${this.#at}: ${what}`);
  }

  #limit(what: string): RecordError {
    return new RecordError('RECORD_LIMIT', `body, byte ${this.#at}: ${what}`);
  }
}

/** Bytewise lexicographic order (RFC 8949 section 4.2.1); a prefix comes before what continues it. */
function isAfter(name: Uint8Array, before: Uint8Array): boolean {
  const differs = name.findIndex((byte, at) => byte !== before[at]);
  return differs >= 0 && (differs >= before.length || name[differs]! > before[differs]!);
}
