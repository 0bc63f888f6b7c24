/**
 * Searches a document for places to sign, in the child process. What the document says explicitly (form
 * fields, then tags) goes before what its words suggest; a document that says nothing gets one place at the
 * bottom of its last page. Templates and offsets of a house's own forms will come before the phrases.
 */
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Field, Rect } from './field.ts';
import { formReader } from './form.ts';
import type { Found } from './found.ts';
import { readRules, splitAtTypedRules } from './page-rules.ts';
import { type Piece, readPieces, textOf } from './page-text.ts';
import { labelOf, type Signer } from './phrases.ts';
import { printedName } from './printed-name.ts';
import { overlap, placeAtBottom, placeFor, placeOn } from './place.ts';
import type { Template } from './template.ts';
import { type Upright, uprightOf } from './upright.ts';

const maxFields = 100;
const maxTextPerPage = 100_000;
const signatureTag = /\{\{\s*sig:([\w-]{1,40})\s*\}\}/gu;

export async function search(document: PDFDocumentProxy, templates: readonly Template[] = []): Promise<Found> {
  const reader = formReader();
  const text: string[] = [];
  const own: Field[] = [];
  const tagged: Field[] = [];
  const labelled: (Field & { who: Signer })[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const upright = uprightOf(page);
    const pieces = await readPieces(page, upright);
    text.push(textOf(pieces).slice(0, maxTextPerPage));
    reader.add(number, upright, pieces);
    own.push(...await formFields(page));
    tagged.push(...tags(pieces, upright, number));
    labelled.push(...await labels(page, pieces, upright));
    page.cleanup();
  }
  const explicit = [...own, ...tagged];
  const fields = explicit.length > 0 ? explicit : named(labelled);
  const fingerprint = reader.fingerprint();
  const template = templates.find((one) => one.fingerprint === fingerprint) ?? null;
  const learned = template?.fields.map((field): Field => ({ ...field, found: 'template' })) ?? [];
  const best = explicit.length === 0 && learned.length > 0 ? learned : fields;
  return {
    fields: best.length > 0 ? best.slice(0, maxFields) : [await fallback(document)], text,
    fingerprint, form: reader.form(), template: best === learned && template !== null ? template.fingerprint : null, hints: {}, warnings: [],
  };
}

/** Visible AcroForm signature fields that hold no signature yet. */
async function formFields(page: PDFPageProxy): Promise<Field[]> {
  const annotations = await page.getAnnotations() as { fieldType?: string; fieldName?: string; alternativeText?: string; rect: number[]; hidden?: boolean }[];
  return annotations.flatMap(({ fieldType, fieldName, alternativeText, rect }) => {
    const [left, bottom, right, top] = rect as [number, number, number, number];
    if (fieldType !== 'Sig' || !fieldName || right <= left || top <= bottom) return [];
    const place = { x: left, y: bottom, width: right - left, height: top - bottom };
    return [{ kind: 'signature' as const, role: 'guest' as const, name: fieldName, label: alternativeText || fieldName, page: page.pageNumber, rect: place, found: 'acroform' as const }];
  });
}

function tags(pieces: readonly Piece[], upright: Upright, page: number): Field[] {
  return pieces.flatMap((piece) => [...piece.text.matchAll(signatureTag)].map((match) => {
    const left = piece.left + (match.index / piece.text.length) * (piece.right - piece.left);
    return { kind: 'signature' as const, role: match[1] === 'companion' ? 'companion' as const : 'guest' as const, name: match[1] as string, label: match[0], page, rect: upright.toUserSpace(placeOn(left, piece.baseline, upright)), found: 'tag' as const };
  }));
}

async function labels(page: PDFPageProxy, pieces: readonly Piece[], upright: Upright): Promise<(Field & { who: Signer })[]> {
  const split = pieces.map(splitAtTypedRules);
  const words = split.flatMap((part) => part.words);
  const found = words.flatMap((piece) => {
    const signer = labelOf(piece.text);
    return signer === null ? [] : [{ piece, signer }];
  });
  if (found.length === 0) return [];
  const rules = [...await readRules(page, upright), ...split.flatMap((part) => part.rules)];
  return found.map(({ piece, signer }) => {
    const place = placeFor(piece, { ...upright, pieces: words, rules });
    return {
      who: signer, kind: 'signature' as const, role: signer === 'companion' ? 'companion' as const : 'guest' as const, name: signer, label: piece.text.replaceAll(/[\s:]+$/gu, '').trim(), page: page.pageNumber, found: 'phrase' as const,
      rect: upright.toUserSpace(place), ...printedName(piece, place, words),
    };
  });
}

/** Guest before companion; words that name neither count only where nothing better was found. */
function named(labelled: readonly (Field & { who: Signer })[]): Field[] {
  const clear = labelled.filter(({ who }) => who !== 'anyone');
  const kept: Field[] = [];
  const taken: { page: number; rect: Rect }[] = [];
  for (const { who, ...field } of (clear.length > 0 ? clear : labelled).toSorted((a, b) => rank(a.who) - rank(b.who))) {
    if (taken.some(({ page, rect }) => page === field.page && overlap(rect, field.rect))) continue;
    taken.push(field);
    kept.push({ ...field, name: who === 'anyone' ? 'guest' : who });
  }
  return kept;
}

function rank(who: Signer): number {
  return who === 'companion' ? 1 : 0;
}

async function fallback(document: PDFDocumentProxy): Promise<Field> {
  const page = await document.getPage(document.numPages);
  const upright = uprightOf(page);
  return { kind: 'signature', role: 'guest', name: 'guest', label: '', page: document.numPages, rect: upright.toUserSpace(placeAtBottom(upright)), found: 'fallback' };
}
