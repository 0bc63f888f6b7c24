/**
 * A signature field that shows nothing (ISO 32000-2, 12.7.5.5: a rectangle without area), on the first page: of a document time-stamp, or
 * of a seal that is added later. Apart from `signature-field.ts`, so that whoever draws nothing loads no fonts and nothing that shapes text.
 * Before: `upgrade/`. After: `increment.ts`.
 */
import type { PDFDocument, PDFRef } from './pdf-lib.ts';
import { DocumentForm, ownName, type Touched } from './document-form.ts';

/** @returns `field`: its full name */
export function placeUnseen(pdf: PDFDocument, name: string, signature: PDFRef): { touched: Touched; field: string } {
  const form = new DocumentForm(pdf);
  // ISO 19005-1, 6.9: every field has an appearance, be it an empty one
  const nothing = pdf.context.register(pdf.context.formXObject([], { BBox: [0, 0, 0, 0] }));
  const entries = { V: signature, AP: pdf.context.obj({ N: nothing }) };
  const field = form.add(ownName(name), 'signature', { page: pdf.getPage(0), rotate: 0 }, { x: 0, y: 0, width: 0, height: 0 }, entries);
  form.holdsSignature();
  return { touched: form.touched, field: field.name };
}
