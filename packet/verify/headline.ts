/**
 * The short answer to "is this document genuine?", for a person at a desk who knows no standard. Each kind says no more than
 * EN 319 102-1 lets it: `genuine` and `reserved` are TOTAL-PASSED under a root that is trusted, `not-genuine` is TOTAL-FAILED, all else
 * cannot be said. `genuine` alone is a yes: whatever must be read with it makes it `reserved`, and what the hotel has declared void is `void`.
 *
 * Before: `verify.ts`. After: the station's page. `words.ts` has the details.
 */
import type { RevisionResult, SignatureResult, UndeterminedBecause, VerifyResult } from './result.ts';
import { SIGNATURE_NAME } from '../manifest.ts';
import { timeWords, voidWords } from './words.ts';

export interface Headline {
  kind: 'genuine' | 'reserved' | 'void' | 'unsaid' | 'not-genuine';
  text: string;
  /** Sentences, the most important first. Names in them are whatever the file says. */
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

/** For findings whose own words are for whoever works with `countersign verify`. */
const PLAIN: Record<string, string> = {
  REVOCATION_UNKNOWN: 'Only the issuer of a certificate knows whether it was revoked, and this page asks nobody. Whoever looks after the station can ask (countersign verify).',
  ISSUER_NOT_AT_HAND: 'The certificate of an authority is missing here, without which nobody can say whether the signature was changed.',
  RECORD_CLOSED: 'This is a sealed record of handwriting alone. Only the custodian can open it.',
};

/** Warnings that must be read with any yes, and the word that each puts into it. */
const RESERVATIONS: [code: string, but: string][] = [
  ['DEMO', 'made as a demonstration, which is no evidence'],
  ['APPEARANCE_ADDED', 'something was added to it later'],
  ['TIME_CONTRADICTED', 'the time that it gives is not right'],
  ['TIME_OUTSIDE_CERTIFICATE', 'the time that it gives is not right'],
];

/** @param declaredVoid sentences of the station's own trail; statements that were given and are believed say the same */
export function headlineOf(result: VerifyResult, declaredVoid: readonly string[] = []): Headline {
  const errors = result.findings.filter(({ severity }) => severity === 'error');
  const messages = errors.map(({ code, message }) => PLAIN[code] ?? message);
  if (result.indication === 'TOTAL-FAILED') {
    if (result.signatures.length === 0) return nothingSigned(errors.some(({ code }) => code === 'NO_SIGNATURE'), messages);
    return { kind: 'not-genuine', text: isChange(result) ? 'NOT genuine: it was changed after it was signed' : 'NOT genuine: it is not as it was signed', because: messages };
  }
  const unchanged = isUnchanged(result) ? [`Nothing was changed since it was signed${result.valid && result.trusted === true ? '' : ', whoever signed it'}.`] : [];
  if (result.indication === 'INDETERMINATE') {
    const reason = REASONS[result.subIndication as UndeterminedBecause] ?? REASONS.GENERIC;
    return { kind: 'unsaid', text: `Cannot be said, because ${reason}`, because: [...messages, ...unchanged] };
  }
  if (result.trusted !== true) return { kind: 'unsaid', text: 'Cannot be said by whom it was sealed', because: ['There is no root certificate here under which anybody could be believed.', ...unchanged] };
  // never by one member alone: what contradicts itself is no yes
  if (!holdsTogether(result)) return { kind: 'unsaid', text: `Cannot be said, because ${REASONS.GENERIC}`, because: messages };
  return yes(result, [...declaredVoid, ...result.voids.filter(({ believed }) => believed).map((each) => `${voidWords(each)}.`)], unchanged);
}

function yes({ findings, signatures }: VerifyResult, voids: readonly string[], unchanged: readonly string[]): Headline {
  const reservations = RESERVATIONS.filter(([code]) => findings.some((finding) => finding.code === code));
  const beside = reservations.flatMap(([code]) => findings.filter((finding) => finding.code === code && code !== 'DEMO').map(({ message }) => message));
  const because = [...beside, ...new Set(signatures.map(sealedWords)), ...unchanged, ...timesOf(signatures), ...notAsked(findings)];
  if (voids.length > 0) return { kind: 'void', text: 'Declared void: by the hotel’s own word it does not count', because: [...voids, 'Its signatures are as good as before, and say when and by whom it was signed.', ...because] };
  const but = [...new Set([...reservations.map(([, word]) => word), ...(signatures.every(({ provenTime }) => provenTime !== null) ? [] : ['the time is only claimed'])])];
  return but.length === 0 ? { kind: 'genuine', text: 'Genuine', because } : { kind: 'reserved', text: `Genuine, but ${but.join(', and ')}`, because };
}

/** A file without a signature is not called forged: nothing says that it ever had one. */
function nothingSigned(isPdf: boolean, messages: string[]): Headline {
  if (isPdf) return { kind: 'unsaid', text: 'Cannot be said, because nobody has signed this file', because: ['It holds no signature that can be read. If it ever had one, it was taken out.'] };
  return { kind: 'unsaid', text: 'Cannot be said, because this is no signed document that can be read', because: messages };
}

function isChange({ subIndication, revisions }: VerifyResult): boolean {
  return subIndication !== 'FORMAT_FAILURE' || revisions.some(({ allowed }) => !allowed);
}

/** What is filled in or shown under a later signature is a change to whoever reads the page, allowed as it may be. */
function isUnchanged({ signatures, revisions, findings }: VerifyResult): boolean {
  return signatures.length > 0 && signatures.every(({ intact }) => intact) && revisions.every(({ allowed }) => allowed) && !findings.some(({ code }) => code === 'APPEARANCE_ADDED');
}

function holdsTogether({ valid, signatures, revisions, packetVersions, audit, findings }: VerifyResult): boolean {
  return valid && signatures.length > 0 && signatures.every(({ intact, trusted }) => intact && trusted === true) && revisions.every(({ allowed }) => allowed)
    && packetVersions.every(({ intact }) => intact) && audit?.intact !== false && findings.every(({ severity }) => severity !== 'error');
}

function notAsked(findings: VerifyResult['findings']): string[] {
  return findings.some(({ code }) => code === 'REVOCATION_NOT_CHECKED') ? ['Whether a certificate was revoked since is not known here.'] : [];
}

/** Who vouches is believed here: what the reader of another result must decide. */
function sealedWords({ signer, vouched }: SignatureResult): string {
  const who = `Sealed by ${signer === null ? 'somebody unknown' : `"${signer}"`}`;
  switch (vouched?.kind) {
    case 'demo': return `${who}, of a demonstration.`;
    case 'tenant': return `${who}, for whom the company’s own authority vouches, which is trusted here (${vouched.issuer}).`;
    case 'authority': return `${who}, for whom an authority vouches that is trusted here (${vouched.issuer}).`;
    default: return `${who}, whose certificate is trusted here itself.`;
  }
}

/** Signatures of one time are told together. */
function timesOf(signatures: readonly SignatureResult[]): string[] {
  const sentences = new Map<string, string[]>();
  for (const { field, provenTime, claimedTime } of signatures) {
    const told = provenTime === null ? `was made is the word of who made it (${claimedTime === null ? 'no time is given' : timeWords(claimedTime)}): no time-stamp that is trusted here proves it.` : `existed at ${timeWords(provenTime)} is proven by a time-stamp.`;
    sentences.set(told, [...sentences.get(told) ?? [], field === SIGNATURE_NAME ? 'the signature of the packet' : `signature "${field}"`]);
  }
  return [...sentences].map(([told, names]) => `${told.startsWith('was') ? 'When' : 'That'} ${sentences.size === 1 ? 'its signature' : names.join(' and ')} ${told}`);
}

/** What came after the first signature, in one sentence. */
export function laterWords(revisions: readonly RevisionResult[]): string {
  const later = revisions.slice(1);
  const refused = later.filter(({ allowed }) => !allowed).length;
  if (refused > 0) return `${refused} of ${later.length} later revisions changed what was signed, or may have.`;
  if (later.length === 0) return 'Nothing was added after the first signature.';
  return 'Nothing was changed after the first signature. Added were only what its rules allow: see the revisions.';
}
