/** Each tablet as a printer: what print clients are told of it. */
import { createHash } from 'node:crypto';
import type { PrinterInfo } from '#print-to-tab/job-store.ts';
import type { Station } from './station.ts';

export function printerInfos(station: Station): PrinterInfo[] {
  const full = station.requests.waiting() >= station.settings.limits.waitingRequests;
  const awaiting = station.keys.awaiting !== null;
  return station.settings.tablets.map(({ id, name }) => ({
    id,
    name: `${name} (Countersign)`,
    uuid: uuidOf(station.meta.installation, id),
    location: station.settings.hotel,
    accepting: !full && !awaiting,
    state: awaiting ? 'stopped' : 'idle',
    // RFC 8011 section 5.4.12: "paused" is the nearest to one that has not been put into service
    reasons: awaiting ? ['paused'] : full ? ['spool-area-full'] : [],
  }));
}

/** A name-based UUID (RFC 9562, version 8): the same for a tablet as long as this data folder lives. */
function uuidOf(installation: string, tablet: string): string {
  const hash = createHash('sha256').update(`${installation} ${tablet}`).digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x80;
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
