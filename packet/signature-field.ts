/**
 * Puts a signature into the form of a loaded document: field, widget, page annotation and, for the first
 * signature, the certification (ISO 32000-2, 12.7.5.5, 12.8.2.2, 12.8.6). Objects are changed in pdf-lib's
 * model; `touched` says which of the document's own must be written again.
 * Before: `sign-document.ts`. After: `increment.ts`.
 */
import { PDFAcroSignature, PDFArray, PDFDict, type PDFDocument, PDFHexString, PDFName, PDFNumber, PDFRef } from 'pdf-lib';
import { PacketError } from './errors.ts';
import type { Field, Rect } from './fields/field.ts';
import { visibleBox } from './visible-box.ts';

/** Print and Locked (12.5.3, table 167): shown on paper, not to be moved in a viewer. */
const annotationFlags = 132;
/** SignaturesExist and AppendOnly (12.7.3, table 225). */
const signatureFlags = 3;

/** Objects of the document that an increment must write anew. */
export type Touched = Set<PDFRef>;

/** True where the document holds a signature already; only the first may certify. */
export function isSigned(pdf: PDFDocument): boolean {
  return signatureFields(pdf).some(([field]) => field.dict.has(PDFName.of('V'))) || certificationLevel(pdf) !== null;
}

/** DocMDP's P of the certification (12.8.2.2, table 257), or null where there is none. */
export function certificationLevel(pdf: PDFDocument): number | null {
  const certification = pdf.catalog.lookupMaybe(PDFName.of('Perms'), PDFDict)?.lookupMaybe(PDFName.of('DocMDP'), PDFDict);
  if (certification === undefined) return null;
  const references = certification.lookupMaybe(PDFName.of('Reference'), PDFArray);
  for (let at = 0; at < (references?.size() ?? 0); at++) {
    const reference = references?.lookupMaybe(at, PDFDict);
    const level = reference?.lookupMaybe(PDFName.of('TransformParams'), PDFDict)?.lookupMaybe(PDFName.of('P'), PDFNumber);
    if (level !== undefined) return level.asNumber();
  }
  return 2;
}

/** The document's own empty signature field of that name, if it has one. */
function emptyField(pdf: PDFDocument, name: string): { dict: PDFDict; ref: PDFRef } | null {
  const found = signatureFields(pdf).find(([field]) => field.getFullyQualifiedName() === name && !field.dict.has(PDFName.of('V')));
  return found === undefined ? null : { dict: found[0].dict, ref: found[1] };
}

function signatureFields(pdf: PDFDocument): [PDFAcroSignature, PDFRef][] {
  const fields = pdf.catalog.getAcroForm()?.getAllFields() ?? [];
  return fields.filter((entry): entry is [PDFAcroSignature, PDFRef] => entry[0] instanceof PDFAcroSignature);
}

/**
 * Sets value and appearance of the document's own field, or adds a field.
 * @throws PacketError FIELD_OUTSIDE_PAGE
 */
export function placeSignature(pdf: PDFDocument, field: Field, signature: PDFRef, draw: (size: { width: number; height: number }, rotate: number) => PDFRef): Touched {
  const touched: Touched = new Set();
  const page = pdf.getPageCount() >= field.page ? pdf.getPage(field.page - 1) : null;
  if (page === null || !insideBox(field, visibleBox(page.node))) {
    throw new PacketError('FIELD_OUTSIDE_PAGE', `The signature field "${field.name}" does not lie on page ${field.page} of the document. Pick the field again.`);
  }
  const rotate = ((page.getRotation().angle % 360) + 360) % 360;
  const appearance = pdf.context.obj({ N: draw(field.rect, rotate) });
  const own = field.found === 'acroform' ? emptyField(pdf, field.name) : null;
  if (own === null) {
    const { x, y, width, height } = field.rect;
    const widget = pdf.context.register(pdf.context.obj({
      Type: 'Annot', Subtype: 'Widget', FT: 'Sig', T: PDFHexString.fromText(freeName(pdf, field.name)), V: signature, F: annotationFlags,
      Rect: [x, y, x + width, y + height], P: page.ref, AP: appearance, ...(rotate === 0 ? {} : { MK: { R: rotate } }),
    }));
    addTo(page.node, 'Annots', widget, page.ref, touched);
    addTo(formOf(pdf, touched).dict, 'Fields', widget, formOf(pdf, touched).owner, touched);
  } else {
    own.dict.set(PDFName.of('V'), signature);
    touched.add(own.ref);
    const widget = widgetOf(own);
    widget.dict.set(PDFName.of('AP'), appearance);
    touched.add(widget.ref);
  }
  const form = formOf(pdf, touched);
  form.dict.set(PDFName.of('SigFlags'), PDFNumber.of(signatureFlags));
  touched.add(form.owner);
  return touched;
}

/** Adds a field that shows nothing (12.7.5.5: a rectangle without area), on the first page: for a document time-stamp, or a seal that is added later. */
export function placeUnseen(pdf: PDFDocument, name: string, signature: PDFRef): { touched: Touched; field: string } {
  const touched: Touched = new Set();
  const page = pdf.getPage(0);
  const field = freeName(pdf, name);
  const widget = pdf.context.register(pdf.context.obj({
    Type: 'Annot', Subtype: 'Widget', FT: 'Sig', T: PDFHexString.fromText(field), V: signature, F: annotationFlags, Rect: [0, 0, 0, 0], P: page.ref,
  }));
  addTo(page.node, 'Annots', widget, page.ref, touched);
  const form = formOf(pdf, touched);
  addTo(form.dict, 'Fields', widget, form.owner, touched);
  form.dict.set(PDFName.of('SigFlags'), PDFNumber.of(signatureFlags));
  return { touched, field };
}

/** Makes the signature the certification of the document (12.8.6, table 263). */
export function certify(pdf: PDFDocument, signature: PDFRef, touched: Touched): void {
  const { dict, owner } = ownedDict(pdf, pdf.catalog, catalogRef(pdf), 'Perms');
  dict.set(PDFName.of('DocMDP'), signature);
  touched.add(owner);
}

function catalogRef(pdf: PDFDocument): PDFRef {
  return pdf.context.trailerInfo.Root as PDFRef;
}

function formOf(pdf: PDFDocument, touched: Touched): { dict: PDFDict; owner: PDFRef } {
  const form = ownedDict(pdf, pdf.catalog, catalogRef(pdf), 'AcroForm');
  touched.add(form.owner);
  return form;
}

/** The dictionary under a key, made where missing, with the indirect object that has to be written when it changes. */
function ownedDict(pdf: PDFDocument, parent: PDFDict, parentRef: PDFRef, key: string): { dict: PDFDict; owner: PDFRef } {
  const name = PDFName.of(key);
  const value = parent.get(name);
  const known = parent.lookupMaybe(name, PDFDict);
  if (known !== undefined) return { dict: known, owner: value instanceof PDFRef ? value : parentRef };
  const dict = pdf.context.obj({});
  parent.set(name, dict);
  return { dict, owner: parentRef };
}

function addTo(parent: PDFDict, key: string, item: PDFRef, parentRef: PDFRef, touched: Touched): void {
  const name = PDFName.of(key);
  const value = parent.get(name);
  const known = parent.lookupMaybe(name, PDFArray);
  if (known === undefined) parent.set(name, parent.context.obj([item]));
  else known.push(item);
  touched.add(known !== undefined && value instanceof PDFRef ? value : parentRef);
}

/** A field and its only widget are usually one dictionary; else the widget is its first kid. */
function widgetOf(field: { dict: PDFDict; ref: PDFRef }): { dict: PDFDict; ref: PDFRef } {
  const kids = field.dict.lookupMaybe(PDFName.of('Kids'), PDFArray);
  const kid = kids?.get(0);
  const dict = kids?.lookupMaybe(0, PDFDict);
  return kid instanceof PDFRef && dict !== undefined ? { dict, ref: kid } : field;
}

function freeName(pdf: PDFDocument, name: string): string {
  const taken = new Set((pdf.catalog.getAcroForm()?.getAllFields() ?? []).map(([field]) => field.getFullyQualifiedName()));
  // A period would make it a path (12.7.4.2).
  const base = `Countersign ${name.replaceAll('.', ' ')}`;
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? base : `${base} ${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function insideBox({ rect }: Field, box: Rect): boolean {
  const slack = 0.01;
  return rect.width > 0 && rect.height > 0
    && rect.x >= box.x - slack && rect.x + rect.width <= box.x + box.width + slack
    && rect.y >= box.y - slack && rect.y + rect.height <= box.y + box.height + slack;
}
