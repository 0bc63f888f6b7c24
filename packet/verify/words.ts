/**
 * What `verify` found, in words, for `countersign verify` and for the station's page "Is this document genuine?": one source for both.
 * English. The short answer for a person at a desk is `headline.ts`.
 *
 * Names, ids and summaries in a result are whatever the file says: put it through `onOneLine` first, and they begin no line of their own
 * and command no terminal.
 */
import { wordsOf } from '#keys/signers/seal-certificate.ts';
import type { PacketVersionResult, RevisionResult, SealedRecordResult, SignatureResult, TimeStampResult, VerifyResult, VoidResult } from './result.ts';

export interface Fact { label: string; text: string }

/** Every text in it without line breaks, control characters and marks that turn the direction of writing. */
export function onOneLine<T>(value: T): T {
  if (typeof value === 'string') return value.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, '\u{fffd}') as T;
  if (Array.isArray(value)) return value.map(onOneLine) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, onOneLine(member)])) as T;
}

/** A time of RFC 3339 for people; what is none stays as it is. */
export function timeWords(time: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(time) ? `${time.slice(0, 10)} ${time.slice(11, 19)} UTC` : time;
}

export function signatureTitle({ field, level }: SignatureResult): string {
  return `Signature "${field}" (${level})`;
}

export function signatureFacts({ signer, vouched, intact, trusted, wholeFile, claimedTime, provenTime }: SignatureResult): Fact[] {
  return [
    { label: 'sealed by', text: `${signer ?? 'unknown'} (${trustWords(trusted)})` },
    ...(vouched === null ? [] : [{ label: 'vouched', text: vouchedWords(vouched) }]),
    { label: 'unchanged', text: `${intact ? 'yes' : 'NO'}; covers ${wholeFile ? 'everything' : 'NOT everything'}` },
    { label: 'when', text: `${claimedTime === null ? 'not said' : timeWords(claimedTime)}, by the sealer's own clock; ${provenTime === null ? 'no time is proven' : `a time-stamp proves that it existed at ${timeWords(provenTime)}`}` },
  ];
}

export function trustWords(trusted: boolean | null): string {
  return trusted === null ? 'not checked' : trusted ? 'trusted' : 'NOT trusted';
}

function vouchedWords({ kind, issuer }: NonNullable<SignatureResult['vouched']>): string {
  return kind === 'unknown' ? `issued by ${issuer}, whose own certificate is not at hand` : wordsOf(kind, issuer);
}

export function timeStampWords({ over, field, time, authority, intact, trusted, provenTime }: TimeStampResult): string {
  const what = over === 'signature' ? `Time-stamp over signature "${field}"` : over === 'packet' ? `Time-stamp over the packet (${field})` : `Time-stamp "${field}" over the whole file before it`;
  const worth = !intact ? 'it DOES NOT HOLD' : provenTime !== null ? 'trusted' : trusted === null ? 'whether to believe it was not checked' : 'NOT believed, see below';
  return `${what}: ${timeWords(time)}, by ${authority}; ${worth}`;
}

const KINDS: Record<RevisionResult['changes'][number]['kind'], string> = {
  'validation-data': 'validation data', metadata: 'metadata, which no page shows', signature: 'a signature', 'document-time-stamp': 'a time-stamp over the document',
  'form-field': 'filled in, form field',
};

/** What one revision of a PDF brought, and who sealed it. */
export function revisionWords({ number, length, allowed, changes, problem, seals }: RevisionResult): { what: string; sealed: string } {
  const added = changes.map(({ kind, field, visible }) => `${KINDS[kind]}${field === null ? '' : ` "${field}"`}${visible ? ', shown on a page' : ''}`).join('; ');
  const who = seals.map(({ field, signer, claimedTime, provenTime }) => (
    `"${field}" by ${signer ?? 'unknown'}, ${provenTime === null ? `at ${claimedTime === null ? 'a time not said' : timeWords(claimedTime)} by its own clock` : `proven to have existed at ${timeWords(provenTime)}`}`));
  return {
    what: `${length} bytes; ${allowed ? `added: ${number === 1 ? 'the document' : added === '' ? 'nothing that counts' : added}` : `NOT ALLOWED: ${problem ?? ''}`}`,
    sealed: seals.length === 0 ? 'covered by no signature of its own' : `sealed: ${who.join('; ')}`,
  };
}

/** To which document a sealed record belongs, and how that is known. */
export function belongingWords({ documentSha256, bound, opened }: SealedRecordResult): string {
  if (opened !== null) return bound === 'checked' ? 'opened: it names this document, by the length and SHA-256 above' : 'opened: that it belongs to a document was not shown, see below';
  return documentSha256 === null ? 'closed: to which document it belongs stands inside' : 'closed: that it belongs to this document is claimed, not checked';
}

/** D, as far as a signature says what it is. */
export function documentWords({ document, kind, signatures }: VerifyResult): string | null {
  if (document === null) return null;
  const what = kind === 'sealed-record' ? 'Document that it names: ' : signatures.some(({ request }) => request !== null) ? 'Document as the guest saw it: the first ' : 'File: ';
  return `${what}${document.length} bytes, SHA-256 ${document.sha256}`;
}

/** A packet around an earlier one. */
export function packetVersionWords({ number, previousSha256, how, claimedTime, intact }: PacketVersionResult): string {
  return `version ${number}, made by ${how === 'seal' ? 'adding a seal' : 'an upgrade'} at ${timeWords(claimedTime)} by its maker's own clock; ${intact ? 'the packet before lies in it whole' : 'it DOES NOT HOLD'}, SHA-256 ${previousSha256}`;
}

export function auditWords({ events, intact }: NonNullable<VerifyResult['audit']>): string {
  return `${events} events, ${intact ? 'unbroken' : 'BROKEN'}`;
}

const REASONS: Record<VoidResult['reason'], string> = {
  'wrong-document': 'the wrong document was signed', 'wrong-guest': 'the wrong guest signed', 'signed-twice': 'it was signed twice', other: 'for another reason',
};

/** @param reason as a void statement gives it */
export function voidReasonWords(reason: VoidResult['reason']): string {
  return REASONS[reason];
}

export function voidWords({ names, request, reason, at, by, station, trusted, believed }: VoidResult): string {
  const what = names === 'packet' ? 'this packet' : `the packet of signing request ${request}`;
  const who = `Station "${station.name}" at "${station.site}", ${station.tenant}${by === null ? '' : `, desk "${by}"`}`;
  return `${who}, says that ${what} is void, since ${timeWords(at)} by its own clock: ${REASONS[reason]} (${believed ? trustWords(trusted) : 'NOT believed, see below'})`;
}
