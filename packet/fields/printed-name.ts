/**
 * The name that a form prints at the signature line, on the line of the label: "Guest signature   Elīna Bērziņa".
 * It goes under the ink as a reader expects it, and proves nothing.
 */
import type { Rect } from './field.ts';
import type { Piece } from './page-text.ts';
import { labelOf } from './label.ts';

const longest = 80;
/** Two words or more of letters; no digits, which belong to dates and rooms. */
const name = /^\p{L}[\p{L}\p{M}'’.-]*(?:[\s,·]+\p{L}[\p{L}\p{M}'’.-]*)+$/u;
/** Scripts that write a name without spaces. */
const unspacedName = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}·]{2,}$/u;

/** @param place of the signature, @param words of the page, all in `Upright` space. */
export function printedName(label: Piece, place: Rect, words: readonly Piece[]): { signer?: string } {
  const left = Math.min(label.left, place.x);
  const right = Math.max(label.right, place.x + place.width);
  const beside = words.filter((piece) => piece !== label && Math.abs(piece.baseline - label.baseline) < 0.5 * label.size
    && piece.left >= left - 1 && piece.right <= right + 1);
  const [only, another] = beside.map(({ text }) => text.trim());
  const isName = only !== undefined && another === undefined && only.length <= longest && labelOf(only) === null && (name.test(only) || unspacedName.test(only));
  return isName ? { signer: only } : {};
}
