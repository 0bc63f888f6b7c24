/**
 * What fields show, as form XObjects (ISO 32000-2, 12.5.5): drawn upright as the guest sees the page, opaque, without transparency.
 * Ink comes in as the dynamics-free outline of `biometrics/ink.ts`: nothing here may add to what it tells of the pen's movement.
 * Before: `stamp.ts`, `marks.ts` say what is drawn. After: the widgets of `document-form.ts`.
 */
import {
  closePath, fill, LineCapStyle, LineJoinStyle, lineTo, moveTo, type PDFContext, PDFDict, PDFName, type PDFOperator, type PDFRef, popGraphicsState,
  pushGraphicsState, rgb, setFillingColor, setLineCap, setLineJoin, setLineWidth, setStrokingColor, stroke,
} from './pdf-lib.ts';
import type { InkOutline } from '#biometrics/ink.ts';
import type { Field } from './fields/field.ts';
import { FlateStream } from './flate-stream.ts';
import { type FontSet, textOperators, type TextOptions } from './text/index.ts';

/** Points. */
export interface Size { width: number; height: number }

/**
 * Where something is drawn: the size of the field's rectangle before the page's /Rotate (0, 90, 180 or 270). In points, also where user space
 * has another unit: a reader fits the form to the rectangle (12.5.5).
 */
export interface Place {
  size: Size;
  rotate: number;
  /** True where letters of the document stand under the field that must not show through: those of a tag. */
  ground: boolean;
}

/** @param page what `DocumentForm.pageOf` tells of the field's page */
export function placeOf({ rect: { width, height }, found }: Pick<Field, 'rect' | 'found'>, { rotate, unit }: { rotate: number; unit: number }): Place {
  return { size: { width: width * unit, height: height * unit }, rotate, ground: found === 'tag' };
}

const pointsPerMm = 72 / 25.4;
const white = rgb(1, 1, 1);
export const inkColour = rgb(0.04, 0.1, 0.36);
export const margin = 2;
/**
 * sRGB by calibration (ISO 32000-2, 8.6.5.3, 8.6.5.6): in PDF/A the colours of a device are allowed only where the document has an output
 * intent for it (ISO 19005-1, 6.2.3.3), and that may be grey, or for a press.
 */
const calibrated = [
  'CalRGB',
  { WhitePoint: [0.9505, 1, 1.089], Gamma: [2.2, 2.2, 2.2], Matrix: [0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505] },
];

/** A form XObject under construction, in the space of the field as displayed. */
export class Appearance {
  /** As displayed. */
  readonly size: Size;
  readonly #context: PDFContext;
  readonly #fonts: PDFDict;
  /** Operators, or lines of them as they are written. */
  readonly #content: (PDFOperator | string)[] = [];
  readonly #rotate: number;

  constructor(context: PDFContext, { size: { width, height }, rotate, ground }: Place) {
    this.#context = context;
    this.#fonts = PDFDict.withContext(context);
    this.#rotate = rotate;
    this.size = rotate % 180 === 0 ? { width, height } : { width: height, height: width };
    if (ground) this.draw(setFillingColor(white), ...boxPath({ x: 0, y: 0, ...this.size }), fill());
  }

  draw(...operators: (PDFOperator | string)[]): void {
    if (operators.length > 0) this.#content.push(pushGraphicsState(), ...operators, popGraphicsState());
  }

  /** @throws PacketError NO_GLYPH */
  text(fonts: FontSet, text: string, options: TextOptions): void {
    this.#content.push(...textOperators(fonts, text, options, (face) => {
      const key = PDFName.of(face.name);
      this.#fonts.set(key, face.ref);
      return key;
    }).operators);
  }

  /** Centred above `below`, points; made smaller, never larger, to fit. */
  ink(ink: readonly InkOutline[], below: number): void {
    this.draw(...inkOperators(ink, this.size, below));
  }

  /** The form XObject, registered. */
  register(): PDFRef {
    const dict = this.#context.obj({
      Type: 'XObject', Subtype: 'Form', BBox: [0, 0, this.size.width, this.size.height], Matrix: uprightMatrix(this.#rotate),
      Resources: { Font: this.#fonts, ColorSpace: { DefaultRGB: calibrated } },
    });
    return this.#context.register(new FlateStream(dict, () => Buffer.from(this.#content.map((operator) => `${operator}\n`).join(''), 'latin1')));
  }
}

export function boxPath({ x, y, width, height }: { x: number; y: number; width: number; height: number }): PDFOperator[] {
  return [moveTo(x, y), lineTo(x + width, y), lineTo(x + width, y + height), lineTo(x, y + height), closePath()];
}

/** Turns the form against the page's clockwise rotation; a reader then fits its box to the field's (12.5.5). */
function uprightMatrix(rotate: number): number[] {
  return { 90: [0, 1, -1, 0, 0, 0], 180: [-1, 0, 0, -1, 0, 0], 270: [0, -1, 1, 0, 0, 0] }[rotate] ?? [1, 0, 0, 1, 0, 0];
}

/** Its lines as text: there are hundreds of them, and an object for each number of each takes longer than all else that is drawn. */
function inkOperators(ink: readonly InkOutline[], shown: Size, below: number): (PDFOperator | string)[] {
  const points = ink.flatMap((outline) => outline.points);
  if (points.length === 0) return [];
  const pen = Math.max(...ink.map((outline) => outline.width));
  const [left, right] = extent(points.map(([x]) => x));
  const [bottom, top] = extent(points.map(([, y]) => y));
  const room = { width: shown.width - 2 * margin, height: shown.height - below - margin };
  const scale = Math.min(pointsPerMm, room.width / (right - left + pen), room.height / (top - bottom + pen));
  const at = ([x, y]: readonly [number, number]): string =>
    `${round(shown.width / 2 + (x - (left + right) / 2) * scale)} ${round(below + room.height / 2 + (y - (bottom + top) / 2) * scale)}`;
  return [
    setStrokingColor(inkColour), setLineCap(LineCapStyle.Round), setLineJoin(LineJoinStyle.Round),
    ...ink.filter((outline) => outline.points.length > 0).flatMap((outline) => {
      const [first, ...rest] = outline.points as [[number, number], ...[number, number][]];
      // A dot is a line to itself: round caps make it a disc.
      const onward = rest.length === 0 ? [first] : rest;
      return [setLineWidth(round(outline.width * scale)), [`${at(first)} m`, ...onward.map((point) => `${at(point)} l`)].join('\n'), stroke()];
    }),
  ];
}

function extent(values: readonly number[]): [number, number] {
  return values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
}

/** To hundredths, which JavaScript writes without an exponent, as PDF has none (7.3.3). */
function round(points: number): number {
  return Math.round(points * 100) / 100;
}
