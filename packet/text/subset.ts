/**
 * A TrueType file with a few glyphs of another (OpenType 1.9: table directory, head, hhea, hmtx, loca, maxp, glyf), with the tables that a
 * font in a PDF needs (ISO 32000-2, 9.9.1) and no more. Glyphs are copied as bytes; of composite ones, which name others, the names change.
 * fontkit makes subsets, too, and parses each glyph's points for it at each document, which took a sixth of the time of a signing.
 * Before: `face.ts` reads the file, once a process. After: `embedded-face.ts`.
 */

const directoryEntry = 16;
/** Copied as they are where the font has them: the program that fits outlines to pixels. */
const copied = ['cvt ', 'fpgm', 'prep'];

/** A table of the file that is written. */
type Table = readonly [tag: string, bytes: Uint8Array];

/** Flags of a component (glyf, "Composite Glyph Description"). */
const component = { wordArguments: 0x1, scale: 0x8, more: 0x20, twoScales: 0x40, matrix: 0x80 } as const;

/** One of the bundled font files, as far as subsets need it. */
export class TrueTypeFile {
  readonly #length: number;
  readonly #tables = new Map<string, Uint8Array>();
  readonly #glyphs: Uint8Array;
  readonly #offsets: DataView;
  readonly #metrics: DataView;
  readonly #longOffsets: boolean;
  readonly #fullMetrics: number;

  constructor(file: Uint8Array) {
    // what a Buffer slices off is no copy
    const bytes = new Uint8Array(file.buffer, file.byteOffset, file.length);
    this.#length = bytes.length;
    const directory = viewOf(bytes);
    for (let at = 12; at < 12 + directory.getUint16(4) * directoryEntry; at += directoryEntry) {
      const start = directory.getUint32(at + 8);
      this.#tables.set(Buffer.from(bytes.subarray(at, at + 4)).toString('latin1'), bytes.subarray(start, start + directory.getUint32(at + 12)));
    }
    this.#glyphs = this.#table('glyf');
    this.#offsets = viewOf(this.#table('loca'));
    this.#metrics = viewOf(this.#table('hmtx'));
    this.#longOffsets = viewOf(this.#table('head')).getInt16(50) === 1;
    this.#fullMetrics = viewOf(this.#table('hhea')).getUint16(34);
  }

  /**
   * @param glyphs ids in this file, in the order of the new one; the first is `.notdef`, one may come twice
   * @returns `count`: of the glyphs in the new file, those included that composite ones consist of, which come last
   */
  subset(glyphs: readonly number[]): { bytes: Uint8Array; count: number } {
    const outlines: Uint8Array[] = [];
    const ids = [...glyphs];
    const places = new Map(ids.map((id, at) => [id, at]));
    for (let at = 0; at < ids.length; at++) {
      outlines.push(this.#outline(ids[at] as number, (id) => {
        const place = places.get(id) ?? ids.push(id) - 1;
        places.set(id, place);
        return place;
      }));
    }
    const loca = viewOf(new Uint8Array((ids.length + 1) * 4));
    const hmtx = viewOf(new Uint8Array(ids.length * 4));
    let length = 0;
    for (const [at, id] of ids.entries()) {
      length += padded(outlines[at]?.length ?? 0);
      loca.setUint32((at + 1) * 4, length);
      hmtx.setUint32(at * 4, this.#metric(id));
    }
    const head = viewOf(this.#table('head').slice());
    head.setUint32(8, 0);
    head.setInt16(50, 1);
    const hhea = viewOf(this.#table('hhea').slice());
    hhea.setUint16(34, ids.length);
    const maxp = viewOf(this.#table('maxp').slice());
    maxp.setUint16(4, ids.length);
    const bytes = fileOf([
      ...copied.flatMap((tag): Table[] => (this.#tables.has(tag) ? [[tag, this.#table(tag)]] : [])),
      ['glyf', joined(outlines, length)], ['head', bytesOf(head)], ['hhea', bytesOf(hhea)], ['hmtx', bytesOf(hmtx)], ['loca', bytesOf(loca)], ['maxp', bytesOf(maxp)],
    ]);
    return { bytes, count: ids.length };
  }

  #table(tag: string): Uint8Array {
    const table = this.#tables.get(tag);
    if (table === undefined) throw new Error(`This font of ${this.#length} bytes has no table "${tag}": only TrueType files can be embedded.`);
    return table;
  }

  /** @param placeOf where a glyph is in the new file */
  #outline(id: number, placeOf: (id: number) => number): Uint8Array {
    const offset = (at: number): number => (this.#longOffsets ? this.#offsets.getUint32(at * 4) : this.#offsets.getUint16(at * 2) * 2);
    const outline = this.#glyphs.subarray(offset(id), offset(id + 1));
    // no contours: a space
    if (outline.length === 0 || viewOf(outline).getInt16(0) >= 0) return outline;
    const composite = outline.slice();
    const view = viewOf(composite);
    for (let at = 10, more = true; more;) {
      const flags = view.getUint16(at);
      view.setUint16(at + 2, placeOf(view.getUint16(at + 2)));
      const scales = (flags & component.matrix) !== 0 ? 8 : (flags & component.twoScales) !== 0 ? 4 : (flags & component.scale) !== 0 ? 2 : 0;
      at += 4 + ((flags & component.wordArguments) === 0 ? 2 : 4) + scales;
      more = (flags & component.more) !== 0;
    }
    return composite;
  }

  /** Advance and left side bearing. After the last advance, bearings stand alone: those glyphs are all as wide. */
  #metric(id: number): number {
    if (id < this.#fullMetrics) return this.#metrics.getUint32(id * 4);
    const advance = this.#metrics.getUint16((this.#fullMetrics - 1) * 4);
    return advance * 0x10000 + this.#metrics.getUint16(this.#fullMetrics * 4 + (id - this.#fullMetrics) * 2);
  }
}

function fileOf(unsorted: readonly Table[]): Uint8Array {
  // readers may search the directory by halves
  const tables = unsorted.toSorted(([one], [other]) => (one < other ? -1 : 1));
  const start = 12 + tables.length * directoryEntry;
  const bytes = new Uint8Array(tables.reduce((end, [, table]) => end + padded(table.length), start));
  const view = viewOf(bytes);
  const entrySelector = Math.floor(Math.log2(tables.length));
  const searchRange = 2 ** entrySelector * directoryEntry;
  view.setUint32(0, 0x00010000);
  for (const [at, value] of [tables.length, searchRange, entrySelector, tables.length * directoryEntry - searchRange].entries()) view.setUint16(4 + at * 2, value);
  let offset = start;
  for (const [at, [tag, table]] of tables.entries()) {
    bytes.set(table, offset);
    const entry = 12 + at * directoryEntry;
    bytes.set(Buffer.from(tag, 'latin1'), entry);
    view.setUint32(entry + 4, checksum(view, offset, offset + padded(table.length)));
    view.setUint32(entry + 8, offset);
    view.setUint32(entry + 12, table.length);
    offset += padded(table.length);
  }
  const head = tables.findIndex(([tag]) => tag === 'head');
  view.setUint32(view.getUint32(12 + head * directoryEntry + 8) + 8, (0xb1b0afba - checksum(view, 0, bytes.length)) >>> 0);
  return bytes;
}

function checksum(view: DataView, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at < end; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  return sum;
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += padded(part.length);
  }
  return whole;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
