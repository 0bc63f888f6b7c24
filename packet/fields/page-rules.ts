/**
 * The straight lines drawn on a page: signature lines, and the edges of boxes and table cells, which serve
 * as such. Read from pdf.js's operator list; nothing is rendered.
 */
import { OPS, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { apply, type Matrix, multiply, type Upright } from './upright.ts';
import { type Piece, partOf, spanOf } from './page-text.ts';

/** Horizontal, in `Upright` space, points. */
export interface Rule { left: number; right: number; y: number }

/** Vertical, in `Upright` space, points. */
export interface Edge { bottom: number; top: number; x: number }

/** Shorter ones are underlines of words, borders of small boxes. */
const minimumLength = 60;
const minimumHeight = 12;
const maximumSlope = 1;
const maximumLines = 20_000;

const painting = new Set<number>([
  OPS.stroke, OPS.closeStroke, OPS.fill, OPS.eoFill, OPS.fillStroke, OPS.eoFillStroke, OPS.closeFillStroke, OPS.closeEOFillStroke,
]);
/** pdf.js writes a path as numbers: a code, then its coordinates. */
const path = { move: 0, line: 1, cubic: 2, quadratic: 3, close: 4 };

export interface Lines { rules: Rule[]; edges: Edge[] }

export async function readLines(page: PDFPageProxy, upright: Upright): Promise<Lines> {
  const { fnArray, argsArray } = await page.getOperatorList();
  const lines: Lines = { rules: [], edges: [] };
  const saved: Matrix[] = [];
  let matrix = upright.matrix;
  for (const [at, operator] of fnArray.entries()) {
    const args: unknown = argsArray[at];
    if (operator === OPS.save) saved.push(matrix);
    else if (operator === OPS.restore || operator === OPS.paintFormXObjectEnd) matrix = saved.pop() ?? matrix;
    else if (operator === OPS.transform) matrix = multiply(matrix, args as Matrix);
    else if (operator === OPS.paintFormXObjectBegin) {
      saved.push(matrix);
      const [own] = args as [Matrix | null];
      if (own !== null) matrix = multiply(matrix, own);
    } else if (operator === OPS.constructPath) {
      const [paint, [data]] = args as [number, [ArrayLike<number> | null]];
      if (data !== null && painting.has(paint)) addLines(lines, data, matrix);
    }
    if (lines.rules.length + lines.edges.length > maximumLines) break;
  }
  return lines;
}

/** Lines typed as underscores or dots count as drawn ones, and are taken out of the words around them. */
export function splitAtTypedRules(piece: Piece): { words: Piece[]; rules: Rule[] } {
  if (!/[_.…]{5}/u.test(piece.text)) return { words: [piece], rules: [] };
  const words: Piece[] = [];
  const rules: Rule[] = [];
  for (const { 0: text, index } of piece.text.matchAll(/[_.…]{5,}|(?:(?![_.…]{5}).)+/gu)) {
    if (/^[_.…]{5}/u.test(text)) rules.push({ ...spanOf(piece, index, index + text.length), y: piece.baseline - 0.1 * piece.size });
    else if (text.trim() !== '') words.push(partOf(piece, index, index + text.length));
  }
  return { words, rules };
}

function addLines({ rules, edges }: Lines, data: ArrayLike<number>, matrix: Matrix): void {
  let start: [number, number] = [0, 0];
  let current = start;
  const lineTo = (next: [number, number]): void => {
    const [left, right] = [Math.min(current[0], next[0]), Math.max(current[0], next[0])];
    const [bottom, top] = [Math.min(current[1], next[1]), Math.max(current[1], next[1])];
    if (right - left >= minimumLength && top - bottom <= maximumSlope) rules.push({ left, right, y: top });
    else if (top - bottom >= minimumHeight && right - left <= maximumSlope) edges.push({ bottom, top, x: left });
    current = next;
  };
  const point = (at: number): [number, number] => apply(matrix, data[at] as number, data[at + 1] as number);
  for (let at = 0; at < data.length;) {
    const code = data[at];
    if (code === path.move) { start = current = point(at + 1); at += 3; }
    else if (code === path.line) { lineTo(point(at + 1)); at += 3; }
    else if (code === path.cubic) { current = point(at + 5); at += 7; }
    else if (code === path.quadratic) { current = point(at + 3); at += 5; }
    else { lineTo(start); at += 1; }
  }
}
