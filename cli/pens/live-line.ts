/**
 * One sample in one line, for `pens watch`: raw values, and in millimetres and degrees where the device says how long its units are.
 * Before it: a sample and its source. After it: the terminal. Nothing of it is kept.
 */
import type { Losses, PenSourceInfo } from '#biometrics/capture.ts';
import { Switch, type Sample } from '#biometrics/sample.ts';
import { channelOf, positionMm, tiltDegrees } from '#biometrics/units.ts';

export interface Seen {
  sample: Sample;
  source: PenSourceInfo;
  /** Reports in the last second. */
  rate: number;
  losses: Losses;
  anomalies: Record<string, number>;
}

export function liveLine({ sample, source, rate, losses, anomalies }: Seen): string {
  return [
    position(sample, source),
    pressure(sample, source),
    lean(sample, source),
    switchWords(sample.switches),
    `${rate}/s`,
    lossWords(losses),
    ...oddities(anomalies),
  ].filter((part) => part !== '').join('  ');
}

function switchWords(switches: number): string {
  const set = Object.entries(Switch).filter(([, bit]) => (switches & bit) !== 0).map(([name]) => name);
  return set.length === 0 ? 'away' : set.join('+');
}

function position(sample: Sample, source: PenSourceInfo): string {
  const mm = positionMm(sample, source);
  return mm === null ? `x ${sample.x} y ${sample.y}` : `x ${mm.x.toFixed(2)} y ${mm.y.toFixed(2)} mm (${sample.x}, ${sample.y})`;
}

function pressure(sample: Sample, source: PenSourceInfo): string {
  if (sample.pressure === null) return 'no pressure';
  const most = channelOf(source, 'pressure')?.logicalMax ?? null;
  return `pressure ${sample.pressure}${most === null ? '' : `/${most}`}`;
}

/** A device that leans in no unit that is an angle shows what it gave. */
function lean(sample: Sample, source: PenSourceInfo): string {
  const tilt = tiltDegrees(sample, source);
  if (tilt !== null) return `tilt ${tilt.tiltX.toFixed(1)}° ${tilt.tiltY.toFixed(1)}°`;
  if (sample.tiltX !== null && sample.tiltY !== null) return `tilt ${sample.tiltX} ${sample.tiltY} (raw)`;
  return '';
}

function lossWords({ count, method }: Losses): string {
  return method === 'unknown' ? 'losses cannot be noticed' : `lost ${count}`;
}

function oddities(anomalies: Record<string, number>): string[] {
  const seen = Object.entries(anomalies).filter(([, count]) => count > 0);
  return seen.length === 0 ? [] : [`odd: ${seen.map(([name, count]) => `${name} ${count}`).join(', ')}`];
}
