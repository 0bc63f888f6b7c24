/**
 * Reads the cross-reference of a PDF the way a viewer does: from the last `startxref` along `/Prev` and
 * `/XRefStm` (ISO 32000-2, 7.5.4, 7.5.5, 7.5.8). pdf-lib scans a file from its start instead and believes
 * the last object of a number, so both views are compared before anything is built on top of a document.
 * Before: `intake/` (in its child process) and `increment.ts` (on accepted documents). Parses with pdf-lib's
 * object parser: never call it in the station on bytes that intake has not accepted.
 */
import { decodePDFRawStream, PDFArray, PDFContext, PDFDict, PDFName, PDFNumber, PDFObjectParser, PDFRawStream } from './pdf-lib.ts';
import { isDigit, isWhiteSpace } from './pdf-syntax.ts';
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
  /** Where the trailers of all sections begin: behind the word, or at a stream's object. */
  trailers: number[];
  places: Map<number, Place>;
  /** Of all objects the file ever named, and of its cross-reference streams, which may leave themselves out; a new object takes a higher number. */
  highest: number;
}

interface Section { form: 'table' | 'stream'; /** Number of the stream; 0 of a table. */ own: number; trailer: PDFDict; /** As of `CrossReference`; one, or two of a hybrid file. */ trailers: number[]; places: Map<number, Place> }

const maxSections = 10_000;
/** Acrobat's allowance for bytes after `%%EOF`. */
const tailLength = 1024;

/** @returns null where a viewer could not follow it and would have to repair the file. */
export function readCrossReference(bytes: Uint8Array): CrossReference | null {
  const start = readStart(bytes);
  let newest: Section | null = null;
  const places = new Map<number, Place>();
  const trailers: number[] = [];
  const seen = new Set<number>();
  let highest = 0;
  for (let offset = start; offset !== null && !seen.has(offset);) {
    seen.add(offset);
    const section = seen.size > maxSections ? null : readSection(bytes, offset);
    if (section === null || !addHidden(bytes, section)) return null;
    newest ??= section;
    trailers.push(...section.trailers);
    highest = Math.max(highest, section.own);
    for (const [number, place] of section.places) {
      if (places.has(number)) continue;
      places.set(number, place);
      highest = Math.max(highest, number);
    }
    offset = offsetIn(section.trailer, 'Prev');
  }
  return start === null || newest === null ? null : { start, form: newest.form, trailer: newest.trailer, trailers, places, highest };
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
  section.own = Math.max(section.own, hidden.own);
  section.trailers.push(...hidden.trailers);
  return true;
}

function offsetIn(trailer: PDFDict, key: 'Prev' | 'XRefStm'): number | null {
  const offset = trailer.get(PDFName.of(key));
  return offset instanceof PDFNumber ? offset.asNumber() : null;
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
  const end = asBuffer(bytes).indexOf('trailer', offset, 'latin1');
  if (end < 0) return null;
  const table = new TableReader(bytes, offset + 'xref'.length, end);
  const places = new Map<number, Place>();
  while (!table.done()) {
    const [first, count] = [table.number(), table.number()];
    if (first < 0 || count < 0) return null;
    for (let number = first; number < first + count; number++) {
      const [place, generation] = [table.number(), table.number()];
      const use = table.letter();
      if (place < 0 || generation < 0 || (use !== 'n' && use !== 'f')) return null;
      places.set(number, use === 'f' ? { kind: 'free' } : { kind: 'offset', offset: place, generation });
    }
  }
  const start = end + 'trailer'.length;
  const trailer = parserAt(bytes, start).parseObject();
  return trailer instanceof PDFDict ? { form: 'table', own: 0, trailer, trailers: [start], places } : null;
}

/** Digits and single letters between white space; byte by byte, for a table of a thousand pages has tens of thousands of them. */
class TableReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  done(): boolean {
    while (this.#at < this.#end && isWhiteSpace(this.#bytes[this.#at] as number)) this.#at++;
    return this.#at === this.#end;
  }

  /** @returns -1 where there is none */
  number(): number {
    if (this.done()) return -1;
    const start = this.#at;
    let value = 0;
    while (this.#at < this.#end && isDigit(this.#bytes[this.#at] as number)) value = value * 10 + (this.#bytes[this.#at++] as number) - 0x30;
    return this.#at > start && this.#ended() && Number.isSafeInteger(value) ? value : -1;
  }

  letter(): string {
    if (this.done()) return '';
    const letter = String.fromCharCode(this.#bytes[this.#at++] as number);
    return this.#ended() ? letter : '';
  }

  #ended(): boolean {
    return this.#at === this.#end || isWhiteSpace(this.#bytes[this.#at] as number);
  }
}

function readStream(bytes: Uint8Array, offset: number): Section | null {
  const head = /^\s*(\d+)\s+\d+\s+obj/.exec(asBuffer(bytes).toString('latin1', offset, offset + 40));
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
  return { form: 'stream', own: Number(head[1]), trailer: dict, trailers: [offset], places };
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
