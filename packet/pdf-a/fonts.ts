/** Fonts (ISO 19005-1, 6.3; ISO 19005-2, 6.2.11): embedded, as wide as said, and with the lists that subsets need. */
import { decodePDFRawStream, type PDFDict, PDFArray, PDFName, PDFNumber, PDFRawStream } from '../pdf-lib.ts';
import { fontsDrawn } from './content.ts';
import { dictAt, type Examined, itemsAt, nameAt } from './examined.ts';
import { readTrueType, type TrueType } from './true-type.ts';

export function checkFonts(examined: Examined): void {
  const drawn = fontsDrawn(examined.pdf);
  for (const { where, dict } of examined.entries) {
    if (nameAt(dict, 'Type') !== 'Font' || !drawn.has(dict)) continue;
    const subtype = nameAt(dict, 'Subtype');
    if (subtype === 'Type0') checkComposite(examined, where, dict);
    else if (subtype !== 'Type3') checkEmbedded(examined, where, dict);
    if (subtype === 'CIDFontType0' || subtype === 'CIDFontType2') checkSetIsThere(examined, where, dict);
    if (subtype === 'CIDFontType2') checkTrueTypeCids(examined, where, dict);
  }
}

function programOf(font: PDFDict): PDFRawStream | null {
  const descriptor = dictAt(font, 'FontDescriptor');
  const program = ['FontFile', 'FontFile2', 'FontFile3'].map((key) => descriptor?.lookup(PDFName.of(key))).find((value) => value !== undefined);
  return program instanceof PDFRawStream ? program : null;
}

function checkEmbedded(examined: Examined, where: string, font: PDFDict): void {
  if (programOf(font) === null) examined.fault('fonts are embedded', ['6.3.4', '6.2.11.4.1'], where);
}

function checkComposite(examined: Examined, where: string, font: PDFDict): void {
  const encoding = font.lookup(PDFName.of('Encoding'));
  const known = encoding instanceof PDFName ? ['Identity-H', 'Identity-V'].includes(encoding.decodeText()) : encoding instanceof PDFRawStream;
  const predefined = encoding instanceof PDFName && examined.part === 2;
  if (!known && !predefined) examined.fault('character map is Identity or embedded', ['6.3.3.3', '6.2.11.3.3'], where);
}

/** Code, glyph and CID are one where the map is Identity; else only the map is looked for. */
function checkTrueTypeCids(examined: Examined, where: string, font: PDFDict): void {
  const map = font.lookup(PDFName.of('CIDToGIDMap'));
  if (map === undefined) examined.fault('CIDToGIDMap', ['6.3.3.2', '6.2.11.3.2'], where);
  const program = programOf(font);
  const glyphs = program === null ? null : readTrueType(decodePDFRawStream(program).decode());
  if (!(map instanceof PDFName) || glyphs === null) return;
  for (const [cid, width] of widthsOf(font)) {
    const own = glyphs.widthOf(cid);
    if (own !== null && Math.abs(own - width) > 1) examined.fault('widths are those of the font program', ['6.3.6', '6.2.11.5'], `${where}, glyph ${cid}`);
  }
  checkSet(examined, where, font, glyphs);
}

function setOf(font: PDFDict): PDFRawStream | null {
  const set = dictAt(font, 'FontDescriptor')?.lookup(PDFName.of('CIDSet'));
  return set instanceof PDFRawStream ? set : null;
}

function checkSetIsThere(examined: Examined, where: string, font: PDFDict): void {
  const isSubset = /^[A-Z]{6}\+/.test(nameAt(font, 'BaseFont') ?? '');
  if (isSubset && setOf(font) === null) examined.fault('CIDSet of a subset', ['6.3.5', null], where);
}

function checkSet(examined: Examined, where: string, font: PDFDict, glyphs: TrueType): void {
  const set = setOf(font);
  if (set === null) return;
  const bits = decodePDFRawStream(set).decode();
  const lists = (cid: number): boolean => (((bits[cid >> 3] ?? 0) >> (7 - (cid & 7))) & 1) === 1;
  for (let glyph = 1; glyph < glyphs.count; glyph++) {
    if (glyphs.isDrawn(glyph) && !lists(glyph)) examined.fault('CIDSet names every glyph', ['6.3.5', '6.2.11.4.2'], where);
  }
}

/** Of `/W` (ISO 32000-2, 9.7.4.3): `c [w …]` and `first last w`. */
function widthsOf(font: PDFDict): [cid: number, width: number][] {
  const numbers = (array: PDFArray): number[] => Array.from({ length: array.size() }, (_, index) => {
    const value = array.lookup(index);
    return value instanceof PDFNumber ? value.asNumber() : Number.NaN;
  });
  const widths: [number, number][] = [];
  const items = itemsAt(font, 'W');
  for (let at = 0; at < items.length;) {
    const [first, second, third] = [items[at], items[at + 1], items[at + 2]];
    if (!(first instanceof PDFNumber)) break;
    if (second instanceof PDFArray) {
      numbers(second).forEach((width, index) => widths.push([first.asNumber() + index, width]));
      at += 2;
    } else if (second instanceof PDFNumber && third instanceof PDFNumber) {
      const last = Math.min(second.asNumber(), 0xffff);
      for (let cid = first.asNumber(); cid <= last; cid++) widths.push([cid, third.asNumber()]);
      at += 3;
    } else break;
  }
  return widths;
}
