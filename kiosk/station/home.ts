/**
 * The data folder: private to its user, and of a version this program knows.
 *
 *   version      "1\n": layout of the folder and of `station.db`
 *   station.json what the hotel sets (`settings.ts`)
 *   station.db   requests, audit trails, sessions (`database.ts`), opened by the station alone
 *   outbox.db    packets on their way, in wrapped form (`sync-agent/outbox.ts`)
 *   keys/        `keys/`
 *   seal/        optional: an organisation's seal of an authority (`keys/signers/seal-folder.ts`)
 *   documents/   waiting documents and desk copies under the at-rest key (`documents.ts`)
 *   store/       the default store, laid out like the bucket
 *   calibrations.json maps from pens to displays (`pens/calibrations.ts`)
 *   control.sock `control-socket.ts`
 *
 * It does not protect from the machine's administrator.
 */
import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StationError } from './errors.ts';
import { MIGRATIONS } from './migrations/index.ts';

const BACKED_UP = ['version', 'station.json', 'station.db', 'station.db-wal', 'outbox.db', 'outbox.db-wal'];

/**
 * Makes or opens the data folder. An older one is copied to `backup-<version>/` first; its databases are
 * migrated when they are opened.
 * @throws StationError `HOME_NEWER`, `HOME_UNUSABLE`
 */
export function prepareHome(home: string, version = MIGRATIONS.length): { migratedFrom: number | null } {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    chmodSync(home, 0o700);
    const found = readVersion(home);
    if (found !== null && found > version) {
      throw new StationError('HOME_NEWER', `The data folder ${home} has version ${found}; this program knows up to ${version}. Start the newer Countersign, or name another folder with --home.`);
    }
    if (found !== null && found < version) backUp(home, found);
    if (found !== version) writeVersion(home, version);
    return { migratedFrom: found !== null && found < version ? found : null };
  } catch (cause) {
    if (cause instanceof StationError) throw cause;
    throw new StationError('HOME_UNUSABLE', `The data folder ${home} cannot be used: ${(cause as Error).message}. Check its owner and that its disk has room, or name another folder with --home.`, { cause });
  }
}

function readVersion(home: string): number | null {
  const path = join(home, 'version');
  if (!existsSync(path)) {
    if (existsSync(join(home, 'station.db'))) throw new StationError('HOME_UNUSABLE', `${path} is missing although there is data. Restore it from a backup; it holds the folder's version number.`);
    return null;
  }
  const version = Number(readFileSync(path, 'utf8').trim());
  if (!Number.isInteger(version) || version < 1) throw new StationError('HOME_UNUSABLE', `${path} does not hold a version number. Restore it from a backup.`);
  return version;
}

/** No station runs here now, so the files stand still; the write-ahead log is a part of its database. */
function backUp(home: string, version: number): void {
  const folder = join(home, `backup-${version}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of BACKED_UP) {
    if (existsSync(join(home, name))) copyFileSync(join(home, name), join(folder, name));
  }
}

function writeVersion(home: string, version: number): void {
  const path = join(home, 'version');
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeSync(file, `${version}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}
