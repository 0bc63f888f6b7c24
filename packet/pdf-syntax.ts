/**
 * The syntax of PDF values (ISO 32000-2 clause 7.3), read from foreign bytes: no promise that they are well formed.
 *
 * Strict where a signature depends on it: every string, array and dictionary carries its place in the file, and a key
 * given twice is kept as a fact. Bounded: depth by `DEPTH`, work by a budget shared over a whole file, so that
 * unclosed brackets repeated a million times cost no more than a fixed multiple of the file's length.
 *
 * Not read here: streams (`pdf-objects.ts`), and content-stream operators.
 */
import { PacketError } from './errors.ts';

export type PdfValue = null | boolean | number | PdfName | PdfString | PdfRef | PdfArray | PdfDictionary;
export interface PdfName { kind: 'name'; name: string }
/** `start` is the offset of the opening bracket, `end` the offset behind the closing one. */
export interface PdfString { kind: 'string'; bytes: Uint8Array; hex: boolean; start: number; end: number }
export interface PdfRef { kind: 'ref'; number: number; generation: number }
export interface PdfArray { kind: 'array'; items: PdfValue[] }
export interface PdfDictionary { kind: 'dictionary'; entries: Map<string, PdfValue>; duplicates: string[]; start: number; end: number }

const DEPTH = 32;

/** Where reading stands, and how many bytes may still be looked at. */
export class PdfCursor {
  readonly bytes: Uint8Array;
  readonly budget: { left: number };
  at: number;
  constructor(bytes: Uint8Array, at: number, budget: { left: number }) {
    this.bytes = bytes;
    this.at = at;
    this.budget = budget;
  }

  /** The byte here, or -1 behind the end. */
  peek(ahead = 0): number {
    return this.bytes[this.at + ahead] ?? -1;
  }

  /** The byte here, and one step on. Every step is paid from the budget. */
  next(): number {
    if (--this.budget.left < 0) throw new PacketError('SIGNATURE_UNREADABLE', 'This PDF nests or repeats its objects so often that reading it was given up.');
    return this.bytes[this.at++] ?? -1;
  }
}

/** Thrown inside this file and caught by `readValue`: the bytes are no PDF value. */
class NotAValue extends Error {}

/** Reads one value. @returns null for `null`, undefined where the bytes are no PDF value. */
export function readValue(cursor: PdfCursor): PdfValue | undefined {
  try {
    return value(cursor, 0);
  } catch (error) {
    if (error instanceof NotAValue) return undefined;
    throw error;
  }
}

export function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x0c || byte === 0x00;
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isDelimiter(byte: number): boolean {
  return '()<>[]{}/%'.includes(String.fromCharCode(byte));
}

/** Moves over white space and comments. */
export function skipSpace(cursor: PdfCursor): void {
  for (;;) {
    const byte = cursor.peek();
    if (isWhiteSpace(byte)) cursor.next();
    else if (byte === 0x25) while (cursor.peek() !== -1 && cursor.peek() !== 0x0a && cursor.peek() !== 0x0d) cursor.next();
    else return;
  }
}

/** The run of regular characters here, e.g. `obj`, `true`, `-12.5`; at most 128 of them. */
export function readKeyword(cursor: PdfCursor): string {
  let word = '';
  for (let byte = cursor.peek(); byte !== -1 && !isWhiteSpace(byte) && !isDelimiter(byte) && word.length < 128; byte = cursor.peek()) {
    word += String.fromCharCode(cursor.next());
  }
  return word;
}

function value(cursor: PdfCursor, depth: number): PdfValue {
  if (depth > DEPTH) throw new NotAValue();
  skipSpace(cursor);
  const byte = cursor.peek();
  if (byte === 0x2f) return name(cursor);
  if (byte === 0x28) return literalString(cursor);
  if (byte === 0x5b) return array(cursor, depth);
  if (byte === 0x3c) return cursor.peek(1) === 0x3c ? dictionary(cursor, depth) : hexString(cursor);
  return numberOrWord(cursor);
}

function numberOrWord(cursor: PdfCursor): PdfValue {
  const word = readKeyword(cursor);
  if (word === 'null') return null;
  if (word === 'true' || word === 'false') return word === 'true';
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) throw new NotAValue();
  return (/^\d{1,10}$/.test(word) ? reference(cursor, Number(word)) : null) ?? Number(word);
}

/** `12 0 R`: only three tokens on is it known whether a number was a reference. */
function reference(cursor: PdfCursor, number: number): PdfRef | null {
  const ahead = new PdfCursor(cursor.bytes, cursor.at, cursor.budget);
  skipSpace(ahead);
  if (!isDigit(ahead.peek())) return null;
  const generation = readKeyword(ahead);
  skipSpace(ahead);
  if (!/^\d{1,5}$/.test(generation) || ahead.peek() !== 0x52 || readKeyword(ahead) !== 'R') return null;
  cursor.at = ahead.at;
  return { kind: 'ref', number, generation: Number(generation) };
}

function name(cursor: PdfCursor): PdfName {
  cursor.next();
  const written = readKeyword(cursor);
  return { kind: 'name', name: written.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) };
}

function array(cursor: PdfCursor, depth: number): PdfArray {
  cursor.next();
  const items: PdfValue[] = [];
  for (skipSpace(cursor); cursor.peek() !== 0x5d; skipSpace(cursor)) items.push(value(cursor, depth + 1));
  cursor.next();
  return { kind: 'array', items };
}

function dictionary(cursor: PdfCursor, depth: number): PdfDictionary {
  const start = cursor.at;
  cursor.at += 2;
  const entries = new Map<string, PdfValue>();
  const duplicates: string[] = [];
  for (skipSpace(cursor); cursor.peek() !== 0x3e; skipSpace(cursor)) {
    if (cursor.peek() !== 0x2f) throw new NotAValue();
    const key = name(cursor).name;
    if (entries.has(key)) duplicates.push(key);
    entries.set(key, value(cursor, depth + 1));
  }
  if (cursor.peek(1) !== 0x3e) throw new NotAValue();
  cursor.at += 2;
  return { kind: 'dictionary', entries, duplicates, start, end: cursor.at };
}

function hexString(cursor: PdfCursor): PdfString {
  const start = cursor.at;
  cursor.next();
  const bytes: number[] = [];
  let high = -1;
  for (let byte = cursor.next(); byte !== 0x3e; byte = cursor.next()) {
    if (isWhiteSpace(byte)) continue;
    const digit = byte === -1 ? Number.NaN : Number.parseInt(String.fromCharCode(byte), 16);
    if (Number.isNaN(digit)) throw new NotAValue();
    if (high === -1) {
      high = digit;
    } else {
      bytes.push(high * 16 + digit);
      high = -1;
    }
  }
  if (high !== -1) bytes.push(high * 16);
  return { kind: 'string', bytes: Uint8Array.from(bytes), hex: true, start, end: cursor.at };
}

const ESCAPES: Record<string, number> = { n: 0x0a, r: 0x0d, t: 0x09, b: 0x08, f: 0x0c };

function literalString(cursor: PdfCursor): PdfString {
  const start = cursor.at;
  cursor.next();
  const bytes: number[] = [];
  for (let open = 1; ; ) {
    const byte = cursor.next();
    if (byte === -1) throw new NotAValue();
    if (byte === 0x28) open++;
    if (byte === 0x29 && --open === 0) break;
    if (byte === 0x5c) bytes.push(...escape(cursor));
    else bytes.push(byte);
  }
  return { kind: 'string', bytes: Uint8Array.from(bytes), hex: false, start, end: cursor.at };
}

/** What a backslash and the bytes behind it stand for (table 3): one byte, or none at a line's end. */
function escape(cursor: PdfCursor): number[] {
  const byte = cursor.next();
  if (byte === 0x0a) return [];
  if (byte === 0x0d) {
    if (cursor.peek() === 0x0a) cursor.next();
    return [];
  }
  if (byte < 0x30 || byte > 0x37) return byte === -1 ? [] : [ESCAPES[String.fromCharCode(byte)] ?? byte];
  let octal = byte - 0x30;
  for (let digits = 1; digits < 3 && cursor.peek() >= 0x30 && cursor.peek() <= 0x37; digits++) octal = octal * 8 + (cursor.next() - 0x30);
  return [octal & 0xff];
}

// What a value is, for those who look into dictionaries.

export function asDictionary(value: PdfValue | undefined): PdfDictionary | null {
  return typeof value === 'object' && value?.kind === 'dictionary' ? value : null;
}

export function asString(value: PdfValue | undefined): PdfString | null {
  return typeof value === 'object' && value?.kind === 'string' ? value : null;
}

export function asRef(value: PdfValue | undefined): PdfRef | null {
  return typeof value === 'object' && value?.kind === 'ref' ? value : null;
}

export function asName(value: PdfValue | undefined): string | null {
  return typeof value === 'object' && value?.kind === 'name' ? value.name : null;
}

/** A whole number of at least 0 that JavaScript holds exactly, or null. */
export function asCount(value: PdfValue | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** A text string (clause 7.9.2.2): UTF-16BE or UTF-8 with their marks, else Latin-1 for PDFDocEncoding's common part. */
export function pdfText({ bytes }: PdfString): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2));
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder().decode(bytes.subarray(3));
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
