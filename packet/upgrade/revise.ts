/**
 * One more revision of a signed PDF: what `change` touches or adds in pdf-lib's model is appended, and nothing before it changes
 * (ISO 32000-2, 7.5.6). Before: `security-store.ts`, `document-time-stamp.ts`. After: the revised bytes.
 */
import { randomBytes } from 'node:crypto';
import { ParseSpeeds, PDFDocument, type PDFRef } from 'pdf-lib';
import { highestNumber, isSound, readCrossReference } from '../cross-reference.ts';
import { PacketError } from '../errors.ts';
import { appendIncrement, type Increment } from '../increment.ts';

/**
 * @param change says which of the document's own objects it changed
 * @throws PacketError INCREMENT_FAILED; whatever `change` throws
 */
export async function revise(document: Uint8Array, change: (pdf: PDFDocument) => Iterable<PDFRef>): Promise<Increment> {
  const crossReference = readCrossReference(document);
  if (crossReference === null || !isSound(document, crossReference)) {
    throw new PacketError('INCREMENT_FAILED', 'The cross-reference of this PDF does not fit it. Nothing can be added to it without a repair, which would break its signatures.');
  }
  const pdf = await load(document);
  const { context } = pdf;
  context.largestObjectNumber = Math.max(context.largestObjectNumber, highestNumber(crossReference));
  const known = context.largestObjectNumber;
  const touched = new Set(change(pdf));
  const objects = context.enumerateIndirectObjects().filter(([ref]) => ref.objectNumber > known || touched.has(ref));
  return appendIncrement(document, crossReference, objects, randomBytes(16), context);
}

export async function load(document: Uint8Array): Promise<PDFDocument> {
  try {
    return await PDFDocument.load(document, { updateMetadata: false, parseSpeed: ParseSpeeds.Slow });
  } catch (cause) {
    throw new PacketError('INCREMENT_FAILED', `This PDF cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
