/** Small facts of the station that outlive it, in `station.db`: its own id, a salt, the end of the record chain, the highest papers. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { HeadChain } from '#packet/audit-head.ts';
import type { StationDatabase } from './database.ts';

/** The last record sealed here. `number` 0 and null before the first. */
export interface RecordChain { number: number; sha256: string | null }

/** A head that is signed and may not have reached the outbox: `cms` DER, base64. */
export interface PendingHead { day: string; cms: string; after: HeadChain }

/** What a tenant's paper is known by. `sha256` lower-case hex. */
export interface Edition { number: number; sha256: string }

export class Meta {
  readonly #database: StationDatabase;
  /** Names this installation; printers' UUIDs are made from it. */
  readonly installation: string;
  /** Salt of the pseudonyms of print users. */
  readonly salt: string;

  constructor(database: StationDatabase) {
    this.#database = database;
    this.installation = this.#once('installation', randomUUID);
    this.salt = this.#once('salt', () => randomBytes(16).toString('hex'));
  }

  get chain(): RecordChain {
    const kept = this.#get('record-chain');
    return kept === null ? { number: 0, sha256: null } : (JSON.parse(kept) as RecordChain);
  }

  set chain(chain: RecordChain) {
    this.#set('record-chain', JSON.stringify(chain));
  }

  /** How far the station's own trail is closed by heads; null before the first. */
  get heads(): HeadChain | null {
    const kept = this.#get('heads');
    return kept === null ? null : (JSON.parse(kept) as HeadChain);
  }

  get pendingHead(): PendingHead | null {
    const kept = this.#get('pending-head');
    return kept === null ? null : (JSON.parse(kept) as PendingHead);
  }

  set pendingHead(pending: PendingHead) {
    this.#set('pending-head', JSON.stringify(pending));
  }

  /** The outbox has it: the trail is closed so far, in one transaction. */
  headDelivered(after: HeadChain): void {
    this.#database.transaction(() => {
      this.#set('heads', JSON.stringify(after));
      this.#database.prepare(`DELETE FROM meta WHERE key = 'pending-head'`).run();
    }).immediate();
  }

  /** Of whom this data folder is, for good. Null before the first start. */
  get kind(): 'demo' | 'tenant' | null {
    return this.#get('kind') as 'demo' | 'tenant' | null;
  }

  set kind(kind: 'demo' | 'tenant') {
    this.#set('kind', kind);
  }

  /** SHA-256 of the root of the tenant of whom it is, for good. Null before its enrolment, and in demo mode. */
  get root(): string | null {
    return this.#get('root');
  }

  set root(sha256: string) {
    this.#set('root', sha256);
  }

  /** SHA-256 of the enrolment in force when it was last noted. */
  get enrolment(): string | null {
    return this.#get('enrolment');
  }

  set enrolment(sha256: string) {
    this.#set('enrolment', sha256);
  }

  /** The highest edition of a paper that was ever in force here. */
  highest(paper: 'configuration' | 'crl'): Edition | null {
    const kept = this.#get(`highest-${paper}`);
    return kept === null ? null : (JSON.parse(kept) as Edition);
  }

  setHighest(paper: 'configuration' | 'crl', edition: Edition): void {
    this.#set(`highest-${paper}`, JSON.stringify(edition));
  }

  #once(key: string, make: () => string): string {
    const kept = this.#get(key);
    if (kept !== null) return kept;
    const made = make();
    this.#set(key, made);
    return made;
  }

  #get(key: string): string | null {
    return (this.#database.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key) as string | undefined) ?? null;
  }

  #set(key: string, value: string): void {
    this.#database.prepare('INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(key, value);
  }
}
