/**
 * The PAdES level with which a signed PDF leaves at Done: as high as the network gives within a moment (`limits.timeStampBudget`), and final.
 * One attempt; a guest waits. The trail says the level, and why it is not higher. Where a time-stamp failed, only the hash of the signature
 * value is kept, and `owed-time-stamps.ts` fetches it later.
 *
 * Before: `complete.ts` has signed. After: the same closes the trail and the packet.
 */
import { vouchedBy, type SigningKeys } from '#keys/index.ts';
import type { AuditEvent } from '#packet/audit.ts';
import { oweTimeStamp, noLongerOwed } from './owed-time-stamps.ts';
import { signingThread } from './signing-thread.ts';
import type { Station } from './station.ts';

export interface Levelled {
  signedPdf: Uint8Array;
  /** For the trail's `document.signed`. */
  details: AuditEvent['details'];
}

/** Never rejects for what a network does, and where the raising itself fails the signature is kept as it is. */
export async function raiseLevel(station: Station, id: string, { signedPdf, byteRange }: { signedPdf: Uint8Array; byteRange: number[] }, keys: SigningKeys): Promise<Levelled> {
  const { timeStamping } = station;
  const authority = timeStamping.authorityFor(keys);
  const asked = timeStamping.authority.open ? null : authority;
  const sealedBy = vouchedBy(keys.seal);
  const raised = await signingThread.raise({
    signedPdf, byteRange, seal: keys.seal, how: {
      authority: asked, mayFetch: !timeStamping.revocation.open, budgetMs: station.settings.limits.timeStampBudget,
      crls: keys.papers === null ? [] : [keys.papers.crl.der],
    },
  }).catch((error: Error) => {
    station.log(`request ${id}: its level could not be raised: ${error.message}`);
    return null;
  });
  if (raised === null) {
    noLongerOwed(station, id);
    return { signedPdf, details: { level: 'B-B', notHigher: 'UNEXPECTED', sealedBy } };
  }
  if (asked !== null && raised.level === 'B-B') timeStamping.authority.failed();
  if (raised.level === 'B-T' && NETWORK.has(raised.notHigher ?? '')) timeStamping.revocation.failed();
  // once more, where the outbox did not take the packet: another signature value
  if (raised.level === 'B-B' && authority !== null) oweTimeStamp(station, id, raised.signatureSha256);
  else noLongerOwed(station, id);
  const why = authority !== null && asked === null ? 'TIME_STAMP_NOT_ASKED' : raised.notHigher;
  return {
    signedPdf: raised.signedPdf,
    details: {
      level: raised.level, sealedBy, ...(why === null ? {} : { notHigher: why }),
      ...(raised.timeStamp === null ? {} : { timeStamp: raised.timeStamp.time.toISOString(), authority: raised.timeStamp.authority }),
    },
  };
}

const NETWORK = new Set(['REVOCATION_AWAY', 'REVOCATION_INVALID', 'REVOCATION_ADDRESS', 'NO_TIME_LEFT']);
