/**
 * What a document says explicitly, in double braces: `{{sig:guest}}`, `{{initials:companion}}`, `{{date}}`,
 * `{{check:newsletter}}`, `{{check:staff:parking}}`; with a size in millimetres: `{{sig:guest;w=60;h=18}}`.
 * White or invisible tags count: they only choose a place, and the guest sees that place framed before signing there.
 * Before: `page-text.ts`. After: `search.ts`.
 */
import { type Field, type FieldKind, type Rect, ROLES, type Role } from './field.ts';
import { type Piece, spanOf } from './page-text.ts';
import { boxOf, inside, usual } from './place.ts';
import type { Upright } from './upright.ts';

export interface Tag {
  kind: FieldKind;
  role: Role;
  /** The role; of a check, what the tag calls it. */
  name: string;
  /** Millimetres. */
  width?: number;
  height?: number;
}

const pointsPerMm = 72 / 25.4;
/** On one page. */
const mostTags = 2000;
const kinds: Record<string, FieldKind> = { sig: 'signature', initials: 'initials', date: 'date', check: 'check' };
const inBraces = /\{\s*\{([^{}]{0,120})\}\s*\}/gu;
const unclosed = /\{\s*\{[^{}]{0,120}$/u;
/** With too few braces, or with brackets. */
const almost = /[{[]{1,2}\s*(?:(?:sig|initials|check|date)\s*:|date\s*[}\]])[^{}[\]]{0,60}[}\]]{0,2}/iu;
/** Millimetres. */
const sizes = { w: [3, 250], h: [3, 120] } as const;
const grammar = 'Tags are sig:guest, sig:companion, sig:staff, initials:…, date, date:… and check:NAME, with ;w=60;h=18 for millimetres';

/** @param inner between the braces. @returns a sentence about what is wrong with it where it is none. */
export function readTag(inner: string): Tag | string {
  // A producer that spaces letters puts spaces anywhere.
  const [head, ...options] = inner.replaceAll(/\s+/gu, '').split(';') as [string, ...string[]];
  const [word, ...rest] = head.toLowerCase().split(':') as [string, ...string[]];
  const kind = Object.hasOwn(kinds, word) ? kinds[word] : undefined;
  if (kind === undefined) return `there is no tag "${word}"`;
  const name = kind === 'check' ? head.split(':').at(-1) as string : '';
  const roles = kind === 'check' ? rest.slice(0, -1) : rest;
  if (kind === 'check' && (rest.length === 0 || !/^[\p{L}\p{N}_-]{1,40}$/u.test(name))) return 'a check needs a name of letters and digits';
  if (roles.length === 0 && (kind === 'signature' || kind === 'initials')) return 'it does not say who signs';
  const role = ROLES.find((one) => one === (roles[0] ?? 'guest'));
  if (roles.length > 1 || role === undefined) return `"${roles.join(':')}" is not guest, companion or staff`;
  const tag: Tag = { kind, role, name: kind === 'check' ? name : role };
  for (const option of options) {
    const [, side, value] = /^([wh])=(\d{1,3}(?:[.,]\d{1,2})?)(?:mm)?$/u.exec(option.toLowerCase()) ?? [];
    if (side !== 'w' && side !== 'h') return `"${option}" is not a size as w=60 or h=18`;
    const millimetres = Number(value?.replace(',', '.'));
    const [least, most] = sizes[side];
    if (millimetres < least || millimetres > most) return `${side} is between ${least} and ${most} mm`;
    tag[side === 'w' ? 'width' : 'height'] = millimetres;
  }
  return tag;
}

export interface Tags { fields: Field[]; warnings: string[] }

export function tagsOf(pieces: readonly Piece[], upright: Upright, page: number): Tags {
  const fields: Field[] = [];
  const warnings: string[] = [];
  const boxes = pieces.map((piece) => ({ piece, ...boxOf(piece) }));
  for (const piece of pieces) {
    if (!/[{[]/u.test(piece.text)) continue;
    for (const match of piece.text.matchAll(inBraces)) {
      if (fields.length + warnings.length >= mostTags) {
        warnings.unshift(`Page ${page}: it holds more tags than are read. Check that nothing is missing.`);
        return { fields, warnings };
      }
      const tag = readTag(match[1] as string);
      if (typeof tag === 'string') {
        warnings.push(`Page ${page}: ${match[0].slice(0, 60)} is not used, ${tag}. ${grammar}.`);
        continue;
      }
      const letters = spanOf(piece, match.index, match.index + match[0].length);
      // Of a piece that holds more than the tag it is only reckoned where its letters are.
      const unsure = match[0].length === piece.text.length ? 0.3 : 0.25 * piece.size;
      const ground = inside({ x: letters.left - unsure, y: piece.baseline - 0.3 * piece.size, width: letters.right - letters.left + 2 * unsure, height: 1.3 * piece.size }, upright);
      fields.push({
        kind: tag.kind, role: tag.role, name: tag.name, page, found: 'tag',
        label: tag.kind === 'check' ? besideCheck(piece, match.index, match[0].length, pieces) || tag.name : match[0],
        rect: upright.toUserSpace(placeOn(tag, ground, piece, boxes, upright)),
      });
    }
    const rest = piece.text.replaceAll(inBraces, ' ');
    const [open, near] = [unclosed.exec(rest), almost.exec(rest)];
    if (open !== null && /\{\s*\{\s*(?:s\s*i\s*g|i\s*n\s*i|d\s*a\s*t|c\s*h\s*e)/iu.test(open[0])) warnings.push(`Page ${page}: ${open[0].slice(0, 60)} is not used, its closing }} is not on the same line. ${grammar}.`);
    else if (near !== null) warnings.push(`Page ${page}: ${near[0]} is not used, a tag stands between {{ and }}. ${grammar}.`);
  }
  return { fields, warnings };
}

/**
 * From the tag's lower corner upwards, and downwards where there is more room; never smaller than its letters, which it must
 * cover, and where the tag gives no size never over the words around it.
 */
function placeOn(tag: Tag, ground: Rect, piece: Piece, boxes: readonly (Rect & { piece: Piece })[], page: Upright): Rect {
  const others = boxes.filter((box) => box.piece !== piece);
  const wanted = { width: tag.width === undefined ? usual[tag.kind].width : tag.width * pointsPerMm, height: tag.height === undefined ? usual[tag.kind].height : tag.height * pointsPerMm };
  const line = others.filter((box) => box.y < ground.y + ground.height && box.y + box.height > ground.y);
  const room = piece.rightToLeft
    ? ground.x + ground.width - Math.max(0, ...line.filter((box) => box.x + box.width <= ground.x + 1).map((box) => box.x + box.width + 2))
    : Math.min(page.width, ...line.filter((box) => box.x >= ground.x + ground.width - 1).map((box) => box.x - 2)) - ground.x;
  const width = Math.max(ground.width, tag.width === undefined ? Math.min(wanted.width, room) : wanted.width);
  const x = piece.rightToLeft ? ground.x + ground.width - width : ground.x;
  const column = others.filter((box) => box.x < x + width && box.x + box.width > x);
  const ceiling = Math.min(page.height, ...column.map((box) => box.y).filter((bottom) => bottom >= ground.y + ground.height - 1));
  const floor = Math.max(0, ...column.map((box) => box.y + box.height).filter((top) => top <= ground.y + 1));
  const up = tag.height === undefined ? Math.max(ground.height, Math.min(wanted.height, ceiling - ground.y)) : Math.max(ground.height, wanted.height);
  const down = tag.height === undefined ? Math.max(0, Math.min(wanted.height - up, ground.y - floor - 2)) : 0;
  return inside({ x, y: ground.y - down, width, height: up + down }, page);
}

/** The words after the tag, on its line and on the lines that go on below them; where there are none, the words before it. */
function besideCheck(piece: Piece, from: number, length: number, pieces: readonly Piece[]): string {
  const clean = (text: string): string => text.replaceAll(inBraces, ' ').replaceAll(/\s+/gu, ' ').trim();
  const after = piece.text.slice(from + length, from + length + 2 * longestLabel).split(/\{\s*\{/u)[0] as string;
  const at = pieces.indexOf(piece);
  const next = pieces[at + 1];
  const sameLine = next !== undefined && Math.abs(next.baseline - piece.baseline) < 0.6 * piece.size && !next.text.includes('{{');
  const first = clean(after) !== '' ? { text: clean(after), at, left: spanOf(piece, from + length, piece.text.length).left }
    : sameLine ? { text: clean(next.text), at: at + 1, left: next.left } : null;
  if (first === null) {
    const before = clean(piece.text.slice(Math.max(0, from - 2 * longestLabel), from));
    const previous = pieces[at - 1];
    return (before !== '' ? before : previous !== undefined && Math.abs(previous.baseline - piece.baseline) < 0.6 * piece.size ? clean(previous.text) : '').slice(-longestLabel);
  }
  const lines = [first.text];
  let last = piece;
  for (const line of pieces.slice(first.at + 1)) {
    const down = last.baseline - line.baseline;
    if (down < 0.6 * piece.size) continue;
    if (down > 1.6 * piece.size || line.text.includes('{{') || lines.length > 8 || Math.abs(line.left - first.left) > 0.4 * piece.size) break;
    lines.push(clean(line.text));
    last = line;
  }
  return lines.join(' ').slice(0, longestLabel);
}

const longestLabel = 400;
