/**
 * Ink for the stamp in the signed PDF: the shape of a signature without its dynamics.
 *
 * Each stroke becomes one line of one of four widths. It is walked at equal arc length, its corners (where samples
 * lay) are rounded off over a fraction of a millimetre, it is walked again at equal arc length, and each point is set
 * on a grid of 0.1 mm. The number of points then follows from the length alone, and equal paths give equal points,
 * however often and however fast they were sampled. Strokes and their direction are put in an order of their own, so
 * neither tells in which order it was written.
 *
 * Does not hide what any ink on paper shows: shape, size, and roughly how firm a stroke was.
 */
import { RecordError } from './errors.ts';
import type { InkPoint } from './ink.ts';

export interface InkOutline {
  /** Width of the line in millimetres, one of `INK_WIDTHS`. */
  width: number;
  /** The middle of the line in millimetres, at least two points (a dot is the same point twice), to be joined straight with round ends. */
  points: [number, number][];
}

/** The only widths there are, in millimetres, from light to firm. */
export const INK_WIDTHS = [0.35, 0.45, 0.55, 0.7] as const;

/** Distance of neighbouring points along the line, in millimetres. */
export const INK_STEP = 0.4;

/** First walk: fine enough that a sample's place between two points does not matter. */
const FINE_STEP = 0.05;
/** Standard deviation, in fine steps, of the weights that round corners off: 0.3 mm. */
const SIGMA = 6;
const REACH = 3 * SIGMA;
const WEIGHTS = Array.from({ length: 2 * REACH + 1 }, (_, at) => Math.exp(-((at - REACH) ** 2) / (2 * SIGMA ** 2)));
const WEIGHT = WEIGHTS.reduce((sum, weight) => sum + weight, 0);

/** Ten metres of ink in one stroke: no hand writes that. */
const MAX_LENGTH = 10_000;

/** Whole units in a millimetre: everything is rounded to these before it is compared, so that the last bits of a float decide nothing. */
const MICRO = 1_000_000;
const GRID = MICRO / 10;

/**
 * @param strokes in millimetres, as `inkInMm` gives them
 * @returns one outline per stroke with points, in canonical order; coordinates are tenths of a millimetre
 * @throws RecordError `RECORD_LIMIT` for a stroke longer than ten metres or not finite
 */
export function dynamicsFreeInk(strokes: readonly (readonly InkPoint[])[]): InkOutline[] {
  return strokes.filter((stroke) => stroke.length > 0).map(outline).toSorted(compareOutlines);
}

function outline(stroke: readonly InkPoint[]): InkOutline {
  const fine = walk(stroke, FINE_STEP);
  const even = walk(rounded(fine), INK_STEP);
  const firmness = micro(fine.reduce((sum, { pressure }) => sum + pressure, 0) / fine.length) / MICRO;
  const level = Math.min(INK_WIDTHS.length - 1, Math.floor(firmness * INK_WIDTHS.length));
  const points = even.map(({ x, y }): [number, number] => [onGrid(x), onGrid(y)]);
  return { width: INK_WIDTHS[level]!, points: comparePoints(points, points.toReversed()) <= 0 ? points : points.toReversed() };
}

/** Points at equal distance along a polyline, both ends included: as many as its length wants, and at least two. */
function walk(line: readonly InkPoint[], step: number): InkPoint[] {
  const along = [0];
  for (let i = 1; i < line.length; i++) along.push(along[i - 1]! + Math.hypot(line[i]!.x - line[i - 1]!.x, line[i]!.y - line[i - 1]!.y));
  const length = along.at(-1)!;
  if (!(length <= MAX_LENGTH)) throw new RecordError('RECORD_LIMIT', `a stroke of ${length} mm, at most ${MAX_LENGTH} mm allowed`);
  const parts = Math.max(1, Math.round(micro(length) / (step * MICRO)));
  let segment = 0;
  return Array.from({ length: parts + 1 }, (_, index) => {
    const target = length * index / parts;
    while (segment < line.length - 2 && along[segment + 1]! < target) segment += 1;
    const from = line[segment]!;
    const to = line[segment + 1] ?? from;
    const span = (along[segment + 1] ?? length) - along[segment]!;
    return between(from, to, span === 0 ? 0 : Math.min(1, (target - along[segment]!) / span));
  });
}

/** A Gaussian mean along the line. Beyond its ends the line is continued point-symmetrically, so the ends stay where they are. */
function rounded(line: readonly InkPoint[]): InkPoint[] {
  const last = line.length - 1;
  const at = (index: number): InkPoint => {
    if (index < 0) return mirrored(line[0]!, line[Math.min(-index, last)]!);
    if (index > last) return mirrored(line[last]!, line[Math.max(2 * last - index, 0)]!);
    return line[index]!;
  };
  return line.map(({ pressure }, index) => {
    let [x, y] = [0, 0];
    WEIGHTS.forEach((weight, offset) => {
      const neighbour = at(index + offset - REACH);
      x += weight * neighbour.x;
      y += weight * neighbour.y;
    });
    return { x: x / WEIGHT, y: y / WEIGHT, pressure };
  });
}

function between(from: InkPoint, to: InkPoint, share: number): InkPoint {
  const mix = (a: number, b: number): number => a + (b - a) * share;
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), pressure: mix(from.pressure, to.pressure) };
}

function mirrored(centre: InkPoint, point: InkPoint): InkPoint {
  return { x: 2 * centre.x - point.x, y: 2 * centre.y - point.y, pressure: point.pressure };
}

function micro(value: number): number {
  return Math.round(value * MICRO);
}

function onGrid(value: number): number {
  return Math.round(micro(value) / GRID) / 10 + 0;
}

function compareOutlines(a: InkOutline, b: InkOutline): number {
  return comparePoints(a.points, b.points) || a.width - b.width;
}

function comparePoints(a: readonly [number, number][], b: readonly [number, number][]): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[i]![0] - b[i]![0] || a[i]![1] - b[i]![1];
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
