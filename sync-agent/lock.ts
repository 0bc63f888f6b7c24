/**
 * One agent per data folder. The lock is the database engine's own lock on an empty file: the operating system lets go
 * of it when the process ends, however it ends.
 */
import Database from 'better-sqlite3';
import { SyncError } from './errors.ts';

/**
 * @returns what lets go of the lock
 * @throws SyncError `AGENT_RUNNING`, `OUTBOX_FAILED`
 */
export function lockForAgent(path: string): () => void {
  try {
    const database = new Database(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError)) throw cause;
    if (cause.code === 'SQLITE_BUSY') throw new SyncError('AGENT_RUNNING', `Another sync-agent works on ${path}. Stop it first.`, { cause });
    throw new SyncError('OUTBOX_FAILED', `${path} cannot be locked: ${cause.message}`, { cause });
  }
}
