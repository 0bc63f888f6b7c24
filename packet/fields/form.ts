/**
 * What identifies a form, whoever's name is printed in it: its fixed words and where they stand, and of pages without
 * words a coarse picture. Of each word twelve bits of its SHA-256 are kept: enough to know a form by many words, too few
 * to tell one word of a guest that slipped in.
 * Before: `page-text.ts`. After: `match-template.ts`, and through the desk `template.ts`.
 */
import { createHash } from 'node:crypto';
import type { Piece } from './page-text.ts';
import type { Matrix, Upright } from './upright.ts';

export interface FormPage {
  /** As shown, points. */
  width: number;
  height: number;
  /** From user space to the page as shown. */
  matrix: Matrix;
}

/** Page from 1; left end and baseline on the page as shown, whole points. */
export type FormWord = readonly [page: number, hash: number, x: number, y: number];

export interface Form {
  pages: FormPage[];
  /** In reading order. */
  words: FormWord[];
  /** Of pages without words. */
  pictures: string[];
}

const maximumPages = 16;
const maximumWords = 1600;

/** Gathers a form page by page. */
export function formReader(): { add(number: number, upright: Upright, pieces: readonly Piece[]): void; form(): Form; fingerprint(): string } {
  const form: Form = { pages: [], words: [], pictures: [] };
  const distinct = new Set<string>();
  return {
    add(number, { width, height, matrix }, pieces) {
      if (number > maximumPages) return;
      form.pages.push({ width, height, matrix });
      for (const { word, left, baseline } of pieces.flatMap(fixedWords)) {
        distinct.add(word);
        if (form.words.length < maximumWords) form.words.push([number, shortHash(word), Math.round(left), Math.round(baseline)]);
      }
    },
    form: () => form,
    fingerprint: () => createHash('sha256').update([...distinct].sort().join('\n')).digest('hex'),
  };
}

function fixedWords(piece: Piece): { word: string; left: number; baseline: number }[] {
  const perLetter = (piece.right - piece.left) / piece.text.length;
  return [...piece.text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].filter(([word]) => !/\p{N}/u.test(word)).map(({ 0: word, index }) => ({
    word: word.normalize('NFKC').toLowerCase(), baseline: piece.baseline,
    left: piece.rightToLeft ? piece.right - index * perLetter : piece.left + index * perLetter,
  }));
}

function shortHash(word: string): number {
  return createHash('sha256').update(word).digest().readUInt16BE() >> 4;
}
