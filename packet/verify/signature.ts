/**
 * One CMS signature over bytes we hold: integrity (RFC 5652 section 5.6), the signing certificate's own protection
 * (ESS signing-certificate-v2, RFC 5035), and trust where roots were given.
 *
 * Before: `pdf.ts` or `packet.ts` found the CMS and what it covers. Time-stamps inside it: `time-stamps.ts`.
 */
import { verifySignedData, type VerifiedSignedData } from '#biometrics/cms.ts';
import { RecordError } from '#biometrics/errors.ts';
import { describeCertificate } from '#keys/certificate.ts';
import { isDemo, weakKey } from './chain.ts';
import { tellDemo } from './demo.ts';
import { checkOwnForm } from './own-form.ts';
import { PacketError } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import { tokenIn } from '../time-stamp/response.ts';
import { signatureTimeStamps } from '../time-stamp/signature-time-stamp.ts';
import { verifyTimeStampOver } from '../time-stamp/verify.ts';
import type { Asked } from './asked.ts';
import { judgeCertificate } from './certificate-standing.ts';
import type { Report, SignatureResult } from './result.ts';
import { checkSignatureTimeStamps, earliest, type JudgedTimeStamp } from './time-stamps.ts';
import type { ValidationData } from './validation-data.ts';
import { rootAbove, vouchedFor } from './vouched.ts';

export interface SignatureToCheck {
  /** How the findings name it, e.g. `Signature "guest"`. */
  what: string;
  cms: Uint8Array;
  content: Uint8Array;
  baseline: 'PAdES' | 'CAdES';
  /** When the file says that it was signed, besides the CMS; null where it does not say. */
  claimedTime: string | null;
  /** Made by Countersign: then its form is fixed, and anything else in it was put there later. */
  ours: boolean;
  field: string;
  /** When it is proven to have existed, by what lies around it; null for never. */
  known: Date | null;
  stored: ValidationData;
}

export interface CheckedSignature extends Pick<SignatureResult, 'intact' | 'trusted' | 'level' | 'signer' | 'certificateSha256' | 'vouched'> {
  /** From the CMS attribute signing-time, RFC 3339. */
  signingTime: string | null;
  provenTime: Date | null;
  /** Inside it, and given with the file. */
  timeStamps: JudgedTimeStamp[];
  given: JudgedTimeStamp[];
  /** The signer's, and all that the signature carries, DER; null where it cannot be read. */
  certificate: Uint8Array | null;
  certificates: readonly Uint8Array[];
}

export async function checkSignature(toCheck: SignatureToCheck, asked: Asked, report: Report): Promise<CheckedSignature> {
  const { what, cms, content, baseline, ours, known, stored } = toCheck;
  const before = report.errors;
  const signed = await readSignature(what, cms, content, report);
  if (signed === null) return { intact: false, trusted: asked.trust === undefined ? null : false, level: 'CMS', signer: null, certificateSha256: null, vouched: null, signingTime: null, provenTime: known, timeStamps: [], given: [], certificate: null, certificates: [] };
  if (!signed.digestMatches) report.fail('HASH_FAILURE', 'CONTENT_CHANGED', `${what}: the bytes it covers were changed after signing.`);
  else if (!signed.signatureMatches) report.fail('SIG_CRYPTO_FAILURE', 'SIGNATURE_CHANGED', `${what}: the signature value does not fit its certificate.`);
  else if (!signed.valid) report.fail('FORMAT_FAILURE', 'SIGNATURE_MALFORMED', `${what}: ${signed.problems.join(' ')}`);
  else if (ours) await checkOwnForm(what, cms, content, signed, [...asked.trust ?? [], ...asked.certificates, ...stored.certificates.map(({ der }) => der)], report);
  const timeStamps = signed.signatureMatches ? await timeStampsOf(toCheck, signed, asked, report) : [];
  const given = signed.signatureMatches ? await givenTimeStampsOf(toCheck, signed, asked, report) : [];
  const intact = report.errors === before;
  // whoever is trusted: a key that can be broken signs for anybody
  const weak = weakKey(signed.certificate);
  if (weak !== null) report.doubt(weak.because, weak.code, `${what}: ${weak.message}`);
  const provenTime = earliest([known, ...[...timeStamps, ...given].map(({ proven }) => proven)]);
  if (isDemo(signed.certificate)) tellDemo(asked, report);
  const root = ours && intact ? rootAbove(signed.certificate, othersOf(toCheck, signed, asked), asked.trust ?? []) : null;
  if (root !== null) asked.sealers.add(await sha256(root));
  return {
    intact,
    trusted: await trusted(toCheck, signed, provenTime, asked, report),
    level: level(baseline, signed),
    signer: signed.subject,
    certificateSha256: describeCertificate(signed.certificate).sha256,
    vouched: vouchedFor(signed.certificate, othersOf(toCheck, signed, asked), asked.trust ?? []),
    signingTime: rfc3339(signed.signingTime),
    provenTime, timeStamps, given, certificate: signed.certificate, certificates: signed.certificates,
  };
}

interface SignedData extends VerifiedSignedData {
  /** Distinguished name in the signer's certificate. */
  subject: string;
}

async function readSignature(what: string, cms: Uint8Array, content: Uint8Array, report: Report): Promise<SignedData | null> {
  try {
    const signed = await verifySignedData(cms, content);
    return { ...signed, subject: describeCertificate(signed.certificate).subject };
  } catch (error) {
    if (error instanceof RecordError && error.code === 'CMS_ALGORITHM') {
      report.doubt('CRYPTO_CONSTRAINTS_FAILURE', 'ALGORITHM_NOT_ACCEPTED', `${what}: ${error.message}`);
    } else {
      report.fail('FORMAT_FAILURE', 'SIGNATURE_MALFORMED', `${what} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    return null;
  }
}

async function timeStampsOf({ what, field, ours, known, stored }: SignatureToCheck, { unsignedAttributes, signature }: SignedData, asked: Asked, report: Report): Promise<JudgedTimeStamp[]> {
  try {
    const tokens = await signatureTimeStamps(unsignedAttributes);
    return await checkSignatureTimeStamps(what, field, { tokens, value: signature, ours }, known, stored, asked, report);
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    report.warn('TIME_STAMP_NOT_PROVEN', `${what}: its time-stamps cannot be read: ${error.message}`);
    return [];
  }
}

/** Those given by hand that are over this signature's value, as of a station's addendum: they prove its time, and are no part of the file. */
async function givenTimeStampsOf({ what, field, known, stored }: SignatureToCheck, { signature }: SignedData, asked: Asked, report: Report): Promise<JudgedTimeStamp[]> {
  const tokens: Uint8Array[] = [];
  for (const file of asked.timeStamps) {
    const token = await tokenIn(file).catch(() => null);
    const stamp = token === null ? null : await verifyTimeStampOver(token, signature).catch(() => null);
    if (token === null || stamp === null || stamp.problems.some(({ code }) => code === 'TIME_STAMP_OF_OTHER')) continue;
    asked.timeStamps.delete(file);
    tokens.push(token);
  }
  return checkSignatureTimeStamps(what, field, { tokens, value: signature, ours: false }, known, stored, asked, report);
}

/** What may lie between the signer and a root: carried, in the file's store, given. */
function othersOf({ stored }: SignatureToCheck, { certificates }: SignedData, asked: Asked): Uint8Array[] {
  return [...certificates, ...stored.certificates.map(({ der }) => der), ...asked.certificates];
}

function trusted(toCheck: SignatureToCheck, signed: SignedData, provenTime: Date | null, asked: Asked, report: Report): Promise<boolean | null> {
  const { what, claimedTime, stored } = toCheck;
  const { certificate, crls, signingTime } = signed;
  const signer = { what, use: 'seal', certificate, others: othersOf(toCheck, signed, asked), crls, stored, claimedTime: claimedTime ?? rfc3339(signingTime), provenTime, station: null } as const;
  return judgeCertificate(signer, asked, report);
}

/** Baseline B-B of EN 319 142-1 and EN 319 122-1: PAdES forbids the CMS signing-time, CAdES asks for it. */
function level(baseline: 'PAdES' | 'CAdES', { hasSigningCertificateV2, signingTime }: SignedData): string {
  return hasSigningCertificateV2 && (signingTime !== null) === (baseline === 'CAdES') ? `${baseline}-B-B` : 'CMS';
}

/** Null for a time that is none, such as the 39th of a month. */
function rfc3339(time: Date | null): string | null {
  return time === null || Number.isNaN(time.getTime()) ? null : time.toISOString();
}
