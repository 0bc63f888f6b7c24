/**
 * Layers (optional content, ISO 32000-2, 8.11). What they hide on the screen may be printed, and a reader can switch them by hand: two
 * people with the same file would see different documents. So D has none: where all of it is always shown, the switches are taken away;
 * any other state is a reason to keep only a picture of what the screen shows (`page-pictures.ts`), or to refuse.
 * Works on pdf-lib's model, in the child process. It does not follow content streams: it judges the groups they can name.
 */
import { PDFArray, PDFDict, type PDFDocument, PDFName, type PDFObject } from '../pdf-lib.ts';
import { allDicts } from './every-object.ts';

const name = (text: string): PDFName => PDFName.of(text);
const nameAt = (dict: PDFDict, key: string): string | null => {
  const value = dict.lookup(name(key));
  return value instanceof PDFName ? value.decodeText() : null;
};
const dictAt = (dict: PDFDict, key: string): PDFDict | null => {
  const value = dict.lookup(name(key));
  return value instanceof PDFDict ? value : null;
};

/** @returns why what it shows is not the same everywhere and always, in words; null where there are no layers or all are always shown. */
export function changingLayers(pdf: PDFDocument): string | null {
  const properties = dictAt(pdf.catalog, 'OCProperties');
  if (properties === null) return null;
  const first = dictAt(properties, 'D');
  const off = first?.lookup(name('OFF'));
  if ((off instanceof PDFArray && off.size() > 0) || (first !== null && !['ON', null].includes(nameAt(first, 'BaseState')))) return 'layers that are hidden on the screen';
  const layers = allDicts(pdf).filter(isLayer);
  if (layers.some(dependsOnUse)) return 'layers that differ between screen, printer and export';
  // All groups are on; a membership may turn that round.
  if (layers.some(hidesWhereAllIsOn)) return 'layers that hide each other';
  return null;
}

/** Takes the switches away; what they governed stays and is shown. @returns true where there were any. */
export function removeLayers(pdf: PDFDocument): boolean {
  let found = pdf.catalog.delete(name('OCProperties'));
  for (const dict of allDicts(pdf)) {
    const governed = dict.lookup(name('OC'));
    if (governed instanceof PDFDict && isLayer(governed)) found = dict.delete(name('OC')) || found;
    const named = dictAt(dict, 'Properties');
    if (named === null) continue;
    // Content streams go on naming them: an empty property list is no layer (14.6.2).
    for (const [key, value] of named.entries()) {
      const layer = pdf.context.lookup(value);
      if (!(layer instanceof PDFDict) || !isLayer(layer)) continue;
      named.set(key, pdf.context.obj({}));
      found = true;
    }
  }
  return found;
}

/** A group or a membership, by its type or by what only these have: PDFium obeys them without a type, or with any. */
function isLayer(dict: PDFDict): boolean {
  return ['OCG', 'OCMD'].includes(nameAt(dict, 'Type') ?? '') || ['Usage', 'OCGs', 'VE'].some((key) => dict.has(name(key)));
}

/** Usage (table 100): a state of its own for screen, printer, export, a zoom, a reader, or a language. What `AS` applies of it is left open. */
function dependsOnUse(layer: PDFDict): boolean {
  const usage = dictAt(layer, 'Usage');
  if (usage === null) return false;
  const states = [['View', 'ViewState'], ['Print', 'PrintState'], ['Export', 'ExportState']] as const;
  return ['Zoom', 'Language', 'User'].some((key) => usage.has(name(key))) || states.some(([key, state]) => {
    const use = dictAt(usage, key);
    return use !== null && nameAt(use, state) === 'OFF';
  });
}

/** Membership (table 97) by policy or by expression. */
function hidesWhereAllIsOn(layer: PDFDict): boolean {
  return ['AllOff', 'AnyOff'].includes(nameAt(layer, 'P') ?? '') || negates(layer.lookup(name('VE')), 0);
}

const deepest = 32;

function negates(expression: PDFObject | undefined, depth: number): boolean {
  if (!(expression instanceof PDFArray)) return false;
  if (depth > deepest) return true;
  const operator = expression.lookup(0);
  if (operator instanceof PDFName && operator.decodeText() === 'Not') return true;
  return expression.asArray().some((_, at) => negates(expression.lookup(at), depth + 1));
}
