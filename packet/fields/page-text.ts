/**
 * The text of a page as pieces with a place. pdf.js gives runs as the producer drew them, often one letter
 * or one font at a time; a piece is what stands together on one line without a gap.
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
}

interface Run extends Piece { order: number }

/** A gap up to this many sizes is a space, above it a new piece begins. */
const pieceGap = 1.2;
/** A gap below this many sizes is no space at all. */
const wordGap = 0.12;

/** In reading order: lines from the top, in each line from the left (from the right, in right-to-left text). */
export async function readPieces(page: PDFPageProxy, upright: Upright): Promise<Piece[]> {
  const { items } = await page.getTextContent();
  const runs: Run[] = [];
  for (const [order, item] of items.entries()) {
    if (!('str' in item) || item.str.trim() === '') continue;
    const [a, b, , , left, baseline] = multiply(upright.matrix, item.transform as unknown as Matrix);
    // Text that is not horizontal to the reader is no label, and would join lines that are none.
    if (a <= 0 || Math.abs(b) > a * 0.05) continue;
    runs.push({ text: item.str, left, right: left + item.width, baseline, size: Math.max(a, item.height), rightToLeft: item.dir === 'rtl', order });
  }
  return linesOf(runs).flatMap(joinRuns);
}

/** Pieces as text, a line each. */
export function textOf(pieces: readonly Piece[]): string {
  const lines: string[] = [];
  let last: Piece | null = null;
  for (const piece of pieces) {
    if (last !== null && onOneLine(last, piece)) lines.push(`${lines.pop()}   ${piece.text}`);
    else lines.push(piece.text);
    last = piece;
  }
  return lines.join('\n');
}

function onOneLine(a: Piece, b: Piece): boolean {
  return Math.abs(a.baseline - b.baseline) < 0.4 * Math.min(a.size, b.size);
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

function joinRuns(line: Run[]): Piece[] {
  const rightToLeft = line.filter((run) => run.rightToLeft).length * 2 > line.length;
  const sorted = line.sort((a, b) => (rightToLeft ? b.right - a.right : a.left - b.left));
  const pieces: Piece[] = [];
  for (const { order: _order, ...run } of sorted) {
    const last = pieces.at(-1);
    const gap = last === undefined ? Infinity : rightToLeft ? last.left - run.right : run.left - last.right;
    if (last === undefined || gap > pieceGap * run.size) {
      pieces.push({ ...run, rightToLeft });
      continue;
    }
    last.text += gap < wordGap * run.size || last.text.endsWith(' ') ? run.text : ` ${run.text}`;
    last.left = Math.min(last.left, run.left);
    last.right = Math.max(last.right, run.right);
    last.size = Math.max(last.size, run.size);
  }
  return pieces;
}
