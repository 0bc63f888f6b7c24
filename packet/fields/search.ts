/**
 * Searches a document for places to sign, in the child process. What the document says explicitly (form fields and tags)
 * goes before what the desk taught (templates), that before what its words suggest; a document that says nothing gets one
 * place at the bottom of its last page.
 */
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { acroformFields } from './acroform-fields.ts';
import { type Field, ROLES } from './field.ts';
import { formReader } from './form.ts';
import type { Found } from './found.ts';
import { type LabelledField, labelledFields } from './labelled-fields.ts';
import { readPageText, textOf } from './page-text.ts';
import { overlap, placeAtBottom } from './place.ts';
import { tagsOf } from './tags.ts';
import type { Template } from './template.ts';
import { uprightOf } from './upright.ts';

const maxFields = 500;
const maxTextPerPage = 100_000;
const maxWarnings = 10;
/** Above this share of letters without a Unicode value, words are not to be relied on. */
const unreadableShare = 0.3;

export async function search(document: PDFDocumentProxy, templates: readonly Template[] = []): Promise<Found> {
  const reader = formReader();
  const text: string[] = [];
  const explicit: Field[] = [];
  const labelled: LabelledField[] = [];
  const warnings: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const upright = uprightOf(page);
    const { pieces, unreadable, whole } = await readPageText(page, upright);
    text.push(textOf(pieces).slice(0, maxTextPerPage));
    reader.add(number, upright, pieces);
    if (unreadable > unreadableShare) warnings.push(`Page ${number}: its fonts do not tell which letters they draw, so that its words cannot be searched. Put the field there by hand.`);
    if (!whole) warnings.push(`Page ${number}: it holds more text than is searched. Check that nothing is missing.`);
    const tags = tagsOf(pieces, upright, number);
    explicit.push(...await acroformFields(page), ...tags.fields);
    warnings.push(...tags.warnings);
    labelled.push(...await labelledFields(page, pieces, upright));
    page.cleanup();
  }
  const fingerprint = reader.fingerprint();
  const named = explicit.some(({ kind }) => kind === 'signature');
  const template = named ? null : templates.find((one) => one.fingerprint === fingerprint) ?? null;
  const learned = template?.fields.map((field): Field => ({ ...field, found: 'template' }));
  const guessed = named ? [] : learned ?? chosen(labelled);
  const fields = [...explicit, ...guessed];
  if (!fields.some(({ kind }) => kind === 'signature')) fields.push(await fallback(document));
  if (fields.length > maxFields) warnings.push(`This document has ${fields.length} places to fill in; ${maxFields} are used.`);
  return {
    fields: inOrder(fields), text, fingerprint, form: reader.form(), template: template?.fingerprint ?? null, hints: {},
    warnings: warnings.length > maxWarnings ? [...warnings.slice(0, maxWarnings), `And ${warnings.length - maxWarnings} more of this kind.`] : warnings,
  };
}

/** Guest before companion before staff; where there are too many, signatures are kept. */
function inOrder(fields: readonly Field[]): Field[] {
  const kept = fields.length <= maxFields ? fields : [...fields].sort((a, b) => Number(b.kind === 'signature') - Number(a.kind === 'signature')).slice(0, maxFields);
  return [...kept].sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
}

/**
 * Words that name nobody count only where none name somebody, and words without a line or box only for a role that has
 * none with one: a heading says "Signature", too.
 */
function chosen(labelled: readonly LabelledField[]): Field[] {
  const clear = labelled.filter(({ signer }) => signer !== 'anyone' && signer !== 'staff');
  const eligible = clear.length > 0 ? labelled.filter(({ signer }) => signer !== 'anyone') : labelled;
  const lined = new Set(eligible.filter(({ certain }) => certain).map(({ field }) => field.role));
  const kept: Field[] = [];
  for (const { field, date, certain } of eligible) {
    if (!certain && lined.has(field.role)) continue;
    if (kept.some(({ kind, page, rect }) => kind === 'signature' && page === field.page && overlap(rect, field.rect))) continue;
    kept.push(field, ...(date === null ? [] : [date]));
  }
  return kept;
}

async function fallback(document: PDFDocumentProxy): Promise<Field> {
  const page = await document.getPage(document.numPages);
  const upright = uprightOf(page);
  return { kind: 'signature', role: 'guest', name: 'guest', label: '', page: document.numPages, rect: upright.toUserSpace(placeAtBottom(upright)), found: 'fallback' };
}
