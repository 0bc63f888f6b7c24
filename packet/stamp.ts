/**
 * What a reader sees in the signature field: the ink, and below it in small print the name, time, place and
 * request (ISO 32000-2, 12.5.5, appearance streams). Drawn upright as the guest saw the page, with opaque
 * vector lines only. The ink comes in as the dynamics-free outline of `biometrics/ink.ts`: nothing here may
 * add to what it tells of the pen's movement.
 * Before: `sign-document.ts`. After: the widget of `signature-field.ts`.
 */
import {
  LineCapStyle, LineJoinStyle, lineTo, moveTo, type PDFContext, PDFDict, PDFName, type PDFOperator, type PDFRef, popGraphicsState,
  pushGraphicsState, type RGB, rgb, setLineCap, setLineJoin, setLineWidth, setStrokingColor, stroke,
} from 'pdf-lib';
import type { InkOutline } from '#biometrics/ink.ts';
import { type FontSet, textOperators } from './text/index.ts';

export interface Stamp {
  /** Millimetres, y upwards, any origin; made smaller, never larger, to fit the field. */
  ink: readonly InkOutline[];
  signerName: string | null;
  place: string;
  requestId: string;
  signedAt: Date;
  demo: boolean;
}

/** Of the field as displayed, points. */
interface Size { width: number; height: number }

const pointsPerMm = 72 / 25.4;
const inkColour = rgb(0.04, 0.1, 0.36);
const printColour = rgb(0.25, 0.25, 0.25);
const demoColour = rgb(0.75, 0.1, 0.05);
const margin = 2;

/**
 * @param size of the field's rectangle in user space, points.
 * @param rotate the page's /Rotate: 0, 90, 180 or 270.
 * @returns the form XObject, registered.
 * @throws PacketError NO_GLYPH where name or place cannot be drawn; nothing is registered for the form then.
 */
export function drawStamp(context: PDFContext, fonts: FontSet, stamp: Stamp, size: Size, rotate: number): PDFRef {
  const shown = rotate % 180 === 0 ? size : { width: size.height, height: size.width };
  const fontResources = PDFDict.withContext(context);
  const print = smallPrint(fonts, fontResources, stamp, shown);
  const form = context.formXObject([...inkOperators(stamp.ink, shown, print.height), ...print.operators], {
    BBox: [0, 0, shown.width, shown.height],
    Matrix: uprightMatrix(rotate),
    Resources: { Font: fontResources },
  });
  return context.register(form);
}

/** Turns the form against the page's clockwise rotation; a reader then fits its box to the field's (12.5.5). */
function uprightMatrix(rotate: number): number[] {
  return { 90: [0, 1, -1, 0, 0, 0], 180: [-1, 0, 0, -1, 0, 0], 270: [0, -1, 1, 0, 0, 0] }[rotate] ?? [1, 0, 0, 1, 0, 0];
}

interface Line { text: string; y: number; bold?: boolean; colour?: RGB; align?: 'right'; maxWidth: number }

/** From the bottom: request (and, in demo mode, what it is worth), time and place, name. */
function smallPrint(fonts: FontSet, fontResources: PDFDict, stamp: Stamp, shown: Size): { operators: PDFOperator[]; height: number } {
  const size = Math.min(4.8, shown.height / 10);
  const width = shown.width - 2 * margin;
  const baseline = (line: number): number => margin + size * (0.25 + 1.15 * line);
  const time = `${stamp.signedAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const lines: Line[] = [
    { text: `Request ${stamp.requestId}`, y: baseline(0), maxWidth: stamp.demo ? width * 0.6 : width },
    { text: `${time}, ${stamp.place}`, y: baseline(1), maxWidth: width },
  ];
  if (stamp.demo) lines.push({ text: 'DEMO, not evidence', y: baseline(0), bold: true, colour: demoColour, align: 'right', maxWidth: width * 0.38 });
  if (stamp.signerName !== null) lines.push({ text: stamp.signerName, y: baseline(2), maxWidth: width });
  const operators = lines.flatMap(({ text, align, ...look }) => {
    const place = { x: align === 'right' ? shown.width - margin : margin, align, size, direction: 'ltr' } as const;
    return textOperators(fonts, text, { colour: printColour, ...look, ...place }, (face) => {
      const key = PDFName.of(face.name);
      fontResources.set(key, face.ref);
      return key;
    }).operators;
  });
  return { operators, height: baseline(stamp.signerName === null ? 2 : 3) };
}

/** Centred in what the small print leaves free. */
function inkOperators(ink: readonly InkOutline[], shown: Size, below: number): PDFOperator[] {
  const points = ink.flatMap((outline) => outline.points);
  if (points.length === 0) return [];
  const pen = Math.max(...ink.map((outline) => outline.width));
  const [left, right] = extent(points.map(([x]) => x));
  const [bottom, top] = extent(points.map(([, y]) => y));
  const room = { width: shown.width - 2 * margin, height: shown.height - below - margin };
  const scale = Math.min(pointsPerMm, room.width / (right - left + pen), room.height / (top - bottom + pen));
  const x = (mm: number): number => round(shown.width / 2 + (mm - (left + right) / 2) * scale);
  const y = (mm: number): number => round(below + room.height / 2 + (mm - (bottom + top) / 2) * scale);
  return [
    pushGraphicsState(), setStrokingColor(inkColour), setLineCap(LineCapStyle.Round), setLineJoin(LineJoinStyle.Round),
    ...ink.filter((outline) => outline.points.length > 0).flatMap((outline) => {
      const [first, ...rest] = outline.points as [[number, number], ...[number, number][]];
      // A dot is a line to itself: round caps make it a disc.
      const onward = rest.length === 0 ? [first] : rest;
      return [setLineWidth(round(outline.width * scale)), moveTo(x(first[0]), y(first[1])), ...onward.map((point) => lineTo(x(point[0]), y(point[1]))), stroke()];
    }),
    popGraphicsState(),
  ];
}

function extent(values: readonly number[]): [number, number] {
  return values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
}

function round(points: number): number {
  return Math.round(points * 100) / 100;
}
