/**
 * A place to sign. The same shape stands in `kiosk/protocol/messages.ts`, which this folder may not import.
 */

/** A rectangle on a page in PDF user space, points, origin bottom left, before the page's /Rotate. */
export interface Rect { x: number; y: number; width: number; height: number }

export interface Field {
  /** `guest`, `companion`, or the AcroForm field's own full name. */
  name: string;
  /** The words it was found by, for the desk to choose from. */
  label: string;
  /** The name printed beside the label, where there is one: a hint for the stamp, never proof of who signs. */
  signer?: string;
  /** From 1. */
  page: number;
  rect: Rect;
  /** How it was found. `fallback`: no line found, bottom of the last page. */
  found: 'acroform' | 'tag' | 'phrase' | 'fallback';
}
