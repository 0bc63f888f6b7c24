/**
 * The time-stamps inside a PDF (RFC 3161; ETSI EN 319 142-1 clauses 5.3 and 5.4.3): those over the whole file so far, and those over
 * one signature value. Each proves that what it is over existed then, if it holds and somebody trusts its authority.
 *
 * From the last to the first, as EN 319 102-1 clause 5.6.2 has it: a later time-stamp proves that an earlier one existed when its
 * authority's certificate was still good. An authority whose certificate was revoked, by the words that lie in the file, is believed
 * only for a token that is known to have existed before.
 * Before: `pdf.ts`. After: `certificate-standing.ts` judges the signer at the time proven. One that does not hold proves nothing and
 * takes nothing away, but in a signature of ours: nothing else may lie there.
 */
import { PacketError } from '../errors.ts';
import { signedBytes, type PdfSignature } from '../read-signed-pdf.ts';
import { verifyTimeStampOver, type TimeStamp } from '../time-stamp/verify.ts';
import type { Asked } from './asked.ts';
import { authoritiesAbove, authorityRevocation, judgeAuthority } from './authority-revocation.ts';
import { judgeTimeStamp } from './record-time.ts';
import type { Report, TimeStampResult } from './result.ts';
import type { ValidationData } from './validation-data.ts';

export const DOCUMENT_TIME_STAMP = 'ETSI.RFC3161';

/** A time-stamp that was read; `proven` is the time it proves, its accuracy added, or null. */
export interface JudgedTimeStamp { stamp: TimeStamp; proven: Date | null; result: TimeStampResult }

export interface DocumentTimeStamp { signature: PdfSignature; judged: JudgedTimeStamp | null }

/** In the order of the bytes that they cover. Changed bytes under one are a failure, whoever is trusted. */
export async function checkDocumentTimeStamps(bytes: Uint8Array, signatures: readonly PdfSignature[], stored: ValidationData, asked: Asked, report: Report): Promise<DocumentTimeStamp[]> {
  const found: DocumentTimeStamp[] = [];
  let known = asked.fileTime ?? asked.now;
  for (const signature of signatures.filter(({ subFilter }) => subFilter === DOCUMENT_TIME_STAMP).toReversed()) {
    const { field, byteRange, problems } = signature;
    const what = `Document time-stamp "${field ?? 'unnamed'}"`;
    for (const { code, message } of problems) report.fail('FORMAT_FAILURE', code, `${what}: ${message}`);
    const judged = byteRange === null || problems.length > 0 ? null : await judge(what, { token: signature.cms, over: signedBytes(bytes, byteRange), kind: 'document', field: field ?? 'unnamed', binding: true }, known, stored, asked, report);
    if (judged?.proven != null && judged.proven < known) known = judged.proven;
    found.unshift({ signature, judged });
  }
  return found;
}

/** When the document time-stamps prove that a signature existed: the earliest of those over it, and of the file itself; null for none. */
export function provenByDocument({ end }: PdfSignature, stamps: readonly DocumentTimeStamp[], { fileTime }: Asked): Date | null {
  return earliest([fileTime, ...stamps.filter(({ signature }) => signature.end > end).map(({ judged }) => judged?.proven ?? null)]);
}

/** Tokens over a signature value. `known`: by when the signature, and they in it, are proven to have existed. */
export async function checkSignatureTimeStamps(
  what: string, field: string, { tokens, value, ours }: { tokens: readonly Uint8Array[]; value: Uint8Array; ours: boolean }, known: Date | null, stored: ValidationData, asked: Asked, report: Report,
): Promise<JudgedTimeStamp[]> {
  const found: JudgedTimeStamp[] = [];
  for (const token of tokens) {
    const judged = await judge(`${what}, time-stamp`, { token, over: value, kind: 'signature', field, binding: ours }, known ?? asked.now, stored, asked, report);
    if (judged !== null) found.push(judged);
  }
  return found;
}

export function earliest(times: readonly (Date | null)[]): Date | null {
  const known = times.filter((time) => time !== null).map((time) => time.getTime());
  return known.length === 0 ? null : new Date(Math.min(...known));
}

/** `binding`: that it does not fit its bytes is a failure. */
interface Token { token: Uint8Array; over: Uint8Array; kind: TimeStampResult['over']; field: string; binding: boolean }

async function judge(what: string, { token, over, kind, field, binding }: Token, known: Date, stored: ValidationData, asked: Asked, report: Report): Promise<JudgedTimeStamp | null> {
  const others = [...stored.certificates.map(({ der }) => der), ...asked.certificates];
  const first = await read(what, token, over, known, { others, asked, binding, report });
  const above = first === null ? others : await authoritiesAbove(first, others, asked);
  const stamp = above.length === others.length ? first : await read(what, token, over, known, { others: above, asked, binding, report });
  if (stamp === null) return null;
  const revoked = await authorityRevocation(stamp, above, stored, asked);
  judgeAuthority(stamp, revoked, known);
  const broken = binding ? stamp.problems.find(({ because }) => because === 'HASH_FAILURE' || because === 'SIG_CRYPTO_FAILURE' || because === 'FORMAT_FAILURE') : undefined;
  if (broken !== undefined) report.fail(broken.because as 'HASH_FAILURE', broken.code, `${what}: ${broken.message}`);
  const proven = broken === undefined ? judgeTimeStamp(what, stamp, { now: asked.now, revocationKnown: revoked.isKnown }, report) : null;
  const { time, authority, trusted } = stamp;
  return { stamp, proven, result: { over: kind, field, time: time.toISOString(), authority, intact: isIntact(stamp), trusted, provenTime: proven?.toISOString() ?? null } };
}

async function read(what: string, token: Uint8Array, over: Uint8Array, known: Date, { others, asked, binding, report }: { others: readonly Uint8Array[]; asked: Asked; binding: boolean; report: Report }): Promise<TimeStamp | null> {
  try {
    return await verifyTimeStampOver(token, over, asked.timeStampTrust, known, others);
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    if (binding && error.code !== 'TIME_STAMP_ALGORITHM') report.fail('FORMAT_FAILURE', error.code, `${what} cannot be read: ${error.message}`);
    else report.warn('TIME_STAMP_NOT_PROVEN', `${what} proves nothing: ${error.message}`);
    return null;
  }
}

/** It is over these bytes, whole, and by one whose certificate is for it; whoever that is. */
function isIntact({ problems }: TimeStamp): boolean {
  return problems.every(({ because, code }) => !['HASH_FAILURE', 'SIG_CRYPTO_FAILURE', 'FORMAT_FAILURE', 'SIG_CONSTRAINTS_FAILURE'].includes(because) && code !== 'NOT_FOR_TIME_STAMPS');
}
