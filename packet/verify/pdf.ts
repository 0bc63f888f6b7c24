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
import { levelOf } from './level.ts';
import type { Report, SignatureResult, TimeStampResult, VerifyResult } from './result.ts';
import { checkRevisions, type Checked } from './revisions/check.ts';
import { checkSealedRecord, type CheckedSealedRecord } from './sealed-record.ts';
import { checkSignature } from './signature.ts';
import { checkDocumentTimeStamps, DOCUMENT_TIME_STAMP, provenByDocument, type DocumentTimeStamp } from './time-stamps.ts';
import { readValidationData, type ValidationData } from './validation-data.ts';

export interface CheckedPdf extends Pick<VerifyResult, 'signatures' | 'timeStamps' | 'revisions'> {
  document: NonNullable<VerifyResult['document']>;
  sealedRecords: CheckedSealedRecord[];
  /** The request ids that our signatures name. */
  requestIds: (string | null)[];
}

/** CMS over the bytes themselves; `adbe.pkcs7.sha1` is built otherwise. */
const DETACHED = ['ETSI.CAdES.detached', 'adbe.pkcs7.detached'];

export async function checkPdf(bytes: Uint8Array, asked: Asked, report: Report): Promise<CheckedPdf> {
  const pdf = read(bytes, report);
  if (pdf !== null && pdf.signatures.length === 0) report.fail('FORMAT_FAILURE', 'NO_SIGNATURE', 'This PDF holds no signature that can be read.');
  const signatures: SignatureResult[] = [];
  const sealedRecords: CheckedSealedRecord[] = [];
  const stored = readValidationData(pdf?.objects ?? []);
  const documentTimeStamps = await checkDocumentTimeStamps(bytes, pdf?.signatures ?? [], stored, asked, report);
  const timeStamps: TimeStampResult[] = [];
  const checked: Checked[] = documentTimeStamps.map(({ signature, judged }) => (
    { signature, result: { signer: judged?.result.authority ?? null, certificateSha256: null, claimedTime: judged?.result.time ?? null, provenTime: judged?.result.provenTime ?? null } }));
  for (const signature of pdf?.signatures ?? []) {
    if (signature.subFilter === DOCUMENT_TIME_STAMP) continue;
    const found = await checkPdfSignature(bytes, signature, { stored, documentTimeStamps }, asked, report);
    signatures.push(found.result);
    timeStamps.push(...found.timeStamps);
    checked.push({ signature, result: found.result });
  }
  timeStamps.push(...documentTimeStamps.flatMap(({ judged }) => judged === null ? [] : [judged.result]));
  if (signatures.length === 0 && documentTimeStamps.length > 0) report.doubt('GENERIC', 'ONLY_TIME_STAMPS', 'This PDF holds time-stamps and no signature: they show when it existed, and nobody seals it.');
  checked.sort((a, b) => a.signature.end - b.signature.end);
  const revisions = pdf === null ? [] : checkRevisions(bytes, pdf.objects, pdf, checked, asked.trust !== undefined, report);
  checkSigners(signatures, report);
  const own = pdf?.signatures.filter(({ countersign }) => countersign !== null) ?? [];
  for (const [index, signature] of own.entries()) {
    const record = pdf?.sealedRecords[index];
    if (record !== undefined) sealedRecords.push(await checkSealedRecord(record, signature, provenOf(checked, signature), asked, report));
  }
  return { document: await checkDocuments(bytes, own, pdf?.revisions ?? [], report), signatures, timeStamps, revisions, sealedRecords, requestIds: own.map(({ countersign }) => countersign?.requestId ?? null) };
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

function provenOf(checked: readonly Checked[], signature: PdfSignature): Date | null {
  const time = checked.find((each) => each.signature === signature)?.result.provenTime ?? null;
  return time === null ? null : new Date(time);
}

interface Around { stored: ValidationData; documentTimeStamps: readonly DocumentTimeStamp[] }

async function checkPdfSignature(bytes: Uint8Array, signature: PdfSignature, { stored, documentTimeStamps }: Around, asked: Asked, report: Report): Promise<{ result: SignatureResult; timeStamps: TimeStampResult[] }> {
  const field = signature.field ?? 'unnamed';
  const what = `Signature "${field}"`;
  const { wholeFile, claimedTime, byteRange } = signature;
  const known = provenByDocument(signature, documentTimeStamps, asked);
  const unread = { field, intact: false, trusted: asked.trust === undefined ? null : false, wholeFile, level: 'CMS', signer: null, certificateSha256: null, vouched: null, request: signature.countersign?.requestId ?? null, claimedTime, provenTime: known?.toISOString() ?? null };
  for (const { code, message } of signature.problems) report.fail('FORMAT_FAILURE', code, `${what}: ${message}`);
  if (byteRange === null) return { result: unread, timeStamps: [] };
  if (!DETACHED.includes(signature.subFilter ?? '')) {
    report.doubt('GENERIC', 'SUBFILTER_NOT_CHECKED', `${what} is of the kind ${signature.subFilter ?? 'unnamed'}, which is not checked here.`);
    return { result: unread, timeStamps: [] };
  }
  const ours = signature.countersign !== null;
  const checked = await checkSignature({ what, cms: signature.cms, content: signedBytes(bytes, byteRange), baseline: 'PAdES', claimedTime, ours, field, known, stored }, asked, report);
  const isBaseline = signature.subFilter === 'ETSI.CAdES.detached' && checked.level === 'PAdES-B-B';
  const result = {
    ...unread,
    intact: checked.intact && signature.problems.length === 0,
    trusted: checked.trusted,
    level: isBaseline && checked.certificate !== null ? levelOf({ ...checked, certificate: checked.certificate, end: signature.end }, documentTimeStamps, stored, asked) : 'CMS',
    signer: checked.signer,
    certificateSha256: checked.certificateSha256,
    vouched: checked.vouched,
    claimedTime: claimedTime ?? checked.signingTime,
    provenTime: checked.provenTime?.toISOString() ?? null,
  };
  return { result, timeStamps: [...checked.timeStamps, ...checked.given].map((judged) => judged.result) };
}

/** Without roots anyone can sign over a signed file, so a change of hands is told. */
function checkSigners(signatures: readonly SignatureResult[], report: Report): void {
  const signers = [...new Map(signatures.map(({ certificateSha256, signer }) => [certificateSha256, signer])).values()];
  if (signers.length > 1) report.warn('SEVERAL_SIGNERS', `Sealed with ${signers.length} different certificates: ${signers.map((signer) => signer ?? 'unknown').join('; ')}.`);
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
