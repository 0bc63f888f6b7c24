/**
 * `station.db`: requests, audit trails, sessions. Opened by the station alone, and locked so.
 *
 * WAL with `synchronous=FULL`: a committed change survives a power cut. `secure_delete` writes zeros over
 * what is deleted, and `scrub` empties the write-ahead log, where the old bytes would otherwise linger;
 * the blocks that the file system freed are the disk encryption's business.
 */
import Database from 'better-sqlite3';
import { StationError } from './errors.ts';
import { MIGRATIONS } from './migrations/index.ts';

export type StationDatabase = Database.Database;

/** @throws StationError `ALREADY_RUNNING`, `HOME_NEWER` */
export function openDatabase(path: string, migrations: readonly string[] = MIGRATIONS): StationDatabase {
  const database = new Database(path, { timeout: 200 });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('secure_delete = ON');
    database.pragma('foreign_keys = ON');
    migrate(database, migrations);
    return database;
  } catch (cause) {
    database.close();
    if ((cause as { code?: string }).code === 'SQLITE_BUSY') {
      throw new StationError('ALREADY_RUNNING', `Another station has ${path} open. Stop it first, or name another data folder with --home.`, { cause });
    }
    throw cause;
  }
}

/** Takes the lock, and keeps it: in exclusive mode the first write holds on. */
function migrate(database: StationDatabase, migrations: readonly string[]): void {
  database.transaction(() => {
    const version = database.pragma('user_version', { simple: true }) as number;
    if (version > migrations.length) {
      throw new StationError('HOME_NEWER', `${database.name} has version ${version}; this program knows up to ${migrations.length}. Start the newer Countersign.`);
    }
    for (const sql of migrations.slice(version)) database.exec(sql);
    database.pragma(`user_version = ${migrations.length}`);
  }).immediate();
}

/** Makes what was deleted gone from the write-ahead log too. */
export function scrub(database: StationDatabase): void {
  database.pragma('wal_checkpoint(TRUNCATE)');
}

/** True for the errors by which SQLite, the system and the outbox say that the disk is full. */
export function isDiskFull(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (code === 'SQLITE_FULL' || code === 'OUTBOX_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return true;
  }
  return false;
}
