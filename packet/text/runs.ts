/**
 * Splits one line of text into runs of one font and one direction, in the order in which they are drawn.
 *
 * Levels by the Unicode Bidirectional Algorithm (UAX #9, through bidi-js), fonts by coverage of whole grapheme
 * clusters (UAX #29). One line only: whoever breaks a paragraph breaks it before.
 */
import bidiFactory, { type Bidi } from 'bidi-js';
import { PacketError } from '../errors.ts';
import { openFace, type Face } from './face.ts';

export interface Run {
  face: Face;
  /** In reading order; mirrored characters (brackets) already swapped where `rtl`. */
  text: string;
  rtl: boolean;
}

export type Direction = 'ltr' | 'rtl' | 'auto';

interface LevelRun extends Run { level: number }

// Node gives the factory itself as the default export; the package's types say it lies one `default` deeper.
const bidi = (bidiFactory as unknown as () => Bidi)();
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Characters that take the font of what stands before them: spaces, punctuation, symbols, not digits. */
const NEUTRAL = /^[\p{P}\p{Z}\p{S}]+$/u;
/** Characters that have no shape of their own and need none. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

/**
 * The runs of a line, leftmost first.
 * @param direction of the paragraph; `auto` takes the first strong character's (UAX #9, P2).
 * @throws PacketError `NO_GLYPH` for a character that none of the faces has.
 */
export function splitRuns(line: string, faces: readonly Face[], direction: Direction): Run[] {
  const text = line.normalize('NFC').replace(/\s+/gu, ' ');
  const { levels } = bidi.getEmbeddingLevels(text, direction);
  const runs: LevelRun[] = [];
  for (const { segment, index } of graphemes.segment(text)) {
    const level = levels[index] ?? 0;
    const rtl = level % 2 === 1;
    const last = runs.at(-1);
    const face = chooseFace(segment, faces, last?.face);
    const drawn = rtl ? bidi.getMirroredCharacter(segment) ?? segment : segment;
    if (last !== undefined && last.face === face && last.level === level) last.text += drawn;
    else runs.push({ face, text: drawn, rtl, level });
  }
  return visualOrder(runs);
}

function chooseFace(cluster: string, faces: readonly Face[], before: Face | undefined): Face {
  const needed = [...cluster].filter((character) => !INVISIBLE.test(character));
  const has = (face: Face): boolean => needed.every((character) => openFace(face).hasGlyphForCodePoint(character.codePointAt(0) ?? 0));
  if (before !== undefined && NEUTRAL.test(cluster) && has(before)) return before;
  const face = faces.find(has);
  if (face === undefined) {
    const points = needed.map((character) => `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
    throw new PacketError('NO_GLYPH', `none of the bundled fonts can draw "${cluster}" (${points.join(' ')}); write the text without this character`);
  }
  return face;
}

/** Rule L2 of UAX #9, on runs: from the highest level down to the lowest odd one, reverse what is at or above it. */
function visualOrder(runs: readonly LevelRun[]): Run[] {
  const order = [...runs];
  const highest = Math.max(0, ...order.map((run) => run.level));
  for (let level = highest; level >= 1; level--) {
    for (let start = 0; start < order.length; start++) {
      let end = start;
      while (end < order.length && (order[end]?.level ?? 0) >= level) end++;
      if (end > start) order.splice(start, end - start, ...order.slice(start, end).reverse());
      start = end;
    }
  }
  return order;
}
