/** What of a request may identify the guest or staff: kept under the at-rest key, and gone with the request's end. */
import type { Field, Hints } from '#kiosk/protocol/messages.ts';
import type { Learned } from './forms.ts';

/** Who says to have printed, from where, and the salt of both in the trail. Erased with the details, and with the salt goes the way back. */
export interface PrintClient { user: string; address: string; salt: string }

export interface Details {
  title: string;
  printedBy: string;
  /** What the trail names only by salted hashes; missing where an older program received it, or the desk printed it. */
  printClient?: PrintClient;
  pages: number;
  /** /Rotate of each page. */
  rotations: number[];
  /** Points to a unit of user space of each page (UserUnit). Missing where all are 1. */
  units?: number[];
  fields: Field[];
  hints: Hints;
  /** Of the search for places to sign, for the desk. */
  warnings: string[];
  /** They are from a form for which the desk once showed where to sign. */
  known?: true;
  /** The desk drew them on this document: what was found before, and the form that was learned with it. */
  drawn?: { found: Field[]; hints: Hints; learned: Learned | null };
}

type OldField = Omit<Field, 'kind' | 'role'> & Partial<Pick<Field, 'kind' | 'role'>>;
type OldDetails = Omit<Details, 'fields' | 'hints' | 'warnings'> & { fields: OldField[] } & Partial<Pick<Details, 'hints' | 'warnings'>>;

/** As version 1 of `station.db` kept them too: signature lines alone, the companion's named so. */
export function readDetails(json: string): Details {
  const { fields, hints = {}, warnings = [], ...details } = JSON.parse(json) as OldDetails;
  return {
    ...details, hints, warnings,
    fields: fields.map((field): Field => ({ kind: 'signature', role: field.name === 'companion' ? 'companion' : 'guest', ...field })),
  };
}
