/**
 * The short answer to "is this document genuine?", for a person at a desk who knows no standard. Each of the four says no more than
 * EN 319 102-1 lets it: `genuine` and `claimed-time` are TOTAL-PASSED under a root that is trusted, `not-genuine` is TOTAL-FAILED, all else
 * cannot be said.
 *
 * Before: `verify.ts`. After: the station's page. `words.ts` has the details.
 */
import type { RevisionResult, SignatureResult, UndeterminedBecause, VerifyResult } from './result.ts';
import { timeWords } from './words.ts';

export interface Headline {
  kind: 'genuine' | 'claimed-time' | 'unsaid' | 'not-genuine';
  text: string;
  /** Sentences, the most important first. */
  because: string[];
}

const REASONS: Record<UndeterminedBecause, string> = {
  SIG_CONSTRAINTS_FAILURE: 'its signature is not of a kind that is accepted here',
  CHAIN_CONSTRAINTS_FAILURE: 'a certificate was used for what it is not meant for',
  CERTIFICATE_CHAIN_GENERAL_FAILURE: 'a certificate could not be checked',
  CRYPTO_CONSTRAINTS_FAILURE: 'it was signed in a way that can be forged, or that is not known here',
  NO_SIGNING_CERTIFICATE_FOUND: 'the certificate of who sealed it cannot be read',
  NO_CERTIFICATE_CHAIN_FOUND: 'who sealed it is not known here',
  OUT_OF_BOUNDS_NO_POE: 'a certificate has ended, and nothing proves that it was signed before',
  REVOKED_NO_POE: 'the certificate of who sealed it was revoked, and nothing proves that it was signed before',
  REVOKED_CA_NO_POE: 'an authority’s certificate was revoked, and nothing proves that it was signed before',
  SIGNED_DATA_NOT_FOUND: 'the signature is closed, and what was signed stands inside',
  TRY_LATER: 'whether a certificate was revoked is not known',
  GENERIC: 'a part of it could not be checked',
};

/** What must be read with any answer. */
const TO_BE_READ = new Set(['APPEARANCE_ADDED', 'TIME_CONTRADICTED', 'TIME_OUTSIDE_CERTIFICATE']);

/** Nothing of a signature was found, so nothing was changed under one. */
const NO_SIGNED_DOCUMENT = new Set(['NOT_A_PDF', 'CONTAINER_MALFORMED', 'CONTAINER_LIMIT', 'SIGNATURE_UNREADABLE', 'SEALED_RECORD_MALFORMED']);

export function headlineOf(result: VerifyResult): Headline {
  const errors = result.findings.filter(({ severity }) => severity === 'error');
  const messages = errors.map(({ message }) => message);
  if (result.indication === 'TOTAL-FAILED') {
    if (errors.some(({ code }) => code === 'NO_SIGNATURE')) return { kind: 'unsaid', text: 'Cannot be said, because nobody has signed this file', because: ['It holds no signature that can be read. If it ever had one, it was taken out.'] };
    if (result.signatures.length === 0 && errors.some(({ code }) => NO_SIGNED_DOCUMENT.has(code))) return { kind: 'unsaid', text: 'Cannot be said, because this is no signed document that can be read', because: messages };
    return { kind: 'not-genuine', text: isChange(result) ? 'NOT genuine: it was changed after it was signed' : 'NOT genuine: it is not as it was signed', because: messages };
  }
  const unchanged = result.signatures.length > 0 && result.signatures.every(({ intact }) => intact) ? ['Nothing was changed since it was signed.'] : [];
  if (result.indication === 'INDETERMINATE') {
    const reason = REASONS[result.subIndication as UndeterminedBecause];
    return { kind: 'unsaid', text: `Cannot be said, because ${reason}`, because: [...unchanged, ...messages] };
  }
  if (result.trusted !== true) return { kind: 'unsaid', text: 'Cannot be said by whom it was sealed', because: [...unchanged, 'There is no root certificate here under which anybody could be believed.'] };
  const beside = result.findings.filter(({ code }) => TO_BE_READ.has(code)).map(({ message }) => message);
  const claimed = result.signatures.filter(({ provenTime }) => provenTime === null);
  if (claimed.length === 0) return { kind: 'genuine', text: 'Genuine', because: [...unchanged, ...beside, ...result.signatures.map(provenWords)] };
  return {
    kind: 'claimed-time', text: 'Genuine, but the time is only claimed',
    because: [...unchanged, ...beside, ...claimed.map(({ field, claimedTime }) => `When signature "${field}" was made is the word of who made it (${claimedTime === null ? 'no time is given' : timeWords(claimedTime)}): no time-stamp that is trusted here proves it.`)],
  };
}

function isChange({ subIndication, revisions }: VerifyResult): boolean {
  return subIndication !== 'FORMAT_FAILURE' || revisions.some(({ allowed }) => !allowed);
}

function provenWords({ field, provenTime }: SignatureResult): string {
  return `That signature "${field}" existed at ${timeWords(provenTime ?? '')} is proven by a time-stamp.`;
}

/** What came after the first signature, in one sentence. */
export function laterWords(revisions: readonly RevisionResult[]): string {
  const later = revisions.slice(1);
  const refused = later.filter(({ allowed }) => !allowed).length;
  if (refused > 0) return `${refused} of ${later.length} later revisions changed what was signed, or may have.`;
  if (later.length === 0) return 'Nothing was added after the first signature.';
  return 'Nothing was changed after the first signature. Added were only what its rules allow: see the revisions.';
}
