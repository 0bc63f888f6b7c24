/**
 * What no hand does: signs that samples were made by a program. Each is a reason to look, not a proof; a careful forger avoids
 * them all, and none of them decides anything. Evenness is judged by arrival at the host alone: device clocks count whole
 * milliseconds and are rightly even. Recordings are left out of it, since forms without a host clock give made-up arrivals.
 *
 * Limits come from 69 recordings of pens that the makers of a driver published (Huion, UC-Logic, Ugee, XP-Pen, Yiynova and others;
 * `cli/measure-real-pens.test.ts`): none is suspected. Smoothness of position is not judged: those pens smooth it themselves, until what is
 * left is no more than rounding. So a curve without any unrest, rounded to a device's steps, does not show by its position.
 */
import type { Capture } from './capture.ts';
import { intervalsOf, stepsOf, type TimeAxis } from './derived/time-axis.ts';
import type { Finding } from './findings.ts';
import { isDown } from './sample.ts';
import { channelOf, positionMm } from './units.ts';

/** So many intervals in a row have to be even to the nanosecond: arrivals at a host scatter by microseconds at least. */
const EVEN_INTERVALS = 50;
/** Clocks coarser than this (browsers round) are even without anybody's doing. In ns. */
const COARSE_NS = 100_000;
/** So many samples in a row, each exactly as far and in the same direction as the one before. In the recordings: 16 at most. */
const STRAIGHT_SAMPLES = 30;
/**
 * Nine tenths of the fourth differences of pressure are this small, in levels, over so many samples that change. Rounding alone gives 4;
 * in the recordings, of 1,024 to 8,192 levels, it was 8 at least. Pens with fewer levels may tremble less than one of them.
 */
const SMOOTH_LEVELS = 5;
const SMOOTH_SAMPLES = 50;
const ENOUGH_LEVELS = 1024;
/** Shorter steps, in raw units, repeat by rounding alone. */
const COARSE_STEP = 3;
/** In mm/s, in contact. No published limit of a hand was found; none of the recordings is this fast three times. */
const FASTEST = 3000;
/** One jump is a fault of the device; a habit is not. */
const JUMPS = 3;

export function suspicionsOf(capture: Capture, axis: TimeAxis): Finding[] {
  return [evenTiming(capture), noNoise(capture), smoothPressure(capture), impossibleSpeed(capture, axis)].filter((finding) => finding !== null);
}

const warning = (code: string, message: string, values: Record<string, number>): Finding => ({ code, severity: 'warning', message, values });

function evenTiming({ source, samples }: Capture): Finding | null {
  const times = samples.map(({ hostTime }) => hostTime);
  if (source.kind === 'recorded' || times.every((time) => (time - times[0]!) % COARSE_NS === 0)) return null;
  const intervals = intervalsOf(times);
  const count = longestRow(intervals, (interval, before) => interval === before && interval > 0) + 1;
  return count < EVEN_INTERVALS ? null
    : warning('EVEN_TIMING', `${count} reports in a row arrived at intervals equal to the nanosecond, which is not known of any pen`, { evenIntervals: count });
}

function noNoise({ samples }: Capture): Finding | null {
  const steps = samples.slice(1).map((sample, index) => {
    const before = samples[index]!;
    return isDown(sample) && isDown(before) ? { x: sample.x - before.x, y: sample.y - before.y } : null;
  });
  const count = longestRow(steps, (step, before) => step !== null && before !== null && step.x === before.x && step.y === before.y && Math.hypot(step.x, step.y) >= COARSE_STEP) + 1;
  return count < STRAIGHT_SAMPLES ? null
    : warning('NO_NOISE', `${count} steps in a row are exactly equal in length and direction, as a program draws rather than a hand`, { equalSteps: count });
}

function smoothPressure({ source, samples }: Capture): Finding | null {
  const channel = channelOf(source, 'pressure');
  if (channel?.unit !== 'count' || (channel.logicalMax ?? 0) - (channel.logicalMin ?? 0) + 1 < ENOUGH_LEVELS) return null;
  const differences = samples.slice(4).flatMap((_, index) => {
    const five = samples.slice(index, index + 5);
    const [a, b, c, d, e] = five.map((sample) => (isDown(sample) ? sample.pressure : null));
    if (a == null || b == null || c == null || d == null || e == null || new Set([a, b, c, d, e]).size < 3) return [];
    return [Math.abs(a - 4 * b + 6 * c - 4 * d + e)];
  }).toSorted((a, b) => a - b);
  if (differences.length < SMOOTH_SAMPLES || differences[Math.floor(differences.length * 0.9)]! > SMOOTH_LEVELS) return null;
  return warning('SMOOTH_PRESSURE', `over ${differences.length} samples the pressure changes as smoothly as its levels allow, as a program makes it rather than a hand`, { smoothSamples: differences.length });
}

function impossibleSpeed(capture: Capture, axis: TimeAxis): Finding | null {
  const { source, samples } = capture;
  const { seconds } = axis;
  const steps = stepsOf(capture, axis);
  // Reports that arrive in one bundle seem to follow each other in no time: on average they do not.
  const usual = seconds.length < 2 ? 0 : (seconds.at(-1)! - seconds[0]!) / (seconds.length - 1);
  const speeds = samples.map((sample, index) => {
    const before = samples[index - 1];
    const [from, to] = [before && positionMm(before, source), positionMm(sample, source)];
    if (!from || !to || steps[index] !== 'regular' || !isDown(sample) || !isDown(before!)) return 0;
    return Math.hypot(to.x - from.x, to.y - from.y) / Math.max(seconds[index]! - seconds[index - 1]!, usual);
  }).filter((speed) => speed > FASTEST && Number.isFinite(speed));
  return speeds.length < JUMPS ? null
    : warning('IMPOSSIBLE_SPEED', `the pen seems to move faster than ${FASTEST} mm/s on the surface ${speeds.length} times`, { times: speeds.length, limitMmPerS: FASTEST });
}

/** How many neighbours in a row fit. */
function longestRow<T>(values: readonly T[], fits: (value: T, before: T) => boolean): number {
  let [row, longest] = [0, 0];
  values.forEach((value, index) => {
    row = index > 0 && fits(value, values[index - 1]!) ? row + 1 : 0;
    longest = Math.max(longest, row);
  });
  return longest;
}
