/**
 * A mistake after completion: the packet stays as it is, and a statement that it is void follows it to the store, signed by the device key.
 * It names the packet by its hash, so that it cannot be held against another.
 *
 * Whoever is at the desk may: it is the hotel's word against its own document, deletes nothing, and does not make a signature invalid. Its
 * actor is a claim until staff log-in exists. A station that may sign no more for guests (`capture-allowed.ts`) may still say that what it
 * signed was a mistake; whether its certificate was good then is for whoever reads the statement.
 *
 * Before: `routes.ts`, for the desk. After: the sync-agent. The trail says so first, and the statement repeats the trail; where a crash
 * came between, the desk asks again. It has the reason's code and no name of a guest.
 */
import { createHash } from 'node:crypto';
import type { Signer } from '#biometrics/signer.ts';
import type { VoidReason } from '#kiosk/protocol/states.ts';
import type { AuditEvent } from '#packet/audit.ts';
import { StationError } from './errors.ts';
import { SOFTWARE } from './software.ts';
import { deskActor, type Station } from './station.ts';
import { trailChanged } from './trail-facts.ts';

/** Said once more, it changes nothing: the first reason stays. @throws StationError `NOT_NOW`, `CAPTURE_NOT_ALLOWED`; SyncError where the outbox does not take it */
export async function voidPacket(station: Station, id: string, reason: VoidReason): Promise<void> {
  const packetSha256 = station.requests.get(id).state === 'completed' ? station.outbox.contentSha256Of(id) : null;
  if (packetSha256 === null) throw new StationError('NOT_NOW', 'Only a signed document can be declared void. Cancel the others instead.');
  if (station.keys.awaiting !== null) throw new StationError('CAPTURE_NOT_ALLOWED', 'This station waits for its enrolment and signs nothing yet.');
  const { device, demo } = station.keys;
  await station.inTurn(async () => {
    const event = voidedIn(station, id) ?? noteVoid(station, id, { packetSha256, reason });
    trailChanged(station, id);
    if (!station.outbox.has(`void-${id}`)) await ship(station, event, device, demo);
    station.events.emit('changed');
    station.events.emit('delivered');
  });
}

function voidedIn(station: Station, id: string): AuditEvent | null {
  return station.audit.events(id).find(({ action }) => action === 'packet.voided') ?? null;
}

/** In the request's trail, and in the station's own, which a head closes. */
function noteVoid(station: Station, id: string, what: { packetSha256: string; reason: VoidReason }): AuditEvent {
  const entry = { actor: deskActor(station), action: 'packet.voided', details: { request: id, ...what } };
  station.database.transaction(() => {
    station.requests.note(id, entry);
    station.audit.note(entry);
  }).immediate();
  return voidedIn(station, id) as AuditEvent;
}

async function ship({ settings, outbox }: Station, { at, timeSource, actor, details, number, hash }: AuditEvent, device: Signer, demo: boolean): Promise<void> {
  const { tenant, site, station: name } = settings;
  const request = String(details['request']);
  const statement = {
    format: 'countersign-void', version: 1, station: { tenant, site, name, software: SOFTWARE }, demo,
    ...details, at, timeSource, by: actor, event: { number, hash },
  };
  const { buildSignedData } = await import('#biometrics/cms.ts');
  const content = new TextEncoder().encode(`${JSON.stringify(statement, null, 2)}\n`);
  const bytes = await buildSignedData({ content, signer: device, signingTime: new Date() });
  const [year, month] = at.split('-');
  await outbox.put({
    id: `void-${request}`, destination: 'void', bytes, key: `${tenant}/${site}/voids/${year}/${month}/${request}.p7s.esdk`,
    context: { tenant, site, packet: request, purpose: 'void', sha256: createHash('sha256').update(bytes).digest('hex') },
  });
}
