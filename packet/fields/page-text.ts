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
  /** What it was joined from: where in `text` each part begins, where on the page it stands, and from which side its letters run. */
  runs: readonly { from: number; length: number; left: number; right: number; rightToLeft: boolean }[];
}

interface Run { text: string; left: number; right: number; baseline: number; size: number; rightToLeft: boolean; order: number }

export interface PageText {
  pieces: Piece[];
  /** Letters that the file gives no Unicode for, as a share of all. */
  unreadable: number;
  /** Tags in text that is not upright, which is not read. */
  turned: string[];
  /** False: there was more than is read. */
  whole: boolean;
}

/** A gap up to this many sizes is a space, above it a new piece begins. */
const pieceGap = 1.2;
/** A gap below this many sizes is no space at all. */
const wordGap = 0.12;
/** The same letters this near to themselves are one, drawn twice to look bold. */
const twiceWithin = 0.15;
/** A page of small print drawn letter by letter has about eight thousand. */
const maximumRuns = 20_000;
const maximumLetters = 100_000;

/** In reading order: lines from the top, in each line from the left (from the right, in right-to-left text). */
export async function readPageText(page: PDFPageProxy, upright: Upright): Promise<PageText> {
  const { items } = await page.getTextContent();
  const runs: Run[] = [];
  let [letters, strange] = [0, 0];
  const turned: string[] = [];
  let whole = true;
  for (const [order, item] of items.entries()) {
    if (!('str' in item) || item.str.trim() === '') continue;
    const [a, b, , , left, baseline] = multiply(upright.matrix, item.transform as unknown as Matrix);
    // Text that is not horizontal to the reader is no label, and would join lines that are none.
    if (a <= 0 || Math.abs(b) > a * 0.05) {
      if (/\{\{.{0,60}\}\}/u.test(item.str)) turned.push(item.str.trim().slice(0, 60));
      continue;
    }
    const run = { text: item.str, left, right: left + item.width * upright.unit, baseline, size: Math.max(a, item.height * upright.unit), rightToLeft: item.dir === 'rtl', order };
    if (run.right <= 0 || run.left >= upright.width || baseline + run.size <= 0 || baseline >= upright.height) continue;
    whole = runs.length < maximumRuns && letters + item.str.length <= maximumLetters;
    if (!whole) break;
    letters += item.str.length;
    strange += item.str.match(/[\p{Co}\p{Cc}\uFFFD]/gu)?.length ?? 0;
    runs.push(run);
  }
  return { pieces: linesOf(runs).flatMap(joinRuns), unreadable: letters === 0 ? 0 : strange / letters, turned, whole };
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
  for (const { run, start, end } of runsWithin(piece, from, to)) {
    const ends = letterEnds(piece.text, run);
    const scale = (run.right - run.left) / (ends.at(-1) as number);
    const before = (ends[start - run.from] as number) * scale;
    const until = (ends[end - run.from] as number) * scale;
    left = Math.min(left, run.rightToLeft ? run.right - until : run.left + before);
    right = Math.max(right, run.rightToLeft ? run.right - before : run.left + until);
  }
  return left <= right ? { left, right } : { left: piece.left, right: piece.right };
}

/** The letters from `from` to before `to` as a piece of their own. */
export function partOf(piece: Piece, from: number, to: number): Piece {
  const runs = runsWithin(piece, from, to)
    .map(({ run, start, end }) => ({ ...spanOf({ ...piece, runs: [run] }, start, end), from: start - from, length: end - start, rightToLeft: run.rightToLeft }));
  return { ...piece, ...spanOf(piece, from, to), text: piece.text.slice(from, to), runs };
}

/** By bisection: a line can have as many runs as parts that are asked for. */
function runsWithin({ runs }: Piece, from: number, to: number): { run: Piece['runs'][number]; start: number; end: number }[] {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const { from: begin, length } = runs[middle] as Piece['runs'][number];
    if (begin + length <= from) low = middle + 1;
    else high = middle;
  }
  const within: ReturnType<typeof runsWithin> = [];
  for (let at = low; at < runs.length; at++) {
    const run = runs[at] as Piece['runs'][number];
    if (run.from >= to) break;
    if (run.length > 0) within.push({ run, start: Math.max(from, run.from), end: Math.min(to, run.from + run.length) });
  }
  return within;
}

const narrow = /[\s.,:;'’|!()[\]{}ijltfrI/-]/u;
const wide = /[mwMW@%]/u;

const measured = new WeakMap<Piece['runs'][number], Float64Array>();

/** About where each letter of a run begins, and where the last one ends, in sizes; reckoned once, since a run can hold thousands of tags. */
function letterEnds(text: string, run: Piece['runs'][number]): Float64Array {
  const known = measured.get(run);
  if (known !== undefined) return known;
  const ends = new Float64Array(run.length + 1);
  for (let at = 0; at < run.length; at++) {
    const letter = text[run.from + at] as string;
    ends[at + 1] = (ends[at] as number) + (narrow.test(letter) ? 0.3 : wide.test(letter) ? 0.85 : /[\p{Lu}_]/u.test(letter) ? 0.65 : 0.53);
  }
  measured.set(run, ends);
  return ends;
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

/** Runs without a gap between them are a piece; each has its own direction, and so has the order of the pieces. */
function joinRuns(line: Run[]): Piece[] {
  const sorted = line.sort((a, b) => a.left - b.left);
  const groups: Run[][] = [];
  let right = -Infinity;
  for (const [at, run] of sorted.entries()) {
    if (drawnBefore(sorted, at)) continue;
    const group = groups.at(-1);
    if (group === undefined || run.left - right > pieceGap * run.size) groups.push([run]);
    else group.push(run);
    right = Math.max(right, run.right);
  }
  const pieces = groups.map(joined);
  return readsFromRight(sorted) ? pieces.reverse() : pieces;
}

function joined(group: readonly Run[]): Piece {
  const rightToLeft = readsFromRight(group);
  const parts: string[] = [];
  const runs: Piece['runs'][number][] = [];
  let [length, edge, endsInSpace] = [0, 0, true];
  for (const { text, left, right, size, rightToLeft: own } of rightToLeft ? group.toSorted((a, b) => b.right - a.right) : group) {
    const gap = rightToLeft ? edge - right : left - edge;
    const space = endsInSpace || gap < wordGap * size ? '' : ' ';
    runs.push({ from: length + space.length, length: text.length, left, right, rightToLeft: own });
    parts.push(space, text);
    length += space.length + text.length;
    edge = rightToLeft ? left : right;
    endsInSpace = text.endsWith(' ');
  }
  const first = group[0] as Run;
  return {
    text: parts.join(''), runs, rightToLeft, baseline: first.baseline,
    left: group.reduce((least, run) => Math.min(least, run.left), Infinity), right: group.reduce((most, run) => Math.max(most, run.right), -Infinity),
    size: group.reduce((most, run) => Math.max(most, run.size), 0),
  };
}

/** By what most letters do, since pdf.js takes a line with underscores for left-to-right; a label that ends in a colon at the right end comes before what stands left of it. Digits have no direction. */
const leftwards = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

function readsFromRight(runs: readonly Run[]): boolean {
  const last = runs.at(-1);
  if (last !== undefined && leftwards.test(last.text) && /[:：]\s*$/u.test(last.text)) return true;
  const text = runs.map((run) => run.text).join('');
  const [letters, fromRight] = [/\p{L}/gu, new RegExp(leftwards, 'gu')].map((sort) => text.match(sort)?.length ?? 0) as [number, number];
  return 2 * fromRight > letters;
}

function drawnBefore(sorted: readonly Run[], at: number): boolean {
  const run = sorted[at] as Run;
  return sorted.slice(Math.max(0, at - 4), at).some((other) => other.text === run.text
    && Math.abs(other.left - run.left) < twiceWithin * run.size && Math.abs(other.baseline - run.baseline) < twiceWithin * run.size);
}
