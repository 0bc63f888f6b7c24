/**
 * The part of a page that viewers show: media box and crop box, inherited where they stand in the page tree
 * (ISO 32000-2, 7.7.3.4, 14.11.2). Where a file gives none or an empty one, as pdf.js does it, since that is
 * what the guest saw: US Letter for the media box, the media box for the crop box.
 */
import { PDFArray, PDFName, PDFNumber, type PDFPageLeaf } from './pdf-lib.ts';
import type { Rect } from './fields/field.ts';

type Edges = [left: number, bottom: number, right: number, top: number];

const letter: Edges = [0, 0, 612, 792];

/** In user space, points. */
export function visibleBox(page: PDFPageLeaf): Rect {
  const media = edgesOf(page, 'MediaBox') ?? letter;
  const crop = edgesOf(page, 'CropBox') ?? media;
  const both: Edges = [Math.max(media[0], crop[0]), Math.max(media[1], crop[1]), Math.min(media[2], crop[2]), Math.min(media[3], crop[3])];
  const [left, bottom, right, top] = hasArea(both) ? both : media;
  return { x: left, y: bottom, width: right - left, height: top - bottom };
}

function edgesOf(page: PDFPageLeaf, name: string): Edges | null {
  const box = page.context.lookup(page.getInheritableAttribute(PDFName.of(name)));
  if (!(box instanceof PDFArray) || box.size() !== 4) return null;
  const numbers = [0, 1, 2, 3].map((at) => box.lookup(at)).map((item) => (item instanceof PDFNumber ? item.asNumber() : Number.NaN)) as Edges;
  const [x1, y1, x2, y2] = numbers;
  const edges: Edges = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
  return hasArea(edges) ? edges : null;
}

function hasArea([left, bottom, right, top]: Edges): boolean {
  return right > left && top > bottom;
}
