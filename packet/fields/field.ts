/**
 * A place that is filled in at the signing. The same shape stands in `kiosk/protocol/messages.ts`, which this folder may not import.
 */

/** A rectangle on a page in PDF user space, points, origin bottom left, before the page's /Rotate. */
export interface Rect { x: number; y: number; width: number; height: number }

/** `signature` and `initials` are drawn with the pen; `date` is set by the station; `check` is ticked on the screen or left empty. */
export type FieldKind = 'signature' | 'initials' | 'date' | 'check';

/** Who fills it in. Several people sign one after the other, in this order. */
export const ROLES = ['guest', 'companion', 'staff'] as const;
export type Role = (typeof ROLES)[number];

export interface Field {
  kind: FieldKind;
  role: Role;
  /** The role, the AcroForm field's own full name, or what the tag of a check calls it. */
  name: string;
  /** The words it was found by, for the desk to choose from; of a check, the words that stand beside it, for the guest to read. */
  label: string;
  /** The name printed beside the label, where there is one: a hint for the stamp, never proof of who signs. */
  signer?: string;
  /** From 1. */
  page: number;
  /** Of a tag: around its letters, which stay in the document, and free of others: what is drawn there covers it wholly. */
  rect: Rect;
  /** How it was found. `template`: where the desk once put it on this form; `fallback`: no line found, bottom of the last page. */
  found: 'acroform' | 'tag' | 'template' | 'phrase' | 'fallback';
}
