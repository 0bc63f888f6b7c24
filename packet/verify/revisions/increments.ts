/**
 * Cuts what follows a signature into incremental updates (ISO 32000-2, 7.5.6), strictly: objects, one cross-reference section,
 * `startxref` that names it, `%%EOF`, and not a byte beside them. What a reader that repairs files could find between them is
 * not there.
 *
 * Before: `packet/pdf-objects.ts` listed the objects. After: `compare.ts` looks at what each update changes.
 */
import type { PdfObject } from '../../pdf-objects.ts';
import { asDictionary, asName, isWhiteSpace, PdfCursor, readValue } from '../../pdf-syntax.ts';

export interface PdfIncrement {
  start: number;
  /** Offset behind its `%%EOF`, and behind the end of line that may follow. */
  marker: number;
  end: number;
}

/** More updates than this are not looked at. */
const INCREMENTS = 64;

/** @returns null where the bytes from `from` to the end of the file are anything but whole updates, or too many. */
export function cutIncrements(bytes: Uint8Array, objects: readonly PdfObject[], from: number): PdfIncrement[] | null {
  // of an object stream and its contents, which share their place, the stream comes first
  const byStart = new Map<number, PdfObject>();
  for (const object of objects) if (object.start >= from && !byStart.has(object.start)) byStart.set(object.start, object);
  const increments: PdfIncrement[] = [];
  for (let at = from; at < bytes.length;) {
    const next = increments.length < INCREMENTS ? readIncrement(bytes, byStart, at) : null;
    if (next === null) return null;
    increments.push(next);
    at = next.end;
  }
  return increments;
}

function readIncrement(bytes: Uint8Array, byStart: ReadonlyMap<number, PdfObject>, start: number): PdfIncrement | null {
  let at = pastSpace(bytes, start);
  let last: PdfObject | null = null;
  for (let object = byStart.get(at); object !== undefined; object = byStart.get(at)) {
    const end = pastObject(bytes, object);
    if (end === null) return null;
    last = object;
    at = pastSpace(bytes, end);
  }
  if (last === null) return null;
  const isStream = asName(asDictionary(last.value)?.entries.get('Type')) === 'XRef';
  const section = isStream ? last.start : at;
  const behind = isStream ? at : pastTable(bytes, at);
  const tail = behind === null ? null : match(bytes, pastSpace(bytes, behind), /^startxref\s{1,4}(\d{1,12})\s{1,4}%%EOF/, 64);
  if (behind === null || tail === null || Number(tail[1]) !== section) return null;
  const marker = pastSpace(bytes, behind) + tail[0].length;
  return { start, marker, end: marker + (match(bytes, marker, /^(\r\n|\r|\n)?/, 2)?.[0].length ?? 0) };
}

function pastObject(bytes: Uint8Array, { end, stream }: PdfObject): number | null {
  const at = pastSpace(bytes, end);
  const tail = match(bytes, at, stream === null ? /^endobj(?![^\s])/ : /^endstream\s{1,4}endobj(?![^\s])/, 32);
  return tail === null ? null : at + tail[0].length;
}

/** A cross-reference table and its trailer (7.5.4, 7.5.5). What its entries say is read in `view.ts`. */
function pastTable(bytes: Uint8Array, start: number): number | null {
  let at = start;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = match(bytes, at, pattern, 64);
    at += found?.[0].length ?? 0;
    return found;
  };
  if (take(/^xref\s{1,4}/) === null) return null;
  for (let head = take(/^(\d{1,10}) (\d{1,7})\s{1,4}/); head !== null; head = take(/^(\d{1,10}) (\d{1,7})\s{1,4}/)) {
    for (let count = Number(head[2]); count > 0; count--) if (take(/^\d{10} \d{5} [nf]\s{1,4}/) === null) return null;
  }
  if (take(/^trailer\s{0,4}/) === null) return null;
  const cursor = new PdfCursor(bytes, at, { left: 1_000_000 });
  return asDictionary(readValue(cursor)) === null ? null : cursor.at;
}

function match(bytes: Uint8Array, at: number, pattern: RegExp, longest: number): RegExpExecArray | null {
  return pattern.exec(Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(longest, bytes.length - at)).toString('latin1'));
}

function pastSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && isWhiteSpace(bytes[at] as number)) at++;
  return at;
}
