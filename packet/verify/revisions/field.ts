/** A field of a form, in one view of a PDF (ISO 32000-2, 12.7.4): its name, what it inherits, its place. Before: `view.ts`. After: the rules beside it. */
import { asDictionary, asName, asRef, asString, pdfText, type PdfDictionary, type PdfValue } from '../../pdf-syntax.ts';
import { NotComparable } from './revision.ts';
import type { PdfView } from './view.ts';

/** A hierarchy of fields deeper than this is not followed, nor one that goes round in a circle. */
const DEPTH = 16;

/** A field and what stands above it, the field first. Not a part of it: locks go by the whole name. @throws NotComparable */
function line(view: PdfView, field: PdfDictionary): PdfDictionary[] {
  const found: PdfDictionary[] = [];
  for (let at: PdfDictionary | null = field; at !== null;) {
    if (found.length === DEPTH) throw new NotComparable('the name of a field has more parts than are followed');
    found.push(at);
    const parent: PdfValue = at.entries.get('Parent') ?? null;
    at = parent === null ? null : asDictionary(view.resolve(parent));
    if (parent !== null && (asRef(parent) === null || at === null)) throw new NotComparable('the name of a field is not written as usual');
  }
  return found;
}

/** @throws NotComparable */
export function inherited(view: PdfView, field: PdfDictionary, key: string): PdfValue {
  return line(view, field).find(({ entries }) => (entries.get(key) ?? null) !== null)?.entries.get(key) ?? null;
}

/** Full name (12.7.4.2). @throws NotComparable */
export function fullName(view: PdfView, field: PdfDictionary): string {
  const parts = line(view, field).map(({ entries }) => view.resolve(entries.get('T'))).filter((part) => part !== null).map(asString);
  return parts.map((part) => {
    if (part === null) throw new NotComparable('the name of a field is no text');
    return pdfText(part);
  }).toReversed().join('.');
}

/** Has fields below it, which inherit its value, and which a lock may name where it does not name this one. @throws NotComparable */
export function isGroup(view: PdfView, field: PdfDictionary): boolean {
  const kids = view.resolve(field.entries.get('Kids'));
  if (kids === null) return false;
  return typeof kids !== 'object' || kids.kind !== 'array' || kids.items.some((kid) => asDictionary(view.resolve(kid))?.entries.has('T') ?? true);
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
