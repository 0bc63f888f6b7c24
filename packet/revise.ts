/**
 * One more revision of a PDF: what `change` touches or adds in pdf-lib's model is appended, and nothing before it changes
 * (ISO 32000-2, 7.5.6). Before: `sign-document.ts`, `upgrade/`. After: `increment.ts` writes it, `pades.ts` signs it.
 */
import { ParseSpeeds, PDFDocument, type PDFRef } from 'pdf-lib';
import { highestNumber, readCrossReference } from './cross-reference.ts';
import { PacketError } from './errors.ts';
import { appendIncrement, type Increment } from './increment.ts';

/**
 * @param id 16 bytes, the second half of the new file identifier
 * @param change says which of the document's own objects it changed, and whatever the caller wants to know
 * @throws PacketError INCREMENT_FAILED; whatever `change` throws
 */
export async function revise<Change extends { touched: Iterable<PDFRef> }>(
  document: Uint8Array, id: Uint8Array, change: (pdf: PDFDocument) => Change | Promise<Change>,
): Promise<Increment & Change> {
  const crossReference = readCrossReference(document);
  if (crossReference === null) throw new PacketError('INCREMENT_FAILED', 'The document has no readable cross-reference; intake must accept it first.');
  const pdf = await load(document);
  const { context } = pdf;
  // Numbers that are free or hidden from pdf-lib are never used again.
  context.largestObjectNumber = Math.max(context.largestObjectNumber, highestNumber(crossReference));
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
