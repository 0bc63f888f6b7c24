/** The time as this machine knows it, and how far that can be trusted: a claim, no proof (RFC 3161 stamps come later). */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface KnownTime {
  /** RFC 3339, UTC, ms. */
  at: string;
  source: 'system';
  /** Whether the machine says that its clock follows a time server; null where it does not say. */
  synchronised: boolean | null;
  /** The last synchronisation the machine tells of; it does not tell the server. */
  lastSync: { at: string; server: null } | null;
  /** Names this run of the operating system: two times with one id are of one clock. */
  bootId: string | null;
}

/** systemd-timesyncd touches it at every synchronisation (systemd-timesyncd.service(8), Files); other daemons say nothing here. */
const SYNCHRONISED = '/run/systemd/timesync/synchronized';

const bootId = readIfThere('/proc/sys/kernel/random/boot_id');

export function systemTime(now = new Date()): KnownTime {
  const lastSync = changedAt(SYNCHRONISED);
  const synchronised = existsSync(dirname(SYNCHRONISED)) ? lastSync !== null : null;
  return { at: now.toISOString(), source: 'system', synchronised, lastSync: lastSync === null ? null : { at: lastSync, server: null }, bootId };
}

/** The day there, as ISO 8601 writes it: `2026-11-27` is read in one way only, in every language. @param timeZone an IANA name */
export function dayIn(timeZone: string, at: Date): string {
  const parts = new Map(new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}

function changedAt(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false })?.mtime.toISOString() ?? null;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
