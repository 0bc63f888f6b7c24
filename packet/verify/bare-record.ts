/**
 * A sealed record lying alone, as it was taken out of its PDF: what can be said without a key, and with one, and whether the
 * document given is the one it names.
 *
 * Nothing is shown of a closed record: who sealed it, and over what, stands inside. That is INDETERMINATE with SIGNED_DATA_NOT_FOUND
 * (EN 319 102-1 clause 5.1.3): the signed data cannot be had.
 * Before: `verify.ts` saw that the bytes are neither packet nor PDF. After: nothing.
 */
import type { RecordContext } from '#biometrics/context.ts';
import { PacketError } from '../errors.ts';
import { looksLikePdf, readSignedPdf } from '../read-signed-pdf.ts';
import { sha256 } from '../sha256.ts';
import type { Asked } from './asked.ts';
import { provenTimeOf } from './record-time.ts';
import type { OpenedRecordResult, Report, SealedRecordResult, SignatureResult, VerifyResult } from './result.ts';
import { openRecord, readRecipients } from './sealed-record.ts';

const WHAT = 'The sealed record';

/** True for a DER SEQUENCE, by its first byte: no PDF and no ZIP begins so. */
export function looksLikeSealedRecord(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30;
}

export async function checkBareRecord(bytes: Uint8Array, asked: Asked, report: Report): Promise<Pick<VerifyResult, 'document' | 'signatures' | 'sealedRecords'>> {
  const hash = await sha256(bytes);
  const recipients = readRecipients(WHAT, bytes, asked, report);
  const proven = await provenTimeOf(WHAT, bytes, asked, report);
  const opened = recipients.length === 0 ? null : await openRecord(WHAT, bytes, proven, asked, report);
  if (recipients.length > 0 && asked.examinerKey === undefined) {
    report.doubt('SIGNED_DATA_NOT_FOUND', 'RECORD_CLOSED', `${WHAT} is closed: who signed it, when and over which document stands inside. An examiner's key (--key) opens it.`);
  }
  const provenTime = proven?.toISOString() ?? null;
  const closed: SealedRecordResult = { name: '', sha256: hash, length: bytes.length, documentSha256: null, bound: 'claimed', recipients, provenTime, opened: null };
  if (opened === null) return { document: null, signatures: [], sealedRecords: [closed] };
  const { result, record: { context } } = opened;
  const bound = await isOver(context, asked.document, report);
  return {
    document: context.document,
    signatures: [signatureOf(context, result, provenTime)],
    sealedRecords: [{ ...closed, name: context.field.name, documentSha256: context.document.sha256, bound: bound ? 'checked' : 'claimed', opened: result }],
  };
}

function signatureOf({ field, time, requestId }: RecordContext, { device }: OpenedRecordResult, provenTime: string | null): SignatureResult {
  return {
    field: field.name, intact: device.intact, trusted: device.trusted, wholeFile: true, level: 'CMS', signer: device.signer, certificateSha256: device.sha256, vouched: null, request: requestId,
    claimedTime: time.signedAt, provenTime,
  };
}

/**
 * Whether the document given is the one named, or a PDF of ours signed over it. Anyone can append pages to a PDF, and this is no check
 * of the signatures in it: whatever follows is told.
 */
async function isOver({ document: named }: RecordContext, given: Uint8Array | undefined, report: Report): Promise<boolean> {
  const words = `SHA-256 ${named.sha256}, ${named.length} bytes`;
  if (given === undefined) {
    report.warn('DOCUMENT_NOT_CHECKED', `${WHAT} names a document (${words}) that is not here: give it with --document.`);
    return false;
  }
  for (const length of new Set([given.length, ...revisionsOf(given)])) {
    if (length !== named.length || await sha256(given.subarray(0, length)) !== named.sha256) continue;
    if (length < given.length) {
      report.warn('DOCUMENT_IS_LONGER', `The document given begins with the one that ${WHAT.toLowerCase()} names (${words}). The ${given.length - length} bytes behind it, which may show something else, were not checked: verify that file itself.`);
    }
    return true;
  }
  report.fail('HASH_FAILURE', 'RECORD_OF_ANOTHER_DOCUMENT', `${WHAT} was signed for another document than the one given (${words}).`);
  return false;
}

/** Where the document that was shown ends, as each of our signatures in a signed PDF says. */
function revisionsOf(given: Uint8Array): number[] {
  if (!looksLikePdf(given)) return [];
  try {
    return readSignedPdf(given).signatures.map(({ countersign }) => countersign?.documentLength).filter((length) => length != null);
  } catch (error) {
    if (error instanceof PacketError) return [];
    throw error;
  }
}
