/**
 * Where to sign for a label: on the line beside it, above it or below it; where no line is near, on free
 * ground beside or above it. All in `Upright` space, points.
 */
import type { Rect } from './field.ts';
import type { Rule } from './page-rules.ts';
import type { Piece } from './page-text.ts';

interface Page { width: number; height: number; pieces: readonly Piece[]; rules: readonly Rule[] }

/** About what a signature on paper takes. */
const usual = { width: 180, height: 50 };
const widest = 260;
const lowest = 24;
const margin = 6;
/** How far a line may be from its label: up, down and sideways. */
const reach = { above: 40, below: 70, beside: 160 };

export function placeFor(label: Piece, page: Page): Rect {
  const rule = nearestRule(label, page);
  return inside(rule === null ? freeGround(label, page) : onRule(rule, label, page), page);
}

/** Around a tag, whose own letters the signature covers. */
export function placeOn(left: number, baseline: number, page: { width: number; height: number }): Rect {
  return inside({ x: left, y: baseline - 4, ...usual }, page);
}

/** For a document that says nothing: the bottom right corner of the page. */
export function placeAtBottom(page: { width: number; height: number }): Rect {
  return inside({ x: page.width - usual.width - 36, y: 36, ...usual }, page);
}

export function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function nearestRule(label: Piece, { rules }: Page): Rule | null {
  let nearest: Rule | null = null;
  let least = Infinity;
  for (const rule of rules) {
    const distance = distanceTo(rule, label);
    if (distance < least) [nearest, least] = [rule, distance];
  }
  return nearest;
}

/** Infinity where the rule cannot belong to the label. */
function distanceTo(rule: Rule, label: Piece): number {
  const up = rule.y - label.baseline;
  const level = up > -0.6 * label.size && up < 0.9 * label.size;
  const gap = label.rightToLeft ? label.left - rule.right : rule.left - label.right;
  if (level && gap > -label.size && gap < reach.beside) return Math.max(0, gap) / 10;
  if (rule.left > label.right || rule.right < label.left || level) return Infinity;
  if (up > 0) return up <= label.size + reach.above ? up - label.size : Infinity;
  return -up <= reach.below ? -up : Infinity;
}

function onRule(rule: Rule, label: Piece, page: Page): Rect {
  const width = Math.min(rule.right - rule.left, widest);
  // A rule as wide as the page is a divider: stay with the label.
  const near = Math.min(Math.max(label.left, rule.left), rule.right - width);
  const x = rule.right - rule.left > 2 * widest ? near : label.rightToLeft ? rule.right - width : rule.left;
  return { x, y: rule.y, width, height: clearHeight(x, width, rule.y, page) };
}

/** Up to the next text above, but never so low that nobody could sign there. */
function clearHeight(x: number, width: number, y: number, { pieces }: Page): number {
  const above = pieces.filter((piece) => piece.left < x + width && piece.right > x && piece.baseline > y + 2);
  const free = Math.min(Infinity, ...above.map((piece) => piece.baseline - 0.25 * piece.size - y));
  return Math.max(lowest, Math.min(usual.height, free));
}

function freeGround(label: Piece, page: Page): Rect {
  const y = label.baseline - 0.3 * label.size;
  const beside = { ...usual, x: label.rightToLeft ? label.left - margin - usual.width : label.right + margin, y };
  const above = { ...usual, x: label.rightToLeft ? label.right - usual.width : label.left, y: label.baseline + label.size * 1.1 };
  const free = [beside, above].find((rect) => fits(rect, page) && !page.pieces.some((piece) => overlap(rect, boxOf(piece))));
  return free ?? above;
}

function boxOf(piece: Piece): Rect {
  return { x: piece.left, y: piece.baseline - 0.25 * piece.size, width: piece.right - piece.left, height: 1.1 * piece.size };
}

function fits(rect: Rect, page: { width: number; height: number }): boolean {
  return rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= page.width && rect.y + rect.height <= page.height;
}

/** Moved, and on a small page made smaller, to lie inside. */
function inside(rect: Rect, page: { width: number; height: number }): Rect {
  const width = Math.min(rect.width, page.width);
  const height = Math.min(rect.height, page.height);
  return { x: Math.min(Math.max(rect.x, 0), page.width - width), y: Math.min(Math.max(rect.y, 0), page.height - height), width, height };
}
