/**
 * Reservation number, room and guest's name as a document prints them beside or below their labels: to show at the desk and
 * to search by. A guess, never proof of who somebody is.
 * Before: `page-text.ts`. After: `search.ts`; the desk.
 */
import { folded } from './folded.ts';
import type { Hints } from './found.ts';
import { hintWords, numberWords } from './hint-words.ts';
import { labelOf } from './label.ts';
import { onOneLine, type Piece } from './page-text.ts';

export type PrintedHint = Exclude<keyof Hints, 'language'>;

const kinds = ['reservation', 'room', 'guestName'] as const satisfies readonly PrintedHint[];
const labels = new Map<string, Set<PrintedHint>>();
for (const words of Object.values(hintWords)) {
  for (const kind of kinds) {
    // "Buchungsnummer" is written "Buchungsnr.", too.
    for (const word of words[kind].flatMap((one) => [one, one.replace(/nummer$/u, 'nr')]).map(folded)) labels.set(word, (labels.get(word) ?? new Set()).add(kind));
  }
}
const numbers = new Set(numberWords.map(folded));
const longestLabel = Math.max(...[...labels.keys()].map((label) => label.length)) + 24;
const unspaced = /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Hangul}]/u;
const mostPieces = 4000;
const longestValue = 200;

const values: Record<PrintedHint, RegExp> = {
  reservation: /^[\p{Lu}\p{N}](?:[\p{L}\p{N}]|[-/.](?=[\p{L}\p{N}])){2,23}$/u,
  room: /^(?:\p{Lu}{1,2}[-.]?)?\d{1,5}(?:[-/]?\p{Lu})?$/u,
  guestName: /^(?:(?:mrs?|ms|dr|herr|frau|mme|sig|sr|sra)\.?\s+)?\p{L}[\p{L}\p{M}'’.-]*(?:[\s,·]+\p{L}[\p{L}\p{M}'’.-]*){1,5}$/iu,
};
const unspacedName = /^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Hangul}·\s]{2,40}$/u;

/** @param pieces of one page, in reading order. */
export function hintsOf(pieces: readonly Piece[]): Pick<Hints, PrintedHint> {
  const found: Pick<Hints, PrintedHint> = {};
  for (const [at, piece] of pieces.slice(0, mostPieces).entries()) {
    for (const { kinds: asked, rest } of labelsIn(piece.text)) {
      for (const kind of asked) {
        if (found[kind] !== undefined) continue;
        const value = [rest, ...(rest === '' ? nextTo(piece, at, pieces) : [])].map((text) => valueOf(kind, text)).find((text) => text !== null);
        if (value !== undefined) found[kind] = value;
      }
    }
    if (kinds.every((kind) => found[kind] !== undefined)) break;
  }
  return found;
}

/** What a piece of text, or what a template's rectangle holds, says as that hint. Null where it does not look like one. */
export function valueOf(kind: PrintedHint, text: string): string | null {
  const clean = text.trim().slice(0, longestValue).normalize('NFKC').replaceAll(/\s+/gu, ' ').replaceAll(/^[\s:#№.,-]+|[\s:,;]+$/gu, '').trim();
  if (kind === 'guestName') {
    const isName = clean.length <= 80 && labelOf(clean) === null && labelsIn(clean).length === 0 && (values.guestName.test(clean) || unspacedName.test(clean));
    return isName ? clean : null;
  }
  // What follows the number is the next label: "204 Arrival".
  const [first = ''] = clean.split(/[\s,;]/u);
  return values[kind].test(first) && /\p{N}/u.test(first) && !/^\d{1,2}\.\d{1,2}\.(?:\d{2,4})?$|^\d{4}-\d\d-\d\d$|^\d{1,2}\/\d{1,2}\/\d{2,4}$/u.test(first) ? first : null;
}

interface LabelInText { kinds: readonly PrintedHint[]; rest: string }

/** Labels that a text begins with ("Room no. 204"), or that stand after a comma or gap in it ("…, room 204"). */
function labelsIn(text: string): LabelInText[] {
  const starts = [0, ...[...text.matchAll(/[,;|•]\s*|\s{2,}/gu)].map(({ 0: gap, index }) => index + gap.length)];
  return starts.slice(0, 8).map((start) => labelAt(text.slice(start))).filter((reading) => reading !== null);
}

function labelAt(text: string): LabelInText | null {
  // Labels in two languages: "Room / Zimmer: 204".
  const colon = /[:：]/u.exec(text.slice(0, 2 * longestLabel));
  if (colon !== null) {
    const kinds = new Set(text.slice(0, colon.index).split(/[/|]/u).flatMap((part) => [...labels.get(withoutNumber(part)) ?? []]));
    if (kinds.size > 0) return { kinds: [...kinds], rest: (text.slice(colon.index + 1).split(/[,;|•]|\s{2,}/u)[0] as string).trim() };
  }
  const words = text.slice(0, longestLabel).split(/\s+/u);
  for (let count = Math.min(words.length, 5); count > 0; count--) {
    // The value is no part of the label.
    if (words.slice(0, count).some((word) => /\p{N}/u.test(word))) continue;
    const label = withoutNumber(words.slice(0, count).join(' '));
    const kinds = labels.get(label);
    if (kinds === undefined) continue;
    const rest = text.slice(words.slice(0, count).join(' ').length).trim().replace(/^(?:[\p{L}]{1,12}\.?|[№#])\s+(?=\S)/u, (word) => (isNumberWord(word) ? '' : word));
    // A name after "Guest" without a colon is rather a sentence.
    const certain = [...kinds].filter((kind) => rest === '' || kind !== 'guestName');
    if (certain.length > 0) return { kinds: certain, rest: rest.split(/[,;|•]|\s{2,}/u)[0] as string };
  }
  if (!unspaced.test(text)) return null;
  const label = [...labels.keys()].filter((known) => unspaced.test(known) && text.startsWith(known)).sort((a, b) => b.length - a.length)[0];
  return label === undefined ? null : { kinds: [...labels.get(label) ?? []], rest: text.slice(label.length).replace(/^[:：\s]+/u, '') };
}

function withoutNumber(text: string): string {
  const words = folded(text).replaceAll(/[’`´]/gu, "'").replaceAll(/[^\p{L}\p{M}'№]+/gu, ' ').trim().split(' ');
  while (words.length > 1 && isNumberWord(words.at(-1) as string)) words.pop();
  return words.join(' ');
}

function isNumberWord(word: string): boolean {
  return numbers.has(folded(word).replaceAll(/[.\s#:]/gu, ''));
}

/** The piece beside on the line, and the one below with the same edge. */
function nextTo(label: Piece, at: number, pieces: readonly Piece[]): string[] {
  const beside = pieces[at + 1];
  const below = pieces.slice(at + 1, at + 60).find((piece) => {
    const down = label.baseline - piece.baseline;
    return down > 0.8 * label.size && down < 2.6 * Math.max(label.size, piece.size)
      && Math.abs(label.rightToLeft ? label.right - piece.right : label.left - piece.left) < label.size;
  });
  return [...(beside !== undefined && onOneLine(beside, label) ? [beside.text] : []), ...(below === undefined ? [] : [below.text])];
}
