/** A document under examination: its objects, and where what is wrong with it is written down. */
import { PDFArray, PDFDict, type PDFDocument, PDFInvalidObject, PDFName, PDFNumber, type PDFObject, PDFRef, PDFStream } from '../pdf-lib.ts';

export interface Fault {
  /** In words. */
  rule: string;
  /** Of ISO 19005-1 or -2, by what the document claims to be. */
  clause: string;
  /** Object number and generation, or what part of the file. */
  where: string;
}

/** Clause in part 1 and in part 2; null where that part does not say it. */
export type Clauses = readonly [one: string | null, two: string | null];

/** A dictionary, that of a stream included, with the indirect object it stands in. */
export interface Entry { where: string; dict: PDFDict; stream: PDFStream | null }

export class Examined {
  readonly pdf: PDFDocument;
  readonly part: 1 | 2;
  readonly bytes: Uint8Array;
  readonly faults: Fault[] = [];
  /** All that the trailer leads to. */
  readonly entries: readonly Entry[];

  constructor(pdf: PDFDocument, part: 1 | 2, bytes: Uint8Array) {
    this.pdf = pdf;
    this.part = part;
    this.bytes = bytes;
    this.entries = reachable(pdf);
  }

  fault(rule: string, clauses: Clauses, where: string): void {
    const clause = clauses[this.part - 1] ?? null;
    if (clause !== null && !this.faults.some((known) => known.rule === rule && known.where === where)) this.faults.push({ rule, clause, where });
  }

  /** Of an object or a reference to one, for messages. */
  place(object: PDFObject | undefined): string {
    return object instanceof PDFRef ? object.tag : 'a direct object';
  }
}

export function dictOf(object: PDFObject | undefined): PDFDict | null {
  if (object instanceof PDFStream) return object.dict;
  return object instanceof PDFDict ? object : null;
}

export function dictAt(dict: PDFDict | null, key: string): PDFDict | null {
  return dictOf(dict?.lookup(PDFName.of(key)));
}

export function nameAt(dict: PDFDict | null, key: string): string | null {
  const value = dict?.lookup(PDFName.of(key));
  return value instanceof PDFName ? value.decodeText() : null;
}

export function numberAt(dict: PDFDict | null, key: string): number | null {
  const value = dict?.lookup(PDFName.of(key));
  return value instanceof PDFNumber ? value.asNumber() : null;
}

export function itemsAt(dict: PDFDict | null, key: string): PDFObject[] {
  const value = dict?.lookup(PDFName.of(key));
  return value instanceof PDFArray ? value.asArray().map((item, index) => value.lookup(index) ?? item) : [];
}

/** Names of a value that may be one or an array of them, e.g. filters. */
export function namesAt(dict: PDFDict, key: string): string[] {
  const value = dict.lookup(PDFName.of(key));
  const items = value instanceof PDFArray ? value.asArray().map((item) => dict.context.lookup(item)) : [value];
  return items.flatMap((item) => (item instanceof PDFName ? [item.decodeText()] : []));
}

function reachable(pdf: PDFDocument): Entry[] {
  const { context } = pdf;
  const entries: Entry[] = [];
  const seen = new Set<PDFRef>();
  const waiting: { where: string; object: PDFObject }[] = [context.trailerInfo.Root, context.trailerInfo.Info]
    .flatMap((object) => (object === undefined ? [] : [{ where: 'trailer', object }]));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { where, object } = next;
    if (object instanceof PDFRef) {
      const target = seen.has(object) ? undefined : context.lookup(object);
      seen.add(object);
      if (target !== undefined) waiting.push({ where: object.tag, object: target });
      continue;
    }
    const dict = object instanceof PDFInvalidObject ? null : dictOf(object);
    if (dict !== null) entries.push({ where, dict, stream: object instanceof PDFStream ? object : null });
    const children = dict?.values() ?? (object instanceof PDFArray ? object.asArray() : []);
    for (const child of children) waiting.push({ where, object: child });
  }
  return entries;
}
