/** Metadata (ISO 19005-1, 6.7; ISO 19005-2, 6.6): the claim, and that document information and XMP say the same. */
import { decodePDFRawStream, type PDFDocument, PDFHexString, PDFName, PDFRawStream, PDFString } from '../pdf-lib.ts';
import { dictOf, type Examined } from './examined.ts';

/** The part of ISO 19005 that the document claims to keep to; null for none, or another than the two known here. */
export function claimOf(pdf: PDFDocument): 1 | 2 | null {
  const part = propertyOf(xmpOf(pdf) ?? '', 'pdfaid:part');
  return part === '1' ? 1 : part === '2' ? 2 : null;
}

/** Entries of document information with their properties (table of 6.7.3). */
const pairs = [
  ['Title', 'dc:title'], ['Author', 'dc:creator'], ['Subject', 'dc:description'], ['Keywords', 'pdf:Keywords'], ['Creator', 'xmp:CreatorTool'],
  ['Producer', 'pdf:Producer'], ['CreationDate', 'xmp:CreateDate'], ['ModDate', 'xmp:ModifyDate'],
] as const;

export function checkMetadata(examined: Examined): void {
  const { pdf } = examined;
  const stream = pdf.catalog.lookup(PDFName.of('Metadata'));
  if (stream instanceof PDFRawStream && stream.dict.has(PDFName.of('Filter'))) examined.fault('metadata without a filter', ['6.7.2', null], 'metadata');
  const xmp = xmpOf(pdf) ?? '';
  if (!['A', 'B', 'U'].includes(propertyOf(xmp, 'pdfaid:conformance') ?? '')) examined.fault('level of conformance', ['6.7.11', '6.6.4'], 'metadata');
  const information = dictOf(pdf.context.lookup(pdf.context.trailerInfo.Info));
  for (const [key, property] of pairs) {
    const value = information?.lookup(PDFName.of(key));
    if (!(value instanceof PDFString || value instanceof PDFHexString)) continue;
    const [told, same] = [value.decodeText(), propertyOf(xmp, property)];
    const agrees = key.endsWith('Date') ? sameDate(told, same ?? '') : told === same;
    if (!agrees) examined.fault(`${key} of document information is that of the metadata`, ['6.7.3', null], 'document information');
  }
}

function xmpOf(pdf: PDFDocument): string | null {
  const stream = pdf.catalog.lookup(PDFName.of('Metadata'));
  return stream instanceof PDFRawStream ? new TextDecoder().decode(decodePDFRawStream(stream).decode()) : null;
}

/** A property written as attribute or as element, there the first item of an array; null where there is none. */
function propertyOf(xmp: string, property: string): string | null {
  const attribute = new RegExp(`\\s${property}\\s*=\\s*(["'])(.*?)\\1`, 's').exec(xmp)?.[2];
  const element = new RegExp(`<${property}[^>]*>(.*?)</${property}>`, 's').exec(xmp)?.[1];
  const item = element === undefined ? undefined : /<rdf:li[^>]*>(.*?)<\/rdf:li>/s.exec(element)?.[1] ?? element;
  const text = attribute ?? item;
  return text === undefined ? null : text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&');
}

/** `D:20260101120000+01'00'` and `2026-01-01T12:00:00+01:00`. */
function sameDate(pdf: string, xmp: string): boolean {
  const digits = (text: string): string => text.replaceAll(/\D/g, '').slice(0, 14).padEnd(14, '0');
  return xmp !== '' && digits(pdf) === digits(xmp);
}
