/**
 * The keys and papers in force at a running station: opened at its start, and again whenever the files changed.
 *
 * Before: `keys/station-*.ts` install the files. After: `capture-allowed.ts` decides by what stands here.
 * The highest number of each paper that this station ever had is kept in `station.db`, so that a genuine older file put in
 * the place of a newer one is noticed. Whoever can put back `station.db` as well is not: only a trail that left this
 * machine shows that.
 */
import { join } from 'node:path';
import { KeyError, openStationKeys, papersStamp, sealAt, type SigningKeys, type StationKeys, type StationName } from '#keys/index.ts';
import { STATION, type AuditLog } from './audit-log.ts';
import { captureAllowed, factsOf, type CaptureAllowed } from './capture-allowed.ts';
import type { StationDatabase } from './database.ts';
import { StationError } from './errors.ts';
import type { Edition, Meta } from './meta.ts';

interface Parts { database: StationDatabase; meta: Meta; audit: AuditLog }

type Paper = 'configuration' | 'crl';
const WORDS: Record<Paper, string> = { configuration: 'configuration', crl: 'revocation list' };

/** Of no files: they are opened again at the next look. */
const UNREAD = 'unread';

export class Papers {
  /** Why the files that lie there now are not taken; what was in force before stays so. Null: they are taken. */
  problem: string | null = null;
  #keys: StationKeys;
  #rolledBack: string;
  #stamp: string;
  #looking = false;
  readonly #parts: Parts;
  readonly #open: () => Promise<StationKeys>;
  readonly #folder: string;

  private constructor(folder: string, keys: StationKeys, stamp: string, open: () => Promise<StationKeys>, parts: Parts) {
    this.#folder = folder;
    this.#stamp = stamp;
    this.#open = open;
    this.#parts = parts;
    this.#rolledBack = this.#note(keys);
    this.#keys = keys;
  }

  /** @throws KeyError as `openStationKeys`; StationError `HOME_UNUSABLE` where demo and tenant would share a data folder */
  static async open(home: string, name: StationName, atRestKey: Uint8Array | undefined, parts: Parts): Promise<Papers> {
    const { meta } = parts;
    const folder = join(home, 'keys');
    const stamp = papersStamp(folder);
    const open = async () => {
      const keys = await openStationKeys(home, name, { ...(atRestKey === undefined ? {} : { atRestKey }), mayBeDemo: meta.kind !== 'tenant' });
      refuseAnother(home, keys, meta);
      return keys;
    };
    const keys = await open();
    meta.kind ??= keys.demo ? 'demo' : 'tenant';
    return new Papers(folder, keys, stamp, open, parts);
  }

  get keys(): StationKeys {
    return this.#keys;
  }

  allowed(now = new Date()): CaptureAllowed {
    return captureAllowed(factsOf(this.#keys, this.#rolledBack), now);
  }

  /** The keys of this moment, for one signature from its check to its seal; `seal` is the organisation's where one is installed and valid. @throws StationError `CAPTURE_NOT_ALLOWED` */
  forSigning(): SigningKeys {
    const keys = this.#keys;
    // the guest can do nothing about it; the desk is told why by `readiness.ts`
    if (!this.allowed().allowed || keys.awaiting !== null) throw new StationError('CAPTURE_NOT_ALLOWED', 'Nothing can be signed here at the moment. Please ask at the desk.');
    return { ...keys, seal: sealAt(keys, new Date()) };
  }

  /** Opens what has changed since. @returns true where something did, taken or not */
  async look(): Promise<boolean> {
    const stamp = papersStamp(this.#folder);
    if (this.#looking || stamp === this.#stamp) return false;
    this.#looking = true;
    this.#stamp = stamp;
    try {
      const keys = await this.#open();
      // written down before they count: what cannot be, on a full disk, is tried again
      this.#rolledBack = this.#note(keys);
      this.#keys = keys;
      this.problem = null;
      return true;
    } catch (error) {
      const before = this.problem;
      this.problem = (error as Error).message;
      if (error instanceof KeyError || error instanceof StationError) this.#parts.audit.note({ actor: STATION, action: 'papers.refused', details: { code: error.code } });
      // a full disk, or a file that only another user may read
      else this.#stamp = UNREAD;
      return this.problem !== before;
    } finally {
      this.#looking = false;
    }
  }

  /** Compares with what was in force before, and writes down what is new. @returns what was put back, in words */
  #note(keys: StationKeys): string {
    if (keys.awaiting !== null || keys.papers === null) return '';
    const { enrolment, configuration, crl } = keys.papers;
    const { database, meta, audit } = this.#parts;
    return database.transaction(() => {
      if (meta.enrolment !== enrolment.sha256) {
        audit.note({ actor: STATION, action: 'enrolment.installed', details: { ...enrolment } });
        meta.enrolment = enrolment.sha256;
      }
      meta.root ??= enrolment.root;
      const back = [this.#noteEdition('configuration', configuration), this.#noteEdition('crl', crl)];
      return back.filter((words) => words !== null).join(' and the ');
    })();
  }

  /** @returns its name where it is older than one that was in force, or another one of the same number */
  #noteEdition(paper: Paper, { number, sha256 }: Edition): string | null {
    const { meta, audit } = this.#parts;
    const highest = meta.highest(paper);
    if (highest !== null && (number < highest.number || (number === highest.number && sha256 !== highest.sha256))) {
      audit.note({ actor: STATION, action: `${paper}.rollback`, details: { number, sha256, highest: highest.number } });
      return WORDS[paper];
    }
    if (highest === null || number > highest.number) {
      audit.note({ actor: STATION, action: `${paper}.installed`, details: { number, sha256 } });
      meta.setHighest(paper, { number, sha256 });
    }
    return null;
  }
}

/**
 * A data folder is of one station for good. Whoever could exchange its keys for a demonstration's, or for some under a root of
 * his own with the same names, would read what is signed from then on.
 * @throws StationError `HOME_UNUSABLE`
 */
function refuseAnother(home: string, keys: StationKeys, meta: Meta): void {
  const advice = 'Its chain of records cannot go on: put its own key folder back, or name a new data folder with --home.';
  const kind = keys.demo ? 'demo' : 'tenant';
  // a station that signed before this was noted was in demo mode
  const before = meta.kind ?? (meta.chain.number > 0 ? 'demo' : kind);
  if (before !== kind) throw new StationError('HOME_UNUSABLE', `${home} is of a station ${before === 'demo' ? 'in demo mode' : 'of a tenant'}, and its keys are of the other kind. ${advice}`);
  const root = keys.awaiting === null ? keys.papers?.enrolment.root ?? null : null;
  if (root !== null && meta.root !== null && root !== meta.root) throw new StationError('HOME_UNUSABLE', `${home} is of a station that was enrolled under another root than its keys are under now. ${advice}`);
}
