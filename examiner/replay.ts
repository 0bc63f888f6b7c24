/**
 * A capture as a sequence in time: where the pen was, how hard, how it leaned, how fast. Everything here is derived
 * from the record for looking at it; the record itself stays as it is. Runs in browsers.
 *
 * Before it: `open-packet.ts`. After it: `drawing/`, which draws it whole or up to a moment.
 */
import type { Capture } from '#biometrics/capture.ts';
import { isDown, type Sample } from '#biometrics/sample.ts';
import { normalisedPressure, positionMm, tiltDegrees } from '#biometrics/units.ts';
import { ExaminerError } from './errors.ts';

export interface Moment {
  /** Seconds since the first sample. Never falls: a clock that ran backwards stands still here. */
  time: number;
  /** In `Replay.unit`, y down. */
  x: number;
  y: number;
  /** 0 to 1 of the device's range; null where it gives none. */
  pressure: number | null;
  /** Degrees from upright, towards the right and towards the writer; null where the device gives none. */
  tilt: { x: number; y: number } | null;
  down: boolean;
  /** In `unit` per second, from the sample before; 0 where no time passed. */
  speed: number;
}

/** Samples `from` up to, not including, `to`: on the surface or above it. */
export interface Run { down: boolean; from: number; to: number }

export interface Box { left: number; top: number; right: number; bottom: number }

export interface Replay {
  moments: Moment[];
  runs: Run[];
  /** The runs on the surface, in order: stroke 1 is the first. */
  strokes: Run[];
  /** Seconds. */
  duration: number;
  /** Which clock the times are of. */
  clock: 'device' | 'host';
  unit: 'mm' | 'device units';
  /** Around the ink, and around everything. */
  ink: Box;
  all: Box;
}

const MM_PER_POINT = 25.4 / 72;
/** Seconds: no device runs that long between two starts of its clock. */
const A_YEAR = 366 * 86_400;

/** @throws ExaminerError `NOTHING_TO_REPLAY` for a capture without samples. */
export function replayOf(capture: Capture): Replay {
  const { samples, source } = capture;
  if (samples.length === 0) throw new ExaminerError('NOTHING_TO_REPLAY', 'this capture has no samples: there is nothing to replay');
  const clock = hasDeviceTime(capture) ? 'device' : 'host';
  const tick = (source.deviceClock?.tickNs ?? 1) * 1e-9;
  const seconds = (sample: Sample): number => (clock === 'device' ? (sample.deviceTime ?? 0) * tick : sample.hostTime * 1e-9);
  const { place, unit } = placeOf(capture);
  const moments: Moment[] = [];
  for (const sample of samples) {
    const before = moments.at(-1);
    const position = place(sample);
    const time = Math.max(before?.time ?? 0, seconds(sample) - seconds(samples[0] as Sample));
    const passed = before === undefined ? 0 : time - before.time;
    const tilt = tiltDegrees(sample, source);
    moments.push({
      time, ...position,
      pressure: sample.pressure === null ? null : normalisedPressure(sample, source),
      tilt: tilt === null ? null : { x: tilt.tiltX, y: tilt.tiltY },
      down: isDown(sample),
      speed: before === undefined || passed === 0 ? 0 : Math.hypot(position.x - before.x, position.y - before.y) / passed,
    });
  }
  const runs = runsOf(moments);
  const all = boxOf(moments);
  const inked = moments.filter(({ down }) => down);
  return {
    moments, runs, strokes: runs.filter(({ down }) => down), clock, unit, all,
    duration: moments.at(-1)?.time ?? 0,
    ink: inked.length === 0 ? all : boxOf(inked),
  };
}

/** A device's clock is believed where every sample has its time, and the times are not absurd. */
function hasDeviceTime({ source: { deviceClock }, samples }: Capture): boolean {
  return deviceClock !== null && samples.every(({ deviceTime }) => deviceTime !== null && Math.abs(deviceTime * deviceClock.tickNs) * 1e-9 < A_YEAR);
}

/** Index of the last sample at or before `time`; 0 before the first. */
export function momentAt({ moments }: Replay, time: number): number {
  let low = 0;
  let high = moments.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((moments[middle] as Moment).time <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Millimetres by the device's own resolution, else by the page the field is on, else the device's numbers. */
function placeOf({ source, surface, samples }: Capture): { place: (sample: Sample) => { x: number; y: number }; unit: Replay['unit'] } {
  const first = samples[0];
  if (first !== undefined && positionMm(first, source) !== null) {
    return { place: (sample) => positionMm(sample, source) ?? { x: sample.x, y: sample.y }, unit: 'mm' };
  }
  const map = surface?.toPage;
  if (map === null || map === undefined) return { place: ({ x, y }) => ({ x, y }), unit: 'device units' };
  const [a, b, c, d, e, f] = map;
  return { place: ({ x, y }) => ({ x: (a * x + c * y + e) * MM_PER_POINT, y: -(b * x + d * y + f) * MM_PER_POINT }), unit: 'mm' };
}

function runsOf(moments: readonly Moment[]): Run[] {
  const runs: Run[] = [];
  moments.forEach(({ down }, at) => {
    const last = runs.at(-1);
    if (last?.down === down) last.to = at + 1;
    else runs.push({ down, from: at, to: at + 1 });
  });
  return runs;
}

function boxOf(points: readonly { x: number; y: number }[]): Box {
  return points.reduce<Box>(
    (box, { x, y }) => ({ left: Math.min(box.left, x), top: Math.min(box.top, y), right: Math.max(box.right, x), bottom: Math.max(box.bottom, y) }),
    { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity },
  );
}
