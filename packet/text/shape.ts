/**
 * Turns runs into glyphs at their places: joining forms, ligatures, kerning and marks by the font's own
 * OpenType tables (through fontkit). Lengths in thousandths of the font size.
 */
import type * as fontkit from 'fontkit';
import { PacketError } from '../errors.ts';
import { openFace, type Face } from './face.ts';
import { splitRuns, type Direction, type Run } from './runs.ts';

export interface ShapedGlyph {
  /** Glyph id in the face's file; never 0, which is `.notdef`. */
  id: number;
  /** The characters it stands for, from left to right, for the reader that extracts text; none for a mark or dot whose letter has them. */
  codePoints: number[];
  /** Width in the font file, and how far the pen really goes on (kerning, marks). */
  width: number;
  advance: number;
  xOffset: number;
  yOffset: number;
}

export interface ShapedRun { face: Face; glyphs: ShapedGlyph[] }

/** A line ready to draw, leftmost run first. `width` in thousandths of the font size. */
export interface ShapedLine { runs: ShapedRun[]; width: number }

const MARKS = /^\p{M}+$/u;
/** Thai: a vowel of two parts, the first of which stands over the letter and under its tone (Unicode 16.2); fonts want them apart. */
const [NIKHAHIT, SARA_AA, SARA_AM] = ['\u0e4d', '\u0e32', 0x0e33];
const SARA_AM_WITH_TONE = /([\u0e48-\u0e4b]*)\u0e33/gu;

/** @throws PacketError `NO_GLYPH` rather than give a `.notdef` glyph. */
export function shapeLine(line: string, faces: readonly Face[], direction: Direction): ShapedLine {
  const runs = splitRuns(line, faces, direction).map(shapeRun);
  const width = runs.flatMap((run) => run.glyphs).reduce((sum, glyph) => sum + glyph.advance, 0);
  return { runs, width };
}

function shapeRun(run: Run): ShapedRun {
  const font = openFace(run.face);
  const scale = 1000 / font.unitsPerEm;
  const { glyphs, positions } = layout(run, font);
  const shaped = glyphs.flatMap((glyph, at): ShapedGlyph[] => {
    const position = positions[at];
    if (position === undefined || isHidden(glyph, position, font)) return [];
    if (glyph.id === 0) throw new PacketError('NO_GLYPH', `${run.face.name} has no glyph for a part of the text; write it without this character`);
    return [{
      id: glyph.id,
      codePoints: glyph.codePoints,
      width: glyph.advanceWidth * scale,
      advance: position.xAdvance * scale,
      xOffset: position.xOffset * scale,
      yOffset: position.yOffset * scale,
    }];
  });
  return { face: run.face, glyphs: withMarks(shaped, run.rtl) };
}

/**
 * Gives each letter the characters of the marks over and under it. Readers sort what they find by where it stands, and a mark stands
 * beside its letter as often as not: taken alone, it would come back out of order, or as a word of its own. Where text runs from right
 * to left, readers turn it round whole, so several characters of one glyph are given the way it is drawn.
 */
function withMarks(glyphs: readonly ShapedGlyph[], rtl: boolean): ShapedGlyph[] {
  const logical = (rtl ? glyphs.toReversed() : glyphs).map((glyph) => ({ ...glyph }));
  let letter: ShapedGlyph | null = null;
  let saraAm = false;
  for (const glyph of logical) {
    const text = String.fromCodePoint(...glyph.codePoints);
    if (text === SARA_AA && saraAm) glyph.codePoints = [SARA_AM];
    if (MARKS.test(text) && glyph.advance === 0) {
      if (letter === null) continue;
      if (text === NIKHAHIT) saraAm = true;
      else letter.codePoints = [...letter.codePoints, ...glyph.codePoints];
      glyph.codePoints = [];
    } else if (text !== '') {
      letter = text.trim() === '' ? null : glyph;
      saraAm = false;
    }
  }
  if (!rtl) return logical;
  for (const glyph of logical) glyph.codePoints = glyph.codePoints.toReversed();
  return logical.reverse();
}

/** fontkit 2.0.4 stumbles over a mark on what has no anchor for marks, such as a space: then marks stand where they come. */
function layout({ text, rtl }: Run, font: fontkit.Font): fontkit.GlyphRun {
  const parted = text.replace(SARA_AM_WITH_TONE, `${NIKHAHIT}$1${SARA_AA}`);
  const laidOut = (features?: Record<string, boolean>): fontkit.GlyphRun => font.layout(parted, features, undefined, undefined, rtl ? 'rtl' : 'ltr');
  try {
    return laidOut();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return laidOut({ mark: false });
  }
}

/** Joiners and direction marks: fontkit leaves a space of no width in their place. */
function isHidden(glyph: fontkit.Glyph, position: fontkit.GlyphPosition, font: fontkit.Font): boolean {
  return position.xAdvance === 0 && glyph.id === font.glyphForCodePoint(0x20).id;
}
