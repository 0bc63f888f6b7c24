/**
 * The audit trail: what happened, in order, each event holding the SHA-256 of the one before it.
 *
 * The hash of an event is SHA-256 over its canonical JSON (RFC 8785) without the member `hash`. Changing, removing,
 * inserting or reordering events breaks the chain, and `verifyTrail` says where.
 *
 * What a chain alone does not show: events cut off at its end, or a whole chain written anew by someone who may
 * write. Both are shown by what signs its head: in a packet, the container's signature over `audit.json`.
 *
 * Before: the station makes events. After: `audit-file.ts` puts them into the packet. Nothing here touches a disk.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import { PacketError } from './errors.ts';

/** One thing that happened. The JSON schema is `audit.schema.json`. */
export interface AuditEvent {
  /** From 1, without gaps. */
  number: number;
  /** RFC 3339, UTC. */
  at: string;
  /** How the time is known: `system`, `ntp`, … */
  timeSource: string;
  actor: {
    kind: 'guest' | 'companion' | 'staff' | 'desk' | 'station' | 'print-client' | 'examiner';
    /** As claimed, or null. */
    name: string | null;
    /** False while `name` is only a claim. */
    authenticated: boolean;
  };
  /** What happened, e.g. `document.shown`. */
  action: string;
  /** Where it was noted. Left out in events of programs before version 2 of the schema. */
  origin?: EventOrigin;
  /** The signing request it belongs to, or null. */
  request: string | null;
  /** Facts about the event. No biometrics; a personal detail that must be erasable only as `pseudonym` writes it. */
  details: Record<string, string | number | boolean | null>;
  /** SHA-256 (hex) of the event before; 64 zeros for the first. */
  previous: string;
  /** SHA-256 (hex) of this event's canonical JSON without this member. */
  hash: string;
}

export interface EventOrigin {
  /** `tenant/site/station`, as in certificates and object keys. */
  station: string;
  /** Program and version. */
  software: string;
  /** What the actor used: `tablet:<id>`, `desk`, `printer:<id>`; `station` where the station did it by itself. */
  device: string;
}

/**
 * A personal detail that the trail itself names only by a salted hash, so that it can be erased later without breaking the chain:
 * once salt and value are gone, nobody can tell what was hashed.
 */
export interface Disclosed {
  is: 'print-user' | 'print-client-address';
  value: string;
  /** Random, of this request alone; 32 hex digits, always as many, or a part of the value could be told as salt. */
  salt: string;
}

export interface TrailCheck {
  intact: boolean;
  /** How many events there are. */
  events: number;
  /** One sentence for each break, naming the event. */
  problems: string[];
}

const BEFORE_FIRST = '0'.repeat(64);

/**
 * The event that follows `previous`; pass null for the first of a trail. Neither argument is changed.
 * @throws PacketError TRAIL_BROKEN if `previous` does not carry its own hash: nothing may be chained to it.
 * @throws TypeError if the event holds what JSON cannot (NaN, lone surrogates).
 */
export function appendEvent(previous: AuditEvent | null, event: Omit<AuditEvent, 'number' | 'previous' | 'hash'>): AuditEvent {
  if (previous !== null && previous.hash !== eventHash(previous)) {
    throw new PacketError('TRAIL_BROKEN', `Event ${previous.number} of the audit trail was changed after it was written; nothing can follow it. Keep the trail as it is and start a new one.`);
  }
  const chained = { ...event, number: (previous?.number ?? 0) + 1, previous: previous?.hash ?? BEFORE_FIRST };
  return { ...chained, hash: eventHash(chained) };
}

/** Checks a whole trail from its first event. An empty trail is intact. */
export function verifyTrail(events: readonly AuditEvent[]): TrailCheck {
  const problems = events.flatMap((event, index) => {
    const before = events[index - 1];
    const found: string[] = [];
    if (event.number !== index + 1) found.push(`Event ${index + 1} carries the number ${event.number}.`);
    if (event.previous !== (before?.hash ?? BEFORE_FIRST)) found.push(`Event ${index + 1} does not follow the one before it.`);
    if (event.hash !== eventHash(event)) found.push(`Event ${index + 1} was changed.`);
    return found;
  });
  return { intact: problems.length === 0, events: events.length, problems };
}

/** How a personal detail stands in a trail: `sha256:` and SHA-256 (hex) over the salt's hex digits and then the value, both as UTF-8. */
export function pseudonym(salt: string, value: string): string {
  return `sha256:${createHash('sha256').update(salt).update(value).digest('hex')}`;
}

/** Disclosed details that no event of the trail names, one sentence each: whoever discloses may not add to what happened. */
export function checkDisclosed(disclosed: readonly Disclosed[], events: readonly AuditEvent[]): string[] {
  const named: Record<Disclosed['is'], Set<unknown>> = {
    'print-user': new Set(events.map(({ actor }) => actor.name)), 'print-client-address': new Set(events.flatMap(({ details }) => Object.values(details))),
  };
  return disclosed.filter(({ is, salt, value }) => !named[is].has(pseudonym(salt, value))).map(({ is }) => `No event names the ${is} that is disclosed.`);
}

/** Over exactly the members of the schema; `audit-file.ts` refuses any other before it comes here. */
function eventHash({ number, at, timeSource, actor, action, origin, request, details, previous }: Omit<AuditEvent, 'hash'>): string {
  const { kind, name, authenticated } = actor;
  const hashed = { number, at, timeSource, actor: { kind, name, authenticated }, action, request, details, previous };
  const text = canonicalJson(origin === undefined ? hashed : { ...hashed, origin: { station: origin.station, software: origin.software, device: origin.device } });
  return createHash('sha256').update(text).digest('hex');
}
