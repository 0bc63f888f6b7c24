/**
 * What an examiner should know before reading a capture: plain findings, not a score. They are computed from the
 * record when asked for; nothing here decides whether a signature is accepted (`kiosk/station/policy.ts` does).
 */
import type { Capture } from './capture.ts';
import { strokesOf } from './ink.ts';
import { isDown } from './sample.ts';

export interface Finding {
  /** Stable name, for programs. */
  code: string;
  severity: 'info' | 'warning';
  /** One sentence, for people. */
  message: string;
  /** What was measured, for programs: names carry the unit. */
  values: Record<string, number>;
}

export function findingsOf(capture: Capture): Finding[] {
  const { source, samples, losses, anomalies, complete } = capture;
  const has = (name: 'pressure' | 'tiltX' | 'azimuth'): boolean => samples.some((sample) => sample[name] !== null);
  const strokes = strokesOf(capture).length;
  const inAir = samples.filter((sample) => !isDown(sample)).length;
  const levels = new Set(samples.filter(isDown).map(({ pressure }) => pressure)).size;
  const interval = medianInterval(samples.map(({ hostTime }) => hostTime));

  const findings: (Finding | null)[] = [
    info('SOURCE', `${source.instrument} through ${source.driver.name} ${source.driver.version}: ${source.device.name}`),
    info('SIZE', `${samples.length} samples in ${strokes} strokes, ${inAir} of them in the air`),
    interval === null ? null : info('RATE', `half of the samples arrived within ${(interval / 1e6).toFixed(1)} ms of the one before`),
    has('pressure') ? info('PRESSURE_LEVELS', `${levels} different values of pressure occur`) : warning('NO_PRESSURE', 'the source gives no pressure'),
    levels === 1 && has('pressure') ? warning('CONSTANT_PRESSURE', 'the pressure never changes') : null,
    has('tiltX') || has('azimuth') ? null : warning('NO_TILT', 'the source gives no tilt and no azimuth'),
    inAir > 0 ? null : warning('NO_IN_AIR', 'no movement above the surface was recorded'),
    source.instrument === 'pen' ? null : warning('NOT_A_PEN', `written with ${source.instrument === 'mouse' ? 'a mouse' : 'a finger'}, not with a pen`),
    complete ? null : warning('INCOMPLETE', 'the source vanished or lost events before the signature was done'),
    losses.count > 0 ? warning('LOSSES', `${losses.count} reports are known to be missing (noticed by ${losses.method})`) : null,
    losses.method === 'unknown' ? info('LOSSES_UNKNOWN', 'nothing on this path could have noticed a missing report') : null,
    ...source.limits.map((limit) => info('SOURCE_LIMIT', limit)),
    ...Object.entries(anomalies).filter(([, count]) => count > 0).map(([name, count]) => warning('ANOMALY', `${name}: seen ${count} times`)),
  ];
  return findings.filter((finding) => finding !== null);
}

const info = (code: string, message: string): Finding => ({ code, severity: 'info', message, values: {} });
const warning = (code: string, message: string): Finding => ({ code, severity: 'warning', message, values: {} });

/** In ns; null for fewer than two samples. */
function medianInterval(times: readonly number[]): number | null {
  const intervals = times.slice(1).map((time, index) => time - times[index]!).toSorted((a, b) => a - b);
  return intervals[Math.floor(intervals.length / 2)] ?? null;
}
