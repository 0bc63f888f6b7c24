/**
 * When a file, or a sealed record in it, is proven to have existed: by the time-stamps over it that were given with it (RFC 3161).
 *
 * A time-stamp that does not hold, or whose authority no root given stands behind, proves nothing and takes nothing away: the time
 * stays the station's claim, and the finding says why. One over a sealed record says nothing of the seals of PDF and packet around it,
 * which were made afterwards; one over the whole file does.
 */
import { PacketError } from '../errors.ts';
import { tokenIn } from '../time-stamp/response.ts';
import { provenTime, verifyTimeStampOver, type TimeStamp } from '../time-stamp/verify.ts';
import type { Asked } from './asked.ts';
import { authoritiesAbove, authorityRevocation, judgeAuthority } from './authority-revocation.ts';
import type { Report } from './result.ts';
import { NOTHING_STORED } from './validation-data.ts';

/** @param bytes of the sealed record or file. `known`: what is proven of all around them. @returns the earliest time proven, its accuracy added; null where none is */
export async function provenTimeOf(what: string, bytes: Uint8Array, asked: Asked, report: Report, known = asked.fileTime): Promise<Date | null> {
  let earliest = known;
  for (const token of asked.timeStamps) {
    const stamp = await read(token, bytes, asked, report);
    if (stamp === null || stamp.problems.some(({ code }) => code === 'TIME_STAMP_OF_OTHER')) continue;
    asked.timeStamps.delete(token);
    const revoked = await authorityRevocation(stamp, asked.certificates, NOTHING_STORED, asked);
    judgeAuthority(stamp, revoked, asked.now);
    const proven = judgeTimeStamp(what, stamp, { now: asked.now, revocationKnown: revoked.isKnown }, report);
    if (proven !== null && (earliest === null || proven < earliest)) earliest = proven;
  }
  return earliest;
}

/** Call at the end: what no record at hand was stamped by is told. */
export function tellUnusedTimeStamps({ timeStamps }: Asked, report: Report): void {
  if (timeStamps.size > 0) report.warn('TIME_STAMP_OF_OTHER', `${timeStamps.size} of the time-stamps given are over other bytes than this file or a sealed record in it: they prove nothing here.`);
}

async function read(token: Uint8Array, bytes: Uint8Array, asked: Asked, report: Report): Promise<TimeStamp | null> {
  const { timeStamps, timeStampTrust, certificates, now } = asked;
  try {
    const bare = await tokenIn(token);
    const stamp = await verifyTimeStampOver(bare, bytes, timeStampTrust, now, certificates);
    const above = await authoritiesAbove(stamp, certificates, asked);
    return above.length === certificates.length ? stamp : await verifyTimeStampOver(bare, bytes, timeStampTrust, now, above);
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    timeStamps.delete(token);
    report.warn('TIME_STAMP_NOT_PROVEN', `A time-stamp given proves nothing: ${error.message}`);
    return null;
  }
}

/**
 * A time behind the present proves less than the present does.
 * @param revocationKnown what is at hand says that its authority's certificate was not revoked
 */
export function judgeTimeStamp(what: string, stamp: TimeStamp, { now, revocationKnown }: { now: Date; revocationKnown: boolean }, report: Report): Date | null {
  const { time, accuracyMs, authority, trusted, problems } = stamp;
  const proven = provenTime(stamp);
  if (proven !== null) {
    const upTo = new Date(proven.getTime() + Math.ceil(accuracyMs ?? 0));
    if (upTo >= now) {
      report.warn('TIME_STAMP_NOT_PROVEN', `${what}: a time-stamp of ${authority} names ${time.toISOString()}, give or take ${(accuracyMs ?? 0) / 1000} s, which reaches past the present: it proves nothing that is not seen now. Is the clock here right?`);
      return null;
    }
    report.note('TIME_PROVEN', `${what} existed at ${upTo.toISOString()}: a time-stamp of ${authority} proves it. That it was not made much earlier, it does not prove.${revocationKnown ? '' : ' Whether the authority\'s certificate was revoked was not asked.'}`);
    return upTo;
  }
  const why = problems[0]?.message ?? (trusted === null ? 'no root was given under which its authority could be believed: give it with --trust-timestamps.' : 'its authority is not trusted.');
  report.warn('TIME_STAMP_NOT_PROVEN', `${what}: a time-stamp of ${authority} names ${time.toISOString()} and proves nothing here: ${why}`);
  return null;
}
