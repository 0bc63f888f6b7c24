/**
 * All indirect objects of a PDF in the order of their bytes, found by reading the file from front to back and not by
 * its cross-reference tables: what a table leaves out is still seen, and a table that lies misleads nobody here.
 *
 * Objects of earlier revisions are in the list too. Bounded by a budget of work and by `INFLATED` bytes unpacked.
 * It does not repair: an object that cannot be read is left out, and `read-signed-pdf.ts` then finds no signature in it.
 */
import { Inflate, Unzlib } from 'fflate';
import { asCount, asDictionary, asName, asRef, isDigit, isWhiteSpace, PdfCursor, readKeyword, readValue, skipSpace, type PdfDictionary, type PdfValue } from './pdf-syntax.ts';

export interface PdfObject {
  number: number;
  value: PdfValue;
  /** Offset of the object number in the file; for an object inside an object stream, of that stream. */
  start: number;
  /** Offset behind its value or, where it has one, behind the bytes of its stream; for an object inside an object stream, of that stream. */
  end: number;
  /** Raw bytes of its stream as they lie in the file, or null. */
  stream: Uint8Array | null;
}

/** Bytes unpacked from object streams of one file, all together. */
const INFLATED = 64 * 1024 * 1024;
/** Bytes looked at for each byte of the file; enough for every well-formed file many times over. */
const WORK = 16;

/** @throws PacketError SIGNATURE_UNREADABLE where the bytes are made to keep a reader busy. */
export function readObjects(bytes: Uint8Array): PdfObject[] {
  const budget = { left: bytes.length * WORK + 65_536 };
  const inflated = { left: INFLATED };
  const objects: PdfObject[] = [];
  const values = new Map<number, PdfValue>();
  const cursor = new PdfCursor(bytes, 0, budget);
  for (let at = nextObject(cursor); at !== -1; at = nextObject(cursor)) {
    const resume = cursor.at;
    const value = readValue(cursor);
    if (value === undefined) {
      cursor.at = resume;
      continue;
    }
    const valueEnd = cursor.at;
    const stream = readStream(cursor, value, values);
    const object = { number: objectNumber(bytes, at), value, start: at, end: stream === null ? valueEnd : cursor.at, stream };
    values.set(object.number, value);
    objects.push(object);
    if (object.stream !== null) for (const inner of objectsInside(object, object.stream, budget, inflated)) objects.push(inner);
  }
  return objects;
}

/**
 * The bytes of a stream without its filter. FlateDecode without a predictor is the one filter known.
 * @returns null for any other filter, for broken data, and for more than `limit` bytes.
 */
export function decodeStream(dictionary: PdfDictionary, stream: Uint8Array, limit: number): Uint8Array | null {
  const filter = dictionary.entries.get('Filter') ?? null;
  if (filter === null) return stream.length <= limit ? stream : null;
  const only = typeof filter === 'object' && filter.kind === 'array' && filter.items.length === 1 ? filter.items[0] : filter;
  if (asName(only) !== 'FlateDecode' || (dictionary.entries.get('DecodeParms') ?? null) !== null) return null;
  return inflateBounded(stream, limit);
}

/** Moves the cursor behind the next `N G obj`. @returns the offset of N, or -1 at the end of the file. */
function nextObject(cursor: PdfCursor): number {
  const { bytes } = cursor;
  while (cursor.at < bytes.length) {
    if (cursor.next() !== 0x6f || cursor.peek() !== 0x62 || cursor.peek(1) !== 0x6a) continue;
    const start = numbersBefore(bytes, cursor.at - 1);
    if (start === -1) continue;
    cursor.at += 2;
    return start;
  }
  return -1;
}

/** Offset of the two whole numbers in front of `obj`, or -1 where there are none (`endobj`, text). */
function numbersBefore(bytes: Uint8Array, obj: number): number {
  let at = obj;
  for (let round = 0; round < 2; round++) {
    const space = at;
    while (at > 0 && space - at < 32 && isWhiteSpace(bytes[at - 1] as number)) at--;
    const digits = at;
    while (at > 0 && digits - at < 10 && isDigit(bytes[at - 1] as number)) at--;
    if (at === digits || (round === 1 && space === digits)) return -1;
  }
  return at;
}

function objectNumber(bytes: Uint8Array, at: number): number {
  let number = 0;
  for (let digit = at; isDigit(bytes[digit] ?? -1); digit++) number = number * 10 + (bytes[digit] as number) - 0x30;
  return number;
}

/** Moves the cursor behind the stream of this object, if it has one, so that nothing in it is taken for an object. */
function readStream(cursor: PdfCursor, value: PdfValue, values: ReadonlyMap<number, PdfValue>): Uint8Array | null {
  const dictionary = asDictionary(value);
  if (dictionary === null) return null;
  skipSpace(cursor);
  if (cursor.peek() !== 0x73) return null;
  const resume = cursor.at;
  if (readKeyword(cursor) !== 'stream') {
    cursor.at = resume;
    return null;
  }
  if (cursor.peek() === 0x0d) cursor.at++;
  if (cursor.peek() === 0x0a) cursor.at++;
  const start = cursor.at;
  const length = streamLength(dictionary, values);
  if (length !== null && endsHere(cursor, start + length)) {
    cursor.at = start + length;
    return cursor.bytes.subarray(start, cursor.at);
  }
  cursor.at = findEndStream(cursor, start);
  return cursor.bytes.subarray(start, cursor.at);
}

/** A length given by reference is known only if its object came before; else the end is searched for. */
function streamLength(dictionary: PdfDictionary, values: ReadonlyMap<number, PdfValue>): number | null {
  const length = dictionary.entries.get('Length');
  const ref = asRef(length);
  return asCount(ref === null ? length : values.get(ref.number));
}

function endsHere(cursor: PdfCursor, at: number): boolean {
  const ahead = new PdfCursor(cursor.bytes, at, cursor.budget);
  if (at > cursor.bytes.length) return false;
  skipSpace(ahead);
  return readKeyword(ahead) === 'endstream';
}

/** Offset of the next `endstream`, or the end of the file. */
function findEndStream(cursor: PdfCursor, from: number): number {
  const word = [...'endstream'].map((char) => char.charCodeAt(0));
  cursor.at = from;
  while (cursor.at < cursor.bytes.length) {
    if (cursor.peek() === 0x65 && word.every((byte, index) => cursor.peek(index) === byte)) return cursor.at;
    cursor.next();
  }
  return cursor.bytes.length;
}

/** The objects of an object stream (clause 7.5.7). A signature never lies in one, but its field may. */
function objectsInside({ value, start, end }: PdfObject, stream: Uint8Array, budget: { left: number }, inflated: { left: number }): PdfObject[] {
  const dictionary = asDictionary(value);
  const count = asCount(dictionary?.entries.get('N'));
  const first = asCount(dictionary?.entries.get('First'));
  if (dictionary === null || asName(dictionary.entries.get('Type')) !== 'ObjStm' || count === null || first === null) return [];
  const bytes = decodeStream(dictionary, stream, inflated.left);
  if (bytes === null) return [];
  inflated.left -= bytes.length;
  // What is unpacked was not counted into the budget of the file.
  budget.left += bytes.length * WORK;
  const header = new PdfCursor(bytes, 0, budget);
  const objects: PdfObject[] = [];
  while (objects.length < count && header.at < first) {
    const number = asCount(readValue(header));
    const offset = asCount(readValue(header));
    if (number === null || offset === null) break;
    const inner = readValue(new PdfCursor(bytes, first + offset, budget));
    objects.push({ number, value: inner ?? null, start, end, stream: null });
  }
  return objects;
}

function inflateBounded(bytes: Uint8Array, limit: number): Uint8Array | null {
  const parts: Uint8Array[] = [];
  let total = 0;
  const inflate = (bytes[0] ?? 0) % 16 === 8 ? new Unzlib() : new Inflate();
  inflate.ondata = (part) => {
    total += part.length;
    if (total > limit) throw new RangeError('more than the limit');
    parts.push(part);
  };
  try {
    // In small pieces: fflate unpacks a whole piece before it says how much came out (1,032 times as much at most).
    for (let at = 0; at < bytes.length; at += 16_384) inflate.push(bytes.subarray(at, at + 16_384), at + 16_384 >= bytes.length);
  } catch {
    return null;
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
