/**
 * Finds and removes what a document could do by itself, or carry unseen: scripts, actions that start
 * something, attached files, forms with code (ISO 32000-2, 12.6, 7.11.4, 12.7.8). Links within the document
 * and to web addresses stay: the screens do not follow them. Works on pdf-lib's model, in the child process.
 * It does not look into content streams (they cannot act) nor at what optional content hides.
 */
import { PDFArray, PDFDict, type PDFDocument, PDFInvalidObject, PDFName, type PDFObject, PDFRef, PDFStream } from 'pdf-lib';

/** Actions (table 201) other than going to a page of the document itself or opening a web address. */
const activeActions = new Set([
  'GoTo3DView', 'GoToDp', 'GoToE', 'GoToR', 'Hide', 'ImportData', 'JavaScript', 'Launch', 'Movie', 'Rendition', 'ResetForm',
  'RichMediaExecute', 'SetOCGState', 'Sound', 'SubmitForm', 'Trans',
]);
/** Annotations (table 171) that carry files or play something. */
const activeAnnotations = new Set(['3D', 'FileAttachment', 'Movie', 'RichMedia', 'Screen', 'Sound']);
/** Entries that are active wherever they stand, with the word for the trail. */
const activeEntries = new Map([['AA', 'automatic actions'], ['EF', 'embedded files'], ['AF', 'embedded files'], ['JS', 'JavaScript'], ['XFA', 'XFA form']]);
/** Name trees of the catalog (table 32). */
const activeNames = new Map([['JavaScript', 'JavaScript'], ['EmbeddedFiles', 'embedded files']]);

/**
 * Removes everything active from the model. Run it on a copy to learn what there is.
 * @returns what was removed, in words, each once; empty where the document is quiet.
 */
export function removeActiveContent(pdf: PDFDocument): string[] {
  const removed = new Set<string>();
  const names = pdf.catalog.lookupMaybe(PDFName.of('Names'), PDFDict);
  for (const [key, word] of activeNames) if (names?.delete(PDFName.of(key))) removed.add(word);
  for (const dict of allDicts(pdf)) {
    for (const [key, word] of activeEntries) if (dict.delete(PDFName.of(key))) removed.add(word);
    for (const key of ['OpenAction', 'A', 'PA', 'Next']) removeActions(dict, PDFName.of(key), removed);
    removeAnnotations(dict, removed);
  }
  return [...removed];
}

/** True where the document holds a signature, in a field or loose (12.8.1). */
export function holdsSignature(pdf: PDFDocument): boolean {
  return allDicts(pdf).some((dict) => dict.has(PDFName.of('ByteRange')) && dict.has(PDFName.of('Contents')));
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
    if (!(object instanceof PDFRef)) waiting.push(...children(object));
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

/** Every dictionary of the file, direct ones and those of streams included. */
function allDicts(pdf: PDFDocument): PDFDict[] {
  const dicts: PDFDict[] = [];
  const waiting: PDFObject[] = pdf.context.enumerateIndirectObjects().map(([, object]) => object);
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    if (object instanceof PDFDict) dicts.push(object);
    if (object instanceof PDFStream) dicts.push(object.dict);
    if (!(object instanceof PDFInvalidObject)) for (const child of children(object)) if (!(child instanceof PDFRef)) waiting.push(child);
  }
  return dicts;
}

/** An entry that holds an action, or (`Next`) an array of them. A destination under `OpenAction` is no action. */
function removeActions(dict: PDFDict, key: PDFName, removed: Set<string>): void {
  const value = dict.lookup(key);
  const actions = value instanceof PDFArray ? value.asArray().map((item) => dict.context.lookup(item)) : [value];
  const active = actions.map(activeKind).filter((kind) => kind !== null);
  if (active.length === 0) return;
  dict.delete(key);
  for (const kind of active) removed.add(`${kind} action`);
}

function activeKind(action: PDFObject | undefined): string | null {
  const kind = action instanceof PDFDict ? action.lookup(PDFName.of('S')) : undefined;
  return kind instanceof PDFName && activeActions.has(kind.decodeText()) ? kind.decodeText() : null;
}

function removeAnnotations(page: PDFDict, removed: Set<string>): void {
  const annotations = page.lookup(PDFName.of('Annots'));
  if (!(annotations instanceof PDFArray)) return;
  for (let at = annotations.size() - 1; at >= 0; at--) {
    const annotation = annotations.lookup(at);
    const kind = annotation instanceof PDFDict ? annotation.lookup(PDFName.of('Subtype')) : undefined;
    if (!(kind instanceof PDFName) || !activeAnnotations.has(kind.decodeText())) continue;
    annotations.remove(at);
    removed.add(`${kind.decodeText()} annotation`);
  }
}
