/**
 * What every standard form has in common: bytes and what they could not carry on the way out, a table on the way in.
 *
 * Before it: a capture. After it: one file per form. A form is a copy for other programs: it is neither signed nor sealed.
 */
import type { Capture } from '../capture.ts';
import { nanoseconds } from '../derived/time-axis.ts';
import { Switch, type ChannelName } from '../sample.ts';
import { tableOf } from './table.ts';

export interface Written {
  bytes: Uint8Array<ArrayBuffer>;
  /** Plain sentences: what of this capture is not in the bytes, or not as exactly as in the record. */
  notCarried: string[];
}

/** What a foreign file says. A table, not evidence: nothing in it was signed by a device. */
export interface ForeignTable {
  /**
   * `name`: a channel of `Sample`, or `time` (in `unit`), `tip` (0 or 1), or the file's own name for what we have no channel for.
   * `unit`: of one step of the values, as far as the file says. `scaling`: values divided by it are in the file's unit; null where it says none.
   */
  columns: { name: string; unit: string; min: number | null; max: number | null; scaling: number | null }[];
  /** One row per sample in the order of `columns`. A transducer serial is decimal text. */
  rows: (number | string | null)[][];
  /** Plain sentences: what had to be assumed, or was in the file and is not in the table. */
  notes: string[];
}

/** Milliseconds from the first sample, negative where the clock ran backwards, by the device's clock where every sample has it. */
export function milliseconds(capture: Capture): { clock: 'device' | 'host'; ms: number[] } {
  const { clock, ns } = nanoseconds(capture);
  return { clock, ms: ns.map((at) => at / 1e6) };
}

/** Sentences on what of a capture a form with these channels and one clock leaves out. */
export function leftOut(capture: Capture, carried: readonly string[]): string[] {
  const { clock } = milliseconds(capture);
  const lost = tableOf(capture).channels.map(({ name }) => name)
    .filter((name) => !carried.includes(name) && !['switches', 'marks', `${clock}Time`].includes(name));
  const otherSwitches = capture.samples.some(({ switches }) => (switches & ~Switch.tip) !== 0);
  return [
    `Time is that of the ${clock} clock, counted from the first sample.`,
    ...(lost.length > 0 ? [`Not carried, for the form has no such channel: ${lost.join(', ')}.`] : []),
    ...(otherSwitches ? ['Of the switches only the tip is carried: not in-range, barrel, eraser and invert.'] : []),
    ...(capture.samples.some(({ marks }) => marks !== 0) ? ['The marks of odd samples are not carried.'] : []),
    'Losses, anomalies, raw reports, calibration and the seal stay in the record.',
  ];
}

/** One channel for a form that has no absent value: 0 stands for it, and is told. Null where no sample has the channel. */
export function filled({ samples }: Capture, name: ChannelName, notCarried: string[]): number[] | null {
  const given = samples.map((sample) => sample[name]);
  const missing = given.filter((value) => value === null).length;
  if (missing === given.length && name !== 'x' && name !== 'y') return null;
  if (missing > 0) notCarried.push(`${name}: absent in ${missing} samples, where 0 stands: the form has no absent value.`);
  return given.map((value) => value ?? 0);
}
