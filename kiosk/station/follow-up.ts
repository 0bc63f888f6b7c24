/**
 * What happens on the tablet once a signing is complete and the desk has planned another one of the same document.
 *
 * Before: `recovery.ts` has made the request that follows, waiting like any other. After: it is on the same tablet at once. Where it may
 * not be (no pen, nothing may be signed any more, a full disk), it waits at the desk, and the packet before it stays as it is. Never throws for that.
 */
import { CONSENT_VERSION } from '#kiosk/protocol/consent.ts';
import { STATION } from './audit-log.ts';
import { unfitOf } from './fitness.ts';
import { turnOf } from './plan.ts';
import { settlePending } from './recovery.ts';
import { release, type Station } from './station.ts';
import { refusalsOf, type Visit } from './visits.ts';

type Ended = Pick<Visit, 'consent' | 'exception' | 'refusals' | 'refusalsBefore'>;

/**
 * @param id of the request that is completed; its tablet is free
 * @param visit that has ended: somebody who signs once more is not asked for consent again, and what the desk chose for them counts
 */
export function goOn(station: Station, id: string, visit: Ended): void {
  const next = station.requests.following(id);
  if (next === null) return;
  try {
    release(station, next, STATION);
    carry(station, next, visit);
  } catch (error) {
    // whatever it was, the signature before is safe, and its guest is thanked
    station.log(`request ${next}, which follows ${id}: ${(error as Error).message}`);
  }
}

/**
 * Finishes what a full disk stopped between the outbox and `station.db`, of whatever tablet: its guest's turn is over, and the next one is on it.
 * @returns the request that was completed, or null
 */
export function settleInterrupted(station: Station): string | null {
  const id = settlePending(station);
  if (id === null) return null;
  station.notices.clear('DISK_FULL');
  const { tablet } = station.requests.get(id);
  const visit = tablet === null ? null : station.visits.on(tablet);
  if (tablet === null || visit?.request !== id) return id;
  station.visits.end(tablet);
  goOn(station, id, visit);
  return id;
}

/** To the same person alone, and never the choice without the consent: a page that comes anew is somebody else's and drops both. */
function carry(station: Station, id: string, before: Ended): void {
  const { tablet, plan } = station.requests.get(id);
  const { consent } = before;
  const visit = tablet === null ? null : station.visits.on(tablet);
  if (visit === null || plan === null || consent === null || turnOf(plan).handover) return;
  // first on the trail: what is not there was not agreed to
  station.requests.note(id, { actor: STATION, action: 'consent.carried', details: { language: consent.language, version: CONSENT_VERSION, sha256: consent.sha256 } });
  visit.consent = consent;
  if (before.exception === null) return;
  const refusalsBefore = refusalsOf(before);
  station.requests.note(id, { actor: STATION, action: 'exception.carried', details: { reason: before.exception.reason, refusals: unfitOf(refusalsBefore).join(', ') } });
  Object.assign(visit, { exception: before.exception, refusalsBefore });
}
