/**
 * Reading objects where the cross-reference says they are, as a viewer and `lazy-document.ts` do, or from front to back, as pdf-lib does:
 * a file in which the two differ means one thing to the guest and another to whoever extends it (the "shadow" attacks on signed PDFs
 * build on that), so intake refuses it. It compares, it does not say which reading is right.
 * Only for child processes: it parses foreign bytes.
 */
import { PDFArray, PDFContext, PDFDict, type PDFDocument, PDFName, type PDFObject, PDFRawStream, PDFRef } from './pdf-lib.ts';
import type { CrossReference } from './cross-reference.ts';
import { openLazily } from './lazy-document.ts';
import { PlacedObjects } from './placed-objects.ts';

/**
 * True if all that a viewer comes to from the trailer reads the same either way: intake looks for scripts in the reading from front to
 * back, and a script behind a harmless object of the same number would stay. What the cross-reference does not name is nothing to a viewer.
 */
export function reachesTheSame(bytes: Uint8Array, crossReference: CrossReference, pdf: PDFDocument): boolean {
  const placed = new PlacedObjects(bytes, crossReference, PDFContext.create());
  const seen = new Set<number>();
  const waiting: PDFObject[] = crossReference.trailer.values();
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    if (object instanceof PDFDict) waiting.push(...object.values());
    else if (object instanceof PDFArray) for (const item of object.asArray()) waiting.push(item);
    else if (object instanceof PDFRawStream) waiting.push(...object.dict.values());
    else if (object instanceof PDFRef && !seen.has(object.objectNumber) && (crossReference.places.get(object.objectNumber)?.kind ?? 'free') !== 'free') {
      const ref = object;
      seen.add(ref.objectNumber);
      const target = orNothing(() => placed.read(ref));
      if (target === undefined || !isSame(target, pdf.context.lookup(ref))) return false;
      waiting.push(target);
    }
  }
  return true;
}

/** True if the cross-reference and the object streams agree where in these each object is, as far as they can be read. */
export function isPackedAsSaid(bytes: Uint8Array, crossReference: CrossReference): boolean {
  return orNothing(() => new PlacedObjects(bytes, crossReference, PDFContext.create()).areAtTheirIndex()) ?? true;
}

function isSame(one: PDFObject, other: PDFObject | undefined): boolean {
  if (!(one instanceof PDFRawStream)) return other !== undefined && one.toString() === other.toString();
  return other instanceof PDFRawStream && one.dict.toString() === other.dict.toString() && Buffer.compare(one.contents, other.contents) === 0;
}

/** True if what an increment looks at or replaces (catalog, certification, form and fields, page tree, pages and their annotation lists) reads the same either way. */
export function readsTheSame(bytes: Uint8Array, crossReference: CrossReference, pdf: PDFDocument): boolean {
  const lazy = orNothing(() => openLazily(bytes, crossReference));
  if (lazy === undefined) return false;
  const pages = pdf.getPages();
  const named = (dict: PDFDict | undefined, ...keys: string[]): (PDFObject | undefined)[] => keys.map((key) => dict?.get(PDFName.of(key)));
  const fields = pdf.catalog.getAcroForm()?.dict.get(PDFName.of('Fields'));
  const values = [
    pdf.context.trailerInfo.Root, ...named(pdf.catalog, 'AcroForm', 'Perms', 'Pages'), ...named(pdf.catalog.lookupMaybe(PDFName.of('Perms'), PDFDict), 'DocMDP'),
    ...below(pdf, [fields, pdf.catalog.get(PDFName.of('Pages'))]), ...pages.flatMap(({ ref, node }) => [ref, ...named(node, 'Annots')]),
  ];
  const same = (ref: PDFRef): boolean => orNothing(() => lazy.context.lookup(ref))?.toString() === pdf.context.lookup(ref)?.toString();
  // where the lazy reading finds no page, it gives up, and the whole one is used
  return values.filter((value) => value instanceof PDFRef).every(same) && pages.every(({ ref }, at) => (orNothing(() => lazy.getPage(at))?.ref ?? ref) === ref);
}

/** Of a field: its kids, its signature, and what that locks (12.7.5.5). Of the page tree: its kids. */
const KEYS = ['Kids', 'V', 'Lock'].map((key) => PDFName.of(key));

/** Those values, and all that is referred to by a list or under those keys, however deep. */
function below({ context }: PDFDocument, values: readonly (PDFObject | undefined)[]): Set<PDFObject | undefined> {
  const found = new Set(values);
  for (const value of found) {
    const object = context.lookup(value);
    if (object instanceof PDFArray) for (const item of object.asArray()) found.add(item);
    if (object instanceof PDFDict) for (const key of KEYS) found.add(object.get(key));
  }
  return found;
}

function orNothing<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
