/**
 * What happens on the tablet once a signing is complete and the desk has planned another one of the same document.
 *
 * Before: `recovery.ts` has made the request that follows, waiting like any other. After: it is on the same tablet at once. Where it may
 * not be (no pen, nothing may be signed any more), it waits at the desk, and the packet before it stays as it is.
 */
import { CONSENT_VERSION } from '#kiosk/protocol/consent.ts';
import { STATION } from './audit-log.ts';
import { StationError } from './errors.ts';
import { turnOf } from './plan.ts';
import { release, type Station } from './station.ts';
import type { Consent } from './visits.ts';

/**
 * @param id of the request that is completed; its tablet is free
 * @param consent given there: somebody who signs once more is not asked again
 */
export function goOn(station: Station, id: string, consent: Consent | null): void {
  const next = station.requests.following(id);
  if (next === null) return;
  try {
    release(station, next, STATION);
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    return station.log(`request ${next} waits at the desk: ${error.message}`);
  }
  const { tablet, plan } = station.requests.get(next);
  const visit = tablet === null ? null : station.visits.on(tablet);
  if (visit === null || plan === null || consent === null || turnOf(plan).handover) return;
  visit.consent = consent;
  station.requests.note(next, { actor: STATION, action: 'consent.carried', details: { language: consent.language, version: CONSENT_VERSION, sha256: consent.sha256 } });
}
