/** The tables of a TrueType font program (ISO/IEC 14496-22) that say how wide its glyphs are and which are drawn. */

export interface TrueType {
  count: number;
  /** Thousandths of the size; null outside the font. */
  widthOf(glyph: number): number | null;
  /** False for an empty one, such as a space. */
  isDrawn(glyph: number): boolean;
}

/** @returns null where the bytes are none, or lack a table. */
export function readTrueType(bytes: Uint8Array): TrueType | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const tables = new Map<string, number>();
    for (let at = 0; at < view.getUint16(4); at++) {
      const entry = 12 + at * 16;
      tables.set(Buffer.from(bytes.subarray(entry, entry + 4)).toString('latin1'), view.getUint32(entry + 8));
    }
    const [head, maxp, hhea, hmtx, loca] = ['head', 'maxp', 'hhea', 'hmtx', 'loca'].map((name) => tables.get(name));
    if (head === undefined || maxp === undefined || hhea === undefined || hmtx === undefined || loca === undefined) return null;
    const [unitsPerEm, long, count, metrics] = [view.getUint16(head + 18), view.getInt16(head + 50) === 1, view.getUint16(maxp + 4), view.getUint16(hhea + 34)];
    const offset = (glyph: number): number => (long ? view.getUint32(loca + glyph * 4) : view.getUint16(loca + glyph * 2) * 2);
    const advance = (glyph: number): number => view.getUint16(hmtx + Math.min(glyph, metrics - 1) * 4);
    return {
      count,
      widthOf: (glyph) => (glyph < count ? (advance(glyph) * 1000) / unitsPerEm : null),
      isDrawn: (glyph) => offset(glyph + 1) > offset(glyph),
    };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
