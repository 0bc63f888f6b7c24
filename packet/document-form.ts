/**
 * The interactive form of a loaded document (ISO 32000-2, 12.7.3): what fields it has, and how one more is added. Objects are changed
 * in pdf-lib's model; `touched` says which of the document's own an increment must write anew.
 * Before: `sign-document.ts`, `upgrade/`. After: `signature-field.ts`, `filled-field.ts`; `increment.ts` writes it.
 */
import { PDFArray, PDFDict, type PDFDocument, PDFHexString, PDFName, PDFNumber, type PDFObject, type PDFPage, PDFRef, PDFString } from './pdf-lib.ts';
import { PacketError } from './errors.ts';
import type { Field, Rect } from './fields/field.ts';
import { visibleBox } from './visible-box.ts';

/** Objects of the document that an increment must write anew. */
export type Touched = Set<PDFRef>;

export type FieldType = 'signature' | 'text' | 'check box';

/** A field of the document; `type`: null for all others. */
export interface FormField { dict: PDFDict; ref: PDFRef; name: string; type: FieldType | null }

/** SignaturesExist and AppendOnly (12.7.3, table 225). */
const signatureFlags = 3;

/** Print and Locked (12.5.3, table 167): shown on paper, not to be moved in a viewer. */
const annotationFlags = 132;

const fieldTypes: Record<FieldType, string> = { signature: 'Sig', text: 'Tx', 'check box': 'Btn' };

export class DocumentForm {
  readonly pdf: PDFDocument;
  readonly touched: Touched = new Set();
  #fields: FormField[] | null = null;

  constructor(pdf: PDFDocument) {
    this.pdf = pdf;
  }

  fields(): readonly FormField[] {
    this.#fields ??= fieldsOf(this.pdf);
    return this.#fields;
  }

  /** The page of a field, how it is turned (0, 90, 180 or 270), and the points to a unit of its user space (table 31). @throws PacketError FIELD_OUTSIDE_PAGE */
  pageOf(field: Field): { page: PDFPage; rotate: number; unit: number } {
    const { pdf } = this;
    const page = pdf.getPageCount() >= field.page ? pdf.getPage(field.page - 1) : null;
    if (page === null || !insideBox(field, visibleBox(page.node))) {
      throw new PacketError('FIELD_OUTSIDE_PAGE', `The ${field.kind} field "${field.name}" does not lie on page ${field.page} of the document. Pick the field again.`);
    }
    const unit = page.node.lookup(PDFName.of('UserUnit'));
    // what is no size is none, as in pdf.js
    return { page, rotate: ((page.getRotation().angle % 360) + 360) % 360, unit: unit instanceof PDFNumber && unit.asNumber() > 0 ? unit.asNumber() : 1 };
  }

  /**
   * Adds a field that is its own only widget.
   * @param name of `nameFor`; where it is taken, a number follows; entries: all but name, type, place and page
   */
  add(name: string, type: FieldType, { page, rotate }: { page: PDFPage; rotate: number }, rect: Rect, entries: Record<string, PDFObject>): FormField {
    const { context } = this.pdf;
    const full = this.#freeName(name);
    const { x, y, width, height } = rect;
    const dict = context.obj({
      Type: 'Annot', Subtype: 'Widget', FT: fieldTypes[type], T: PDFHexString.fromText(full), F: annotationFlags,
      Rect: [x, y, x + width, y + height], P: page.ref, ...(rotate === 0 ? {} : { MK: { R: rotate } }),
    });
    for (const [key, value] of Object.entries(entries)) dict.set(PDFName.of(key), value);
    const ref = context.register(dict);
    this.#addTo(page.node, 'Annots', ref, page.ref);
    const { dict: form, owner } = this.dictionary();
    this.#addTo(form, 'Fields', ref, owner);
    const field = { dict, ref, name: full, type };
    this.#fields?.push(field);
    return field;
  }

  /**
   * A field that was made for this before, by its name and its place.
   * @param name as it was given to `add`
   */
  prepared(name: string, type: FieldType, { page, rect }: Field): FormField | null {
    const named = (full: string): boolean => full === name || (full.startsWith(`${name} `) && /^\d+$/.test(full.slice(name.length + 1)));
    const there = this.fields().find((field) => field.type === type && named(field.name) && isAt(field.dict, this.pdf.getPage(page - 1).ref, rect));
    return there ?? null;
  }

  /** A field of the document's own by its full name. */
  named(name: string): FormField | null {
    return this.fields().find((field) => field.name === name) ?? null;
  }

  /** /AcroForm, made where missing, with the indirect object that has to be written when it changes. */
  dictionary(): { dict: PDFDict; owner: PDFRef } {
    return this.owned(this.pdf.catalog, catalogRef(this.pdf), 'AcroForm');
  }

  /** Says that there are signatures. Nothing is touched where it is said already. */
  holdsSignature(): void {
    const known = this.pdf.catalog.lookupMaybe(PDFName.of('AcroForm'), PDFDict)?.lookupMaybe(PDFName.of('SigFlags'), PDFNumber);
    if (known?.asNumber() === signatureFlags) return;
    this.dictionary().dict.set(PDFName.of('SigFlags'), PDFNumber.of(signatureFlags));
  }

  /** The dictionary under a key, made where missing; what holds it is touched. */
  owned(parent: PDFDict, parentRef: PDFRef, key: string): { dict: PDFDict; owner: PDFRef } {
    const name = PDFName.of(key);
    const value = parent.get(name);
    const known = parent.lookupMaybe(name, PDFDict);
    const owner = known !== undefined && value instanceof PDFRef ? value : parentRef;
    this.touched.add(owner);
    if (known !== undefined) return { dict: known, owner };
    const dict = this.pdf.context.obj({});
    parent.set(name, dict);
    return { dict, owner };
  }

  #addTo(parent: PDFDict, key: string, item: PDFRef, parentRef: PDFRef): void {
    const name = PDFName.of(key);
    const value = parent.get(name);
    const known = parent.lookup(name);
    // what should be a list and is none says nothing to any viewer
    const list = known instanceof PDFArray ? known : null;
    if (list === null) parent.set(name, parent.context.obj([item]));
    else list.push(item);
    this.touched.add(list !== null && value instanceof PDFRef ? value : parentRef);
  }

  #freeName(name: string): string {
    const taken = new Set(this.fields().map((field) => field.name));
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? name : `${name} ${number}`;
      if (!taken.has(candidate)) return candidate;
    }
  }
}

/**
 * By itself, since pdf-lib gives up at a field without a type, and never ends where a kid is its own ancestor; both occur in forms that
 * every viewer shows. A node without kids that are named is a field; type and flags are inherited (12.7.4.1).
 */
function fieldsOf(pdf: PDFDocument): FormField[] {
  const fields: FormField[] = [];
  const seen = new Set<PDFRef>();
  const below = (dict: PDFDict | null, key: 'Fields' | 'Kids'): { dict: PDFDict; ref: PDFRef }[] => {
    const list = dict?.lookup(PDFName.of(key));
    const refs = list instanceof PDFArray ? list.asArray().filter((ref) => ref instanceof PDFRef) : [];
    return refs.flatMap((ref) => {
      const kid = pdf.context.lookup(ref);
      return kid instanceof PDFDict ? [{ dict: kid, ref }] : [];
    });
  };
  const form = pdf.catalog.lookup(PDFName.of('AcroForm'));
  const waiting = below(form instanceof PDFDict ? form : null, 'Fields').map((node) => ({ ...node, path: '', type: '', flags: 0 })).toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const { dict, ref } = node;
    if (seen.has(ref)) continue;
    seen.add(ref);
    const [part, own, bits] = ['T', 'FT', 'Ff'].map((key) => dict.lookup(PDFName.of(key)));
    const text = part instanceof PDFString || part instanceof PDFHexString ? part.decodeText() : null;
    const path = text === null ? node.path : node.path === '' ? text : `${node.path}.${text}`;
    const type = own instanceof PDFName ? own.decodeText() : node.type;
    const flags = bits instanceof PDFNumber ? bits.asNumber() : node.flags;
    const kids = below(dict, 'Kids');
    if (kids.some((kid) => kid.dict.has(PDFName.of('T')))) waiting.push(...kids.map((kid) => ({ ...kid, path, type, flags })).toReversed());
    else fields.push({ dict, ref, name: path, type: typeOf(type, flags) });
  }
  return fields;
}

/** Radio buttons and push-buttons (table 229) are no check boxes. */
const otherButtons = 0x18000;

function typeOf(type: string, flags: number): FieldType | null {
  if (type === 'Btn') return (flags & otherButtons) === 0 ? 'check box' : null;
  return type === 'Sig' ? 'signature' : type === 'Tx' ? 'text' : null;
}

export function catalogRef(pdf: PDFDocument): PDFRef {
  return pdf.context.trailerInfo.Root as PDFRef;
}

/** A field and its only widget are usually one dictionary; else the widget is its first kid. */
export function widgetOf(field: { dict: PDFDict; ref: PDFRef }): { dict: PDFDict; ref: PDFRef } {
  const kids = field.dict.lookupMaybe(PDFName.of('Kids'), PDFArray);
  const kid = kids?.get(0);
  const dict = kids?.lookupMaybe(0, PDFDict);
  return kid instanceof PDFRef && dict !== undefined ? { dict, ref: kid } : field;
}

/** What a field of ours is called in the form. */
export function nameFor({ kind, name }: Field): string {
  return ownName(kind === 'signature' ? name : `${name} ${kind}`);
}

/** A period would make it a path (12.7.4.2). */
export function ownName(name: string): string {
  return `Countersign ${name.replaceAll('.', ' ')}`;
}

function isAt(widget: PDFDict, page: PDFRef, { x, y, width, height }: Rect): boolean {
  const rect = widget.lookupMaybe(PDFName.of('Rect'), PDFArray);
  const edges = [x, y, x + width, y + height];
  return widget.get(PDFName.of('P')) === page && rect?.size() === 4
    && edges.every((edge, index) => Math.abs((rect.lookupMaybe(index, PDFNumber)?.asNumber() ?? Number.NaN) - edge) < 0.01);
}

function insideBox({ rect }: Field, box: Rect): boolean {
  const slack = 0.01;
  return rect.width > 0 && rect.height > 0
    && rect.x >= box.x - slack && rect.x + rect.width <= box.x + box.width + slack
    && rect.y >= box.y - slack && rect.y + rect.height <= box.y + box.height + slack;
}
