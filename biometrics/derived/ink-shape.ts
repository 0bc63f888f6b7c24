/**
 * How large and how straight the ink of a capture is, and how long it took. Measures, not judgements: `kiosk/station/fitness.ts`
 * decides. All ink is taken as one path in the order it was written, whatever the pen did in the air: a line that skips is a line.
 *
 * Lengths in mm where the source says how long its units are. Where it does not, a count is taken for a thousandth of an inch and a
 * CSS pixel for 1/96 inch (CSS Values and Units 4, section 6.2), which no display is bound to: such lengths are good to a factor of two.
 */
import type { Capture, PenSourceInfo } from '../capture.ts';
import { isDown } from '../sample.ts';
import { channelOf } from '../units.ts';

export interface InkShape {
  /** How many samples are ink. */
  samples: number;
  /** The larger side of the upright rectangle around the ink, mm. */
  extent: number;
  /** From the first ink to the last, in mm: how far along the straight line between them, beside how long the way was. From 0 to 1. */
  straightness: number;
  /** The largest distance of the ink from the straight line that fits it best, mm. */
  deviation: number;
  /** From the first contact to the last, s, by whichever clock says more. 0 for none. */
  seconds: number;
}

type Inked = Pick<Capture, 'source' | 'samples'>;
interface Point { x: number; y: number }

/** A way is measured in steps of this many mm: rounding and tremor between them are no way. */
const STEP_MM = 1;

export function inkShapeOf(capture: Inked): InkShape {
  const points = inkInOwnMm(capture);
  const [left, right] = range(points.map(({ x }) => x));
  const [top, bottom] = range(points.map(({ y }) => y));
  return {
    samples: points.length,
    extent: points.length === 0 ? 0 : Math.max(right - left, bottom - top),
    straightness: straightnessOf(points),
    deviation: deviationOf(points),
    seconds: inkSeconds(capture),
  };
}

function inkInOwnMm({ source, samples }: Inked): Point[] {
  const [perMmX, perMmY] = [unitsPerMm(source, 'x'), unitsPerMm(source, 'y')];
  return samples.filter(isDown).map(({ x, y }) => ({ x: x / perMmX, y: y / perMmY }));
}

function unitsPerMm(source: PenSourceInfo, name: 'x' | 'y'): number {
  const channel = channelOf(source, name);
  if (channel?.perMm != null && channel.perMm > 0) return channel.perMm;
  return (channel?.unit === 'count' ? 1_000 : 96) / 25.4;
}

function straightnessOf(points: readonly Point[]): number {
  const [first, ...rest] = points;
  if (first === undefined) return 0;
  let [at, way] = [first, 0];
  for (const point of rest) {
    const step = distance(at, point);
    if (step < STEP_MM) continue;
    way += step;
    at = point;
  }
  return way === 0 ? 0 : distance(first, at) / way;
}

/** From the line through the centre along the axis of the largest variance (orthogonal least squares). */
function deviationOf(points: readonly Point[]): number {
  const mean = (value: (point: Point) => number): number => points.reduce((sum, point) => sum + value(point), 0) / points.length;
  const [centreX, centreY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const xx = mean(({ x }) => (x - centreX) ** 2);
  const yy = mean(({ y }) => (y - centreY) ** 2);
  const xy = mean(({ x, y }) => (x - centreX) * (y - centreY));
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  return points.reduce((most, { x, y }) => Math.max(most, Math.abs((y - centreY) * Math.cos(angle) - (x - centreX) * Math.sin(angle))), 0);
}

/** A clock that stands still, runs backwards or delivers in bundles makes nothing faster than it was: the other one is believed. */
function inkSeconds({ source, samples }: Inked): number {
  const ink = samples.filter(isDown);
  const [first, last] = [ink[0], ink.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const tick = source.deviceClock?.tickNs ?? 0;
  const byDevice = first.deviceTime === null || last.deviceTime === null ? 0 : (last.deviceTime - first.deviceTime) * tick;
  return Math.max(0, byDevice, last.hostTime - first.hostTime) / 1e9;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

function range(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
}
