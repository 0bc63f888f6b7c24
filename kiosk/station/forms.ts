/**
 * Forms for which the desk once showed where to sign, in `station.db`: positions and rules only, nothing of the guest on whose
 * document they were learned.
 *
 * Before: `drawn-fields.ts` learns. After: `accept-document.ts` gives all of them to the search, which uses the one that fits.
 */
import type { Template } from '#packet/fields/index.ts';
import type { StationDatabase } from './database.ts';
import { StationError } from './errors.ts';

export interface LearnedForm { fingerprint: string; name: string; learnedAt: string; forgotten: boolean }

/** As it lies in the database: `template` is JSON. */
interface Row { fingerprint: string; name: string; learned_at: string; template: string }

/** What was learned, and what was known of the same form before. */
export interface Learned { fingerprint: string; template: string; before: Row | null }

/** In memory alone: a slip of the hand is noticed at once. */
const MOST_FORGOTTEN = 5;

export class Forms {
  readonly #forgotten = new Map<string, Row>();
  readonly #database: StationDatabase;
  readonly #most: number;

  /** @param most that are kept */
  constructor(database: StationDatabase, most: number) {
    this.#database = database;
    this.#most = most;
  }

  /** For the search. */
  templates(): Template[] {
    return this.#rows().map(({ template }) => JSON.parse(template) as Template);
  }

  /** The newest first; what was forgotten since the start, and can be had back, among them. */
  list(): LearnedForm[] {
    return [...this.#rows(), ...this.#forgotten.values()].map(({ fingerprint, name, learned_at: learnedAt }) => ({ fingerprint, name, learnedAt, forgotten: this.#forgotten.has(fingerprint) }));
  }

  /**
   * Learned anew, it replaces what was known of the same form.
   * @returns for `unlearn`
   * @throws StationError `FORMS_FULL`
   */
  learn(template: Template): Learned {
    const before = this.#row(template.fingerprint);
    this.#put({ fingerprint: template.fingerprint, name: template.name, learned_at: new Date().toISOString(), template: JSON.stringify(template) });
    return { fingerprint: template.fingerprint, template: JSON.stringify(template), before };
  }

  /** As if it had not been learned: what was known before comes back. What somebody has learned or forgotten since stays so. */
  unlearn({ fingerprint, template, before }: Learned): void {
    if (this.#row(fingerprint)?.template !== template) return;
    if (before !== null) return this.#put(before);
    this.#delete(fingerprint);
  }

  /** @returns whether it was known */
  forget(fingerprint: string): boolean {
    const row = this.#row(fingerprint);
    if (row === null) return false;
    this.#delete(fingerprint);
    this.#forgotten.set(fingerprint, row);
    const [oldest] = this.#forgotten.keys();
    if (this.#forgotten.size > MOST_FORGOTTEN && oldest !== undefined) this.#forgotten.delete(oldest);
    return true;
  }

  /** @returns whether it had been forgotten since the start. @throws StationError `FORMS_FULL` */
  remember(fingerprint: string): boolean {
    const row = this.#forgotten.get(fingerprint);
    if (row !== undefined) this.#put(row);
    return row !== undefined;
  }

  #put(row: Row): void {
    const known = this.#rows();
    if (known.length >= this.#most && !known.some(({ fingerprint }) => fingerprint === row.fingerprint)) {
      throw new StationError('FORMS_FULL', `This station remembers ${this.#most} forms and no more. Forget one that is no longer printed, then try again.`);
    }
    this.#database.prepare(`
      INSERT INTO forms (fingerprint, name, learned_at, template) VALUES (@fingerprint, @name, @learned_at, @template)
      ON CONFLICT (fingerprint) DO UPDATE SET name = excluded.name, learned_at = excluded.learned_at, template = excluded.template`,
    ).run(row);
    this.#forgotten.delete(row.fingerprint);
  }

  #delete(fingerprint: string): void {
    this.#database.prepare('DELETE FROM forms WHERE fingerprint = ?').run(fingerprint);
  }

  #row(fingerprint: string): Row | null {
    return (this.#database.prepare('SELECT * FROM forms WHERE fingerprint = ?').get(fingerprint) as Row | undefined) ?? null;
  }

  #rows(): Row[] {
    return this.#database.prepare('SELECT * FROM forms ORDER BY learned_at DESC').all() as Row[];
  }
}
