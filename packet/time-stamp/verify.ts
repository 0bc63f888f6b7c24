/**
 * Verifies an RFC 3161 time-stamp token: CMS SignedData over a TSTInfo, by a time-stamp authority. Offline.
 *
 * A token that holds, of an authority you trust, proves that the bytes existed before its time (plus its accuracy). It does not
 * prove when they were made, by whom, or that what they say is true; and not that nothing older was replaced by them.
 * Before: a sealed record, a signature value, a PDF, or the hash of one of them. After: `packet/verify/`, `countersign timestamp`.
 * Not done: whether the authority's certificate was revoked.
 */
import { equalBytes, malformed } from '#biometrics/cms/der.ts';
import { verifySignedData, type VerifiedSignedData } from '#biometrics/cms.ts';
import { describeCertificate } from '#keys/certificate.ts';
import { checkChain } from '../verify/chain.ts';
import type { FailedBecause, UndeterminedBecause } from '../verify/result.ts';
import { isForTimeStamps, isSubject, namedBySha1 } from './authority-certificate.ts';
import type { Imprint } from './imprint.ts';
import { MAX_CERTIFICATES, MAX_TIME_STAMP } from './limits.ts';
import { OID } from './object-identifiers.ts';
import { readTokenInfo, type TokenInfo } from './token-info.ts';
import { asTimeStamp } from './unreadable.ts';

export interface TimeStamp {
  /** genTime: what was stamped existed then. To the millisecond, rounded up. */
  time: Date;
  /** How far `time` may be off; null where the authority does not say. */
  accuracyMs: number | null;
  /** Of the token, hexadecimal, upper case. */
  serial: string;
  /** Dotted object identifier of the authority's policy. */
  policy: string;
  /** Distinguished name in the authority's certificate. */
  authority: string;
  /** The authority's certificate, and all certificates in the token, DER. */
  certificate: Uint8Array;
  certificates: Uint8Array[];
  /** The certificate leads to a root given; null where none was given. Says nothing while there are `problems`. */
  trusted: boolean | null;
  /** Why it proves nothing; empty when it holds. */
  problems: TimeStampProblem[];
}

/** `because` in the words of EN 319 102-1, as `verify` reports it: a failure is provably wrong, all else is not shown to be right. */
export interface TimeStampProblem {
  because: FailedBecause | UndeterminedBecause;
  code: string;
  message: string;
}

/**
 * Verifies a token over a hash.
 * @param token TimeStampToken, DER: exactly, padding cut off
 * @param digest SHA-256 of what should have been stamped, 32 bytes; or its digest by each of the hashes that a token may be over
 * @param roots certificates to trust, DER; none: nobody is trusted, and `trusted` is null
 * @param at a moment at which this token is known to have existed, the present unless something else proves an earlier one: the
 *   authority's certificate must be valid at the token's own time and then. Once it has expired, whoever comes by its old key could
 *   date back, so a token alone ceases to prove; a later time-stamp over it does not.
 * @param others certificates that may lie between, besides those in the token, DER: many authorities put in only their own
 * @throws PacketError `TIME_STAMP_UNREADABLE`; `TIME_STAMP_ALGORITHM` for one that is not accepted
 */
export function verifyTimeStamp(token: Uint8Array, digest: Uint8Array | Record<Imprint['hash'], Uint8Array>, roots?: readonly Uint8Array[], at = new Date(), others: readonly Uint8Array[] = []): Promise<TimeStamp> {
  const digests: Partial<Record<Imprint['hash'], Uint8Array>> = digest instanceof Uint8Array ? { 'SHA-256': digest } : digest;
  return verifyToken(token, async ({ hash, digest: stamped }) => digests[hash] !== undefined && equalBytes(stamped, digests[hash]), { roots, at, others });
}

/**
 * Verifies a token over bytes that are at hand, by the hash that the token names: SHA-256, -384 or -512.
 * For a sealed record, give it as it lies in the file. Otherwise as `verifyTimeStamp`.
 */
export function verifyTimeStampOver(token: Uint8Array, stamped: Uint8Array, roots?: readonly Uint8Array[], at = new Date(), others: readonly Uint8Array[] = []): Promise<TimeStamp> {
  const bytes = new Uint8Array(stamped);
  return verifyToken(token, async ({ hash, digest }) => equalBytes(digest, new Uint8Array(await globalThis.crypto.subtle.digest(hash, bytes))), { roots, at, others });
}

/** The time that a token proves, or null: it must hold, and its authority must be trusted. */
export function provenTime({ trusted, problems, time }: TimeStamp): Date | null {
  return trusted === true && problems.length === 0 ? time : null;
}

interface Trust { roots: readonly Uint8Array[] | undefined; at: Date; others: readonly Uint8Array[] }

async function verifyToken(token: Uint8Array, fits: (imprint: Imprint) => Promise<boolean>, { roots, at, others }: Trust): Promise<TimeStamp> {
  const { signed, info, authority, problems } = await readToken(token);
  if (!await fits(info.imprint)) problems.unshift(problem('HASH_FAILURE', 'TIME_STAMP_OF_OTHER', 'The time-stamp is over other bytes than these.'));
  const untrusted = roots === undefined ? null : whyUntrusted(signed.certificate, [...signed.certificates, ...others], roots, info.time, at);
  if (untrusted !== null && problems.every(({ code }) => code !== untrusted.code)) problems.push(untrusted);
  return {
    time: info.time, accuracyMs: info.accuracyMs, serial: info.serial, policy: info.policy, authority,
    certificate: signed.certificate, certificates: signed.certificates,
    trusted: roots === undefined ? null : untrusted === null, problems,
  };
}

interface ReadToken { signed: VerifiedSignedData; info: TokenInfo; authority: string; problems: TimeStampProblem[] }

function readToken(token: Uint8Array): Promise<ReadToken> {
  return asTimeStamp(async () => {
    if (token.length > MAX_TIME_STAMP) throw malformed('the token', `has ${token.length} bytes, at most ${MAX_TIME_STAMP} are read`);
    const signed = await verifySignedData(token, undefined, OID.tstInfo);
    if (signed.certificates.length > MAX_CERTIFICATES) throw malformed('the token', `carries ${signed.certificates.length} certificates, at most ${MAX_CERTIFICATES} are read`);
    if (signed.content === null) throw malformed('the token', 'does not hold what it signs');
    const info = readTokenInfo(signed.content);
    return { signed, info, authority: describeCertificate(signed.certificate).subject, problems: problemsOf(signed, info) };
  });
}

/** What the token's own bytes show, whoever is trusted. */
function problemsOf(signed: VerifiedSignedData, info: TokenInfo): TimeStampProblem[] {
  const { certificate, signedAttributes } = signed;
  const bySha1 = signedAttributes.get(OID.signingCertificate);
  const isNamed = signed.hasSigningCertificateV2 || bySha1 !== undefined;
  const namesOther = !signed.referenceFits || (bySha1 !== undefined && !namedBySha1(bySha1, certificate));
  const { notBefore, notAfter } = describeCertificate(certificate);
  const found: (TimeStampProblem | false)[] = [
    !signed.digestMatches && problem('HASH_FAILURE', 'TIME_STAMP_CHANGED', 'The time-stamp was changed after it was signed.'),
    !signed.signatureMatches && problem('SIG_CRYPTO_FAILURE', 'TIME_STAMP_SIGNATURE', 'The signature of the time-stamp does not fit its certificate.'),
    // RFC 3161 section 2.4.2, RFC 5816 section 2.2: signed by name, or one certificate could be exchanged for another of the same key.
    !isNamed && problem('FORMAT_FAILURE', 'TIME_STAMP_CERTIFICATE', 'The time-stamp does not name the certificate of its authority.'),
    namesOther && problem('FORMAT_FAILURE', 'TIME_STAMP_CERTIFICATE', 'The time-stamp names another certificate than the one of its authority inside.'),
    !isForTimeStamps(certificate) && problem('CHAIN_CONSTRAINTS_FAILURE', 'NOT_FOR_TIME_STAMPS', 'The certificate behind the time-stamp is not one for time-stamps: that must be its only purpose, and critical.'),
    info.name !== null && !isSubject(info.name, certificate) && problem('FORMAT_FAILURE', 'TIME_STAMP_AUTHORITY', 'The time-stamp names another authority than its certificate does.'),
    (info.time < new Date(notBefore) || info.time > new Date(notAfter)) && notValidThen(info.time),
    info.hasCriticalExtension && problem('SIG_CONSTRAINTS_FAILURE', 'TIME_STAMP_EXTENSION', 'The time-stamp has a critical extension that is not understood here.'),
  ];
  return found.filter((each) => each !== false);
}

/**
 * The path to a root must hold at the token's time and at `at`. RFC 3161 section 4 wants a token stamped anew before its authority's
 * keys age; EN 319 102-1 calls one whose certificate has expired since, with no other proof of its existence, OUT_OF_BOUNDS_NO_POE.
 * A clock that is behind the token's time is not held against it.
 */
function whyUntrusted(certificate: Uint8Array, certificates: readonly Uint8Array[], roots: readonly Uint8Array[], time: Date, at: Date): TimeStampProblem | null {
  const then = checkChain(certificate, certificates, roots, time);
  if (then !== null) return then.because === 'OUT_OF_BOUNDS_NO_POE' ? notValidThen(time) : then;
  const since = at > time ? checkChain(certificate, certificates, roots, at) : null;
  if (since?.because !== 'OUT_OF_BOUNDS_NO_POE') return since;
  return problem(since.because, 'AUTHORITY_EXPIRED', `The certificate of the time-stamp's authority, or one above it, has expired since (its own ended or ends ${describeCertificate(certificate).notAfter}). Needed is proof that the token existed before that, such as a later time-stamp over it.`);
}

function notValidThen(time: Date): TimeStampProblem {
  return problem('OUT_OF_BOUNDS_NO_POE', 'AUTHORITY_NOT_VALID_THEN', `The certificate of the time-stamp's authority, or one above it, was not valid at ${time.toISOString()}, the time it states.`);
}

function problem(because: TimeStampProblem['because'], code: string, message: string): TimeStampProblem {
  return { because, code, message };
}
