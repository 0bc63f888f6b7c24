/**
 * The time of every sample in seconds from the first, by the best clock a capture has: the device's own where every sample
 * carries it, else arrival at the host, which bundles and delays reports. Nothing is corrected: time may repeat or run backwards.
 */
import type { Capture } from '../capture.ts';
import { isDown, Mark } from '../sample.ts';

export interface TimeAxis {
  clock: 'device' | 'host';
  /** One for each sample, in s; 0 for the first. */
  seconds: number[];
  /** Median of the intervals above 0, in s; null where there is none. */
  medianInterval: number | null;
}

/** What lies between a sample and the one before it. */
export type Step = 'first' | 'regular' | 'repeated' | 'backwards' | 'gap' | 'loss';

/** An interval this many times the median is a gap: reports are missing, or the device had nothing to say. */
const GAP = 4;

export function timeAxis(capture: Pick<Capture, 'source' | 'samples'>): TimeAxis {
  const { clock, ns } = nanoseconds(capture);
  const seconds = ns.map((time) => time / 1e9);
  return { clock, seconds, medianInterval: median(intervalsOf(seconds).filter((interval) => interval > 0)) };
}

/** The same in ns; the device's clock is left where its numbers are too large to count with. */
export function nanoseconds({ source, samples }: Pick<Capture, 'source' | 'samples'>): { clock: TimeAxis['clock']; ns: number[] } {
  const tick = source.deviceClock?.tickNs ?? 0;
  const first = samples[0];
  const device = samples.map(({ deviceTime }) => (deviceTime === null ? NaN : (deviceTime - (first?.deviceTime ?? NaN)) * tick));
  return tick > 0 && device.every(Number.isFinite)
    ? { clock: 'device', ns: device }
    : { clock: 'host', ns: samples.map(({ hostTime }) => hostTime - first!.hostTime) };
}

/** One for each sample. Across anything but `regular`, no derivative is taken. */
export function stepsOf({ samples }: Pick<Capture, 'samples'>, { seconds, medianInterval }: TimeAxis): Step[] {
  return samples.map(({ marks }, index) => {
    if (index === 0) return 'first';
    const interval = seconds[index]! - seconds[index - 1]!;
    if ((marks & Mark.afterLoss) !== 0) return 'loss';
    if (interval <= 0) return interval === 0 ? 'repeated' : 'backwards';
    return interval > GAP * medianInterval! ? 'gap' : 'regular';
  });
}

/** Half-open ranges of samples with one state of the tip and regular steps only; every sample is in exactly one. */
export function runsOf({ samples }: Pick<Capture, 'samples'>, steps: readonly Step[]): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  samples.forEach((sample, index) => {
    const before = samples[index - 1];
    if (before !== undefined && steps[index] === 'regular' && isDown(before) === isDown(sample)) runs.at(-1)!.end = index + 1;
    else runs.push({ start: index, end: index + 1 });
  });
  return runs;
}

/** One less than there are times. */
export function intervalsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - times[index]!);
}

/** The upper one of two in the middle; null for none. */
export function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
