/**
 * The daily head of a station's own trail: which events a day had, which requests ended, and which packets came of them.
 *
 * Each head names the one before it by hash, and its first event follows the other's last. Signed by the device key and kept elsewhere,
 * heads show what a chain alone does not: events cut off at its end, a trail written anew, and a request that vanished whole.
 * What happened since the last head is not shown. A day without events has no head; numbers have no gaps all the same.
 *
 * Before: the station chooses the events. After: the device key signs the bytes (CMS, enveloping), the outbox ships them.
 * `openssl cms -verify -inform DER -purpose any -CAfile ROOT -in HEAD` checks one and writes the JSON.
 */
import { createHash } from 'node:crypto';
import type { AuditEvent } from './audit.ts';
import type { AuditOrigin } from './audit-file.ts';

export interface AuditHead {
  format: 'countersign-audit-head';
  version: 1;
  station: NonNullable<AuditOrigin['station']>;
  demo: boolean;
  /** From 1, without gaps. */
  number: number;
  /** SHA-256 (hex) of the bytes of the head before; null for the first. */
  previous: string | null;
  /** The day of all its events, UTC, and when it was closed; both by the station's clock. */
  day: string;
  closedAt: string;
  /** `previous` is the hash that the first event names as the one before it. */
  first: { number: number; previous: string };
  last: { number: number; hash: string };
  /** Requests that ended that day; `head` is the hash of their last event, `packetSha256` of the packet, where one came of it. */
  ended: { request: string; state: string | null; events: number; head: string; packetSha256: string | null }[];
}

/** What the next head goes on from; nulls and 0 before the first. */
export interface HeadChain { number: number; sha256: string | null; through: number }

export const BEFORE_FIRST_HEAD: HeadChain = { number: 0, sha256: null, through: 0 };

/**
 * @param events of one day, in order, following event `before.through`; at least one
 * @returns the head's bytes, and what the next one goes on from
 */
export function makeHead(
  about: Pick<AuditHead, 'station' | 'demo' | 'closedAt'>, before: HeadChain, events: readonly [AuditEvent, ...AuditEvent[]],
): { bytes: Uint8Array; head: AuditHead; after: HeadChain } {
  const first = events[0];
  const last = events.at(-1) ?? first;
  const head: AuditHead = {
    format: 'countersign-audit-head', version: 1, station: about.station, demo: about.demo,
    number: before.number + 1, previous: before.sha256, day: dayOf(first.at), closedAt: about.closedAt,
    first: { number: first.number, previous: first.previous }, last: { number: last.number, hash: last.hash },
    ended: events.filter(({ action }) => action === 'trail.closed').map(({ details }) => ({
      request: String(details['request']), state: textOrNull(details['state']), events: Number(details['events']), head: String(details['head']),
      packetSha256: textOrNull(details['packetSha256']),
    })),
  };
  const bytes = new TextEncoder().encode(`${JSON.stringify(head, null, 2)}\n`);
  return { bytes, head, after: { number: head.number, sha256: createHash('sha256').update(bytes).digest('hex'), through: last.number } };
}

/** The UTC day of an RFC 3339 time in UTC. */
export function dayOf(at: string): string {
  return at.slice(0, 10);
}

function textOrNull(value: string | number | boolean | null | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
