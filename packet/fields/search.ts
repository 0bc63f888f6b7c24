/**
 * Searches a document for places to sign, in the child process. What the document says explicitly (form fields and tags)
 * goes before what the desk taught (templates), that before what its words suggest; a document that says nothing gets one
 * place at the bottom of its last page.
 */
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { acroformFields } from './acroform-fields.ts';
import { type Field, type Rect, ROLES } from './field.ts';
import { identifies, type PageOfForm, readForm } from './form.ts';
import type { Hints, Searched } from './found.ts';
import { hintsOf, type PrintedHint, valueOf } from './hints.ts';
import { labelOf } from './label.ts';
import { type LabelledField, labelledFields } from './labelled-fields.ts';
import { languageOf } from './language.ts';
import { type Match, matchTemplate } from './match-template.ts';
import { type PageText, readPageText, textOf } from './page-text.ts';
import { drawingsOf } from './page-picture.ts';
import { boxOf, overlap, placeAtBottom } from './place.ts';
import { tagsOf } from './tags.ts';
import type { Template } from './template.ts';
import { rectThrough, uprightOf } from './upright.ts';

const maxFields = 500;
/** Of all pages; each is compared with each. */
const mostLabels = 4 * maxFields;
const maxTextPerPage = 100_000;
const maxWarnings = 10;
/** Above this share of letters without a Unicode value, words are not to be relied on. */
const unreadableShare = 0.3;

/** @param signed full names of form fields that hold a signature already */
export async function search(document: PDFDocumentProxy, templates: readonly Template[] = [], signed: ReadonlySet<string> = new Set()): Promise<Searched> {
  const pages: PageOfForm[] = [];
  let printed: Pick<Hints, PrintedHint> = {};
  const text: string[] = [];
  const explicit: Field[] = [];
  let labelled: LabelledField[] = [];
  const warnings: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const upright = uprightOf(page);
    const { pieces, unreadable, turned, whole } = await readPageText(page, upright).catch((): PageText => {
      warnings.push(`Page ${number}: its text cannot be read, so that its words cannot be searched. Put the field there by hand.`);
      return { pieces: [], unreadable: 0, turned: [], whole: true };
    });
    text.push(textOf(pieces).slice(0, maxTextPerPage));
    if (identifies(number, document.numPages)) pages.push({ number, upright, pieces });
    printed = { ...hintsOf(pieces), ...printed };
    if (unreadable > unreadableShare) warnings.push(`Page ${number}: its fonts do not tell which letters they draw, so that its words cannot be searched. Put the field there by hand.`);
    if (!whole) warnings.push(`Page ${number}: it holds more text than is searched. Check that nothing is missing.`);
    warnings.push(...turned.map((tag) => `Page ${number}: ${tag} is not used, its letters do not stand upright.`));
    const tags = tagsOf(pieces, upright, number);
    explicit.push(...await acroformFields(page, signed), ...tags.fields);
    warnings.push(...tags.warnings);
    labelled = [...labelled, ...await labelledFields(page, pieces, upright)].slice(0, mostLabels);
    page.cleanup();
  }
  const language = languageOf(text.join('\n'));
  const phrases = chosen(labelled, language);
  const names = [printed.guestName ?? '', ...labelled.map(({ field }) => field.signer ?? '')];
  const { form, fingerprint, match } = await recognised(document, pages, labelled, names, templates);
  const named = explicit.some(({ kind }) => kind === 'signature');
  const learned = named || match === null ? null : learnedFields(match, pages);
  const guessed = named ? [] : learned ?? phrases;
  const fields = [...explicit, ...guessed];
  if (!fields.some(({ kind }) => kind === 'signature')) fields.push(await fallback(document));
  if (fields.length > maxFields) warnings.push(`This document has ${fields.length} places to fill in; ${maxFields} are used.`);
  return {
    fields: inOrder(fields), text, fingerprint: match?.template.fingerprint ?? fingerprint, form, template: learned === null ? null : match?.template.fingerprint ?? null,
    hints: { ...printed, ...(match === null ? {} : learnedHints(match, pages)), ...(language === null ? {} : { language }) },
    warnings: warnings.length > maxWarnings ? [...warnings.slice(0, maxWarnings), `And ${warnings.length - maxWarnings} more of this kind.`] : warnings,
  };
}

async function recognised(
  document: PDFDocumentProxy, pages: readonly PageOfForm[], labelled: readonly LabelledField[], names: readonly string[], templates: readonly Template[],
): Promise<Awaited<ReturnType<typeof readForm>> & { match: Match | null }> {
  const drawings = drawingsOf(() => document.getData());
  try {
    const known = await readForm(pages, labelled.filter(({ certain }) => certain).map(({ signer }) => signer), names, drawings);
    return { ...known, match: await matchTemplate(templates, known.form, drawings) };
  } finally {
    drawings.close();
  }
}

function learnedFields({ template, moved }: Match, pages: readonly PageOfForm[]): Field[] {
  return template.fields.flatMap(({ kind, role, name, label, page, rect }) => {
    const place = moved(page, rect);
    if (place === null) return [];
    const beside = kind === 'check' && label === '' ? wordsAt(place.page, place.rect, pages, 'beside') : label;
    return [{ kind, role, name, label: beside, ...place, found: 'template' as const }];
  });
}

function learnedHints({ template, moved }: Match, pages: readonly PageOfForm[]): Pick<Hints, PrintedHint> {
  const hints: Pick<Hints, PrintedHint> = {};
  for (const kind of ['reservation', 'guestName', 'room'] as const) {
    const rule = template.hints[kind];
    const place = rule === undefined ? null : moved(rule.page, rule.rect);
    const value = place === null ? null : valueOf(kind, wordsAt(place.page, place.rect, pages, 'inside'));
    if (value !== null) hints[kind] = value;
  }
  return hints;
}

/** @param where `beside`: on the line of the rectangle, after it. */
function wordsAt(page: number, rect: Rect, pages: readonly PageOfForm[], where: 'inside' | 'beside'): string {
  const sheet = pages.find(({ number }) => number === page);
  if (sheet === undefined) return '';
  const place = rectThrough(sheet.upright.matrix, rect);
  return sheet.pieces.filter((piece) => {
    const middle = piece.baseline + 0.3 * piece.size;
    if (middle < place.y || middle > place.y + place.height) return false;
    return where === 'inside' ? overlap(place, boxOf(piece)) : piece.rightToLeft ? piece.right <= place.x : piece.left >= place.x + place.width;
  }).map(({ text }) => text).join(' ').slice(0, 400);
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
function chosen(labelled: readonly LabelledField[], language: string | null): Field[] {
  const clear = labelled.filter(({ signer }) => signer !== 'anyone' && signer !== 'staff');
  const eligible = labelled.filter(({ signer, field }) => signer !== 'anyone' || (clear.length === 0 && !isCompany(field.label, language)));
  const lined = new Set(eligible.filter(({ certain }) => certain).map(({ field }) => field.role));
  const kept: Field[] = [];
  for (const { field, date, certain } of eligible) {
    if (!certain && lined.has(field.role)) continue;
    if (kept.some(({ kind, page, rect }) => kind === 'signature' && page === field.page && overlap(rect, field.rect))) continue;
    kept.push(field, ...(date === null ? [] : [date]));
  }
  return kept;
}

/** "Firma" is a signature in Spanish and Italian, a company in many other languages. */
function isCompany(label: string, language: string | null): boolean {
  return language !== null && !['es', 'it', 'en'].includes(language) && /\bfirma\b/iu.test(label) && labelOf(label.replaceAll(/\bfirma\b/giu, ' ')) === null;
}

async function fallback(document: PDFDocumentProxy): Promise<Field> {
  const page = await document.getPage(document.numPages);
  const upright = uprightOf(page);
  return { kind: 'signature', role: 'guest', name: 'guest', label: '', page: document.numPages, rect: upright.toUserSpace(placeAtBottom(upright)), found: 'fallback' };
}
