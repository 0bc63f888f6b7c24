/**
 * A page as the guest sees it: after /Rotate, points, origin bottom left of the visible box, y upwards. All
 * searching happens here; only the rectangle found goes back to user space.
 */
import type { PageViewport, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Rect } from './field.ts';

export type Matrix = readonly [number, number, number, number, number, number];

export interface Upright {
  width: number;
  height: number;
  /** Points to a unit of user space (UserUnit, ISO 32000-2, 14.11.2). */
  unit: number;
  /** From user space. */
  matrix: Matrix;
  toUserSpace(rect: Rect): Rect;
}

export function uprightOf(page: PDFPageProxy): Upright {
  const viewport = page.getViewport({ scale: 1 });
  const { width, height } = viewport;
  return {
    width, height, unit: page.userUnit,
    // The viewport's y runs downwards.
    matrix: multiply([1, 0, 0, -1, 0, height], viewport.transform as unknown as Matrix),
    toUserSpace: (rect) => toUserSpace(viewport, rect),
  };
}

function toUserSpace(viewport: PageViewport, { x, y, width, height }: Rect): Rect {
  const [x1, y1] = viewport.convertToPdfPoint(x, viewport.height - y) as [number, number];
  const [x2, y2] = viewport.convertToPdfPoint(x + width, viewport.height - y - height) as [number, number];
  return { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
}

/** `outer` after `inner` (ISO 32000-2, 8.3.4). */
export function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

export function apply([a, b, c, d, e, f]: Matrix, x: number, y: number): [number, number] {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** Of a matrix that can be inverted, as those of pages are. */
export function inverse([a, b, c, d, e, f]: Matrix): Matrix {
  const area = a * d - b * c;
  return [d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area];
}

/** The upright rectangle around a rectangle that is turned by quarters. */
export function rectThrough(matrix: Matrix, { x, y, width, height }: Rect): Rect {
  const [x1, y1] = apply(matrix, x, y);
  const [x2, y2] = apply(matrix, x + width, y + height);
  return { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
}
