/** The time as this machine knows it, and how far that can be trusted: a claim, no proof (RFC 3161 stamps come later). */
import { existsSync, readFileSync } from 'node:fs';

export interface KnownTime {
  /** RFC 3339, UTC, ms. */
  at: string;
  source: 'system';
  /** Whether the machine says that its clock follows a time server; null where it does not say. */
  synchronised: boolean | null;
  /** Names this run of the operating system: two times with one id are of one clock. */
  bootId: string | null;
}

const bootId = readIfThere('/proc/sys/kernel/random/boot_id');

export function systemTime(now = new Date()): KnownTime {
  // systemd-timesyncd makes the second file at the first synchronisation after boot; other daemons say nothing here.
  const synchronised = existsSync('/run/systemd/timesync') ? existsSync('/run/systemd/timesync/synchronized') : null;
  return { at: now.toISOString(), source: 'system', synchronised, bootId };
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
