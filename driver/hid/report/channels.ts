/**
 * What the numbers of a pen report mean: a `Channel` for each, and a plain sentence where the device leaves it open or says
 * something that cannot be true.
 *
 * - Physical range 0 to 0: the logical range is the physical one (HID 1.11, section 6.2.2.7).
 * - Units (6.2.2.7): centimetre 11, inch 13, radian 12, degree 14. Unit 33, "cubic inch", is met on X and Y of several
 *   vendors and means inches; on pressure and tilt it was left over from the field before and means nothing.
 * - Pressure is a count, whatever unit stands there: levels are not newtons.
 * - Tilt without an angular unit is read as degrees: by its physical range where that is one a pen can lean to, else as
 *   it stands (on real tablets of this kind, declared -127 to 127, it stops at -60 and 60).
 *
 * Before it: `pen-report.ts`. After it: `PenSourceInfo.channels` and `limits`.
 */
import type { Channel } from '#biometrics/capture.ts';
import type { ChannelName } from '#biometrics/sample.ts';
import type { Field } from '../descriptor/field.ts';
import type { PenNumber, PenReport } from './pen-report.ts';

const Unit = { none: 0x00, centimetre: 0x11, radian: 0x12, inch: 0x13, degree: 0x14, cubicInch: 0x33, force: 0xe111 } as const;

const MM_PER_INCH = 25.4;

/** More points to a millimetre than any tablet has (the finest known have 200): a range that says so is not a size. */
const FINEST_PER_MM = 400;

const NANOSECONDS = 1e9;

/** HID Usage Tables, Scan Time: hundreds of microseconds, where no unit says otherwise. */
const SCAN_TICK_NS = 100_000;

export interface Described { channel: Channel; limit: string | null }

export function describe({ channel: name, field }: PenNumber): Described {
  switch (name) {
    case 'x': case 'y': case 'z': return describeLength(name, field);
    case 'tiltX': case 'tiltY': case 'azimuth': case 'altitude': case 'twist': return describeAngle(name, field);
    case 'deviceTime': return describeClock(field);
    default: return { channel: plain(name, field), limit: limitOfForce(name, field) };
  }
}

/** Scan Time of a report: how long a tick is, and how many there are until it starts again. */
export function clockOf(report: PenReport): { tickNs: number; wrapsAfter: number } | null {
  const field = report.numbers.find(({ channel }) => channel === 'deviceTime')?.field;
  return field === undefined ? null : { tickNs: tickNsOf(field) ?? SCAN_TICK_NS, wrapsAfter: turnOf(field) };
}

/** Numbers from the logical minimum to the maximum, or all that the bits can hold where the range is none. */
function turnOf({ logicalMin, logicalMax, bitSize }: Field): number {
  return logicalMax > logicalMin ? logicalMax - logicalMin + 1 : 2 ** bitSize;
}

function tickNsOf(field: Field): number | null {
  if (!isSeconds(field.unit)) return null;
  const { min, max } = physicalRange(field);
  const tick = Math.round(((max - min) / (field.logicalMax - field.logicalMin)) * 10 ** field.unitExponent * NANOSECONDS);
  return Number.isFinite(tick) && tick > 0 ? tick : null;
}

/** Of any system of units, time to the power of 1 and nothing else. */
function isSeconds(unit: number): boolean {
  return (unit & ~0x0f) === 0x1000;
}

function describeClock(field: Field): Described {
  const channel: Channel = { ...plain('deviceTime', field), unit: 'tick', logicalMin: null, logicalMax: null };
  const limit = tickNsOf(field) === null ? 'The device does not state the unit of its scan time; 100 µs are taken (HID Usage Tables).' : null;
  return { channel, limit };
}

function describeLength(name: 'x' | 'y' | 'z', field: Field): Described {
  const stale = field.unit === Unit.cubicInch;
  const unit = field.unit === Unit.centimetre ? 'cm' : field.unit === Unit.inch || stale ? 'in' : 'count';
  const perMm = unit === 'count' ? null : resolution(field, unit === 'cm' ? 10 : MM_PER_INCH);
  const channel: Channel = perMm === null ? plain(name, field) : { ...plain(name, field), ...wordsOf(field), unit, perMm };
  if (unit !== 'count' && perMm === null) return { channel, limit: `The physical range that the device states for ${name} is no size; true lengths are not known.` };
  return { channel, limit: stale ? `The device states ${name} in cubic inches (HID unit 0x33); inches are taken.` : null };
}

/** Raw steps to a millimetre; null where that cannot be. */
function resolution(field: Field, mmPerUnit: number): number | null {
  const { min, max } = physicalRange(field);
  const mm = (max - min) * 10 ** field.unitExponent * mmPerUnit;
  const perMm = (field.logicalMax - field.logicalMin) / mm;
  return perMm > 0 && perMm <= FINEST_PER_MM ? perMm : null;
}

function describeAngle(name: ChannelName, field: Field): Described {
  if (field.unit === Unit.degree || field.unit === Unit.radian) {
    return { channel: { ...plain(name, field), ...wordsOf(field), unit: field.unit === Unit.degree ? 'deg' : 'rad' }, limit: null };
  }
  const usable = field.unit === Unit.none && isStated(field) && Math.max(Math.abs(field.physicalMin), Math.abs(field.physicalMax)) * 10 ** field.unitExponent <= 360;
  const channel: Channel = { ...plain(name, field), ...usable ? wordsOf(field) : {}, unit: 'deg' };
  const said = field.unit === Unit.none ? 'no unit' : `unit 0x${field.unit.toString(16)}, which is no angle,`;
  return { channel, limit: `The device states ${said} for ${name}; degrees are taken${usable ? '' : ', one to each step'}.` };
}

function limitOfForce(name: ChannelName, field: Field): string | null {
  if (name !== 'pressure' || field.unit !== Unit.force) return null;
  return `The device states its pressure as a force (${field.physicalMin} to ${field.physicalMax}, HID unit 0xe111, exponent ${field.unitExponent}); it is kept as counts.`;
}

/** HID Usage Tables, Digitizers page: azimuth (0x3F) grows counter-clockwise, twist (0x41) clockwise. */
const ROTATIONS: Partial<Record<ChannelName, Channel['rotation']>> = { azimuth: 'counter-clockwise', twist: 'clockwise' };

/** Range in raw counts, and nothing else. */
function plain(name: ChannelName, field: Field): Channel {
  const ranged = field.logicalMax > field.logicalMin;
  return {
    name, unit: 'count', logicalMin: ranged ? field.logicalMin : null, logicalMax: ranged ? field.logicalMax : null,
    physicalMin: null, physicalMax: null, unitExponent: null, perMm: null, rotation: ROTATIONS[name] ?? null, derived: false,
  };
}

/** The physical range in the device's own words; null where it says 0 to 0. */
function wordsOf(field: Field): Pick<Channel, 'physicalMin' | 'physicalMax' | 'unitExponent'> {
  const stated = isStated(field);
  return { physicalMin: stated ? field.physicalMin : null, physicalMax: stated ? field.physicalMax : null, unitExponent: field.unitExponent };
}

function isStated({ physicalMin, physicalMax }: Field): boolean {
  return physicalMin !== 0 || physicalMax !== 0;
}

function physicalRange(field: Field): { min: number; max: number } {
  return isStated(field) ? { min: field.physicalMin, max: field.physicalMax } : { min: field.logicalMin, max: field.logicalMax };
}
