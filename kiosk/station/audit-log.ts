/**
 * The audit trails of the station, in `station.db`: one hash chain per request, which goes into its packet,
 * and one of the station itself, which notes where each of the others begins and ends. A request's trail
 * that is removed as a whole therefore shows in the station's.
 *
 * Before: every part of the station that does something. After: `packet/audit.ts` chains and verifies.
 * Events hold no name of a guest, no title and no text, since they are never erased; a print user and the address
 * of a print client appear as salted hashes, and of a request the salt is erased with its other details. `heads.ts` signs where
 * the station's own trail stands.
 */
import { appendEvent, pseudonym, type AuditEvent, type EventOrigin } from '#packet/audit.ts';
import type { Role } from '#kiosk/protocol/messages.ts';
import type { StationDatabase } from './database.ts';
import { systemTime } from './time.ts';

export type Actor = AuditEvent['actor'];
export interface Entry {
  actor: Actor;
  action: string;
  details?: AuditEvent['details'];
  /** Of `EventOrigin`; left out: `desk` for the desk, else `station`. */
  device?: string;
}

export const STATION: Actor = { kind: 'station', name: null, authenticated: true };
export const GUEST: Actor = signer('guest');
/** Whoever is at the tablet, by whose signature is asked for. */
export function signer(role: Role): Actor {
  return { kind: role, name: null, authenticated: false };
}

const STATION_TRAIL = 'station';

export class AuditLog {
  readonly #database: StationDatabase;
  readonly #salt: string;
  readonly #origin: Omit<EventOrigin, 'device'>;

  constructor(database: StationDatabase, salt: string, origin: Omit<EventOrigin, 'device'>) {
    this.#database = database;
    this.#salt = salt;
    this.#origin = origin;
  }

  /** Appends to the station's own trail. Takes part in the caller's transaction. */
  note(entry: Entry): void {
    this.#append(STATION_TRAIL, null, entry);
  }

  /** Appends to a request's trail; the first event is anchored in the station's. Takes part in the caller's transaction. */
  append(request: string, entry: Entry): void {
    const event = this.#append(request, request, entry);
    if (event.number === 1) this.note({ actor: STATION, action: 'trail.opened', details: { request, head: event.hash } });
  }

  /** Anchors the end of a request's trail as it stands now. */
  anchor(request: string, how: { state: string; packetSha256: string | null }): void {
    const head = this.#last(request);
    if (head !== null) this.note({ actor: STATION, action: 'trail.closed', details: { request, ...how, events: head.number, head: head.hash } });
  }

  events(request: string): AuditEvent[] {
    return this.#read(request);
  }

  stationEvents(): AuditEvent[] {
    return this.#read(STATION_TRAIL);
  }

  /** At most `most` events of the station's own trail after a number. */
  stationEventsAfter(number: number, most: number): AuditEvent[] {
    const rows = this.#database.prepare('SELECT event FROM events WHERE trail = ? AND number > ? ORDER BY number LIMIT ?').pluck().all(STATION_TRAIL, number, most) as string[];
    return rows.map((row) => JSON.parse(row) as AuditEvent);
  }

  /** Of a job that became no request: by the station's own salt, so that one user's refused jobs can be told to be one's. */
  printUser(claimed: string): Actor {
    return { kind: 'print-client', name: pseudonym(this.#salt, claimed), authenticated: false };
  }

  #append(trail: string, request: string | null, { actor, action, details = {}, device = actor.kind === 'desk' ? 'desk' : 'station' }: Entry): AuditEvent {
    const { at, source } = systemTime();
    const event = appendEvent(this.#last(trail), { at, timeSource: source, actor, action, origin: { ...this.#origin, device }, request, details });
    this.#database.prepare('INSERT INTO events (trail, number, event) VALUES (?, ?, ?)').run(trail, event.number, JSON.stringify(event));
    return event;
  }

  #last(trail: string): AuditEvent | null {
    const row = this.#database.prepare('SELECT event FROM events WHERE trail = ? ORDER BY number DESC LIMIT 1').pluck().get(trail) as string | undefined;
    return row === undefined ? null : (JSON.parse(row) as AuditEvent);
  }

  #read(trail: string): AuditEvent[] {
    const rows = this.#database.prepare('SELECT event FROM events WHERE trail = ? ORDER BY number').pluck().all(trail) as string[];
    return rows.map((row) => JSON.parse(row) as AuditEvent);
  }
}
