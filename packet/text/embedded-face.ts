/**
 * One face inside one PDF: a composite font (ISO 32000-1, 9.7, Type0 over CIDFontType2, Identity-H) whose
 * file holds only the glyphs used, with a ToUnicode map (9.10.3) so that the text can be found and copied.
 *
 * The objects are registered when the face is first used and are filled until the document is saved: the
 * font file and the map are written out from what was used by then. Works in incremental updates, as every
 * object is new.
 */
import { PDFArray, PDFDict, PDFHexString, PDFName, PDFNumber, PDFRef, PDFString, type PDFContext } from '../pdf-lib.ts';
import { FlateStream } from '../flate-stream.ts';
import { fileOf, openFace, type Face } from './face.ts';
import type { ShapedGlyph } from './shape.ts';

export class EmbeddedFace {
  readonly name: string;
  /** The font dictionary, for a `Font` resource. */
  readonly ref: PDFRef;
  readonly context: PDFContext;
  /** Ids in the face's own file, in the order of their codes; the first is `.notdef`. */
  private readonly glyphs = [0];
  /** Of the glyphs from code 1 on (ISO 32000-2, 9.7.4.3). */
  private readonly widths: PDFArray;
  private readonly codes = new Map<string, number>();
  private readonly unicode = new Map<number, number[]>();
  private readonly streams: FlateStream[];

  constructor(context: PDFContext, face: Face) {
    const font = openFace(face);
    const scale = 1000 / font.unitsPerEm;
    this.name = face.name;
    this.context = context;
    this.widths = PDFArray.withContext(context);
    this.ref = context.nextRef();
    const baseFont = `${subsetTag(this.ref.objectNumber)}+${font.postscriptName}`;
    let count = 0;
    const file: FlateStream = new FlateStream(PDFDict.withContext(context), () => {
      const subset = fileOf(face).subset(this.glyphs);
      count = subset.count;
      // ISO 32000-2, table 125
      file.dict.set(PDFName.of('Length1'), PDFNumber.of(subset.bytes.length));
      return subset.bytes;
    });
    const toUnicode = new FlateStream(PDFDict.withContext(context), () => new TextEncoder().encode(toUnicodeMap(this.unicode)));
    const cidSet = new FlateStream(PDFDict.withContext(context), () => {
      // parts of composite glyphs join when the file is made
      file.getContents();
      return allBits(count);
    });
    this.streams = [file, toUnicode, cidSet];
    const { minX, minY, maxX, maxY } = font.bbox;
    const descriptor = context.register(context.obj({
      Type: 'FontDescriptor',
      FontName: baseFont,
      Flags: 4,
      FontBBox: [minX * scale, minY * scale, maxX * scale, maxY * scale],
      ItalicAngle: font.italicAngle,
      Ascent: font.ascent * scale,
      Descent: font.descent * scale,
      CapHeight: font.capHeight * scale,
      StemV: 80,
      FontFile2: context.register(file),
      CIDSet: context.register(cidSet),
    }));
    const descendant = context.register(context.obj({
      Type: 'Font',
      Subtype: 'CIDFontType2',
      BaseFont: baseFont,
      CIDSystemInfo: { Registry: PDFString.of('Adobe'), Ordering: PDFString.of('Identity'), Supplement: 0 },
      CIDToGIDMap: 'Identity',
      FontDescriptor: descriptor,
      DW: 1000,
      W: [1, this.widths],
    }));
    context.assign(this.ref, context.obj({
      Type: 'Font',
      Subtype: 'Type0',
      BaseFont: baseFont,
      Encoding: 'Identity-H',
      DescendantFonts: [descendant],
      ToUnicode: context.register(toUnicode),
    }));
  }

  /**
   * Takes the glyph into the file and gives its two-byte code as a string operand. A shape that stands for
   * different characters is taken once for each, as the code decides what text is extracted.
   */
  encode(glyph: ShapedGlyph): PDFHexString {
    const use = [glyph.id, ...glyph.codePoints].join(' ');
    const code = this.codes.get(use) ?? this.add(use, glyph);
    return PDFHexString.of(hex(code));
  }

  private add(use: string, glyph: ShapedGlyph): number {
    const code = this.glyphs.push(glyph.id) - 1;
    this.codes.set(use, code);
    this.unicode.set(code, glyph.codePoints);
    this.widths.push(PDFNumber.of(glyph.width));
    for (const stream of this.streams) stream.outdate();
    return code;
  }
}

/** Six capital letters (ISO 32000-1, 9.6.4), different for every subset in the file: its object number in base 26. */
function subsetTag(objectNumber: number): string {
  const letter = (place: number): string => String.fromCharCode(65 + (Math.floor(objectNumber / 26 ** place) % 26));
  return [5, 4, 3, 2, 1, 0].map(letter).join('');
}

/** CIDs and glyphs are the same here, and none is left out: PDF/A-1 wants the list (ISO 19005-1, 6.3.5). */
function allBits(count: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(count / 8)).fill(0xff);
  const beyond = bits.length * 8 - count;
  bits[bits.length - 1] = (0xff << beyond) & 0xff;
  return bits;
}

/** A CMap from codes to UTF-16BE, in blocks of at most 100 lines. */
function toUnicodeMap(unicode: ReadonlyMap<number, readonly number[]>): string {
  const utf16 = (text: string): string => Array.from({ length: text.length }, (_, at) => hex(text.charCodeAt(at))).join('');
  const lines = [...unicode].map(([code, points]) => `<${hex(code)}> <${utf16(String.fromCodePoint(...points))}>`);
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at += 100) {
    const block = lines.slice(at, at + 100);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`;
}

function hex(code: number): string {
  return code.toString(16).padStart(4, '0');
}
