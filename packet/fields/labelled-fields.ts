/**
 * Places that a page's words point to: labels at signature lines, and a date label that stands on the line of such a label.
 * Before: `page-text.ts`, `page-rules.ts`. After: `search.ts`, which chooses among the labels of all pages.
 */
import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Field, Rect } from './field.ts';
import { isDateLabel, type Label, labelOf, type Signer } from './label.ts';
import { type Edge, type Lines, readLines, type Rule, splitAtTypedRules } from './page-rules.ts';
import { onOneLine, type Piece } from './page-text.ts';
import { overlap, type Place, placeFor, type PlacePage, usual } from './place.ts';
import { printedName } from './printed-name.ts';
import type { Upright } from './upright.ts';

export interface LabelledField {
  field: Field;
  signer: Signer;
  /** A line or a box says so, too. */
  certain: boolean;
  /** On the label's line, filled in together with the signature. */
  date: Field | null;
}

const mostLabels = 200;
const longestLabel = 200;
const linesTogether = 1.8;
const weakAbove = 20;
/** Lower lines rule tables. */
const leastHeight = 15;

interface Labelled { piece: Piece; label: Label }

export async function labelledFields(page: PDFPageProxy, pieces: readonly Piece[], upright: Upright): Promise<LabelledField[]> {
  const split = pieces.map(splitAtTypedRules);
  const words = split.flatMap((part) => part.words);
  const labels = together(words.flatMap((piece) => {
    const label = labelOf(piece.text);
    return label === null ? [] : [{ piece, label }];
  }).slice(0, mostLabels));
  if (labels.length === 0) return [];
  const lines: Lines = await readLines(page, upright);
  const typed: Rule[] = split.flatMap((part) => part.rules);
  const rules = [...lines.rules, ...typed];
  const edges: Edge[] = lines.edges;
  const ground: PlacePage = { width: upright.width, height: upright.height, pieces: words, rules, edges };
  const placed = labels.map((one) => ({ ...one, place: placeFor(one.piece, ground) })).filter(({ piece, label, place }) => label.sure || backed(piece, place));
  const rects = placed.map(({ place }) => place.rect);
  const dated = new Set<Piece>();
  return placed.map(({ piece, label, place }) => {
    const field = (kind: 'signature' | 'date', text: string, rect: Rect): Field => ({
      kind, role: label.signer === 'anyone' ? 'guest' : label.signer, name: label.signer === 'anyone' ? 'guest' : label.signer,
      label: text.trim().slice(0, longestLabel).replaceAll(/[\s:]+$/gu, ''), page: page.pageNumber, rect: upright.toUserSpace(rect), found: 'phrase',
    });
    const date = dateBeside(piece, place, ground, labels.map((one) => one.piece), rects, dated);
    return {
      signer: label.signer, certain: place.on !== 'ground', field: { ...field('signature', piece.text, place.rect), ...printedName(piece, place.rect, words) },
      date: date === null ? null : field('date', date.piece.text, date.rect),
    };
  });
}

/** Words that only contain a label are one where they stand at the line they speak of. */
function backed(piece: Piece, { rect, on, rule }: Place): boolean {
  if (rect.height < leastHeight) return false;
  if (on === 'line' && rule !== null) return rule.y - piece.baseline > -0.6 * piece.size && rule.y - piece.baseline < piece.size + weakAbove;
  return on === 'box';
}

/** A label in several languages, line below line, is one: the first, with the signer that any of them names. */
function together(labels: readonly Labelled[]): Labelled[] {
  const kept: Labelled[] = [];
  for (const { piece, label } of labels) {
    const above = kept.find((one) => {
      const down = one.piece.baseline - piece.baseline;
      const same = one.label.signer === label.signer || one.label.signer === 'anyone' || label.signer === 'anyone';
      return same && down > 0 && down < linesTogether * piece.size && Math.abs(one.piece.size - piece.size) < 0.5 * piece.size
        && (piece.rightToLeft ? Math.abs(one.piece.right - piece.right) : Math.abs(one.piece.left - piece.left)) < piece.size;
    });
    if (above === undefined) kept.push({ piece, label });
    else if (above.label.signer === 'anyone') above.label = { ...label, sure: above.label.sure || label.sure };
  }
  return kept;
}

/**
 * Only with a line of its own, level with that of the signature. Where a line of text begins with a date, each date belongs to
 * the signature after it, else to the one before.
 */
function dateBeside(label: Piece, { rect, rule }: Place, page: PlacePage, labels: readonly Piece[], taken: readonly Rect[], dated: Set<Piece>): { piece: Piece; rect: Rect } | null {
  if (rule === null) return null;
  const begins = (piece: Piece): number => (piece.rightToLeft ? -piece.right : piece.left);
  const dates = page.pieces.filter((piece) => onOneLine(piece, label) && isDateLabel(piece.text)).sort((a, b) => begins(a) - begins(b));
  const first = dates[0];
  if (first === undefined) return null;
  const leading = labels.every((other) => !onOneLine(other, label) || begins(other) > begins(first));
  const side = dates.filter((piece) => (begins(piece) < begins(label)) === leading && !dated.has(piece));
  const piece = leading ? side.at(-1) : side[0];
  if (piece === undefined) return null;
  const place = placeFor(piece, page);
  if (place.rule === null || place.rule === rule || Math.abs(place.rule.y - rule.y) > 4) return null;
  const date = { ...place.rect, width: Math.min(place.rect.width, usual.date.width * 1.5), height: Math.min(place.rect.height, usual.date.height) };
  if (overlap(date, rect) || taken.some((other) => overlap(date, other))) return null;
  dated.add(piece);
  return { piece, rect: date };
}
