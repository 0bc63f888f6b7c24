/**
 * Compares what a rewritten document shows with what was received: number, size and rotation of the pages; of 60 pages at most
 * their text in pdf.js and a picture of each in PDFium; where PDFium cannot open it, what pdf.js would draw. Both must agree: pdf-lib
 * takes the last object of a number, a viewer the one that the cross-reference names, and whoever repairs guesses. In the child process.
 * It compares pages, not outlines, links or form values without appearance; and without PDFium no pixels of images.
 */
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { legibleSize, openInPdfium, type PdfiumDocument, type PictureSize, pictureSize } from './pdfium.ts';

export interface Comparison {
  /** False where annotations were removed or chosen otherwise on purpose: then only the pages themselves are drawn. */
  annotations: boolean;
  /** The rewritten pages are pictures of the received ones: no text, and pixels that only resemble each other. */
  pictures: boolean;
}

/** Of a long document that many pages, evenly chosen, first and last among them, are drawn and their text compared; sizes are compared of all. */
const mostDrawn = 60;
/** Longer side of the pictures, pixels: letters of 10 pt are 4 pixels high on A4. */
const longerSide = 300;
/** Where a picture was drawn once more: a grid of that many pixels, 8 pt, around whose corners the mean darkness is compared, */
const square = 16;
/** which may differ by that share of the darker one and that much of 255: scaling moves ink by less, a lost word by more. */
const [share, least] = [0.25, 10];
/** Points; edges are written with few decimals. */
const rounding = 0.01;

/** @returns what differs, for the cause of the error; null where nothing does. */
export async function differenceOf(
  received: { bytes: Uint8Array; shown: PDFDocumentProxy }, rewritten: { bytes: Uint8Array; shown: PDFDocumentProxy }, comparison: Comparison,
): Promise<string | null> {
  const count = received.shown.numPages;
  if (rewritten.shown.numPages !== count) return 'number of pages';
  const drawn = new Set(chosen(count));
  for (let at = 0; at < count; at++) {
    const [before, after] = await Promise.all([received.shown.getPage(at + 1), rewritten.shown.getPage(at + 1)]);
    if (!sameShape(before, after)) return `size or rotation of page ${at + 1}`;
    if (drawn.has(at) && !comparison.pictures && !await sameText(before, after)) return `text of page ${at + 1}`;
    before.cleanup();
    after.cleanup();
  }
  const [one, other] = [await openInPdfium(received.bytes), await openInPdfium(rewritten.bytes)];
  try {
    if (one === null || one.pageCount === 0) {
      const differs = await firstOf(drawn, async (at) => await drawingOf(received.shown, at) !== await drawingOf(rewritten.shown, at));
      return differs === undefined ? null : `drawing of page ${differs + 1}`;
    }
    if (other === null || !hasPages(one, count) || other.pageCount !== count) return 'number of pages in PDFium';
    const at = [...drawn].find((index) => !samePicture(one, other, index, comparison));
    return at === undefined ? null : `picture of page ${at + 1}`;
  } finally {
    one?.close();
    other?.close();
  }
}

/** PDFium believes the number that a page tree gives, also where there are fewer. */
export function hasPages(document: PdfiumDocument, count: number): boolean {
  return document.pageCount === count || (document.pageCount > count && document.page(count) === null);
}

function chosen(count: number): number[] {
  const drawn = Math.min(count, mostDrawn);
  return Array.from({ length: drawn }, (_, index) => (drawn === 1 ? 0 : Math.round(index * (count - 1) / (drawn - 1))));
}

function sameShape(before: PDFPageProxy, after: PDFPageProxy): boolean {
  const size = ({ view: [left, bottom, right, top] }: PDFPageProxy): [number, number] => [(right as number) - (left as number), (top as number) - (bottom as number)];
  const [[width, height], [otherWidth, otherHeight]] = [size(before), size(after)];
  return Math.abs(width - otherWidth) < rounding && Math.abs(height - otherHeight) < rounding && before.rotate === after.rotate && before.userUnit === after.userUnit;
}

/** pdf.js recovers from some damage only when it draws; then it has no text of the received page, and the picture decides. */
async function sameText(before: PDFPageProxy, after: PDFPageProxy): Promise<boolean> {
  const text = await textOf(before).catch(() => null);
  return text === null || text === await textOf(after);
}

async function textOf(page: PDFPageProxy): Promise<string> {
  const { items } = await page.getTextContent();
  return items.map((item) => ('str' in item ? item.str : '')).join('\n');
}

/** What pdf.js draws, step by step; without the names that it gives to fonts and images as it meets them. */
async function drawingOf(shown: PDFDocumentProxy, index: number): Promise<string> {
  const { fnArray, argsArray } = await (await shown.getPage(index + 1)).getOperatorList();
  return JSON.stringify([fnArray, argsArray], (_key, value: unknown) => (typeof value === 'string' && /^(g_)?d\d+_/.test(value) ? '' : value));
}

async function firstOf(indices: Iterable<number>, test: (index: number) => Promise<boolean>): Promise<number | undefined> {
  for (const index of indices) if (await test(index)) return index;
  return undefined;
}

function samePicture(one: PdfiumDocument, other: PdfiumDocument, index: number, { annotations, pictures }: Comparison): boolean {
  const [before, after] = [one.page(index), other.page(index)];
  if (before === null || after === null) return before === after;
  const size = pictures ? legibleSize(before) : pictureSize(before, longerSide);
  const [first, second] = [before.picture(size, { annotations }), after.picture(size, { annotations })];
  return pictures ? resembles(first, second, size) : Buffer.compare(first, second) === 0;
}

/** Of pictures as `PdfiumPage.picture` gives them, of one size. */
export function resembles(first: Uint8Array, second: Uint8Array, size: PictureSize): boolean {
  const [one, other] = [darkness(first, size), darkness(second, size)];
  return one.every((value, at) => Math.abs(value - (other[at] as number)) <= least + share * Math.max(value, other[at] as number));
}

/**
 * Mean darkness around the corners of a grid of squares, 0 to 255. A pixel counts for the four corners next to it, the more the nearer:
 * ink at an edge between squares would else change its square for the smallest shift.
 */
function darkness(picture: Uint8Array, { width, height }: PictureSize): number[] {
  const columns = Math.ceil(width / square) + 1;
  const sums = Array.from({ length: columns * (Math.ceil(height / square) + 1) }, () => 0);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / square);
    const down = (y % square) / square;
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const ink = 765 - (picture[at] as number) - (picture[at + 1] as number) - (picture[at + 2] as number);
      if (ink === 0) continue;
      const corner = row * columns + Math.floor(x / square);
      const right = (x % square) / square;
      add(sums, corner, ink * (1 - right) * (1 - down));
      add(sums, corner + 1, ink * right * (1 - down));
      add(sums, corner + columns, ink * (1 - right) * down);
      add(sums, corner + columns + 1, ink * right * down);
    }
  }
  return sums.map((sum) => sum / (square * square * 3));
}

function add(sums: number[], at: number, value: number): void {
  sums[at] = (sums[at] as number) + value;
}
