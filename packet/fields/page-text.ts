/**
 * The text of a page as pieces with a place. pdf.js gives runs as the producer drew them, often one letter
 * or one font at a time; a piece is what stands together on one line without a gap. Text that nobody sees counts as well:
 * the words of a scanned page lie under its picture, and tags are often written in white. What lies outside the page does not.
 */
import type { PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { type Matrix, multiply, type Upright } from './upright.ts';

/** Upright text only, in `Upright` space; points. */
export interface Piece {
  text: string;
  left: number;
  right: number;
  baseline: number;
  size: number;
  rightToLeft: boolean;
  /** What it was joined from: where in `text` each part begins, and where on the page it stands. */
  runs: readonly { from: number; length: number; left: number; right: number }[];
}

interface Run { text: string; left: number; right: number; baseline: number; size: number; rightToLeft: boolean; order: number }

export interface PageText {
  pieces: Piece[];
  /** Letters that the file gives no Unicode for, as a share of all. */
  unreadable: number;
  /** False: there was more than is read. */
  whole: boolean;
}

/** A gap up to this many sizes is a space, above it a new piece begins. */
const pieceGap = 1.2;
/** A gap below this many sizes is no space at all. */
const wordGap = 0.12;
/** The same letters this near to themselves are one, drawn twice to look bold. */
const twiceWithin = 0.15;
const maximumRuns = 50_000;

/** In reading order: lines from the top, in each line from the left (from the right, in right-to-left text). */
export async function readPageText(page: PDFPageProxy, upright: Upright): Promise<PageText> {
  const { items } = await page.getTextContent();
  const runs: Run[] = [];
  let [letters, strange] = [0, 0];
  for (const [order, item] of items.entries()) {
    if (!('str' in item) || item.str.trim() === '') continue;
    const [a, b, , , left, baseline] = multiply(upright.matrix, item.transform as unknown as Matrix);
    // Text that is not horizontal to the reader is no label, and would join lines that are none.
    if (a <= 0 || Math.abs(b) > a * 0.05) continue;
    const run = { text: item.str, left, right: left + item.width * upright.unit, baseline, size: Math.max(a, item.height * upright.unit), rightToLeft: item.dir === 'rtl', order };
    if (run.right <= 0 || run.left >= upright.width || baseline + run.size <= 0 || baseline >= upright.height) continue;
    letters += item.str.length;
    strange += item.str.match(/[\p{Co}\p{Cc}\uFFFD]/gu)?.length ?? 0;
    runs.push(run);
    if (runs.length >= maximumRuns) break;
  }
  return { pieces: linesOf(runs).flatMap(joinRuns), unreadable: letters === 0 ? 0 : strange / letters, whole: runs.length < maximumRuns };
}

/** Pieces as text, a line each. */
export function textOf(pieces: readonly Piece[]): string {
  const lines: string[][] = [];
  let last: Piece | null = null;
  for (const piece of pieces) {
    if (last !== null && onOneLine(last, piece)) lines.at(-1)?.push(piece.text);
    else lines.push([piece.text]);
    last = piece;
  }
  return lines.map((line) => line.join('   ')).join('\n');
}

export function onOneLine(a: { baseline: number; size: number }, b: { baseline: number; size: number }): boolean {
  return Math.abs(a.baseline - b.baseline) < 0.4 * Math.min(a.size, b.size);
}

/** Where the letters from `from` to before `to` stand. Within one run it is reckoned from about how wide each letter is. */
export function spanOf(piece: Piece, from: number, to: number): { left: number; right: number } {
  let [left, right] = [Infinity, -Infinity];
  for (const run of piece.runs) {
    const start = Math.max(from, run.from);
    const end = Math.min(to, run.from + run.length);
    if (start >= end) continue;
    const whole = widthOf(piece.text, run.from, run.from + run.length);
    const before = widthOf(piece.text, run.from, start) / whole * (run.right - run.left);
    const until = widthOf(piece.text, run.from, end) / whole * (run.right - run.left);
    left = Math.min(left, piece.rightToLeft ? run.right - until : run.left + before);
    right = Math.max(right, piece.rightToLeft ? run.right - before : run.left + until);
  }
  return left <= right ? { left, right } : { left: piece.left, right: piece.right };
}

/** The letters from `from` to before `to` as a piece of their own. */
export function partOf(piece: Piece, from: number, to: number): Piece {
  const runs = piece.runs.flatMap((run) => {
    const [start, end] = [Math.max(from, run.from), Math.min(to, run.from + run.length)];
    return start >= end ? [] : [{ ...spanOf({ ...piece, runs: [run] }, start, end), from: start - from, length: end - start }];
  });
  return { ...piece, ...spanOf(piece, from, to), text: piece.text.slice(from, to), runs };
}

const narrow = /[\s.,:;'’|!()[\]{}ijltfrI/-]/u;
const wide = /[mwMW@%]/u;

function widthOf(text: string, from: number, to: number): number {
  let width = 0;
  for (let at = from; at < to; at++) {
    const letter = text[at] as string;
    width += narrow.test(letter) ? 0.3 : wide.test(letter) ? 0.85 : /[\p{Lu}_]/u.test(letter) ? 0.65 : 0.53;
  }
  return Math.max(width, 0.01);
}

function linesOf(runs: Run[]): Run[][] {
  const lines: Run[][] = [];
  for (const run of runs.sort((a, b) => b.baseline - a.baseline || a.order - b.order)) {
    const line = lines.at(-1);
    if (line !== undefined && onOneLine(line[0] as Run, run)) line.push(run);
    else lines.push([run]);
  }
  return lines;
}

interface Joined { parts: string[]; length: number; endsInSpace: boolean; piece: Omit<Piece, 'text' | 'runs'>; runs: Piece['runs'][number][] }

function joinRuns(line: Run[]): Piece[] {
  const rightToLeft = line.filter((run) => run.rightToLeft).length * 2 > line.length;
  const sorted = line.sort((a, b) => (rightToLeft ? b.right - a.right : a.left - b.left));
  const pieces: Joined[] = [];
  for (const [at, { text, left, right, baseline, size }] of sorted.entries()) {
    if (drawnBefore(sorted, at)) continue;
    const last = pieces.at(-1);
    const gap = last === undefined ? Infinity : rightToLeft ? last.piece.left - right : left - last.piece.right;
    if (last === undefined || gap > pieceGap * size) {
      pieces.push({
        parts: [text], length: text.length, endsInSpace: text.endsWith(' '),
        piece: { left, right, baseline, size, rightToLeft }, runs: [{ from: 0, length: text.length, left, right }],
      });
      continue;
    }
    const space = gap < wordGap * size || last.endsInSpace ? '' : ' ';
    last.runs.push({ from: last.length + space.length, length: text.length, left, right });
    last.parts.push(space, text);
    last.length += space.length + text.length;
    last.endsInSpace = text.endsWith(' ');
    last.piece.left = Math.min(last.piece.left, left);
    last.piece.right = Math.max(last.piece.right, right);
    last.piece.size = Math.max(last.piece.size, size);
  }
  return pieces.map(({ parts, piece, runs }) => ({ ...piece, text: parts.join(''), runs }));
}

function drawnBefore(sorted: readonly Run[], at: number): boolean {
  const run = sorted[at] as Run;
  return sorted.slice(Math.max(0, at - 4), at).some((other) => other.text === run.text
    && Math.abs(other.left - run.left) < twiceWithin * run.size && Math.abs(other.baseline - run.baseline) < twiceWithin * run.size);
}
