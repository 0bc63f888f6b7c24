/**
 * A signed PDF, ours or not: each signature over its bytes, what lies behind and between them, D and its hash, and the
 * sealed records (ISO 32000-2 clause 12.8; EN 319 102-1 clause 5.3).
 *
 * What was added behind a signature is compared, object by object, with what was there (`revisions/`).
 */
import { readObjects, type PdfObject } from '../pdf-objects.ts';
import { looksLikePdf, readSignedObjects, signedBytes, type PdfSignature, type SignedPdf } from '../read-signed-pdf.ts';
import { sha256 } from '../sha256.ts';
import { PacketError } from '../errors.ts';
import type { Asked } from './asked.ts';
import type { Report, SignatureResult, VerifyResult } from './result.ts';
import { checkRevisions, type Checked } from './revisions/check.ts';
import { checkSealedRecord, type CheckedSealedRecord } from './sealed-record.ts';
import { checkSignature } from './signature.ts';

export interface CheckedPdf extends Pick<VerifyResult, 'signatures' | 'revisions'> {
  document: NonNullable<VerifyResult['document']>;
  sealedRecords: CheckedSealedRecord[];
  /** The request ids that our signatures name. */
  requestIds: (string | null)[];
}

/** CMS over the bytes themselves; `adbe.pkcs7.sha1` and time-stamps are built otherwise. */
const DETACHED = ['ETSI.CAdES.detached', 'adbe.pkcs7.detached'];

export async function checkPdf(bytes: Uint8Array, asked: Asked, report: Report): Promise<CheckedPdf> {
  const pdf = read(bytes, report);
  if (pdf !== null && pdf.signatures.length === 0) report.fail('FORMAT_FAILURE', 'NO_SIGNATURE', 'This PDF holds no signature that can be read.');
  const signatures: SignatureResult[] = [];
  const sealedRecords: CheckedSealedRecord[] = [];
  const checked: Checked[] = [];
  for (const signature of pdf?.signatures ?? []) {
    const result = await checkPdfSignature(bytes, signature, asked, report);
    signatures.push(result);
    checked.push({ signature, result });
  }
  const revisions = pdf === null ? [] : checkRevisions(bytes, pdf.objects, pdf, checked, report);
  checkSigners(signatures, report);
  const own = pdf?.signatures.filter(({ countersign }) => countersign !== null) ?? [];
  for (const [index, signature] of own.entries()) {
    const record = pdf?.sealedRecords[index];
    if (record !== undefined) sealedRecords.push(await checkSealedRecord(record, signature, asked, report));
  }
  return { document: await checkDocuments(bytes, own, pdf?.revisions ?? [], report), signatures, revisions, sealedRecords, requestIds: own.map(({ countersign }) => countersign?.requestId ?? null) };
}

function read(bytes: Uint8Array, report: Report): (SignedPdf & { objects: PdfObject[] }) | null {
  if (!looksLikePdf(bytes)) {
    report.fail('FORMAT_FAILURE', 'NOT_A_PDF', 'This is neither a PDF nor a packet nor a sealed record.');
    return null;
  }
  try {
    const objects = readObjects(bytes);
    return { ...readSignedObjects(bytes, objects), objects };
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    report.fail('FORMAT_FAILURE', error.code, error.message);
    return null;
  }
}

async function checkPdfSignature(bytes: Uint8Array, signature: PdfSignature, asked: Asked, report: Report): Promise<SignatureResult> {
  const field = signature.field ?? 'unnamed';
  const what = `Signature "${field}"`;
  const { wholeFile, claimedTime, byteRange } = signature;
  const unread = { field, intact: false, trusted: asked.trust === undefined ? null : false, wholeFile, level: 'CMS', signer: null, claimedTime, provenTime: asked.fileTime?.toISOString() ?? null };
  for (const { code, message } of signature.problems) report.fail('FORMAT_FAILURE', code, `${what}: ${message}`);
  if (byteRange === null) return unread;
  if (!DETACHED.includes(signature.subFilter ?? '')) {
    report.doubt('GENERIC', 'SUBFILTER_NOT_CHECKED', `${what} is of the kind ${signature.subFilter ?? 'unnamed'}, which is not checked here.`);
    return unread;
  }
  const ours = signature.countersign !== null;
  const checked = await checkSignature({ what, cms: signature.cms, content: signedBytes(bytes, byteRange), baseline: 'PAdES', claimedTime, ours }, asked, report);
  return {
    ...unread,
    intact: checked.intact && signature.problems.length === 0,
    trusted: checked.trusted,
    level: signature.subFilter === 'ETSI.CAdES.detached' ? checked.level : 'CMS',
    signer: checked.signer,
    claimedTime: claimedTime ?? checked.signingTime,
  };
}

/** Without roots anyone can sign over a signed file, so a change of hands is told. */
function checkSigners(signatures: readonly SignatureResult[], report: Report): void {
  const signers = [...new Set(signatures.map(({ signer }) => signer))];
  if (signers.length > 1) report.warn('SEVERAL_SIGNERS', `Sealed by ${signers.length} different signers: ${signers.map((signer) => signer ?? 'unknown').join('; ')}.`);
}

/**
 * Recomputes each document hash that our dictionaries repeat in clear. The signature must be the one revision that
 * follows its document, and a later document must hold the earlier signatures: otherwise something stands in the file
 * that no guest was shown.
 * @returns D of the first signature; the whole file where there is none of ours.
 */
async function checkDocuments(bytes: Uint8Array, own: readonly PdfSignature[], revisions: readonly number[], report: Report): Promise<CheckedPdf['document']> {
  let document: VerifyResult['document'] = null;
  let earlier = 0;
  for (const { field, countersign, byteRange, end } of own) {
    const what = `signature "${field ?? 'unnamed'}"`;
    const length = countersign?.documentLength ?? null;
    if (countersign?.documentSha256 == null || length === null || countersign.requestId === null || byteRange === null || length > byteRange[1]) {
      report.fail('FORMAT_FAILURE', 'ENTRIES_INCOMPLETE', `The ${what} does not say which document was shown, or says so in a form that cannot be right.`);
      continue;
    }
    const found = await sha256(bytes.subarray(0, length));
    document ??= { sha256: found, length };
    if (found !== countersign.documentSha256) report.fail('HASH_FAILURE', 'DOCUMENT_CHANGED', `The document under ${what} is not the one that was shown.`);
    else if (length < earlier || revisions.filter((revision) => revision > length && revision <= end).length !== 1) {
      report.fail('FORMAT_FAILURE', 'REVISION_NOT_SHOWN', `Between the document that was shown and ${what} the file holds a revision that was not.`);
    }
    earlier = end;
  }
  return document ?? { sha256: await sha256(bytes), length: bytes.length };
}
