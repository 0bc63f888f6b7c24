/**
 * One more revision of a PDF: what `change` touches or adds in pdf-lib's model is appended, and nothing before it changes
 * (ISO 32000-2, 7.5.6). Before: `sign-document.ts`, `upgrade/`. After: `increment.ts` writes it, `pades.ts` signs it.
 *
 * The document is read as far as `change` asks; where anything in it is not as it should be, it is read as a whole and `change` begins anew.
 */
import { ParseSpeeds, PDFDocument, type PDFRef } from './pdf-lib.ts';
import { type CrossReference, readCrossReference } from './cross-reference.ts';
import { PacketError } from './errors.ts';
import { appendIncrement, type Increment } from './increment.ts';
import { openLazily } from './lazy-document.ts';

/**
 * @param id 16 bytes, the second half of the new file identifier
 * @param change says which of the document's own objects it changed, and whatever the caller wants to know; may be called twice
 * @throws PacketError INCREMENT_FAILED; whatever `change` throws
 */
export async function revise<Change extends { touched: Iterable<PDFRef> }>(
  document: Uint8Array, id: Uint8Array, change: (pdf: PDFDocument) => Change | Promise<Change>,
): Promise<Increment & Change> {
  const crossReference = crossReferenceOf(document);
  return opened(document, crossReference, (pdf) => extend(document, crossReference, id, pdf, change));
}

/**
 * @param read may be called twice
 * @throws PacketError INCREMENT_FAILED; whatever `read` throws
 */
export async function readDocument<Result>(document: Uint8Array, read: (pdf: PDFDocument) => Result): Promise<Result> {
  return opened(document, crossReferenceOf(document), async (pdf) => read(pdf));
}

async function opened<Result>(document: Uint8Array, crossReference: CrossReference, work: (pdf: PDFDocument) => Promise<Result>): Promise<Result> {
  try {
    return await work(openLazily(document, crossReference));
  } catch (error) {
    // where a count of pages lies, the page may be there all the same
    if (error instanceof PacketError && error.code !== 'FIELD_OUTSIDE_PAGE') throw error;
    return work(await load(document));
  }
}

function crossReferenceOf(document: Uint8Array): CrossReference {
  const crossReference = readCrossReference(document);
  if (crossReference === null) throw new PacketError('INCREMENT_FAILED', 'The document has no readable cross-reference; intake must accept it first.');
  return crossReference;
}

async function extend<Change extends { touched: Iterable<PDFRef> }>(
  document: Uint8Array, crossReference: CrossReference, id: Uint8Array, pdf: PDFDocument, change: (pdf: PDFDocument) => Change | Promise<Change>,
): Promise<Increment & Change> {
  const { context } = pdf;
  // Numbers that are free or hidden from pdf-lib are never used again.
  context.largestObjectNumber = Math.max(context.largestObjectNumber, crossReference.highest);
  const known = context.largestObjectNumber;
  const changed = await change(pdf);
  const touched = new Set(changed.touched);
  const objects = context.enumerateIndirectObjects().filter(([ref]) => ref.objectNumber > known || touched.has(ref));
  return { ...appendIncrement(document, crossReference, objects, id, context), ...changed };
}

/** @throws PacketError INCREMENT_FAILED */
export async function load(document: Uint8Array): Promise<PDFDocument> {
  try {
    // The slow parse gives way to other work every 100 objects.
    return await PDFDocument.load(document, { updateMetadata: false, parseSpeed: ParseSpeeds.Slow });
  } catch (cause) {
    throw new PacketError('INCREMENT_FAILED', `This PDF cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
