/**
 * A coarse picture of a page that has no words (a scan, letters drawn as shapes), by which its form is known again.
 * Drawn by PDFium on a small grid of darkness; two such grids are compared by their correlation, moved against each other by
 * a cell, so that a scan that lies a little differently still matches.
 * Before: `search.ts`. After: `match-template.ts`.
 */
import { openInPdfium, type PdfiumDocument } from '../intake/pdfium.ts';

const columns = 48;
const rows = 68;
/** Pixels to a cell, each way. */
const fine = 4;
/** Darkness of a cell that counts as full: text covers about a quarter of its ground. */
const full = 0.5;

export interface Pictures {
  /** @returns a hexadecimal digit for each cell; null where the page cannot be drawn or is empty. */
  draw(page: number): Promise<string | null>;
  close(): void;
}

/** Opens PDFium only when the first page is drawn. */
export function picturesOf(bytes: () => Promise<Uint8Array>): Pictures {
  let opened: Promise<PdfiumDocument | null> | null = null;
  let document: PdfiumDocument | null = null;
  return {
    async draw(page) {
      opened ??= bytes().then(openInPdfium);
      document = await opened;
      const picture = document?.page(page - 1)?.picture({ width: columns * fine, height: rows * fine }) ?? null;
      return picture === null ? null : cellsOf(picture);
    },
    close: () => document?.close(),
  };
}

function cellsOf(picture: Uint8Array): string | null {
  let cells = '';
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let dark = 0;
      for (let y = 0; y < fine; y++) {
        const start = 3 * ((row * fine + y) * columns * fine + column * fine);
        for (let at = start; at < start + 3 * fine; at++) dark += 255 - (picture[at] as number);
      }
      cells += Math.min(15, Math.round(15 * dark / (fine * fine * 3 * 255 * full))).toString(16);
    }
  }
  return /[^0]/u.test(cells) ? cells : null;
}

/** From 1 (the same) down; near 0 for pages that have nothing to do with each other. */
export function likeness(one: string, other: string): number {
  if (one.length !== columns * rows || other.length !== columns * rows) return 0;
  const [a, b] = [smooth(one), smooth(other)];
  let best = 0;
  for (let down = -1; down <= 1; down++) for (let across = -1; across <= 1; across++) best = Math.max(best, correlation(a, b, down, across));
  return best;
}

/** Each cell with half of its neighbours, so that a line between two cells is not lost by half a cell. */
function smooth(cells: string): Float64Array {
  const dark = Float64Array.from(cells, (digit) => Number.parseInt(digit, 16));
  const at = (row: number, column: number): number => (row < 0 || row >= rows || column < 0 || column >= columns ? 0 : dark[row * columns + column] as number);
  return dark.map((value, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    return value + (at(row - 1, column) + at(row + 1, column) + at(row, column - 1) + at(row, column + 1)) / 2;
  });
}

function correlation(a: Float64Array, b: Float64Array, down: number, across: number): number {
  let [count, sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0, 0];
  for (let row = 1; row < rows - 1; row++) {
    for (let column = 1; column < columns - 1; column++) {
      const [x, y] = [a[row * columns + column] as number, b[(row + down) * columns + column + across] as number];
      count++;
      sumA += x;
      sumB += y;
      squareA += x * x;
      squareB += y * y;
      product += x * y;
    }
  }
  const spread = Math.sqrt((squareA - sumA * sumA / count) * (squareB - sumB * sumB / count));
  return spread === 0 ? 0 : (product - sumA * sumB / count) / spread;
}
