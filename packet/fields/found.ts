/** What the search of a document comes back with, for the station and its desk. */
import type { Field } from './field.ts';
import type { Form } from './form.ts';

/**
 * What the document's own words say of the visit: shown at the desk, and searched by. A guess, never proof of who
 * somebody is. What was not found is left out.
 */
export interface Hints {
  reservation?: string;
  guestName?: string;
  room?: string;
  /** Of the document's words, as a BCP 47 primary tag: `de`. */
  language?: string;
}

export interface Found {
  /** At least one of kind `signature`. Guest before companion before staff, each inside its page. */
  fields: Field[];
  /** Hex SHA-256 of what identifies the form; that of the template where one was used. */
  fingerprint: string;
  /** For `learnTemplate`: at most 64 KiB as JSON. */
  form: Form;
  /** Fingerprint of the template used, or null. */
  template: string | null;
  hints: Hints;
  /** Sentences for the desk: a tag that is misspelt, words that cannot be read. */
  warnings: string[];
}

/** As the search knows it. The text stays in the child process: hundreds of pages of it would keep the station from its pens. */
export interface Searched extends Found {
  /** One string per page, lines in reading order. */
  text: string[];
}
