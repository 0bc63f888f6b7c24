/**
 * Draws one line of text in any of the bundled scripts, mixed as it comes.
 * It breaks no lines: `maxWidth` makes the line smaller, never longer than that.
 */
import {
  beginText, endText, PDFArray, PDFName, PDFNumber, PDFOperator, PDFOperatorNames, popGraphicsState, pushGraphicsState, rgb,
  setFillingColor, setFontAndSize, setTextMatrix, setTextRise, type Color, type PDFPage,
} from '../pdf-lib.ts';
import type { EmbeddedFace } from './embedded-face.ts';
import { faces } from './face.ts';
import type { FontSet } from './font-set.ts';
import { glyphOutline } from './glyph-outline.ts';
import type { Direction } from './runs.ts';
import { shapeLine, type ShapedGlyph, type ShapedRun } from './shape.ts';

export interface TextOptions {
  /** Baseline, in points of the page's (or form's) space. `x` is the left end, the right end or the middle, by `align`. */
  x: number;
  y: number;
  /** Points. */
  size: number;
  bold?: boolean;
  /** Black unless given. */
  colour?: Color;
  align?: 'left' | 'right' | 'center';
  /** Points; a longer line is drawn in a smaller size that fits. */
  maxWidth?: number;
  /** Of the paragraph; `auto` (the default) takes the first strong character's. */
  direction?: Direction;
}

/**
 * Width in points.
 * @throws PacketError `NO_GLYPH`
 */
export function measureText({ language }: FontSet, text: string, size: number, bold = false): number {
  return (shapeLine(text, faces(bold, text, language), 'auto').width * size) / 1000;
}

/**
 * Draws on a page. @returns the width drawn and the size used, both in points.
 * @throws PacketError `NO_GLYPH`; nothing is drawn then.
 */
export function drawText(page: PDFPage, fonts: FontSet, text: string, options: TextOptions): { width: number; size: number } {
  const { operators, width, size } = textOperators(fonts, text, options, (face) => fontKey(page, face));
  page.pushOperators(...operators);
  return { width, size };
}

/**
 * The same as operators, for a form XObject. `key` puts the face into the form's `Font` resources and gives
 * the name it has there.
 */
export function textOperators(
  fonts: FontSet, text: string, options: TextOptions, key: (face: EmbeddedFace) => PDFName,
): { operators: PDFOperator[]; width: number; size: number } {
  const line = shapeLine(text, faces(options.bold ?? false, text, fonts.language), options.direction ?? 'auto');
  const natural = (line.width * options.size) / 1000;
  const shrink = options.maxWidth !== undefined && natural > options.maxWidth ? options.maxWidth / natural : 1;
  const size = options.size * shrink;
  const width = natural * shrink;
  const left = options.x - { left: 0, center: width / 2, right: width }[options.align ?? 'left'];
  const operators = [
    pushGraphicsState(), setFillingColor(options.colour ?? rgb(0, 0, 0)), beginText(), setTextMatrix(1, 0, 0, 1, left, options.y),
    ...line.runs.flatMap((run) => {
      const face = fonts.use(run.face);
      return [setFontAndSize(key(face), size), ...showRun(run, face, size)];
    }),
    endText(), ...marksApart(line.runs, left, options.y, size), popGraphicsState(),
  ];
  return { operators, width, size };
}

/** Shows the glyphs of a run with `TJ`, moving the pen where shaping wants it elsewhere than the widths put it. */
function showRun(run: ShapedRun, face: EmbeddedFace, size: number): PDFOperator[] {
  const operators: PDFOperator[] = [];
  let row = PDFArray.withContext(face.context);
  let rise = 0;
  let surplus = 0; // how much too far right the pen stands, in thousandths
  const flush = (): void => {
    if (row.size() > 0) operators.push(PDFOperator.of(PDFOperatorNames.ShowTextAdjusted, [row]));
    row = PDFArray.withContext(face.context);
  };
  const moveBack = (): void => {
    if (surplus !== 0) row.push(PDFNumber.of(round(surplus)));
    surplus = 0;
  };
  for (const glyph of run.glyphs) {
    if (isApart(glyph)) {
      surplus -= glyph.advance;
      continue;
    }
    if (glyph.yOffset !== rise) {
      flush();
      rise = glyph.yOffset;
      operators.push(setTextRise((rise * size) / 1000));
    }
    surplus -= glyph.xOffset;
    moveBack();
    row.push(face.encode(glyph));
    surplus = glyph.xOffset + glyph.width - glyph.advance;
  }
  moveBack();
  flush();
  if (rise !== 0) operators.push(setTextRise(0));
  return operators;
}

/** A mark, or a dot that the font draws apart from its letter: the letter's glyph carries its characters. */
function isApart(glyph: ShapedGlyph): boolean {
  return glyph.codePoints.length === 0;
}

/** Such marks as outlines: as text they would be extracted as noise and break their word in two. */
function marksApart(runs: readonly ShapedRun[], left: number, baseline: number, size: number): PDFOperator[] {
  const operators: PDFOperator[] = [];
  const scale = size / 1000;
  let pen = left;
  for (const run of runs) {
    for (const glyph of run.glyphs) {
      if (isApart(glyph)) operators.push(...glyphOutline(run.face, glyph.id, size, pen + glyph.xOffset * scale, baseline + glyph.yOffset * scale));
      pen += glyph.advance * scale;
    }
  }
  return operators;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The face's name among the page's fonts. A new one per document revision: an older subset keeps its own. */
function fontKey(page: PDFPage, face: EmbeddedFace): PDFName {
  const { Font } = page.node.normalizedEntries();
  const known = Font.entries().find(([, value]) => value === face.ref);
  return known === undefined ? page.node.newFontDictionary(face.name, face.ref) : known[0];
}
