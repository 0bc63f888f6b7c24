/**
 * Deterministic CBOR (RFC 8949 section 4.2.1) in the small part the record uses: whole numbers, float64, byte
 * and text strings, arrays, maps with text names, null, false and true. One value has one encoding: names sorted
 * by their encoded bytes, shortest lengths and integers, every other number as float64. A reader refuses anything
 * else, so two records with the same content are the same bytes.
 *
 * Does not protect from a forger, who can write deterministic CBOR too: the device signature does.
 */
import { decode, encode, Token, Tokenizer, Type, type DecodeOptions } from 'cborg';
import { RecordError } from './errors.ts';
import { MAX_DEPTH, MAX_ITEMS } from './limits.ts';

const DECODE: DecodeOptions = {
  strict: true, allowIndefinite: false, allowUndefined: false, allowInfinity: false, allowNaN: false,
  allowBigInt: true, rejectDuplicateMapKeys: true,
};

/** Encodes plain values. A minus zero stays one, which no CBOR integer could say. */
export function encodeCbor(value: unknown): Uint8Array<ArrayBuffer> {
  return encode(value, {
    float64: true,
    typeEncoders: { number: (n: number) => (Object.is(n, -0) ? new Token(Type.float, n) : null) },
  });
}

/** Decodes bytes from outside. @throws RecordError `RECORD_MALFORMED`, `RECORD_LIMIT` */
export function decodeCbor(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = decode(bytes, { ...DECODE, tokenizer: new BoundedTokenizer(bytes, DECODE) });
  } catch (error) {
    if (error instanceof RecordError) throw error;
    throw new RecordError('RECORD_MALFORMED', `not the CBOR of a record: ${error instanceof Error ? error.message : 'unreadable'}`, { cause: error });
  }
  const canonical = encodeCbor(value);
  if (canonical.length !== bytes.length || canonical.some((byte, at) => byte !== bytes[at])) {
    throw new RecordError('RECORD_MALFORMED', 'the CBOR is not in its one deterministic form (order of names, shortest numbers, valid UTF-8)');
  }
  return value;
}

/** Counts items and nesting while the decoder walks, before it builds anything from them. */
class BoundedTokenizer extends Tokenizer {
  #items = 0;
  /** Items still expected in each open array or map, outermost first. */
  readonly #open: number[] = [];

  override next(): Token {
    const token = super.next();
    this.#items += 1;
    while (this.#open.at(-1) === 0) this.#open.pop();
    if (this.#open.length > 0) this.#open[this.#open.length - 1]! -= 1;
    if (Type.equals(token.type, Type.array)) this.#open.push(Number(token.value));
    if (Type.equals(token.type, Type.map)) this.#open.push(2 * Number(token.value));
    if (this.#items > MAX_ITEMS) throw new RecordError('RECORD_LIMIT', `more than ${MAX_ITEMS} CBOR items`);
    if (this.#open.length > MAX_DEPTH) throw new RecordError('RECORD_LIMIT', `CBOR nested deeper than ${MAX_DEPTH}`);
    return token;
  }
}
