/**
 * Finds what programs read differently although each can read it, so that what one of them checks or shows is not what another shows:
 *
 * - a key twice in one dictionary (ISO 32000-2, 7.3.7, forbids it). pdf.js, PDFium, MuPDF, Poppler and pdf-lib take the last one,
 *   Ghostscript mostly the first;
 * - a number sign that is written as `#23` before two digits: to pdf-lib, which decodes names twice, `/JS` may be written `/J#2353`, and
 *   take the place of another key, which it then never sees;
 * - bytes that PDFium takes for white space (80 and FF): to it `/Contents` before such a byte is `/Contents`, to others another key;
 * - the head of an object behind something that is white space only to JavaScript: a viewer finds no object there and searches others;
 *   an object inside another one.
 *
 * Such a document is written anew, each key once, as pdf-lib read it; then it must show the same. Null characters in names, at which
 * Poppler ends them, are for `every-object.ts`. Only brackets, strings and names are told apart, without recursion; content streams are not
 * looked into. Before: `cross-reference.ts`. After: `normalise.ts`.
 */
import { PDFContext } from '../pdf-lib.ts';
import type { CrossReference } from '../cross-reference.ts';
import { isWhiteSpace } from '../pdf-syntax.ts';
import { PlacedObjects } from '../placed-objects.ts';

const twice = 'entries given twice';
const misread = 'names that readers read differently';
const misplaced = 'objects that readers find differently';

/** Of an object: number, generation and keyword. */
const head = /^\s*\d+\s+\d+\s+obj/;
const longestHead = 40;
/** `\s`, and no white space in a PDF (7.2.3). */
const otherSpace = /[\v\xA0]/;

/** @returns what there is, in words, each once; nothing where it reads the same to all */
export function unevenSyntax(bytes: Uint8Array, crossReference: CrossReference): string[] {
  const found = new Set<string>();
  const starts = [...crossReference.trailers];
  const containers = new Set<number>();
  for (const place of crossReference.places.values()) {
    if (place.kind === 'offset') starts.push(place.offset);
    if (place.kind === 'packed') containers.add(place.stream);
  }
  searchValues(bytes, starts, found);
  const objects = new PlacedObjects(bytes, crossReference, PDFContext.create());
  for (const number of containers) {
    const unpacked = objects.unpacked(number);
    if (unpacked !== null) searchValues(unpacked.data, unpacked.offsets, found);
  }
  return [...found];
}

/**
 * The values that begin there. One that begins inside another is an object to one reader and part of a string or a comment to another;
 * nothing behind it is looked at any more, so that a file in which all lie inside each other takes no longer than its length.
 */
function searchValues(bytes: Uint8Array, starts: readonly number[], found: Set<string>): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let end = 0;
  for (const start of new Set(starts.map((at) => behindSpace(bytes, at)).sort((one, other) => one - other))) {
    if (!(start >= end)) {
      found.add(misplaced);
      return;
    }
    const before = head.exec(buffer.toString('latin1', start, start + longestHead))?.[0] ?? '';
    if (otherSpace.test(before)) found.add(misplaced);
    end = searchValue(buffer, start + before.length, found);
  }
}

/** Two sections, or a section and an object, may name the same place by white space before it. */
function behindSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < from + longestHead && isWhiteSpace(bytes[at] as number)) at++;
  return at;
}

/** A dictionary or, without keys, an array. `atKey`: a name that comes next is a key. */
interface Open { keys: Set<string> | null; atKey: boolean }

const backslash = 0x5c;
const signs = { percent: 0x25, left: 0x28, right: 0x29, slash: 0x2f, less: 0x3c, greater: 0x3e, opening: 0x5b, closing: 0x5d } as const;
const delimiters = new Set<number>([...Object.values(signs), 0x7b, 0x7d]);

/** @returns where the value ends that begins at `from` */
function searchValue(bytes: Buffer, from: number, found: Set<string>): number {
  const open: Open[] = [];
  for (let at = from; at < bytes.length;) {
    const byte = bytes[at] as number;
    if (isWhiteSpace(byte)) {
      at++;
      continue;
    }
    if (byte === signs.percent) {
      at = endOfComment(bytes, at);
      continue;
    }
    const inside = open.at(-1);
    if (byte === signs.closing || byte === signs.greater) {
      at += byte === signs.greater ? 2 : 1;
      open.pop();
    } else if (byte === signs.slash) {
      const end = endOfWord(bytes, at + 1);
      const key = inside?.atKey === true ? inside.keys : null;
      readName(bytes, at + 1, end, key, found);
      at = end;
      if (inside !== undefined) inside.atKey = key === null;
    } else {
      if (inside !== undefined) inside.atKey = true;
      if (byte === signs.opening) {
        open.push({ keys: null, atKey: false });
        at++;
      } else if (byte === signs.less && bytes[at + 1] === signs.less) {
        open.push({ keys: new Set(), atKey: true });
        at += 2;
      } else at = byte === signs.less ? endOfHex(bytes, at) : byte === signs.left ? endOfString(bytes, at) : endOfWord(bytes, at + 1);
    }
    if (open.length === 0) return at;
  }
  return bytes.length;
}

/** @param keys of the dictionary of which it is a key, else null */
function readName(bytes: Buffer, from: number, to: number, keys: Set<string> | null, found: Set<string>): void {
  const written = bytes.toString('latin1', from, to);
  const name = !written.includes('#') ? written : written.replaceAll(/#([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  if (/[\x80\xff]|#/.test(name) && (/[\x80\xff]/.test(written) || /#[0-9A-F]{2}/.test(name))) found.add(misread);
  if (keys?.has(name) === true) found.add(twice);
  keys?.add(name);
}

function endOfWord(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && !isWhiteSpace(bytes[at] as number) && !delimiters.has(bytes[at] as number)) at++;
  return at;
}

function endOfComment(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++;
  return at;
}

function endOfHex(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(signs.greater, from);
  return end < 0 ? bytes.length : end + 1;
}

function endOfString(bytes: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === backslash) at++;
    else if (byte === signs.left) depth++;
    else if (byte === signs.right && --depth === 0) return at + 1;
  }
  return bytes.length;
}
