/**
 * Millimetres and degrees, derived on demand from raw values and the channel descriptions, and never stored.
 *
 * Tilt and angles follow W3C Pointer Events 3 (altitudeAngle, azimuthAngle and their conversion from tilt): tiltX is
 * the angle towards the right, tiltY towards the user; altitude 90° is upright; azimuth 0° points to the right and grows clockwise as seen from above.
 * HID counts azimuth the other way round (Digitizers page, usage 0x3F: counter-clockwise): the channel says so, and it is mirrored.
 */
import type { Channel, PenSourceInfo } from './capture.ts';
import type { ChannelName, Sample } from './sample.ts';

const RADIAN = 180 / Math.PI;
/** With room for what a radian is rounded by. */
const RIGHT_ANGLE = 90 + 1e-9;

/** What must be known of a source to derive anything. */
type Measured = Pick<PenSourceInfo, 'kind' | 'channels'>;

/** The source's description of a channel, or null. */
export function channelOf(source: Measured, name: ChannelName): Channel | null {
  return source.channels.find((channel) => channel.name === name) ?? null;
}

/** Position in millimetres from the device's own origin, y as the device counts it; null where its resolution is not known. */
export function positionMm(sample: Sample, source: Measured): { x: number; y: number } | null {
  const perMmX = channelOf(source, 'x')?.perMm;
  const perMmY = channelOf(source, 'y')?.perMm;
  return perMmX && perMmY ? { x: sample.x / perMmX, y: sample.y / perMmY } : null;
}

/** Pressure from 0 to 1 of the device's logical range. Not a force. 0.5 where the device gives none. */
export function normalisedPressure(sample: Sample, source: Measured): number {
  const channel = channelOf(source, 'pressure');
  const min = channel?.logicalMin ?? 0;
  const max = channel?.logicalMax ?? 1;
  if (sample.pressure === null || !(max > min)) return 0.5;
  return Math.min(1, Math.max(0, (sample.pressure - min) / (max - min)));
}

/** How the pen leans, in degrees. */
export interface Tilt {
  /** -90 to 90, positive towards the right. */
  tiltX: number;
  /** -90 to 90, positive towards the user. */
  tiltY: number;
  /** 0 to 360, clockwise from the right. */
  azimuth: number;
  /** 0 (flat) to 90 (upright). */
  altitude: number;
  /** Which pair was computed from the other. */
  derived: 'tiltX, tiltY' | 'azimuth, altitude' | 'none';
}

/**
 * The pen's lean; null where the device gives neither pair, or not in a unit that is an angle. An azimuth that a device gives
 * beside its tilt and without an altitude is no pair (ELAN's pens do): it stays a raw channel, and both angles are derived from the tilt.
 */
export function tiltDegrees(sample: Sample, source: Measured): Tilt | null {
  const tiltX = degrees(sample, source, 'tiltX');
  const tiltY = degrees(sample, source, 'tiltY');
  const given = degrees(sample, source, 'azimuth');
  const altitude = degrees(sample, source, 'altitude');
  const azimuth = given === null ? null : fullCircle(countsBackwards(source) ? -given : given);
  if (tiltX !== null && tiltY !== null) {
    return azimuth !== null && altitude !== null
      ? { tiltX, tiltY, azimuth, altitude, derived: 'none' }
      : { tiltX, tiltY, ...anglesFromTilt(tiltX, tiltY), derived: 'azimuth, altitude' };
  }
  return azimuth === null || altitude === null ? null : { ...tiltFromAngles(azimuth, altitude), azimuth, altitude, derived: 'tiltX, tiltY' };
}

/** Records before version 3 did not say it of the channel; there the kind of source decides. */
function countsBackwards(source: Measured): boolean {
  const rotation = channelOf(source, 'azimuth')?.rotation ?? null;
  return rotation === null ? source.kind === 'hid' : rotation === 'counter-clockwise';
}

function anglesFromTilt(tiltX: number, tiltY: number): { azimuth: number; altitude: number } {
  const [right, near] = [Math.tan(tiltX / RADIAN), Math.tan(tiltY / RADIAN)];
  return { azimuth: fullCircle(Math.atan2(near, right) * RADIAN), altitude: Math.atan(1 / Math.hypot(right, near)) * RADIAN };
}

function tiltFromAngles(azimuth: number, altitude: number): { tiltX: number; tiltY: number } {
  const [around, up] = [azimuth / RADIAN, altitude / RADIAN];
  return { tiltX: Math.atan2(Math.cos(around), Math.tan(up)) * RADIAN, tiltY: Math.atan2(Math.sin(around), Math.tan(up)) * RADIAN };
}

/** A raw angle in degrees: through the channel's physical range where it has one (HID 1.11 section 6.2.2.7), else by its unit. A pen does not lean further than flat. */
function degrees(sample: Sample, source: Measured, name: 'tiltX' | 'tiltY' | 'azimuth' | 'altitude'): number | null {
  const raw = sample[name];
  const channel = channelOf(source, name);
  if (raw === null || channel === null || (channel.unit !== 'deg' && channel.unit !== 'rad')) return null;
  const angle = physical(raw, channel) * (channel.unit === 'rad' ? RADIAN : 1);
  return name !== 'azimuth' && Math.abs(angle) > RIGHT_ANGLE ? null : angle;
}

function physical(raw: number, { logicalMin, logicalMax, physicalMin, physicalMax, unitExponent }: Channel): number {
  const scale = 10 ** (unitExponent ?? 0);
  if (logicalMin === null || logicalMax === null || physicalMin === null || physicalMax === null || logicalMax === logicalMin) return raw * scale;
  const share = (raw - logicalMin) / (logicalMax - logicalMin);
  return (physicalMin + share * (physicalMax - physicalMin)) * scale;
}

function fullCircle(angle: number): number {
  return ((angle % 360) + 360) % 360;
}
