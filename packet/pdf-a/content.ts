/** What is drawn: the operators of content streams (ISO 32000-2, 7.8.2), and with which resources each is run. */
import { decodePDFRawStream, PDFArray, PDFContentStream, PDFDict, type PDFDocument, PDFName, PDFRawStream, type PDFObject } from '../pdf-lib.ts';
import { asName, PdfCursor, type PdfValue, readKeyword, readValue, skipSpace } from '../pdf-syntax.ts';
import { dictAt, dictOf, itemsAt, nameAt } from './examined.ts';

export interface Operation { operator: string; operands: PdfValue[] }

/** A content stream that is run, with the resources it finds. */
export interface Content { where: string; resources: PDFDict | null; operations: Operation[] }

/** Of every page, with its forms, patterns, Type 3 glyphs and the appearances of its annotations. */
export function allContent(pdf: PDFDocument): Content[] {
  const found: Content[] = [];
  const seen = new Set<PDFObject>();
  const run = (where: string, stream: PDFObject | undefined, inherited: PDFDict | null): void => {
    if (stream === undefined || seen.has(stream)) return;
    seen.add(stream);
    runBytes(where, decoded(stream), dictAt(dictOf(stream), 'Resources') ?? inherited);
  };
  const runBytes = (where: string, bytes: Uint8Array, resources: PDFDict | null): void => {
    const operations = operationsOf(bytes);
    found.push({ where, resources, operations });
    for (const { operator, operands } of operations) {
      const key = operator === 'Do' ? asName(operands[0]) : null;
      const form = key === null ? undefined : dictAt(resources, 'XObject')?.lookup(PDFName.of(key));
      if (nameAt(dictOf(form), 'Subtype') === 'Form') run(`${where}, form ${key}`, form, resources);
    }
    for (const [key, value] of dictAt(resources, 'Pattern')?.entries() ?? []) {
      const pattern = pdf.context.lookup(value);
      if (pattern instanceof PDFRawStream) run(`${where}, pattern ${key.decodeText()}`, pattern, resources);
    }
    for (const [key, value] of dictAt(resources, 'Font')?.entries() ?? []) {
      const font = dictOf(pdf.context.lookup(value));
      for (const [, glyph] of dictAt(font, 'CharProcs')?.entries() ?? []) run(`${where}, font ${key.decodeText()}`, pdf.context.lookup(glyph), dictAt(font, 'Resources') ?? resources);
    }
  };
  pdf.getPages().forEach(({ node }, index) => {
    const where = `page ${index + 1}`;
    const resources = node.Resources() ?? null;
    const contents = node.lookup(PDFName.of('Contents'));
    const parts = contents instanceof PDFArray ? itemsAt(node, 'Contents') : [contents];
    runBytes(where, Buffer.concat(parts.flatMap((part) => [decoded(part), Buffer.from('\n')])), resources);
    for (const annotation of itemsAt(node, 'Annots')) {
      const shown = dictAt(dictAt(dictOf(annotation), 'AP'), 'N');
      const appearance = dictOf(annotation)?.lookup(PDFName.of('AP'));
      const normal = appearance instanceof PDFDict ? appearance.lookup(PDFName.of('N')) : undefined;
      const states = normal instanceof PDFDict ? normal.values().map((state) => pdf.context.lookup(state)) : shown === null ? [] : [normal];
      for (const state of states) run(`${where}, annotation`, state, null);
    }
  });
  return found;
}

const showing = new Set(['Tj', 'TJ', "'", '"']);
/** Text rendering mode (ISO 32000-2, 9.3.6) that draws nothing. */
const invisible = 3;

/** Fonts that something is drawn with, and what these are made of. One that is only listed need not be embedded (ISO 19005-1, 6.3.4). */
export function fontsDrawn(pdf: PDFDocument): Set<PDFDict> {
  const drawn = new Set<PDFDict>();
  for (const { resources, operations } of allContent(pdf)) {
    let now: { font: PDFDict | null; mode: number } = { font: null, mode: 0 };
    const saved: typeof now[] = [];
    for (const { operator, operands } of operations) {
      if (operator === 'q') saved.push(now);
      if (operator === 'Q') now = saved.pop() ?? now;
      if (operator === 'Tf') now = { ...now, font: dictAt(dictAt(resources, 'Font'), asName(operands[0]) ?? '') };
      if (operator === 'gs') now = { ...now, font: dictOf(itemsAt(dictAt(dictAt(resources, 'ExtGState'), asName(operands[0]) ?? ''), 'Font')[0]) ?? now.font };
      if (operator === 'Tr') now = { ...now, mode: Number(operands[0]) };
      if (!showing.has(operator) || now.font === null || now.mode === invisible) continue;
      drawn.add(now.font);
      for (const part of itemsAt(now.font, 'DescendantFonts')) if (part instanceof PDFDict) drawn.add(part);
    }
  }
  return drawn;
}

function decoded(stream: PDFObject | undefined): Uint8Array {
  if (stream instanceof PDFRawStream) return decodePDFRawStream(stream).decode();
  return stream instanceof PDFContentStream ? stream.getUnencodedContents() : new Uint8Array();
}

/** Inline images are one operation `BI` with their dictionary's keys and values as operands. */
export function operationsOf(bytes: Uint8Array): Operation[] {
  const operations: Operation[] = [];
  const cursor = new PdfCursor(bytes, 0, { left: bytes.length * 64 + 65_536 });
  let operands: PdfValue[] = [];
  for (skipSpace(cursor); cursor.at < bytes.length; skipSpace(cursor)) {
    const start = cursor.at;
    const value = readValue(cursor);
    if (value !== undefined) {
      operands.push(value);
      continue;
    }
    cursor.at = start;
    const operator = readKeyword(cursor);
    if (operator === '') cursor.next();
    if (operator === 'BI') operands = [];
    else if (operator === 'ID') skipImageData(cursor);
    else if (operator !== '') {
      operations.push({ operator: operator === 'EI' ? 'BI' : operator, operands });
      operands = [];
    }
  }
  return operations;
}

/** To just before `EI`. */
function skipImageData(cursor: PdfCursor): void {
  const text = Buffer.from(cursor.bytes.buffer, cursor.bytes.byteOffset, cursor.bytes.length).toString('latin1');
  const end = /\sEI(?=\s|$)/g;
  end.lastIndex = cursor.at + 1;
  const found = end.exec(text);
  cursor.at = found === null ? cursor.bytes.length : found.index;
}
