/**
 * DER (X.690 clause 10), written and read. Only what CMS and X.509 need: one-byte tags, definite lengths.
 *
 * Reading is made for hostile bytes: nothing is parsed before it is asked for, so nesting costs nothing;
 * an element never reaches outside its parent; lengths must be in their shortest form.
 */
import { RecordError } from '../errors.ts';

export const Tag = {
  integer: 0x02, bitString: 0x03, octetString: 0x04, null: 0x05, oid: 0x06, utcTime: 0x17, generalizedTime: 0x18,
  sequence: 0x30, set: 0x31,
} as const;

/** Context-specific tags: [n] around other elements, and [n] in place of a simple type. */
export const around = (n: number): number => 0xa0 | n;
export const inPlace = (n: number): number => 0x80 | n;

export interface Element {
  tag: number;
  /** What is inside, without tag and length. */
  content: Uint8Array<ArrayBuffer>;
  /** The element as it stands, tag and length included. */
  whole: Uint8Array<ArrayBuffer>;
}

/** Entries one SEQUENCE or SET may have. */
const MAX_CHILDREN = 1024;

// ── writing ──

export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header = [tag, ...lengthOctets(length)];
  const bytes = new Uint8Array(header.length + length);
  bytes.set(header);
  let at = header.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => element(Tag.sequence, ...parts);

/** SET OF, or another tag in its place: the parts in ascending order of their bytes, as DER wants them. */
export function setOf(parts: readonly Uint8Array[], tag: number = Tag.set): Uint8Array<ArrayBuffer> {
  return element(tag, ...parts.toSorted(compareBytes));
}

export const octetString = (content: Uint8Array): Uint8Array<ArrayBuffer> => element(Tag.octetString, content);
export const nothing = (): Uint8Array<ArrayBuffer> => element(Tag.null);

/** A whole number from 0 to 127: the versions and lengths of CMS. */
export const smallInteger = (value: number): Uint8Array<ArrayBuffer> => element(Tag.integer, Uint8Array.of(value));

export function oid(dotted: string): Uint8Array<ArrayBuffer> {
  const [first, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]];
  return element(Tag.oid, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

export function algorithm(dotted: string, ...parameters: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return sequence(oid(dotted), ...parameters);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

function base128(arc: number): number[] {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) octets.unshift(128 + (rest % 128));
  return octets;
}

// ── reading ──

/** Reads bytes that are exactly one element. @throws RecordError `CMS_MALFORMED` */
export function readDer(bytes: Uint8Array, what: string): Element {
  const found = readAt(bytes, 0, what);
  if (found.whole.length !== bytes.length) throw malformed(what, 'has bytes behind its end');
  return found;
}

/** The elements inside one element, at most so many. @throws RecordError `CMS_MALFORMED` */
export function children(parent: Element, what: string, most: number = MAX_CHILDREN): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < parent.content.length; at += found.at(-1)!.whole.length) {
    if (found.length === most) throw malformed(what, `has more than ${most} entries`);
    found.push(readAt(parent.content, at, what));
  }
  return found;
}

/** Walks the members of a SEQUENCE in their order. */
export class Members {
  readonly #members: Element[];
  readonly #what: string;
  #next = 0;

  constructor(parent: Element, what: string, tag: number = Tag.sequence) {
    if (parent.tag !== tag) throw malformed(what, `has tag 0x${parent.tag.toString(16)} instead of 0x${tag.toString(16)}`);
    this.#members = children(parent, what);
    this.#what = what;
  }

  /** The next member. @throws RecordError `CMS_MALFORMED` if it is not there or has another tag */
  next(tag: number): Element {
    const member = this.optional(tag);
    if (member === null) throw malformed(this.#what, `member ${this.#next + 1} should have tag 0x${tag.toString(16)}`);
    return member;
  }

  /** The next member if it has this tag, else null and nothing is passed over. */
  optional(tag: number): Element | null {
    const member = this.#members[this.#next];
    if (member?.tag !== tag) return null;
    this.#next += 1;
    return member;
  }

  /** The next member, which must be this version number (0 to 127). */
  version(wanted: number): void {
    if (!equalBytes(this.next(Tag.integer).content, Uint8Array.of(wanted))) {
      throw malformed(this.#what, `has a version other than ${wanted}`);
    }
  }

  end(): void {
    if (this.#next < this.#members.length) throw malformed(this.#what, 'has more members than it should');
  }
}

/** The object identifier in dotted form. */
export function readOid(from: Element): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of from.content) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}

/** The bytes of a BIT STRING without unused bits. */
export function readBitString(from: Element, what: string): Uint8Array<ArrayBuffer> {
  if (from.tag !== Tag.bitString || from.content[0] !== 0) throw malformed(what, 'should be a BIT STRING of whole bytes');
  return from.content.slice(1);
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

export function malformed(what: string, wrong: string): RecordError {
  return new RecordError('CMS_MALFORMED', `${what} ${wrong}`);
}

function readAt(bytes: Uint8Array, at: number, what: string): Element {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw malformed(what, 'ends too early');
  if ((tag & 0x1f) === 0x1f) throw malformed(what, 'has a tag of more than one byte');
  let length = first;
  let header = 2;
  if (first >= 0x80) {
    const octets = bytes.subarray(at + 2, at + 2 + (first & 0x7f));
    if (first === 0x80 || octets.length > 4) throw malformed(what, 'has a length that is not definite or is above 4 GiB');
    length = octets.reduce((sum, octet) => sum * 256 + octet, 0);
    header += first & 0x7f;
    if (length < 0x80 || octets[0] === 0) throw malformed(what, 'has a length in a longer form than DER allows');
  }
  const end = at + header + length;
  if (end > bytes.length) throw malformed(what, `is cut off: ${length} bytes announced, ${bytes.length - at - header} there`);
  return { tag, content: new Uint8Array(bytes.subarray(at + header, end)), whole: new Uint8Array(bytes.subarray(at, end)) };
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return a.length - b.length;
}
