/**
 * Strokes and how they look: the one outline that guest screen, stamp and replay draw.
 *
 * Before it: a capture, or live samples. After it: canvases; `dynamics-free-ink.ts` for the stamp.
 * What is drawn is a picture for people. Evidence is the record, which nothing here changes.
 */
import { getStroke } from 'perfect-freehand';
import type { Capture } from './capture.ts';
import { isDown, type Sample } from './sample.ts';
import { normalisedPressure, positionMm } from './units.ts';

export { dynamicsFreeInk, INK_STEP, INK_WIDTHS, type InkOutline } from './dynamics-free-ink.ts';
export { normalisedPressure } from './units.ts';

export interface InkPoint {
  x: number;
  y: number;
  /** 0 to 1. */
  pressure: number;
}

export interface StrokeStyle {
  /** Width at full pressure, in the unit of the points. */
  size: number;
  /** Width by speed instead of pressure, for mouse and finger. */
  simulatePressure?: boolean;
  /** True once the stroke is finished. */
  last?: boolean;
}

/** A rectangle on a page in PDF points, origin bottom left. */
export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

const MM_PER_POINT = 25.4 / 72;
/** Share of the rectangle left free around ink that has to be fitted into it. */
const MARGIN = 0.05;

/** The outline of one stroke as a polygon, wider where pressed harder. Empty for no points. */
export function strokeOutline(points: readonly InkPoint[], { size, simulatePressure = false, last = true }: StrokeStyle): [number, number][] {
  const outline = getStroke([...points], { size, simulatePressure, last, thinning: 0.6, smoothing: 0.5, streamline: 0.3 });
  return outline.map(([x, y]) => [x!, y!]);
}

/** The strokes of a capture: samples from tip down to tip up. In-air samples belong to none. */
export function strokesOf({ samples }: Pick<Capture, 'samples'>): Sample[][] {
  const strokes: Sample[][] = [];
  let down = false;
  for (const sample of samples) {
    if (isDown(sample)) {
      if (!down) strokes.push([]);
      strokes.at(-1)!.push(sample);
    }
    down = isDown(sample);
  }
  return strokes;
}

/**
 * The strokes in millimetres from the rectangle's lower left corner, y up.
 * Where the capture knows its place on the page, the ink lies there. Where it does not (a pad without a screen),
 * its size is the device's own, centred in the rectangle, and made smaller where it would not fit.
 */
export function inkInMm(capture: Capture, rectangle: Rectangle): InkPoint[][] {
  const strokes = strokesOf(capture);
  const place = capture.surface?.toPage ? onPage(capture.surface.toPage, rectangle) : fitted(capture, strokes, rectangle);
  return strokes.map((stroke) => stroke.map((sample) => ({ ...place(sample), pressure: normalisedPressure(sample, capture.source) })));
}

type Place = (sample: Sample) => { x: number; y: number };

function onPage([a, b, c, d, e, f]: [number, number, number, number, number, number], rectangle: Rectangle): Place {
  return ({ x, y }) => ({
    x: (a * x + c * y + e - rectangle.x) * MM_PER_POINT,
    y: (b * x + d * y + f - rectangle.y) * MM_PER_POINT,
  });
}

function fitted({ source }: Capture, strokes: readonly Sample[][], rectangle: Rectangle): Place {
  const known = strokes[0]?.[0] !== undefined && positionMm(strokes[0][0], source) !== null;
  const own = (sample: Sample): { x: number; y: number } => positionMm(sample, source) ?? sample;
  const points = strokes.flat().map(own);
  const [left, right] = range(points.map(({ x }) => x));
  const [top, bottom] = range(points.map(({ y }) => y));
  const [width, height] = [rectangle.width * MM_PER_POINT, rectangle.height * MM_PER_POINT];
  const fit = Math.min(width * (1 - 2 * MARGIN) / (right - left), height * (1 - 2 * MARGIN) / (bottom - top));
  const scale = known || !Number.isFinite(fit) ? Math.min(1, fit) : fit;
  return (sample) => {
    const { x, y } = own(sample);
    return { x: width / 2 + (x - (left + right) / 2) * scale, y: height / 2 - (y - (top + bottom) / 2) * scale };
  };
}

function range(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(([min, max], value) => [Math.min(min, value), Math.max(max, value)], [Infinity, -Infinity]);
}
