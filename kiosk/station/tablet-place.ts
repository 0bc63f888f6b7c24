/**
 * Where the tablet says it is, in the trail: only where the hotel wants it (`tabletPlace` of `station.json`), as coarse as it wants, once
 * in a visit. It is the tablet's word, and the browser's guess. That it did not say is noted too, and blocks nothing.
 *
 * Before: `guest-messages.ts` and, at Done, `complete.ts`. After: the audit trail.
 */
import { roundedPosition, type Position, type PositionLack } from '#kiosk/protocol/tablet-place.ts';
import { STATION, type Entry } from './audit-log.ts';
import type { SigningRequest } from './requests.ts';
import type { Station } from './station.ts';
import type { Visit } from './visits.ts';

const told = new WeakSet<Visit>();

export function notePosition(station: Station, { id, tablet }: SigningRequest, visit: Visit, position: Position | PositionLack): void {
  const { tabletPlace } = station.settings;
  if (tabletPlace === null || told.has(visit)) return;
  station.requests.note(id, { actor: { ...STATION, authenticated: false }, device: `tablet:${tablet ?? ''}`, ...said(position, tabletPlace.decimals) });
  told.add(visit);
}

function said(position: Position | PositionLack, decimals: number): Pick<Entry, 'action' | 'details'> {
  if (typeof position === 'string') return { action: 'place.unknown', details: { why: position, source: 'tablet' } };
  const { latitude, longitude, accuracy } = roundedPosition(position, decimals);
  return { action: 'place.told', details: { latitude, longitude, accuracyMetres: accuracy, source: 'tablet' } };
}
