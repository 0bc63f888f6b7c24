/**
 * A label in a box or a table cell: the signature goes where the cell is free, else into the empty cell beside or below.
 * All in `Upright` space, points.
 */
import type { Rect } from './field.ts';
import type { PlacePage } from './place.ts';
import type { Piece } from './page-text.ts';

interface Cell { left: number; right: number; bottom: number; top: number }

/** Larger boxes frame the page or a section. */
const tallest = 160;
const widest = 260;
const highest = 50;
/** Room for a hand, down and across. */
const least = { height: 20, width: 60 };
const slack = 3;

/** @returns null where the label stands in no cell, or in one that leaves no room. */
export function placeInCell(label: Piece, page: PlacePage): Rect | null {
  const cell = cellAround(label, page);
  if (cell === null) return null;
  const text = contentOf(cell, page);
  const [left, right] = text.map(({ left, right }) => [left, right] as const).reduce(([a, b], [c, d]) => [Math.min(a, c), Math.max(b, d)], [label.left, label.right]);
  const bottom = Math.min(label.baseline, ...text.map(({ baseline }) => baseline)) - 0.3 * label.size;
  const top = Math.max(...[label, ...text].map(({ baseline, size }) => baseline + 0.9 * size));
  if (bottom - cell.bottom >= least.height) return across(cell, label, cell.bottom, bottom);
  if (cell.top - top >= least.height) return across(cell, label, top, cell.top);
  const beside = label.rightToLeft ? { ...cell, right: left - slack } : { ...cell, left: right + slack };
  if (beside.right - beside.left >= 1.5 * least.width) return across(beside, label, cell.bottom, cell.top);
  return [nextTo(cell, label, page), under(cell, page)].filter((free) => free !== null)
    .filter((free) => contentOf(free, page).length === 0).map((free) => across(free, label, free.bottom, free.top))[0] ?? null;
}

function across(cell: Cell, label: Piece, bottom: number, top: number): Rect {
  const width = Math.min(widest, cell.right - cell.left - 2 * slack);
  return { x: label.rightToLeft ? cell.right - slack - width : cell.left + slack, y: bottom + 1, width, height: Math.min(highest, top - bottom - 2) };
}

function contentOf(cell: Cell, { pieces }: PlacePage): Piece[] {
  return pieces.filter(({ left, right, baseline }) => baseline > cell.bottom && baseline < cell.top && left < cell.right - 1 && right > cell.left + 1);
}

/** Sides first, then top and bottom that reach both: a signature line inside the box does not. */
function cellAround(label: Piece, page: PlacePage): Cell | null {
  const middle = label.baseline + 0.3 * label.size;
  const sides = page.edges.filter(({ bottom, top }) => bottom < middle && top > middle).map(({ x }) => x);
  const left = Math.max(...sides.filter((x) => x <= label.left + 1));
  const right = Math.min(...sides.filter((x) => x >= label.right - 1));
  if (!Number.isFinite(left) || !Number.isFinite(right) || right - left < 50) return null;
  return between(left, right, middle, page);
}

function between(left: number, right: number, middle: number, page: PlacePage): Cell | null {
  const spanning = page.rules.filter((rule) => rule.left <= left + slack && rule.right >= right - slack).map(({ y }) => y);
  const bottom = Math.max(...spanning.filter((y) => y < middle));
  const top = Math.min(...spanning.filter((y) => y > middle));
  if (!(top - bottom <= tallest)) return null;
  const crossed = page.rules.some((rule) => rule.y > bottom + slack && rule.y < top - slack && rule.left < right && rule.right > left);
  return crossed ? null : { left, right, bottom, top };
}

function nextTo(cell: Cell, label: Piece, page: PlacePage): Cell | null {
  const middle = (cell.bottom + cell.top) / 2;
  const sides = page.edges.filter(({ bottom, top }) => bottom < middle && top > middle).map(({ x }) => x);
  if (label.rightToLeft) {
    const left = Math.max(...sides.filter((x) => x <= cell.left - least.width));
    return Number.isFinite(left) ? between(left, cell.left, middle, page) : null;
  }
  const right = Math.min(...sides.filter((x) => x >= cell.right + least.width));
  return Number.isFinite(right) ? between(cell.right, right, middle, page) : null;
}

function under(cell: Cell, page: PlacePage): Cell | null {
  const found = between(cell.left, cell.right, cell.bottom - 4, page);
  return found !== null && found.top - found.bottom >= least.height ? found : null;
}
