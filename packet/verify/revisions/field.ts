/** A field of a form, in one view of a PDF (ISO 32000-2, 12.7.4): its name, what it inherits, its place. Before: `view.ts`. After: the rules beside it. */
import { asDictionary, asName, asRef, asString, pdfText, type PdfDictionary, type PdfValue } from '../../pdf-syntax.ts';
import type { PdfView } from './view.ts';

/** A hierarchy of fields deeper than this is not followed. */
const DEPTH = 16;

/** A field and what stands above it, the field first. @throws NotComparable */
function line(view: PdfView, field: PdfDictionary): PdfDictionary[] {
  const found: PdfDictionary[] = [];
  for (let at: PdfDictionary | null = field; at !== null && found.length < DEPTH;) {
    found.push(at);
    const parent = asRef(at.entries.get('Parent'));
    at = parent === null ? null : asDictionary(view.resolve(parent));
  }
  return found;
}

/** @throws NotComparable */
export function inherited(view: PdfView, field: PdfDictionary, key: string): PdfValue {
  return line(view, field).find(({ entries }) => (entries.get(key) ?? null) !== null)?.entries.get(key) ?? null;
}

/** Full name (12.7.4.2). @throws NotComparable */
export function fullName(view: PdfView, field: PdfDictionary): string {
  return line(view, field).map(({ entries }) => asString(entries.get('T'))).filter((part) => part !== null).map(pdfText).toReversed().join('.');
}

/** The field to which a widget belongs: itself, or the one above; null for what is neither field nor widget. @throws NotComparable */
export function fieldOf(view: PdfView, dictionary: PdfDictionary): PdfDictionary | null {
  if (dictionary.entries.has('T')) return dictionary;
  const parent = asRef(dictionary.entries.get('Parent'));
  return asName(dictionary.entries.get('Subtype')) !== 'Widget' || parent === null ? null : asDictionary(view.resolve(parent));
}

/** Of a rectangle; anything that is none without width or height counts as one with an area. */
export function hasArea(rect: PdfValue): boolean {
  if (typeof rect !== 'object' || rect?.kind !== 'array' || rect.items.length !== 4) return true;
  const [x1, y1, x2, y2] = rect.items;
  return ![x1, y1, x2, y2].every((edge) => typeof edge === 'number') || (x1 !== x2 && y1 !== y2);
}
