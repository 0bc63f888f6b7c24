/**
 * One sample for people and programs outside: its raw channels, and beside them what is derived.
 *
 * After it: `countersign hid decode`, `countersign pens watch`.
 */
import type { PenSourceInfo } from '#biometrics/capture.ts';
import { CHANNELS, Mark, Switch, type Sample } from '#biometrics/sample.ts';
import { channelOf, positionMm, tiltDegrees, type Tilt } from '#biometrics/units.ts';

export type SampleJson = Record<(typeof CHANNELS)[number], number | null> & {
  /** Hexadecimal, because a 64-bit number is none in JSON. */
  transducerSerial: string | null;
  /** Derived; from the device's own origin. */
  mm: { x: number; y: number } | null;
  /** Logical range that `pressure` is to be seen against. */
  pressureRange: [min: number, max: number] | null;
  /** Degrees; `derived` names the pair that the device did not give. */
  tilt: Tilt | null;
  switches: Record<keyof typeof Switch, boolean>;
  marks: (keyof typeof Mark)[];
};

export function sampleJson(sample: Sample, source: Pick<PenSourceInfo, 'kind' | 'channels'>): SampleJson {
  const raw = Object.fromEntries(CHANNELS.map((name) => [name, sample[name]])) as Record<(typeof CHANNELS)[number], number | null>;
  const pressure = channelOf(source, 'pressure');
  return {
    ...raw,
    transducerSerial: sample.transducerSerial === null ? null : sample.transducerSerial.toString(16),
    mm: positionMm(sample, source),
    pressureRange: pressure?.logicalMin == null || pressure.logicalMax === null ? null : [pressure.logicalMin, pressure.logicalMax],
    tilt: tiltDegrees(sample, source),
    switches: Object.fromEntries(Object.entries(Switch).map(([name, bit]) => [name, (sample.switches & bit) !== 0])) as SampleJson['switches'],
    marks: (Object.keys(Mark) as (keyof typeof Mark)[]).filter((name) => (sample.marks & Mark[name]) !== 0),
  };
}
