/**
 * Reads objects from where the cross-reference says they are, as a viewer does. pdf-lib takes the last object
 * of a number in the file instead; a file in which the two differ means one thing to the guest and another to
 * whoever extends it (the "shadow" attacks on signed PDFs build on that), so intake refuses it.
 * Only for child processes: it parses foreign bytes. It compares, it does not say which reading is right.
 */
import { decodePDFRawStream, PDFContext, type PDFDocument, PDFName, PDFNumber, type PDFObject, PDFObjectParser, PDFRawStream, PDFRef } from 'pdf-lib';
import type { CrossReference } from './cross-reference.ts';

/** True if what an increment may replace (catalog, form, pages, their annotation lists) reads the same either way. */
export function readsTheSame(bytes: Uint8Array, crossReference: CrossReference, pdf: PDFDocument): boolean {
  const read = placedObjects(bytes, crossReference);
  const form = pdf.catalog.get(PDFName.of('AcroForm'));
  const fields = pdf.catalog.getAcroForm()?.dict.get(PDFName.of('Fields'));
  const pages = pdf.getPages().flatMap(({ ref, node }) => [ref, node.get(PDFName.of('Annots'))]);
  return [pdf.context.trailerInfo.Root, form, fields, ...pages]
    .filter((value) => value instanceof PDFRef)
    .every((ref) => read(ref.objectNumber)?.toString() === pdf.context.lookup(ref)?.toString());
}

type Reader = (number: number) => PDFObject | undefined;

/** Object streams are unpacked once. */
function placedObjects(bytes: Uint8Array, { places }: CrossReference): Reader {
  const unpacked = new Map<number, Reader>();
  const read: Reader = (number) => {
    const place = places.get(number);
    if (place?.kind === 'offset') return indirectObject(bytes.subarray(place.offset));
    if (place?.kind !== 'packed') return undefined;
    let inside = unpacked.get(place.stream);
    if (inside === undefined) {
      inside = objectsOf(read(place.stream));
      unpacked.set(place.stream, inside);
    }
    return inside(number);
  };
  return read;
}

function indirectObject(bytes: Uint8Array): PDFObject | undefined {
  const head = /^\s*\d+\s+\d+\s+obj/.exec(Buffer.from(bytes.subarray(0, 40)).toString('latin1'));
  return head === null ? undefined : parse(bytes.subarray(head[0].length));
}

/** The objects of an object stream (ISO 32000-2, 7.5.7). */
function objectsOf(stream: PDFObject | undefined): Reader {
  if (!(stream instanceof PDFRawStream)) return () => undefined;
  const data = decodePDFRawStream(stream).decode();
  const first = stream.dict.lookup(PDFName.of('First'), PDFNumber).asNumber();
  const pairs = Buffer.from(data.subarray(0, first)).toString('latin1').trim().split(/\s+/).map(Number);
  return (number) => {
    const at = pairs.findIndex((value, index) => index % 2 === 0 && value === number);
    return at < 0 ? undefined : parse(data.subarray(first + (pairs[at + 1] as number)));
  };
}

function parse(bytes: Uint8Array): PDFObject {
  return PDFObjectParser.forBytes(bytes, PDFContext.create()).parseObject();
}
