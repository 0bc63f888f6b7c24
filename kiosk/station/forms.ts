/**
 * Forms for which the desk once showed where to sign, in `station.db`: positions and rules only, nothing of the guest on whose
 * document they were learned.
 *
 * Before: `drawn-fields.ts` learns. After: `accept-document.ts` gives all of them to the search, which uses the one that fits.
 */
import type { Template } from '#packet/fields/index.ts';
import type { StationDatabase } from './database.ts';
import { StationError } from './errors.ts';

export interface LearnedForm { fingerprint: string; name: string; learnedAt: string }

interface Row { fingerprint: string; name: string; learned_at: string; template: string }

export class Forms {
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

  list(): LearnedForm[] {
    return this.#rows().map(({ fingerprint, name, learned_at: learnedAt }) => ({ fingerprint, name, learnedAt }));
  }

  /** Learned anew, it replaces what was known of the same form. @throws StationError `FORMS_FULL` */
  learn(template: Template): void {
    const known = this.#rows();
    if (known.length >= this.#most && !known.some(({ fingerprint }) => fingerprint === template.fingerprint)) {
      throw new StationError('FORMS_FULL', `This station remembers ${this.#most} forms and no more. Forget one that is no longer printed, then try again.`);
    }
    this.#database.prepare(`
      INSERT INTO forms (fingerprint, name, learned_at, template) VALUES (?, ?, ?, ?)
      ON CONFLICT (fingerprint) DO UPDATE SET name = excluded.name, learned_at = excluded.learned_at, template = excluded.template`,
    ).run(template.fingerprint, template.name, new Date().toISOString(), JSON.stringify(template));
  }

  /** @returns whether it was known */
  forget(fingerprint: string): boolean {
    return this.#database.prepare('DELETE FROM forms WHERE fingerprint = ?').run(fingerprint).changes > 0;
  }

  #rows(): Row[] {
    return this.#database.prepare('SELECT * FROM forms ORDER BY learned_at DESC').all() as Row[];
  }
}
