/**
 * Where the desk wants the fields of one form, learned once and used for every later print of it. Positions and rules
 * only: nothing of the guest on whose document it was learned.
 * Before: the desk draws rectangles on a document. After: `findFields` is given all templates of the house.
 */
import type { Field, Rect } from './field.ts';
import type { Form } from './form.ts';
import type { Found, Hints } from './found.ts';

/** A rectangle drawn at the desk. */
export type DrawnField = Pick<Field, 'kind' | 'role' | 'name' | 'label' | 'page' | 'rect'>;

/** Where on the form the value of a hint is printed. Page from 1; user space, points. */
interface HintPlace { page: number; rect: Rect }
export type HintPlaces = Partial<Record<Exclude<keyof Hints, 'language'>, HintPlace>>;

export interface Template {
  /** Of the form it was learned on: the key. A template learned anew replaces the one of the same fingerprint. */
  fingerprint: string;
  /** What the desk calls the form. */
  name: string;
  form: Form;
  fields: DrawnField[];
  hints: HintPlaces;
}

/** Pure. @param found of the document on which the desk drew. @param fields at least one of kind `signature`. */
export function learnTemplate({ fingerprint, form }: Pick<Found, 'fingerprint' | 'form'>, name: string, fields: readonly DrawnField[], hints: HintPlaces = {}): Template {
  return {
    fingerprint, name, form,
    fields: fields.map(({ kind, role, name: fieldName, label, page, rect }) => ({ kind, role, name: fieldName, label, page, rect })),
    hints,
  };
}
