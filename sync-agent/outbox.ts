/**
 * The outbox: what waits to be stored elsewhere, already wrapped, in `outbox.db`.
 *
 * The commit of a row is the moment of completion: WAL with synchronous=FULL flushes it before `put` returns. It is
 * the only channel between the station (puts, reads status) and the agent (claims, receipts). Nothing is ever
 * discarded: an item that fails is tried again for ever, at longer and longer intervals. A delivered row keeps no bytes.
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { sha256OfLarge } from '#keys/slices.ts';
import { SyncError } from './errors.ts';
import type { Wrapper } from './wrap.ts';

export interface OutboxItem {
  id: string;
  /** `head`: a day of a station's trail, signed; `void`: that a packet was a mistake, signed; `addendum`: a time-stamp that came after a packet. */
  destination: 'packet' | 'file' | 'event' | 'head' | 'void' | 'addendum';
  /** Object key in the store. */
  key: string;
  bytes: Uint8Array;
  /** Authenticated by the envelope, readable in it: no guest's name. */
  context: Record<string, string>;
}

export interface OutboxStatus {
  /** Not yet tried. */
  waiting: number;
  /** Tried, and to be tried again. */
  retrying: number;
  delivered: number;
  /** Of the latest failure among those that are still to be delivered. */
  lastError: string | null;
}

/** An item as the agent gets it. */
export interface ClaimedItem {
  id: string;
  destination: OutboxItem['destination'];
  key: string;
  envelope: Uint8Array;
  /** Of the envelope, lower-case hex. */
  sha256: string;
  /** How often it failed so far. */
  attempts: number;
}

/** What the store said when it had the object. Kept in the row for good. */
export interface Receipt {
  store: string;
  location: string;
  sha256: string;
  /** RFC 3339 UTC */
  at: string;
  /** True where an earlier attempt had stored it without this station hearing of it. */
  alreadyThere: boolean;
}

const MIGRATIONS = [
  `CREATE TABLE item (
     number INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     destination TEXT NOT NULL CHECK (destination IN ('packet', 'file', 'event')),
     key TEXT NOT NULL,
     content_sha256 TEXT NOT NULL,
     envelope_sha256 TEXT NOT NULL,
     envelope BLOB,
     put_at TEXT NOT NULL,
     attempts INTEGER NOT NULL DEFAULT 0,
     next_at INTEGER NOT NULL DEFAULT 0,
     failed_at INTEGER,
     error TEXT,
     receipt TEXT,
     CHECK ((receipt IS NULL) = (envelope IS NOT NULL))
   ) STRICT;
   CREATE INDEX item_due ON item (next_at, number) WHERE receipt IS NULL;`,
  // more destinations: SQLite changes no CHECK of a table that is there (sqlite.org/lang_altertable.html, section 7)
  `CREATE TABLE item_2 (
     number INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     destination TEXT NOT NULL CHECK (destination IN ('packet', 'file', 'event', 'head', 'void')),
     key TEXT NOT NULL,
     content_sha256 TEXT NOT NULL,
     envelope_sha256 TEXT NOT NULL,
     envelope BLOB,
     put_at TEXT NOT NULL,
     attempts INTEGER NOT NULL DEFAULT 0,
     next_at INTEGER NOT NULL DEFAULT 0,
     failed_at INTEGER,
     error TEXT,
     receipt TEXT,
     CHECK ((receipt IS NULL) = (envelope IS NOT NULL))
   ) STRICT;
   INSERT INTO item_2 SELECT * FROM item;
   DROP TABLE item;
   ALTER TABLE item_2 RENAME TO item;
   CREATE INDEX item_due ON item (next_at, number) WHERE receipt IS NULL;`,
  `CREATE TABLE item_3 (
     number INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     destination TEXT NOT NULL CHECK (destination IN ('packet', 'file', 'event', 'head', 'void', 'addendum')),
     key TEXT NOT NULL,
     content_sha256 TEXT NOT NULL,
     envelope_sha256 TEXT NOT NULL,
     envelope BLOB,
     put_at TEXT NOT NULL,
     attempts INTEGER NOT NULL DEFAULT 0,
     next_at INTEGER NOT NULL DEFAULT 0,
     failed_at INTEGER,
     error TEXT,
     receipt TEXT,
     CHECK ((receipt IS NULL) = (envelope IS NOT NULL))
   ) STRICT;
   INSERT INTO item_3 SELECT * FROM item;
   DROP TABLE item;
   ALTER TABLE item_3 RENAME TO item;
   CREATE INDEX item_due ON item (next_at, number) WHERE receipt IS NULL;`,
];

const BUSY_TIMEOUT_MS = 10_000;
/** The write-ahead log of one large packet is cut back to this. */
const WAL_LIMIT_BYTES = 16 * 1024 * 1024;

export class Outbox {
  readonly #database: Database.Database;
  readonly #wrapper: Wrapper | null;

  private constructor(database: Database.Database, wrapper: Wrapper | null) {
    this.#database = database;
    this.#wrapper = wrapper;
  }

  /**
   * Opens the file, or makes it.
   * @param options.wrap null for the agent, which never puts
   * @throws SyncError `OUTBOX_NEWER`, `OUTBOX_FULL`, `OUTBOX_FAILED`
   */
  static open(path: string, options: { wrap: Wrapper | null }): Outbox {
    if (!existsSync(dirname(path))) throw new SyncError('OUTBOX_FAILED', `The outbox cannot be opened: the folder of ${path} is not there.`);
    return orThrow(() => {
      const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
      database.pragma('auto_vacuum = INCREMENTAL');
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
      migrate(database);
      return new Outbox(database, options.wrap);
    });
  }

  /**
   * Wraps in memory and commits one row; on return the item survives a power cut. The same item again changes nothing.
   * @throws SyncError `OUTBOX_CONFLICT`, `OUTBOX_FULL`, `OUTBOX_FAILED`, `KMS_REFUSED`, `KMS_AWAY`
   */
  async put(item: OutboxItem): Promise<void> {
    if (this.#wrapper === null) throw new TypeError('This outbox was opened for the agent: it cannot wrap.');
    const contentSha256 = await sha256OfLarge(item.bytes);
    if (this.#holds(item.id, contentSha256)) return;
    const envelope = await this.#wrapper.wrap(item.bytes, item.context);
    const envelopeSha256 = await sha256OfLarge(envelope);
    orThrow(() => this.#database.prepare(`
      INSERT INTO item (id, destination, key, content_sha256, envelope_sha256, envelope, put_at)
      VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    ).run(item.id, item.destination, item.key, contentSha256, envelopeSha256, envelope, new Date().toISOString()));
    this.#holds(item.id, contentSha256);
  }

  has(id: string): boolean {
    return this.statusOf(id) !== 'none';
  }

  statusOf(id: string): 'none' | 'waiting' | 'retrying' | 'delivered' {
    const row = this.#get<{ state: 'waiting' | 'retrying' | 'delivered' }>(`SELECT ${STATE} AS state FROM item WHERE id = ?`, id);
    return row?.state ?? 'none';
  }

  /** SHA-256 (hex) of what was put, before it was wrapped; null where there is no such item. */
  contentSha256Of(id: string): string | null {
    return this.#get<{ content_sha256: string }>('SELECT content_sha256 FROM item WHERE id = ?', id)?.content_sha256 ?? null;
  }

  status(): OutboxStatus {
    const rows = this.#all<{ state: 'waiting' | 'retrying' | 'delivered'; count: number }>(`SELECT ${STATE} AS state, count(*) AS count FROM item GROUP BY state`);
    const count = (state: string) => rows.find((row) => row.state === state)?.count ?? 0;
    const last = this.#get<{ error: string }>('SELECT error FROM item WHERE receipt IS NULL AND error IS NOT NULL ORDER BY failed_at DESC LIMIT 1');
    return { waiting: count('waiting'), retrying: count('retrying'), delivered: count('delivered'), lastError: last?.error ?? null };
  }

  /** The receipt of a delivered item, or null. */
  receiptOf(id: string): Receipt | null {
    const row = this.#get<{ receipt: string | null }>('SELECT receipt FROM item WHERE id = ?', id);
    return row?.receipt == null ? null : JSON.parse(row.receipt) as Receipt;
  }

  /**
   * The item that is due longest, or null. A claim is not written down: after a crash the item is simply due again.
   * @param now milliseconds since 1970
   * @param except items the caller is already working on
   */
  claim(now: number, except: ReadonlySet<string> = new Set()): ClaimedItem | null {
    const due = this.#all<{ id: string }>('SELECT id FROM item WHERE receipt IS NULL AND next_at <= ? ORDER BY next_at, number LIMIT ?', now, except.size + 1);
    const next = due.find(({ id }) => !except.has(id));
    if (next === undefined) return null;
    return this.#get<ClaimedItem>('SELECT id, destination, key, envelope, envelope_sha256 AS sha256, attempts FROM item WHERE id = ?', next.id) ?? null;
  }

  /** The store has it: keeps the receipt and drops the bytes, in one commit. @throws SyncError `OUTBOX_FULL`, `OUTBOX_FAILED` */
  receipt(id: string, receipt: Receipt): void {
    orThrow(() => {
      this.#database.prepare('UPDATE item SET receipt = ?, envelope = NULL, error = NULL WHERE id = ?').run(JSON.stringify(receipt), id);
      this.#database.pragma('incremental_vacuum');
    });
  }

  /** It did not go: tried again at `nextAt` (milliseconds since 1970). @throws SyncError `OUTBOX_FULL`, `OUTBOX_FAILED` */
  fail(id: string, error: string, nextAt: number): void {
    orThrow(() => this.#database.prepare(
      'UPDATE item SET attempts = attempts + 1, error = ?, failed_at = ?, next_at = ? WHERE id = ? AND receipt IS NULL',
    ).run(error, Date.now(), nextAt, id));
  }

  /** Everything not yet delivered is due at once, whatever it was told to wait for. @throws SyncError `OUTBOX_FULL`, `OUTBOX_FAILED` */
  retryNow(): void {
    orThrow(() => this.#database.prepare('UPDATE item SET next_at = 0 WHERE receipt IS NULL').run());
  }

  close(): void {
    this.#database.close();
  }

  /** Whether the item is there. @throws SyncError `OUTBOX_CONFLICT` where its content is another */
  #holds(id: string, contentSha256: string): boolean {
    const row = this.#get<{ content_sha256: string }>('SELECT content_sha256 FROM item WHERE id = ?', id);
    if (row !== undefined && row.content_sha256 !== contentSha256) {
      throw new SyncError('OUTBOX_CONFLICT', `The outbox already holds ${id} with other content; it was not replaced.`);
    }
    return row !== undefined;
  }

  #get<T>(sql: string, ...values: unknown[]): T | undefined {
    return orThrow(() => this.#database.prepare<unknown[], T>(sql).get(...values));
  }

  #all<T>(sql: string, ...values: unknown[]): T[] {
    return orThrow(() => this.#database.prepare<unknown[], T>(sql).all(...values));
  }
}

const STATE = "CASE WHEN receipt IS NOT NULL THEN 'delivered' WHEN attempts > 0 THEN 'retrying' ELSE 'waiting' END";

/** Two processes may open a new file at once: the version is read again under the write lock. */
function migrate(database: Database.Database): void {
  database.transaction(() => {
    const version = database.pragma('user_version', { simple: true }) as number;
    if (version > MIGRATIONS.length) {
      throw new SyncError('OUTBOX_NEWER', `${database.name} is of version ${version}, this program reads up to ${MIGRATIONS.length}. Install the newer program again.`);
    }
    for (const sql of MIGRATIONS.slice(version)) database.exec(sql);
    if (version < MIGRATIONS.length) database.pragma(`user_version = ${MIGRATIONS.length}`);
  }).immediate();
}

function orThrow<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError)) throw cause;
    if (cause.code === 'SQLITE_FULL') {
      throw new SyncError('OUTBOX_FULL', 'The disk is full: nothing was kept. Make room on the disk of the data folder and try again.', { cause });
    }
    throw new SyncError('OUTBOX_FAILED', `The outbox failed: ${cause.message} (${cause.code}).`, { cause });
  }
}
