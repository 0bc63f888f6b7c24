/**
 * Puts a signature into the form of a loaded document: field, widget, page annotation and, for the first signature, the certification
 * (ISO 32000-2, 12.7.5.5, 12.8.2.2, 12.8.6). A field that waits for a later signing is made empty in the first revision, with the lock
 * (table 235) that its signature will set.
 * Before: `sign-document.ts`. After: `increment.ts`.
 */
import { type PDFDocument, PDFHexString, PDFName, type PDFObject, type PDFRef } from './pdf-lib.ts';
import { type Place, placeOf } from './appearance.ts';
import { catalogRef, type DocumentForm, type FormField, nameFor, widgetOf } from './document-form.ts';
import type { Field } from './fields/field.ts';
import { drawNothing } from './marks.ts';
import { lockOf } from './permissions.ts';

/** What the signature of a field locks: FieldMDP's parameters but for their type (table 259). */
export type Lock = { action: 'All' } | { action: 'Include'; fields: string[] };

/** The empty field for this signing: the document's own, or one that an earlier signing prepared. */
export function emptySignatureField(form: DocumentForm, field: Field): FormField | null {
  const found = field.found === 'acroform' ? form.named(field.name) : form.prepared(nameFor(field), 'signature', field);
  return found === null || found.type !== 'signature' || found.dict.has(PDFName.of('V')) ? null : found;
}

/**
 * Sets value and appearance of the field that waits for it, or adds a field.
 * @throws PacketError FIELD_OUTSIDE_PAGE
 */
export function placeSignature(form: DocumentForm, field: Field, signature: PDFRef, draw: (place: Place) => PDFRef): FormField {
  const place = form.pageOf(field);
  const appearance = form.pdf.context.obj({ N: draw(placeOf(field, place)) });
  form.holdsSignature();
  const empty = emptySignatureField(form, field);
  if (empty === null) return form.add(nameFor(field), 'signature', place, field.rect, { V: signature, AP: appearance });
  empty.dict.set(PDFName.of('V'), signature);
  form.touched.add(empty.ref);
  const widget = widgetOf(empty);
  widget.dict.set(PDFName.of('AP'), appearance);
  form.touched.add(widget.ref);
  return empty;
}

/**
 * An empty field for a later signature; the document's own is left as it is, but for the lock where it has none.
 * @param last its signature will lock the whole form
 * @throws PacketError FIELD_OUTSIDE_PAGE
 */
export function prepareSignature(form: DocumentForm, field: Field, last: boolean): FormField {
  const page = form.pageOf(field);
  const { context } = form.pdf;
  const own = emptySignatureField(form, field) ?? form.add(nameFor(field), 'signature', page, field.rect, { AP: context.obj({ N: drawNothing(context, placeOf(field, page)) }) });
  if (last && lockOf(own) === null) {
    own.dict.set(PDFName.of('Lock'), context.register(context.obj({ Type: 'SigFieldLock', ...lockEntries(form.pdf, { action: 'All' }) })));
    form.touched.add(own.ref);
  }
  return own;
}

/** /Action and /Fields of a lock. */
export function lockEntries(pdf: PDFDocument, lock: Lock): Record<string, PDFObject> {
  if (lock.action === 'All') return { Action: PDFName.of('All') };
  return { Action: PDFName.of('Include'), Fields: pdf.context.obj(lock.fields.map((name) => PDFHexString.fromText(name))) };
}

/** Makes the signature the certification of the document (12.8.6, table 263). */
export function certify(form: DocumentForm, signature: PDFRef): void {
  form.owned(form.pdf.catalog, catalogRef(form.pdf), 'Perms').dict.set(PDFName.of('DocMDP'), signature);
}
