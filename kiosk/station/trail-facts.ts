/**
 * What the desk is shown of a request's trail: the proof of identity that staff looked at, and whether its packet was declared void.
 *
 * Kept in memory, since the desk is shown everything anew with each change, and trails are long. The trail counts: after a start, and after
 * `trailChanged`, it is read again.
 * Before: `desk-commands.ts` and `void-packet.ts` write to the trail. After: `views.ts`.
 */
import { IDENTITY_PROOFS, VOID_REASONS, type IdentityProof, type VoidReason } from '#kiosk/protocol/states.ts';
import type { Station } from './station.ts';

export interface TrailFacts {
  /** The last one confirmed; null where staff confirmed none. */
  identity: IdentityProof | null;
  /** `at`: RFC 3339, the station's clock. */
  voided: { reason: VoidReason; at: string } | null;
}

const kept = new WeakMap<Station, Map<string, TrailFacts>>();
/** Far more than the desk shows; then all is read again. */
const MOST = 2_000;

export function trailFacts(station: Station, id: string): TrailFacts {
  const known = kept.get(station) ?? new Map<string, TrailFacts>();
  kept.set(station, known);
  const found = known.get(id) ?? read(station, id);
  if (known.size >= MOST) known.clear();
  known.set(id, found);
  return found;
}

/** Call where something of the kind was noted. */
export function trailChanged(station: Station, id: string): void {
  kept.get(station)?.delete(id);
}

function read(station: Station, id: string): TrailFacts {
  const events = station.audit.events(id);
  const seen = events.findLast(({ action }) => action === 'identity.confirmed')?.details['seen'];
  const voided = events.find(({ action }) => action === 'packet.voided');
  const reason = VOID_REASONS.find((each) => each === voided?.details['reason']);
  return { identity: IDENTITY_PROOFS.find((each) => each === seen) ?? null, voided: voided === undefined || reason === undefined ? null : { reason, at: voided.at } };
}
