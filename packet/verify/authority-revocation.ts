/**
 * Was the certificate of a time-stamp authority, or one above it, taken back? By the lists and answers in the file, the lists given, and
 * with `--online` by what the authorities say now.
 * Before: `time-stamps.ts` and `record-time.ts` have verified the token. After: whether its time counts.
 */
import { sameBytes } from '../manifest.ts';
import type { TimeStamp } from '../time-stamp/verify.ts';
import type { Asked } from './asked.ts';
import { pathOf } from './chain.ts';
import { addresses } from './online.ts';
import { placeLists } from './tenant-papers.ts';
import { evidenceOn, type ValidationData } from './validation-data.ts';

export interface AuthorityRevocation {
  /** From when nothing of it is to be believed; null where nobody says so. */
  since: Date | null;
  /** Of each certificate but the root somebody says that it was not revoked, after the time-stamp. */
  isKnown: boolean;
  /** It was to be asked online, and this is why nothing was learnt; null otherwise. */
  unanswered: string | null;
}

/** @param others certificates that may lie between, DER */
export async function authorityRevocation(stamp: TimeStamp, others: readonly Uint8Array[], stored: ValidationData, { timeStampTrust = [], online, papers }: Asked): Promise<AuthorityRevocation> {
  const path = pathOf(stamp.certificate, [...stamp.certificates, ...others], timeStampTrust);
  const isTrusted = timeStampTrust.some((root) => sameBytes(root, path.at(-1) as Uint8Array));
  if (isTrusted) placeLists(papers, path.slice(1));
  const given = papers.revocationLists.map(({ der }) => ({ der, start: 0 }));
  let unanswered: string | null = null;
  const evidence = await Promise.all(path.slice(0, -1).map(async (certificate, index) => {
    const issuer = path[index + 1] as Uint8Array;
    const known = evidenceOn(certificate, issuer, { ...stored, crls: [...stored.crls, ...given] });
    if (online === null || !isTrusted) return known;
    const learnt = await online.about(certificate, issuer);
    if (learnt.evidence !== null) return [...known, learnt.evidence];
    const { ocsp, crls } = addresses(certificate);
    if (ocsp.length + crls.length > 0 && known.every(({ thisUpdate }) => thisUpdate < stamp.time)) unanswered ??= learnt.why;
    return known;
  }));
  const revoked = evidence.flat().map(({ revokedSince }) => revokedSince?.getTime()).filter((time) => time !== undefined);
  return {
    since: revoked.length === 0 ? null : new Date(Math.min(...revoked)),
    isKnown: path.length > 1 && evidence.every((each) => each.some(({ thisUpdate }) => thisUpdate >= stamp.time)),
    unanswered,
  };
}

/** Certificates that may lie between, with those that the authority's certificate says where to fetch. */
export async function authoritiesAbove(stamp: TimeStamp, others: readonly Uint8Array[], { timeStampTrust, online }: Asked): Promise<readonly Uint8Array[]> {
  if (online === null || timeStampTrust === undefined || stamp.trusted === true) return others;
  return online.complete(stamp.certificate, [...stamp.certificates, ...others], timeStampTrust);
}

/** Takes the time's proof away where the authority was revoked before it is known to have existed, or could not be asked. */
export function judgeAuthority(stamp: TimeStamp, { since, unanswered }: AuthorityRevocation, known: Date): void {
  if (since !== null && since <= known) {
    stamp.problems.push({ because: 'REVOKED_NO_POE', code: 'AUTHORITY_REVOKED', message: `Its authority's certificate, or one above it, was revoked at ${since.toISOString()}, says what is at hand, and nothing proves that the time-stamp existed before.` });
  } else if (unanswered !== null) {
    stamp.problems.push({ because: 'TRY_LATER', code: 'REVOCATION_UNKNOWN', message: `Whether its authority's certificate was revoked was asked and is not known: ${unanswered}. Try again later.` });
  }
}
