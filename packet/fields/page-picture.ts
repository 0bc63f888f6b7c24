/**
 * A coarse picture of a page that has no words (a raster print, a scan, letters drawn as shapes), by which its form is known
 * again: darkness in cells of about 4 pt, smaller than a line of text and larger than a stroke, so that different words
 * differ and cannot be read. Two pages are laid upon each other where they correlate best, to a quarter cell, and then compared block by
 * block: how much of what is written there follows the same pattern along its lines. Over a whole page correlation says little: lines
 * and margins alone, which forms of one house share, bring it to 0.94, and the same form moved by half a cell has 0.96.
 * Before: `search.ts`. After: `form.ts`, `match-template.ts`.
 */
import type { PdfiumDocument } from '../intake/pdfium.ts';

const columns = 160;
const rows = 226;
/** Pixels to a cell, each way. */
const fine = 4;
/** Darkness of a cell that counts as full: text covers about a quarter of its ground. */
const full = 0.5;
/** How far a print may be moved, in cells: about 1 cm on A4. */
const reach = 8;
/** Cells of the first, rough comparison, in cells of the picture. */
const rough = 4;
const roughLikeness = 0.6;
/** Of whole cells: half a cell aside, the same page still reaches it. */
const wholeLikeness = 0.75;
/** Of the cells. */
interface Area { column: number; row: number; columns: number; rows: number }
const whole: Area = { column: 0, row: 0, columns, rows };
/** Cells of a block: a word or two, one line or two. */
const block = { columns: 20, rows: 6 };
/** Pixels by which a block may lie elsewhere than its page: a scan is a little turned or stretched. */
const nudges = [-2, -1, 0, 1, 2];
/** Mean square of a block's pattern, from where it has any: noise of a scanner stays below, a word above. */
const leastPattern = 1.5;
/** Correlation of two patterns, from where they are the same. */
const samePattern = 0.8;

/** Darkness of each pixel, 0 to 255, row by row; `fine` pixels to a cell. */
export type Drawing = Uint8Array;

export interface Drawings {
  /** @returns null where the page cannot be drawn or is empty. */
  draw(page: number): Promise<Drawing | null>;
  close(): void;
}

/** Opens PDFium only when the first page is drawn. */
export function drawingsOf(bytes: () => Promise<Uint8Array>): Drawings {
  let document: PdfiumDocument | null | undefined;
  const drawn = new Map<number, Drawing | null>();
  return {
    async draw(page) {
      // Only now: most documents have words, and each is read in a process that starts anew.
      document ??= await (await import('../intake/pdfium.ts')).openInPdfium(await bytes());
      const known = drawn.get(page);
      if (known !== undefined) return known;
      const picture = document?.page(page - 1)?.picture({ width: columns * fine, height: rows * fine }) ?? null;
      const drawing = picture === null ? null : darknessOf(picture);
      const kept = drawing?.some((dark) => dark > 16) === true ? drawing : null;
      drawn.set(page, kept);
      return kept;
    },
    close: () => document?.close(),
  };
}

function darknessOf(picture: Uint8Array): Drawing {
  const drawing = new Uint8Array(picture.length / 3);
  for (let at = 0; at < drawing.length; at++) {
    drawing[at] = 255 - ((picture[3 * at] as number) + (picture[3 * at + 1] as number) + (picture[3 * at + 2] as number)) / 3;
  }
  return drawing;
}

/** As it is kept: base64, two cells to a byte. */
export function pictureOf(drawing: Drawing): string {
  const cells = cellsOf(drawing, 0, 0);
  return Buffer.from(Uint8Array.from({ length: cells.length / 2 }, (_, at) => (cells[2 * at] as number) << 4 | (cells[2 * at + 1] as number))).toString('base64');
}

export interface Likeness {
  /** Share of the patterns that are the same, from 1 down; 0 where the pages are clearly different. */
  value: number;
  /** How far the drawing lies to the right and down, as a share of the page. */
  across: number;
  down: number;
}

const unlike: Likeness = { value: 0, across: 0, down: 0 };

export function likeness(picture: string, drawing: Drawing): Likeness {
  const bytes = Buffer.from(picture, 'base64');
  if (bytes.length * 2 !== columns * rows) return unlike;
  const learned = Uint8Array.from({ length: columns * rows }, (_, at) => ((bytes[at >> 1] as number) >> (at % 2 === 0 ? 4 : 0)) & 15);
  const shown = cellsOf(drawing, 0, 0);
  const near = roughly(learned, shown);
  if (near.value < roughLikeness) return unlike;
  const nearest = around(near, range(rough), (across, down) => correlation(learned, shown, across, down));
  if (nearest.value < wholeLikeness) return unlike;
  // Half a cell first, then a quarter around it: in pixels of the drawing.
  let at = { value: nearest.value, across: fine * nearest.across, down: fine * nearest.down };
  for (const step of [2, 1]) at = around(at, [-step, 0, step], (across, down) => correlation(learned, cellsOf(drawing, across, down), 0, 0));
  return { value: sharedPatterns(learned, drawing, at), across: at.across / fine / columns, down: at.down / fine / rows };
}

/** Block by block, each where it fits best; weighed by how much pattern it has. */
function sharedPatterns(learned: Uint8Array, drawing: Drawing, { across, down }: Shift): number {
  const near = nudges.flatMap((y) => nudges.map((x) => [across + x, down + y] as const));
  let [all, same] = [0, 0];
  for (let row = 0; row + block.rows <= rows; row += block.rows) {
    for (let column = 0; column + block.columns <= columns; column += block.columns) {
      const area = { ...block, row, column };
      const pattern = patternOf(cut(learned, area));
      const shown = ([x, y]: readonly [number, number]): Pattern => patternOf(cellsOf(drawing, x, y, area));
      const weight = Math.max(pattern.square, shown([across, down]).square);
      if (weight < leastPattern * pattern.cells.length) continue;
      all += Math.sqrt(weight);
      if (near.some((by) => isSame(pattern, shown(by)))) same += Math.sqrt(weight);
    }
  }
  return all === 0 ? 0 : same / all;
}

interface Pattern { cells: Float32Array; /** Sum of the squares. */ square: number }

/** What is left of a block without the mean of each row: where words and gaps stand, not that there is a line. */
function patternOf(cells: Uint8Array): Pattern {
  const pattern = new Float32Array(cells.length);
  for (let from = 0; from < cells.length; from += block.columns) {
    const mean = cells.subarray(from, from + block.columns).reduce((sum, cell) => sum + cell, 0) / block.columns;
    for (let at = from; at < from + block.columns; at++) pattern[at] = (cells[at] as number) - mean;
  }
  return { cells: pattern, square: pattern.reduce((sum, value) => sum + value * value, 0) };
}

function cut(cells: Uint8Array, area: Area): Uint8Array {
  return Uint8Array.from({ length: area.columns * area.rows }, (_, at) => cells[(area.row + Math.floor(at / area.columns)) * columns + area.column + at % area.columns] as number);
}

function isSame(one: Pattern, other: Pattern): boolean {
  const product = one.cells.reduce((sum, value, at) => sum + value * (other.cells[at] as number), 0);
  return product > samePattern * Math.sqrt(one.square * other.square);
}

function range(most: number): number[] {
  return Array.from({ length: 2 * most + 1 }, (_, at) => at - most);
}

interface Shift { value: number; across: number; down: number }

/** The best value at the shifts around a shift. */
function around(middle: Shift, by: readonly number[], value: (across: number, down: number) => number): Shift {
  let found: Shift = { value: -1, across: 0, down: 0 };
  for (const down of by) {
    for (const across of by) {
      const here = value(middle.across + across, middle.down + down);
      if (here > found.value) found = { value: here, across: middle.across + across, down: middle.down + down };
    }
  }
  return found;
}

/** From 0 to 15, of an area. The drawing begins that many pixels further right and down. */
function cellsOf(drawing: Drawing, across: number, down: number, area: Area = whole): Uint8Array {
  const [width, height] = [columns * fine, rows * fine];
  const sums = new Uint32Array(area.columns * area.rows);
  const [left, right] = [Math.max(fine * area.column, -across), Math.min(fine * (area.column + area.columns), width - across)];
  for (let y = fine * area.row; y < fine * (area.row + area.rows); y++) {
    const from = y + down;
    if (from < 0 || from >= height) continue;
    const row = (Math.floor(y / fine) - area.row) * area.columns - area.column;
    for (let x = left; x < right; x++) {
      const cell = row + (x >> 2);
      sums[cell] = (sums[cell] as number) + (drawing[from * width + x + across] as number);
    }
  }
  const cells = new Uint8Array(sums.length);
  for (let at = 0; at < cells.length; at++) cells[at] = Math.min(15, Math.round(15 * (sums[at] as number) / (fine * fine * 255 * full)));
  return cells;
}

/** On much larger cells, as far as the pages may be moved: most other forms end here. Shifts in cells of the picture. */
function roughly(learned: Uint8Array, shown: Uint8Array): Shift {
  const [a, b] = [shrunk(learned), shrunk(shown)];
  const { value, across, down } = around({ value: 0, across: 0, down: 0 }, range(reach / rough), (x, y) => correlation(a, b, x, y, Math.floor(columns / rough), Math.floor(rows / rough)));
  return { value, across: across * rough, down: down * rough };
}

function shrunk(cells: Uint8Array): Uint8Array {
  const [across, down] = [Math.floor(columns / rough), Math.floor(rows / rough)];
  // At most 16 times 15: it fits.
  const sums = new Uint8Array(across * down);
  for (let row = 0; row < down * rough; row++) {
    for (let column = 0; column < across * rough; column++) {
      const at = Math.floor(row / rough) * across + Math.floor(column / rough);
      sums[at] = (sums[at] as number) + (cells[row * columns + column] as number);
    }
  }
  return sums;
}

/** Pearson's, over the cells that both have when the second is moved. */
function correlation(a: Uint8Array, b: Uint8Array, across: number, down: number, width = columns, height = rows): number {
  let [count, sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0, 0];
  for (let row = Math.max(0, -down); row < Math.min(height, height - down); row++) {
    for (let column = Math.max(0, -across); column < Math.min(width, width - across); column++) {
      const [x, y] = [a[row * width + column] as number, b[(row + down) * width + column + across] as number];
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
