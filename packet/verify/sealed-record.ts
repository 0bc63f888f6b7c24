/**
 * A sealed record as part of a signed PDF: are these the bytes the dictionary names, who can open them, and, with an
 * examiner's key, does the record inside name this document, this request and these recipients?
 *
 * What an attacker gains without this check: the strokes of one guest under the document of another.
 * Before: `pdf.ts` found it. How the pen moved is not looked at here: that is the examiner's work.
 */
import { RecordError } from '#biometrics/errors.ts';
import { openSealedRecord, readSealedRecord, type OpenedRecord } from '#biometrics/open.ts';
import type { PdfSealedRecord, PdfSignature } from '../read-signed-pdf.ts';
import { sha256 } from '../sha256.ts';
import type { Asked } from './asked.ts';
import { isDemoName } from './chain.ts';
import { tellDemo } from './demo.ts';
import { judgeOpened } from './opened-record.ts';
import { provenTimeOf } from './record-time.ts';
import type { OpenedRecordResult, Report, SealedRecordResult } from './result.ts';

export interface CheckedSealedRecord extends SealedRecordResult {
  /** SHA-256 of the consent text, from the opened record; null while it is closed. */
  consentSha256: string | null;
}

/** @param sealed when the signature over it is proven to have existed: the record is older */
export async function checkSealedRecord(record: PdfSealedRecord, signature: PdfSignature, sealed: Date | null, asked: Asked, report: Report): Promise<CheckedSealedRecord> {
  const what = `Sealed record "${record.name}"`;
  const found = await sha256(record.bytes);
  if (record.bytes.length === 0) report.fail('FORMAT_FAILURE', 'SEALED_RECORD_MISSING', `${what} is missing.`);
  else if (found !== record.sha256) report.fail('HASH_FAILURE', 'SEALED_RECORD_CHANGED', `${what} is not the one that the signature names.`);
  const recipients = record.bytes.length === 0 ? [] : readRecipients(what, record.bytes, asked, report);
  const proven = await provenTimeOf(what, record.bytes, asked, report, sealed);
  const before = report.errors;
  const opened = recipients.length === 0 ? null : await openRecord(what, record.bytes, proven, asked, report);
  if (opened !== null) checkNames(what, opened.record, signature, report);
  return {
    name: record.name,
    sha256: found,
    length: record.bytes.length,
    documentSha256: record.documentSha256,
    bound: opened !== null && report.errors === before ? 'checked' : 'claimed',
    recipients,
    provenTime: proven?.toISOString() ?? null,
    opened: opened?.result ?? null,
    consentSha256: opened?.record.context.consent.sha256 ?? null,
  };
}

/** Who can open it, as it says itself; none where it cannot be read, which is reported. */
export function readRecipients(what: string, bytes: Uint8Array, asked: Asked, report: Report): SealedRecordResult['recipients'] {
  try {
    const { recipients } = readSealedRecord(bytes);
    if (recipients.some(({ issuer }) => isDemoName(issuer))) tellDemo(asked, report);
    return recipients.map(({ kind, issuer, serial }) => ({ kind, issuer, serial }));
  } catch (error) {
    report.fail('FORMAT_FAILURE', 'SEALED_RECORD_MALFORMED', `${what} cannot be read: ${message(error)}`);
    return [];
  }
}

/** @returns null without a key, and where it does not open or its device cannot be read; the report says why */
export async function openRecord(
  what: string, bytes: Uint8Array, provenTime: Date | null, asked: Asked, report: Report,
): Promise<{ record: OpenedRecord; result: OpenedRecordResult } | null> {
  const record = asked.examinerKey === undefined ? null : await open(what, bytes, asked.examinerKey, report);
  const result = record === null ? null : await judgeOpened(what, record, provenTime, asked, report);
  return record === null || result === null ? null : { record, result };
}

async function open(what: string, bytes: Uint8Array, key: NonNullable<Asked['examinerKey']>, report: Report): Promise<OpenedRecord | null> {
  try {
    return await openSealedRecord(bytes, key);
  } catch (error) {
    if (error instanceof RecordError && error.code === 'CMS_NOT_A_RECIPIENT') {
      report.doubt('GENERIC', 'KEY_NOT_A_RECIPIENT', `${what} was not sealed to the key given; it stays closed. Ask the custodian of one of its recipients.`);
    } else {
      report.fail('HASH_FAILURE', 'SEALED_RECORD_DOES_NOT_OPEN', `${what} does not open: ${message(error)}`);
    }
    return null;
  }
}

/**
 * What the signature dictionary says in clear must stand in the record too, under the device's signature.
 * The recipients were compared by `openSealedRecord`. The field's name is not: the PDF may have had to call it otherwise,
 * and no two signatures share one D.
 */
function checkNames(what: string, { context }: OpenedRecord, { countersign: claims }: PdfSignature, report: Report): void {
  if (context.document.sha256 !== claims?.documentSha256 || context.document.length !== claims.documentLength) {
    report.fail('HASH_FAILURE', 'RECORD_OF_ANOTHER_DOCUMENT', `${what} was signed for another document (SHA-256 ${context.document.sha256}, ${context.document.length} bytes).`);
  }
  if (context.requestId !== claims?.requestId) report.fail('HASH_FAILURE', 'RECORD_OF_ANOTHER_REQUEST', `${what} belongs to the signing request ${context.requestId}.`);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
