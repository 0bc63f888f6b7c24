/** Walks pdf-lib's model of a document: every dictionary, and what leads from one object to others. In the child process. */
import { PDFArray, PDFDict, type PDFDocument, PDFInvalidObject, PDFName, PDFNull, type PDFObject, PDFRef, PDFStream } from '../pdf-lib.ts';

/** Every dictionary of the file, direct ones and those of streams included. */
export function allDicts(pdf: PDFDocument): PDFDict[] {
  const dicts: PDFDict[] = [];
  const waiting: PDFObject[] = pdf.context.enumerateIndirectObjects().map(([, object]) => object);
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    if (object instanceof PDFDict) dicts.push(object);
    if (object instanceof PDFStream) dicts.push(object.dict);
    if (!(object instanceof PDFInvalidObject)) for (const child of children(object)) if (!(child instanceof PDFRef)) waiting.push(child);
  }
  return dicts;
}

/** Dictionaries of streams, which are always indirect (ISO 32000-2, 7.3.8). */
export function allStreamDicts(pdf: PDFDocument): PDFDict[] {
  return pdf.context.enumerateIndirectObjects().flatMap(([, object]) => (object instanceof PDFStream ? [object.dict] : []));
}

/** Every list of annotations; each once, however many pages share it. */
export function annotationLists(pdf: PDFDocument): Set<PDFArray> {
  return new Set(allDicts(pdf).map((dict) => dict.lookup(PDFName.of('Annots'))).filter((list) => list instanceof PDFArray));
}

/** Drops the others from a list; taken out one by one, they would take as long as the square of their number. */
export function keepItems(list: PDFArray, isKept: (item: PDFObject | undefined) => boolean): void {
  let kept = 0;
  for (let at = 0; at < list.size(); at++) if (isKept(list.lookup(at))) list.set(kept++, list.get(at));
  while (list.size() > kept) list.remove(list.size() - 1);
}

/**
 * Drops every object that catalog and information dictionary do not lead to: what was removed, older
 * versions, and the containers of a file that is about to be written anew.
 */
export function dropUnreachable(pdf: PDFDocument): void {
  const { context } = pdf;
  const reached = new Set<PDFRef>();
  const waiting: PDFObject[] = [context.trailerInfo.Root, context.trailerInfo.Info].filter((object) => object !== undefined);
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    if (!(object instanceof PDFRef)) for (const child of children(object)) waiting.push(child);
    else if (!reached.has(object)) {
      reached.add(object);
      const target = context.lookup(object);
      if (target !== undefined) waiting.push(target);
    }
  }
  const all = context.enumerateIndirectObjects();
  for (const [ref] of all) if (!reached.has(ref)) context.delete(ref);
  // pdf-lib writes /Size by it; `all` is sorted by number.
  context.largestObjectNumber = all.findLast(([ref]) => reached.has(ref))?.[0].objectNumber ?? 0;
}

/**
 * True if anything refers to an object above `highest`. It is nothing now (ISO 32000-2, 7.3.10), but an increment gives out these numbers:
 * a page could show the guest's ink wherever it likes, once there is some.
 */
export function refersBeyond(pdf: PDFDocument, trailer: PDFDict, highest: number): boolean {
  const waiting: PDFObject[] = [trailer, ...pdf.context.enumerateIndirectObjects().map(([, object]) => object)];
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    if (object instanceof PDFRef && object.objectNumber > highest) return true;
    for (const child of children(object)) waiting.push(child);
  }
  return false;
}

/** Leaves out every reference to nothing, which is null: the numbers are given out again. */
export function dropMissing(pdf: PDFDocument): void {
  drop(pdf, (value) => value instanceof PDFRef && pdf.context.lookup(value) === undefined);
}

/**
 * Leaves out every name that holds a null character, which 7.3.5 forbids, and what stands under it: for some readers the name ends there.
 * @returns true where there were any
 */
export function dropNulls(pdf: PDFDocument): boolean {
  return drop(pdf, (value) => value instanceof PDFName && value.asString().includes('#00'));
}

/** Entries of dictionaries by key or value, and items of arrays, which become null. */
function drop(pdf: PDFDocument, isDropped: (value: PDFObject) => boolean): boolean {
  let dropped = false;
  const waiting: PDFObject[] = pdf.context.enumerateIndirectObjects().map(([, object]) => object);
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    const dict = object instanceof PDFStream ? object.dict : object;
    if (dict instanceof PDFDict) for (const [key, value] of dict.entries()) if (isDropped(key) || isDropped(value)) dropped = dict.delete(key) || dropped;
    if (dict instanceof PDFArray) {
      for (const [at, value] of dict.asArray().entries()) {
        if (!isDropped(value)) continue;
        dict.set(at, PDFNull);
        dropped = true;
      }
    }
    for (const child of children(object)) if (!(child instanceof PDFRef)) waiting.push(child);
  }
  return dropped;
}

function children(object: PDFObject): PDFObject[] {
  if (object instanceof PDFDict) return object.values();
  if (object instanceof PDFArray) return object.asArray();
  if (object instanceof PDFStream) return object.dict.values();
  if (object instanceof PDFInvalidObject) {
    const references = object.toString().matchAll(/(\d+)\s+(\d+)\s+R/g);
    return [...references].map(([, number, generation]) => PDFRef.of(Number(number), Number(generation)));
  }
  return [];
}
