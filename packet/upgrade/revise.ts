/**
 * One more revision of a signed PDF that intake has not seen: only where its cross-reference fits it.
 * Before: `security-store.ts`, `add-seal.ts`, `upgrade-document.ts`. After: `packet/revise.ts`.
 */
import { randomBytes } from 'node:crypto';
import type { PDFDict, PDFDocument, PDFRef } from '../pdf-lib.ts';
import { isSound, readCrossReference } from '../cross-reference.ts';
import { PacketError } from '../errors.ts';
import type { Increment } from '../increment.ts';
import { coverRevision } from '../pades.ts';
import { revise } from '../revise.ts';
import { placeUnseen } from '../unseen-field.ts';

/**
 * @param change as of `revise`
 * @throws PacketError INCREMENT_FAILED; whatever `change` throws
 */
export async function reviseSound<Change extends { touched: Iterable<PDFRef> }>(document: Uint8Array, change: (pdf: PDFDocument) => Change): Promise<Increment & Change> {
  const crossReference = readCrossReference(document);
  if (crossReference === null || !isSound(document, crossReference)) {
    throw new PacketError('INCREMENT_FAILED', 'The cross-reference of this PDF does not fit it. Nothing can be added to it without a repair, which would break its signatures.');
  }
  return revise(document, randomBytes(16), change);
}

/**
 * Adds a signature or document time-stamp that shows nothing and covers the whole file so far.
 * @param dictionaryIn makes its dictionary, with `pades.ts`, or refuses
 * @param cover makes what goes into it of the SHA-256 of the covered bytes
 * @returns the revised bytes, and the name of its field
 * @throws PacketError INCREMENT_FAILED, SIGNATURE_TOO_LARGE; whatever `dictionaryIn` and `cover` throw
 */
export async function addUnseen(
  pdf: Uint8Array, name: 'seal' | 'time-stamp', dictionaryIn: (document: PDFDocument) => PDFDict, cover: (sha256: Uint8Array) => Promise<Uint8Array>,
): Promise<{ bytes: Uint8Array; field: string }> {
  const revised = await reviseSound(pdf, (document) => {
    const signature = document.context.register(dictionaryIn(document));
    return { signature, ...placeUnseen(document, name, signature) };
  });
  await coverRevision(revised, revised.signature, cover);
  return { bytes: revised.bytes, field: revised.field };
}
