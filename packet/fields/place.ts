/**
 * Where to sign for a label: on the line beside it, above it or below it, or in its box; where neither is near, on free
 * ground beside or above it. All in `Upright` space, points.
 */
import type { FieldKind, Rect } from './field.ts';
import { placeInCell } from './place-in-cell.ts';
import type { Edge, Rule } from './page-rules.ts';
import type { Piece } from './page-text.ts';

export interface PlacePage { width: number; height: number; pieces: readonly Piece[]; rules: readonly Rule[]; edges: readonly Edge[] }

/** About what each takes on paper. */
export const usual: Record<FieldKind, { width: number; height: number }> = {
  signature: { width: 180, height: 50 }, initials: { width: 60, height: 28 }, date: { width: 90, height: 16 }, check: { width: 12, height: 12 },
};
const widest = 260;
const lowest = 24;
const margin = 6;
/** How far a line may be from its label: up, down and sideways. */
const reach = { above: 40, below: 70, beside: 160, before: 40 };
/** A line with less room above it is no line to sign on: a heading is underlined, a table divided. */
const least = 14;
const crowded = 60;
/** So many lines are looked at for a label, the nearest first. */
const mostRules = 40;
/** Share of the page's width. */
const dividing = 0.75;
/** The narrowest free ground beside a label. */
const narrowest = 80;

/** `on`: what was found to write on; only `ground` leaves it open whether the words are a label at all. */
export interface Place { rect: Rect; on: 'line' | 'box' | 'ground'; rule: Rule | null }

export function placeFor(label: Piece, page: PlacePage): Place {
  const beside = nearestRule(label, page, true);
  const cell = beside === null ? placeInCell(label, page) : null;
  if (cell !== null) return { rect: inside(cell, page), on: 'box', rule: null };
  const ground = freeGround(label, page);
  const rule = beside ?? nearestRule(label, page, false);
  // A rule across the page divides sections; it is a line to sign on where the label stands close under it, or nothing else is free.
  const close = rule !== null && rule.y > label.baseline && rule.y - label.baseline < 1.8 * label.size && !/[:：]\s*$/u.test(label.text);
  const divides = rule !== null && rule !== beside && !close && rule.right - rule.left > dividing * page.width;
  if (divides && ground.free) return { rect: inside(ground.rect, page), on: 'ground', rule: null };
  if (rule !== null) return { rect: inside(onRule(rule, label, page), page), on: 'line', rule };
  return { rect: inside(ground.rect, page), on: 'ground', rule: null };
}

/** For a document that says nothing: the bottom right corner of the page. */
export function placeAtBottom(page: { width: number; height: number }): Rect {
  return inside({ x: page.width - usual.signature.width - 36, y: 36, ...usual.signature }, page);
}

export function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Up to the next text above, at most `highest`, but never so low that nobody could write there. */
export function clearHeight(x: number, width: number, y: number, pieces: readonly Piece[], highest = usual.signature.height): number {
  return Math.max(Math.min(lowest, highest), Math.min(highest, freeAbove(x, width, y, pieces)));
}

/** Moved, and on a small page made smaller, to lie inside. */
export function inside(rect: Rect, page: { width: number; height: number }): Rect {
  const width = Math.min(rect.width, page.width);
  const height = Math.min(rect.height, page.height);
  return { x: Math.min(Math.max(rect.x, 0), page.width - width), y: Math.min(Math.max(rect.y, 0), page.height - height), width, height };
}

function nearestRule(label: Piece, page: PlacePage, besideOnly: boolean): Rule | null {
  let nearest: Rule | null = null;
  let shortest = Infinity;
  const near = page.rules.map((rule) => ({ rule, distance: distanceTo(rule, label, besideOnly) })).filter(({ distance }) => distance < Infinity).sort((a, b) => a.distance - b.distance);
  for (const { rule, distance } of near.slice(0, mostRules)) {
    if (distance >= shortest) break;
    const room = roomOver(rule, label, page);
    const counted = besideOnly || room >= least ? distance : distance + crowded;
    if (counted < shortest) [nearest, shortest] = [rule, counted];
  }
  return nearest;
}

/** Infinity where the rule cannot belong to the label. */
function distanceTo(rule: Rule, label: Piece, besideOnly: boolean): number {
  const up = rule.y - label.baseline;
  const crosses = rule.left < label.right - label.size && rule.right > label.left + label.size;
  // A small label may touch the line it stands under.
  const level = up > -0.6 * label.size && up < (crosses ? 0.5 : 0.9) * label.size;
  const after = label.rightToLeft ? label.left - rule.right : rule.left - label.right;
  const before = label.rightToLeft ? rule.left - label.right : label.left - rule.right;
  if (level && after > -label.size && after < reach.beside) return Math.max(0, after) / 10;
  // "______ (guest)"
  if (level && before > -label.size && before < reach.before) return 20 + Math.max(0, before);
  if (besideOnly || rule.left > label.right || rule.right < label.left || level) return Infinity;
  // Of two lines side by side the one the label stands under.
  const covered = (Math.min(rule.right, label.right) - Math.max(rule.left, label.left)) / (label.right - label.left);
  const aside = label.size * (1 - covered);
  if (up > 0) return up <= label.size + reach.above ? aside + Math.max(0, up - label.size) : Infinity;
  return -up <= reach.below ? aside - up : Infinity;
}

function onRule(rule: Rule, label: Piece, page: PlacePage): Rect {
  const width = Math.min(rule.right - rule.left, widest);
  // A rule as wide as the page is a divider: stay with the label.
  const near = Math.min(Math.max(label.left, rule.left), rule.right - width);
  const x = rule.right - rule.left > 2 * widest ? near : label.rightToLeft ? rule.right - width : rule.left;
  return { x, y: rule.y, width, height: clearHeight(x, width, rule.y, page.pieces.filter((piece) => piece !== label || piece.baseline > rule.y + 0.9 * piece.size)) };
}

function roomOver(rule: Rule, label: Piece, { pieces }: PlacePage): number {
  const left = Math.max(rule.left, label.left);
  return freeAbove(left, Math.min(rule.right, label.right) - left, rule.y, pieces);
}

function freeAbove(x: number, width: number, y: number, pieces: readonly Piece[]): number {
  let free = Infinity;
  for (const { text, left, right, baseline, size } of pieces) {
    // An X or a cross says where to sign.
    if (text.trim().length > 2 && left < x + width && right > x && baseline > y + 2) free = Math.min(free, baseline - 0.25 * size - y);
  }
  return free;
}

/** Beside the label up to the next text, else above it. */
function freeGround(label: Piece, page: PlacePage): { rect: Rect; free: boolean } {
  const y = label.baseline - 0.3 * label.size;
  const { width, height } = usual.signature;
  const sameLine = page.pieces.filter((piece) => piece !== label && piece.baseline > y - piece.size && piece.baseline < y + height);
  const end = label.rightToLeft
    ? Math.max(0, ...sameLine.filter(({ right }) => right <= label.left).map(({ right }) => right + margin))
    : Math.min(page.width, ...sameLine.filter(({ left }) => left >= label.right).map(({ left }) => left - margin));
  const room = Math.min(width, label.rightToLeft ? label.left - margin - end : end - label.right - margin);
  const low = { width: room, x: label.rightToLeft ? label.left - margin - room : label.right + margin, y };
  const beside = { ...low, height: room < narrowest ? 0 : clearHeight(low.x, room, y, page.pieces) };
  const above = { x: label.rightToLeft ? label.right - width : label.left, y: label.baseline + label.size * 1.1, width, height };
  const free = [beside, above].find((rect) => rect.height > 0 && fits(rect, page) && !page.pieces.some((piece) => overlap(rect, boxOf(piece))));
  return { rect: free ?? above, free: free !== undefined };
}

export function boxOf(piece: Piece): Rect {
  return { x: piece.left, y: piece.baseline - 0.25 * piece.size, width: piece.right - piece.left, height: 1.1 * piece.size };
}

function fits(rect: Rect, page: { width: number; height: number }): boolean {
  return rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= page.width && rect.y + rect.height <= page.height;
}
