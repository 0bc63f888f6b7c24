/**
 * A document time-stamp (ISO 32000-2, 12.8.5; EN 319 142-1, 5.4.3) in a revision of its own: a token over the whole file so far. It proves
 * that everything before it existed then, the validation data too; so it is what a store is renewed with before algorithms or the
 * certificate of the last authority age. Before: `security-store.ts`. After: nothing, or the next renewal.
 */
import type { PDFRef } from 'pdf-lib';
import { PacketError } from '../errors.ts';
import { coverRevision, timeStampDictionary } from '../pades.ts';
import { placeUnseen } from '../signature-field.ts';
import { revise } from './revise.ts';

/**
 * @param stamp makes a token over a SHA-256
 * @throws PacketError INCREMENT_FAILED, SIGNATURE_TOO_LARGE; whatever `stamp` throws
 */
export async function addDocumentTimeStamp(pdf: Uint8Array, stamp: (sha256: Uint8Array) => Promise<Uint8Array>): Promise<{ bytes: Uint8Array; field: string }> {
  const placed: { signature: PDFRef; field: string }[] = [];
  const { bytes, spans } = await revise(pdf, (document) => {
    const signature = document.context.register(timeStampDictionary(document.context));
    const { touched, field } = placeUnseen(document, 'time-stamp', signature);
    placed.push({ signature, field });
    return touched;
  });
  const [only] = placed;
  const span = only === undefined ? undefined : spans.get(only.signature);
  if (only === undefined || span === undefined) throw new PacketError('INCREMENT_FAILED', 'The dictionary of the time-stamp was not written.');
  await coverRevision(bytes, span, stamp);
  return { bytes, field: only.field };
}
