/**
 * The PAdES baseline level of a signature (ETSI EN 319 142-1 clause 6.3): what lies in the file beside it, whole. Whether the
 * authorities behind it are believed is another question, and `provenTime` answers that.
 *
 *   B-T    a time-stamp over the signature value, or over the document behind it
 *   B-LT   and the certificates up to a root, with the word of each issuer on revocation, of signer and time-stamp
 *   B-LTA  and a document time-stamp over all that
 *
 * Before: `signature.ts` said B-B; `time-stamps.ts` judged the time-stamps. After: the result.
 */
import { X509Certificate } from 'node:crypto';
import type { Asked } from './asked.ts';
import { pathOf, signedBy } from './chain.ts';
import type { DocumentTimeStamp, JudgedTimeStamp } from './time-stamps.ts';
import { evidenceOn, storedBefore, type ValidationData } from './validation-data.ts';

export interface Levelled {
  /** Offset behind what the signature covers. */
  end: number;
  /** The signer's, and all that came with the signature, DER. */
  certificate: Uint8Array;
  certificates: readonly Uint8Array[];
  /** Over the signature value. */
  timeStamps: readonly JudgedTimeStamp[];
}

export function levelOf({ end, certificate, certificates, timeStamps }: Levelled, documents: readonly DocumentTimeStamp[], stored: ValidationData, { trust = [], timeStampTrust = [] }: Asked): 'PAdES-B-B' | 'PAdES-B-T' | 'PAdES-B-LT' | 'PAdES-B-LTA' {
  const over = documents.filter(({ signature, judged }) => signature.end > end && judged?.result.intact === true);
  const inside = timeStamps.filter(({ result }) => result.intact);
  const first = inside[0] ?? over[0]?.judged;
  if (first == null) return 'PAdES-B-B';
  const isComplete = (data: ValidationData): boolean => isToldOf(certificate, certificates, trust, data) && isToldOf(first.stamp.certificate, first.stamp.certificates, timeStampTrust, data);
  if (over.some(({ signature }) => isComplete(storedBefore(stored, signature.end)))) return 'PAdES-B-LTA';
  return isComplete(stored) ? 'PAdES-B-LT' : 'PAdES-B-T';
}

/** A path to a root, given or in the file, and the word of each issuer on it. */
function isToldOf(certificate: Uint8Array, carried: readonly Uint8Array[], roots: readonly Uint8Array[], stored: ValidationData): boolean {
  const others = [...carried, ...stored.certificates.map(({ der }) => der)];
  const path = pathOf(certificate, others, [...roots, ...others.filter(isSelfSigned)]);
  return path.length > 1 && path.slice(0, -1).every((each, index) => evidenceOn(each, path[index + 1] as Uint8Array, stored).length > 0);
}

function isSelfSigned(der: Uint8Array): boolean {
  try {
    const certificate = new X509Certificate(der);
    return signedBy(certificate, certificate);
  } catch {
    return false;
  }
}
