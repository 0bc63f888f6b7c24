/**
 * What identifies a form, whoever's name is printed in it: its fixed words and where they stand, who signs there, and of
 * pages without words a coarse picture. What looks like a value is left out (numbers, what follows a colon, the guest's
 * name); of each word that stays twelve bits of its SHA-256 are kept: enough to know a form by many words, too few to tell
 * one word of a guest that slipped in.
 * Before: `page-text.ts`. After: `match-template.ts`, and through the desk `template.ts`.
 */
import { createHash } from 'node:crypto';
import type { Signer } from './label.ts';
import { onOneLine, type Piece, spanOf } from './page-text.ts';
import { type Drawings, pictureOf } from './page-picture.ts';
import type { Matrix, Upright } from './upright.ts';

export interface FormPage {
  /** From 1. */
  number: number;
  /** As shown, points. */
  width: number;
  height: number;
  /** From user space to the page as shown. */
  matrix: Matrix;
}

/** Page from 1; left end and baseline on the page as shown, whole points. */
export type FormWord = readonly [page: number, hash: number, x: number, y: number];

/** `picture` as `page-picture.ts` writes it. */
export interface FormPicture { page: number; picture: string }

export interface Form {
  /** The first and the last eight. */
  pages: FormPage[];
  /** In reading order. */
  words: FormWord[];
  /** Who is asked to sign, by the labels, one entry for each. */
  signers: Signer[];
  /** Of the first pages, where the document has too few words to be known by: a scan may have a line of its scanner's. */
  pictures: FormPicture[];
}

/** With fewer different words a form is known by its pictures or not at all. */
export const fewestWords = 8;
const pagesAtEachEnd = 8;
const maximumWords = 1600;
const maximumPictures = 2;

export interface PageOfForm { number: number; upright: Upright; pieces: readonly Piece[] }

/** True for the pages a form is known by. */
export function identifies(page: number, pages: number): boolean {
  return page <= pagesAtEachEnd || page > pages - pagesAtEachEnd;
}

/** @param names as printed in the document; their words are no part of the form. */
export async function readForm(
  pages: readonly PageOfForm[], signers: readonly Signer[], names: readonly string[], drawings: Drawings,
): Promise<{ form: Form; fingerprint: string }> {
  const nameWords = new Set(names.flatMap(wordsOf).map(({ word }) => word));
  const distinct = new Set<string>();
  const words: FormWord[] = [];
  const pictures: FormPicture[] = [];
  for (const { number, pieces } of pages) {
    const fixed = fixedWords(pieces).filter(({ word }) => !nameWords.has(word));
    for (const { word, left, baseline } of fixed) {
      distinct.add(word);
      words.push([number, shortHash(word), Math.round(left), Math.round(baseline)]);
    }
  }
  for (const { number: page } of distinct.size >= fewestWords ? [] : pages.slice(0, maximumPictures)) {
    const drawing = await drawings.draw(page);
    if (drawing !== null) pictures.push({ page, picture: pictureOf(drawing) });
  }
  // The ends of a long document say more than its middle: the title, and where to sign.
  const kept = words.length <= maximumWords ? words : [...words.slice(0, maximumWords / 2), ...words.slice(-maximumWords / 2)];
  const sorted = [...signers].sort();
  return {
    form: { pages: pages.map(({ number, upright: { width, height, matrix } }) => ({ number, width, height, matrix })), words: kept, signers: sorted, pictures },
    fingerprint: createHash('sha256').update(JSON.stringify([[...distinct].sort(), sorted, pictures.map(({ picture }) => picture)])).digest('hex'),
  };
}

/** Without values: words with digits, what follows a colon, and the piece beside a label that ends in one. */
function fixedWords(pieces: readonly Piece[]): { word: string; left: number; baseline: number }[] {
  return pieces.flatMap((piece, at) => {
    const before = pieces[at - 1];
    const isValue = before !== undefined && onOneLine(before, piece) && /[:：]\s*$/u.test(before.text) && !/[:：]\s*$/u.test(piece.text);
    if (isValue) return [];
    const [label] = piece.text.split(/[:：]/u) as [string];
    return wordsOf(label).map(({ word, index, length }) => {
      const { left, right } = spanOf(piece, index, index + length);
      return { word, left: piece.rightToLeft ? right : left, baseline: piece.baseline };
    });
  });
}

/** "R-48213" is one word with a digit, not two. */
const oneWord = /[\p{L}\p{M}\p{N}]+(?:[-/.'’_][\p{L}\p{M}\p{N}]+)*/gu;

function wordsOf(text: string): { word: string; index: number; length: number }[] {
  return [...text.matchAll(oneWord)].map(({ 0: word, index }) => ({ word: word.normalize('NFKC').toLowerCase(), index, length: word.length }))
    .filter(({ word }) => !/\p{N}/u.test(word));
}

function shortHash(word: string): number {
  return createHash('sha256').update(word).digest().readUInt16BE() >> 4;
}
