/**
 * Reads the cross-reference of a PDF the way a viewer does: from the last `startxref` along `/Prev` and
 * `/XRefStm` (ISO 32000-2, 7.5.4, 7.5.5, 7.5.8). pdf-lib scans a file from its start instead and believes
 * the last object of a number, so both views are compared before anything is built on top of a document.
 * Before: `intake/` (in its child process) and `increment.ts` (on accepted documents). Parses with pdf-lib's
 * object parser: never call it in the station on bytes that intake has not accepted.
 */
import { decodePDFRawStream, PDFArray, PDFContext, PDFDict, PDFName, PDFNumber, PDFObjectParser, PDFRawStream } from 'pdf-lib';
import { undoPngPredictor } from './png-predictor.ts';

/** Where the newest version of an object is. */
type Place =
  | { kind: 'free' }
  | { kind: 'offset'; offset: number; generation: number }
  /** Inside an object stream of that object number. */
  | { kind: 'packed'; stream: number; index: number };

export interface CrossReference {
  /** Byte offset that the last `startxref` names. */
  start: number;
  /** Form of the newest section; an increment keeps to it. */
  form: 'table' | 'stream';
  /** Trailer of the newest section (for a stream, its dictionary). */
  trailer: PDFDict;
  places: Map<number, Place>;
}

interface Section { form: 'table' | 'stream'; trailer: PDFDict; places: Map<number, Place> }

const maxSections = 10_000;
/** Acrobat's allowance for bytes after `%%EOF`. */
const tailLength = 1024;

/** @returns null where a viewer could not follow it and would have to repair the file. */
export function readCrossReference(bytes: Uint8Array): CrossReference | null {
  const start = readStart(bytes);
  let newest: Section | null = null;
  const places = new Map<number, Place>();
  const seen = new Set<number>();
  for (let offset = start; offset !== null && !seen.has(offset);) {
    seen.add(offset);
    const section = seen.size > maxSections ? null : readSection(bytes, offset);
    if (section === null || !addHidden(bytes, section)) return null;
    newest ??= section;
    for (const [number, place] of section.places) if (!places.has(number)) places.set(number, place);
    offset = offsetIn(section.trailer, 'Prev');
  }
  return start === null || newest === null ? null : { start, form: newest.form, trailer: newest.trailer, places };
}

/** Of a hybrid file (7.5.8.4): objects that its table calls free may be in the stream beside it. */
function addHidden(bytes: Uint8Array, section: Section): boolean {
  const offset = offsetIn(section.trailer, 'XRefStm');
  if (offset === null) return true;
  const hidden = readSection(bytes, offset);
  if (hidden === null) return false;
  for (const [number, place] of hidden.places) {
    if ((section.places.get(number)?.kind ?? 'free') === 'free') section.places.set(number, place);
  }
  return true;
}

function offsetIn(trailer: PDFDict, key: 'Prev' | 'XRefStm'): number | null {
  const offset = trailer.get(PDFName.of(key));
  return offset instanceof PDFNumber ? offset.asNumber() : null;
}

/** Of all objects the file ever named; a new one takes a higher number. */
export function highestNumber({ places }: CrossReference): number {
  let highest = 0;
  for (const number of places.keys()) highest = Math.max(highest, number);
  return highest;
}

/** True if every object in use starts where the cross-reference says. */
export function isSound(bytes: Uint8Array, crossReference: CrossReference): boolean {
  const buffer = asBuffer(bytes);
  for (const [number, place] of crossReference.places) {
    if (place.kind === 'offset' && !startsObject(buffer, place.offset, number, place.generation)) return false;
    if (place.kind === 'packed' && crossReference.places.get(place.stream)?.kind !== 'offset') return false;
  }
  return true;
}

function startsObject(buffer: Buffer, offset: number, number: number, generation: number): boolean {
  const head = /^\s*(\d+)\s+(\d+)\s+obj/.exec(buffer.toString('latin1', offset, offset + 40));
  return head !== null && Number(head[1]) === number && Number(head[2]) === generation;
}

function readStart(bytes: Uint8Array): number | null {
  const tail = asBuffer(bytes.subarray(Math.max(0, bytes.length - tailLength))).toString('latin1');
  const found = /startxref\s+(\d+)\s+%%EOF/.exec(tail.slice(Math.max(0, tail.lastIndexOf('startxref'))));
  return found === null ? null : Number(found[1]);
}

function readSection(bytes: Uint8Array, offset: number): Section | null {
  if (offset >= bytes.length) return null;
  try {
    return asBuffer(bytes).toString('latin1', offset, offset + 4) === 'xref' ? readTable(bytes, offset) : readStream(bytes, offset);
  } catch {
    return null;
  }
}

function readTable(bytes: Uint8Array, offset: number): Section | null {
  const buffer = asBuffer(bytes);
  const end = buffer.indexOf('trailer', offset, 'latin1');
  if (end < 0) return null;
  const tokens = buffer.toString('latin1', offset + 'xref'.length, end).split(/\s+/).filter((token) => token !== '');
  const places = new Map<number, Place>();
  for (let at = 0; at < tokens.length;) {
    const [first, count] = [Number(tokens[at]), Number(tokens[at + 1])];
    at += 2;
    if (!Number.isInteger(first) || !Number.isInteger(count) || count > (tokens.length - at) / 3) return null;
    for (let entry = 0; entry < count; entry++, at += 3) {
      const [place, generation] = [Number(tokens[at]), Number(tokens[at + 1])];
      if (tokens[at + 2] === 'f') places.set(first + entry, { kind: 'free' });
      else if (tokens[at + 2] === 'n') places.set(first + entry, { kind: 'offset', offset: place, generation });
      else return null;
    }
  }
  const trailer = parserAt(bytes, end + 'trailer'.length).parseObject();
  return trailer instanceof PDFDict ? { form: 'table', trailer, places } : null;
}

function readStream(bytes: Uint8Array, offset: number): Section | null {
  const head = /^\s*\d+\s+\d+\s+obj/.exec(asBuffer(bytes).toString('latin1', offset, offset + 40));
  if (head === null) return null;
  const stream = parserAt(bytes, offset + head[0].length).parseObject();
  if (!(stream instanceof PDFRawStream)) return null;
  const { dict } = stream;
  const [typeWidth, secondWidth, thirdWidth] = numbers(dict, 'W') as [number, number, number];
  const index = dict.has(PDFName.of('Index')) ? numbers(dict, 'Index') : [0, dict.lookup(PDFName.of('Size'), PDFNumber).asNumber()];
  const data = decode(stream);
  const places = new Map<number, Place>();
  let at = 0;
  const read = (width: number): number => {
    let value = 0;
    for (const end = at + width; at < end; at++) value = value * 256 + (data[at] as number);
    return value;
  };
  for (let pair = 0; pair + 1 < index.length; pair += 2) {
    const first = index[pair] as number;
    for (let entry = 0; entry < (index[pair + 1] as number); entry++) {
      if (at + typeWidth + secondWidth + thirdWidth > data.length) return null;
      const type = typeWidth === 0 ? 1 : read(typeWidth);
      const [second, third] = [read(secondWidth), read(thirdWidth)];
      if (type === 0) places.set(first + entry, { kind: 'free' });
      if (type === 1) places.set(first + entry, { kind: 'offset', offset: second, generation: third });
      if (type === 2) places.set(first + entry, { kind: 'packed', stream: second, index: third });
    }
  }
  return { form: 'stream', trailer: dict, places };
}

/** Without the predictor, which pdf-lib leaves in. */
function decode(stream: PDFRawStream): Uint8Array {
  const data = decodePDFRawStream(stream).decode();
  const parameters = stream.dict.lookup(PDFName.of('DecodeParms'));
  if (!(parameters instanceof PDFDict)) return data;
  const predictor = parameters.lookupMaybe(PDFName.of('Predictor'), PDFNumber)?.asNumber() ?? 1;
  return predictor < 10 ? data : undoPngPredictor(data, parameters.lookup(PDFName.of('Columns'), PDFNumber).asNumber());
}

function numbers(dict: PDFDict, key: string): number[] {
  return dict.lookup(PDFName.of(key), PDFArray).asArray().map((item) => (item as PDFNumber).asNumber());
}

function parserAt(bytes: Uint8Array, offset: number): PDFObjectParser {
  return PDFObjectParser.forBytes(bytes.subarray(offset), PDFContext.create());
}

/** A view, not a copy. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
