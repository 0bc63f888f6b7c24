/**
 * Closes each day of the station's own trail: a head, signed by the device key, into the outbox. Made when the first upkeep of another day,
 * or a stop, finds events of a day before; days that the station was off come after, one by one, since the trail has them.
 *
 * Exactly one for each day, whatever a crash leaves: the signed head is noted in `station.db` before the outbox gets it, and where the
 * trail stands moves on only after. Put again, the same bytes change nothing there.
 * Before: `audit-log.ts`. After: the sync-agent; `packet/audit-head.ts` says what a head shows.
 */
import { createHash } from 'node:crypto';
import type { AuditEvent } from '#packet/audit.ts';
import { BEFORE_FIRST_HEAD, dayOf, makeHead } from '#packet/audit-head.ts';
import { SOFTWARE } from './software.ts';
import type { Station } from './station.ts';

type Parts = Pick<Station, 'settings' | 'keys' | 'meta' | 'audit' | 'outbox'>;
type Running = Parts & Pick<Station, 'database' | 'inTurn'>;

/** A day of more is closed with as many heads as it takes, so that one stays small. */
const EVENTS_IN_HEAD = 20_000;

/** Every day that has ended, between two signatures: nobody else puts a head meanwhile. @throws SyncError; it is tried again at the next upkeep */
export async function closeDays(station: Running): Promise<void> {
  if (!isDue(station, new Date())) return;
  await station.inTurn(async () => {
    while (station.database.open && await closeDay(station));
  });
}

function isDue({ meta, audit }: Parts, now: Date): boolean {
  const [next] = audit.stationEventsAfter((meta.heads ?? BEFORE_FIRST_HEAD).through, 1);
  return meta.pendingHead !== null || (next !== undefined && dayOf(next.at) !== dayOf(now.toISOString()));
}

/** Closes the oldest day that has ended and is not closed. @returns whether there was one */
export async function closeDay(parts: Parts, now = new Date()): Promise<boolean> {
  // until a station is enrolled, nobody could check its signature, and there is nothing to wrap for
  if (parts.keys.awaiting !== null) return false;
  const pending = parts.meta.pendingHead ?? await signHead(parts, now);
  if (pending === null) return false;
  const { tenant, site, station } = parts.settings;
  const bytes = Buffer.from(pending.cms, 'base64');
  const number = String(pending.after.number);
  await parts.outbox.put({
    id: `head-${number}`, destination: 'head', bytes,
    key: `${tenant}/${site}/heads/${pending.day.slice(0, 4)}/${station}-${pending.day}-${number}.p7s.esdk`,
    context: { tenant, site, head: number, purpose: 'head', sha256: createHash('sha256').update(bytes).digest('hex') },
  });
  parts.meta.headDelivered(pending.after);
  return true;
}

async function signHead({ settings, keys, meta, audit }: Parts, now: Date): Promise<Parts['meta']['pendingHead']> {
  if (keys.awaiting !== null) return null;
  const before = meta.heads ?? BEFORE_FIRST_HEAD;
  const events = endedDay(audit, before.through, dayOf(now.toISOString()));
  if (events === null) return null;
  const { tenant, site, station: name } = settings;
  const { bytes, head, after } = makeHead({ station: { tenant, site, name, software: SOFTWARE }, demo: keys.demo, closedAt: now.toISOString() }, before, events);
  const { buildSignedData } = await import('#biometrics/cms.ts');
  const cms = await buildSignedData({ content: bytes, signer: keys.device, signingTime: now });
  const pending = { day: head.day, cms: Buffer.from(cms).toString('base64'), after };
  meta.pendingHead = pending;
  return pending;
}

/** The first day after event `through`, whole; null while that is today, by a clock that may have been set back too. */
function endedDay(audit: Parts['audit'], through: number, today: string): [AuditEvent, ...AuditEvent[]] | null {
  const [first] = audit.stationEventsAfter(through, 1);
  if (first === undefined || dayOf(first.at) === today) return null;
  const events = audit.stationEventsAfter(through, EVENTS_IN_HEAD);
  const next = events.findIndex(({ at }) => dayOf(at) !== dayOf(first.at));
  return [first, ...events.slice(1, next === -1 ? events.length : next)];
}
