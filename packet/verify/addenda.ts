/**
 * A station's addenda (`time-stamp/addendum.ts`) name the packet that they belong to. One that names another proves by its token what it
 * proves, and tells all the same that the packet at hand is not the one that the station sent: it may have been put together anew.
 *
 * Before: `verify.ts`, with the time-stamps given. Of a PDF alone it is not asked: it is no packet. A warning and no error, since whose
 * signature is on an addendum is not asked either.
 */
import { PacketError } from '../errors.ts';
import { packetHashes } from '../packet-version.ts';
import { readAddendum } from '../time-stamp/addendum.ts';
import { looksLikeZip } from '../zip.ts';
import type { Report } from './result.ts';

/** @param timeStamps files as given: tokens, answers, addenda */
export async function tellForeignAddenda(timeStamps: readonly Uint8Array[], bytes: Uint8Array, report: Report): Promise<void> {
  if (!looksLikeZip(bytes)) return;
  const named = (await Promise.all(timeStamps.map(packetNamedBy))).filter((sha256) => sha256 !== null);
  if (named.length === 0) return;
  const own = await packetHashes(bytes);
  for (const sha256 of named) {
    if (!own.includes(sha256)) report.warn('ADDENDUM_OF_OTHER_PACKET', `A time-stamp given was sent by its station for another packet, with the SHA-256 ${sha256}: this one, or a version of it, is not what the station sent then.`);
  }
}

/** Null for what is no addendum, or cannot be read: `record-time.ts` tells that. */
async function packetNamedBy(file: Uint8Array): Promise<string | null> {
  try {
    return (await readAddendum(file))?.packetSha256 ?? null;
  } catch (error) {
    if (error instanceof PacketError) return null;
    throw error;
  }
}
