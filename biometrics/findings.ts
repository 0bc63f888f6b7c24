/**
 * What an examiner should know before reading a capture: plain findings, not a score. They are computed from the
 * record when asked for; nothing here decides whether a signature is accepted (`kiosk/station/policy.ts` does).
 */
import type { Capture } from './capture.ts';
import { intervalsOf, median, timeAxis, type TimeAxis } from './derived/time-axis.ts';
import { strokesOf } from './ink.ts';
import { isDown, type Sample } from './sample.ts';
import { suspicionsOf } from './suspicion.ts';
import { channelOf } from './units.ts';

export interface Finding {
  /** Stable name, for programs. */
  code: string;
  severity: 'info' | 'warning';
  /** One sentence, for people. */
  message: string;
  /** What was measured, for programs: names carry the unit, or are counts. Numbers that are not finite are left out. */
  values: Record<string, number>;
}

export function findingsOf(capture: Capture): Finding[] {
  const { source, samples, losses, anomalies, complete } = capture;
  const axis = timeAxis(capture);
  const has = (name: 'tiltX' | 'azimuth'): boolean => samples.some((sample) => sample[name] !== null);
  const strokes = strokesOf(capture).length;
  const inAir = samples.filter((sample) => !isDown(sample)).length;

  const findings: (Finding | null)[] = [
    info('SOURCE', `${source.instrument} through ${source.driver.name} ${source.driver.version}: ${source.device.name} (class ${source.kind})`),
    info('SIZE', `${times(samples.length, 'sample')} in ${times(strokes, 'stroke')}; ${inAir} of the samples in the air`, { samples: samples.length, strokes, inAirSamples: inAir }),
    duration(axis),
    rate(axis),
    ...pressure(capture),
    has('tiltX') || has('azimuth') ? info('TILT', 'the lean of the pen was recorded') : warning('NO_TILT', 'the source gives no tilt and no azimuth'),
    inAir > 0 ? null : warning('NO_IN_AIR', 'no movement above the surface was recorded'),
    positionClipped(capture),
    source.instrument === 'pen' ? null : warning('NOT_A_PEN', `written with ${source.instrument === 'mouse' ? 'a mouse' : 'a finger'}, not with a pen`),
    complete ? null : warning('INCOMPLETE', 'the source vanished or lost events before the signature was done'),
    losses.count > 0 ? warning('LOSSES', `${losses.count === 1 ? '1 report is' : `${losses.count} reports are`} known to be missing (noticed by ${losses.method})`, { lostReports: losses.count }) : null,
    losses.count === 0 && losses.method !== 'unknown' ? info('NO_LOSSES', `no report is known to be missing (a loss would be noticed by ${losses.method})`) : null,
    losses.method === 'unknown' ? info('LOSSES_UNKNOWN', 'nothing on this path could have noticed a missing report') : null,
    ...suspicionsOf(capture, axis),
    ...source.limits.map((limit) => info('SOURCE_LIMIT', limit)),
    ...Object.entries(anomalies).filter(([, count]) => count > 0).map(([name, count]) => warning('ANOMALY', `${name}: seen ${times(count, 'time')}`, { times: count })),
  ];
  return findings.filter((finding) => finding !== null);
}

const finding = (severity: Finding['severity']) => (code: string, message: string, values: Record<string, number> = {}): Finding =>
  ({ code, severity, message, values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, rounded(value)] as const).filter(([, value]) => Number.isFinite(value))) });
/** A number with its noun, for a sentence. */
const times = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
/** To the sixth decimal, which is a ns where the unit is ms; never -0. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6 + 0;
const info = finding('info');
const warning = finding('warning');

function duration({ seconds, clock }: TimeAxis): Finding | null {
  const last = seconds.at(-1);
  return last === undefined ? null : info('DURATION', `${last.toFixed(2)} s from the first sample to the last by the ${clock} clock`, { durationMs: last * 1000 });
}

/** Spread: between the quartiles. Jitter: median distance from the median. Both of all intervals, pauses included. */
function rate({ seconds, clock }: TimeAxis): Finding | null {
  const intervals = intervalsOf(seconds).map((interval) => interval * 1000).toSorted((a, b) => a - b);
  const middle = median(intervals);
  if (middle === null) return null;
  const quarter = (share: number): number => intervals[Math.floor((intervals.length - 1) * share)]!;
  const spread = quarter(0.75) - quarter(0.25);
  const jitter = median(intervals.map((interval) => Math.abs(interval - middle)))!;
  const perSecond = middle > 0 ? ` (about ${Math.round(1000 / middle)} a second)` : '';
  return info(
    'RATE',
    `half of the samples came within ${middle.toFixed(1)} ms of the one before${perSecond}, the middle half of the intervals spread over ${spread.toFixed(2)} ms, by the ${clock} clock`,
    { medianIntervalMs: middle, spreadMs: spread, jitterMs: jitter, longestIntervalMs: intervals.at(-1)!, shortestIntervalMs: intervals[0]! },
  );
}

/** The part of them that is about pressure. */
export function pressureFindingsOf(capture: Capture): Finding[] {
  return pressure(capture).filter((finding) => finding !== null);
}

/** A sample at the end of the range was perhaps beyond it. */
function pressure({ source, samples }: Capture): (Finding | null)[] {
  if (samples.every((sample) => sample.pressure === null)) return [warning('NO_PRESSURE', 'the source gives no pressure')];
  const pressures = samples.filter(isDown).map((sample) => sample.pressure).filter((level) => level !== null);
  const used = new Set(pressures).size;
  const channel = channelOf(source, 'pressure');
  const [min, max] = [channel?.logicalMin ?? null, channel?.logicalMax ?? null];
  const known = channel?.unit === 'count' && min !== null && max !== null;
  const available: Record<string, number> = known ? { availableLevels: max - min + 1 } : {};
  const [atMin, atMax] = [min, max].map((end) => pressures.filter((level) => level === end).length);
  return [
    info('PRESSURE_LEVELS', `${times(used, 'different value')} of pressure ${used === 1 ? 'occurs' : 'occur'}${known ? ` of ${max - min + 1} that the device has` : ''}`, { usedLevels: used, ...available }),
    used === 1 ? warning('CONSTANT_PRESSURE', 'the pressure never changes') : null,
    used > 1 && atMax! > 0 ? warning('PRESSURE_CLIPPED', `${times(atMax!, 'sample')} at the greatest pressure the device can tell: it may have been greater`, { samplesAtMaximum: atMax! }) : null,
    used > 1 && atMin! > 0 ? info('PRESSURE_AT_MINIMUM', `${times(atMin!, 'sample')} on the surface at the least pressure the device can tell`, { samplesAtMinimum: atMin! }) : null,
  ];
}

function positionClipped({ source, samples }: Capture): Finding | null {
  const atEdge = (sample: Sample, name: 'x' | 'y'): boolean => {
    const { logicalMin = null, logicalMax = null } = channelOf(source, name) ?? {};
    return logicalMin !== logicalMax && (sample[name] === logicalMin || sample[name] === logicalMax);
  };
  const count = samples.filter((sample) => isDown(sample) && (atEdge(sample, 'x') || atEdge(sample, 'y'))).length;
  return count === 0 ? null : warning('POSITION_CLIPPED', `${times(count, 'sample')} at the edge of what the device can see: the pen may have been beyond it`, { samplesAtEdge: count });
}
