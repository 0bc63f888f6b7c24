/**
 * What a pen must give, as pure functions with the reason beside each. The driver only reports; nothing but this file and
 * `choose-pen.ts` decides about pens.
 *
 * Before: what the driver says a device gives, what a browser says of itself, and the finished capture. After: `choose-pen.ts`
 * before a document is sent to a tablet, `complete.ts` at "Done".
 */
import type { Capture, PenSourceInfo } from '#biometrics/capture.ts';
import { isDown, type Sample } from '#biometrics/sample.ts';
import type { AttachedPen, PenAbilities } from '#driver/pens.ts';
import type { Decision } from '../policy.ts';
import type { PenMinimum } from './pen-settings.ts';

/** What is asked about a source, whatever it is. */
export interface Gives {
  /** Reports of the device itself reach the record. */
  raw: boolean;
  /** Levels that can be relied on; 0: none. */
  pressureLevels: number;
  tilt: boolean;
  inAir: boolean;
  deviceClock: boolean;
}

/**
 * Documented for Pointer Events on Windows. Other browsers pass on what the pen has and do not say how much that is, so no more is
 * taken for granted there.
 */
const POINTER_LEVELS = 1_024;

/** Tilt in whole degrees. Reports that the browser has merged or lost before they reach the page are never seen. */
export const POINTER_EVENTS: Gives = { raw: false, pressureLevels: POINTER_LEVELS, tilt: true, inAir: true, deviceClock: false };

/** Null: it has not said yet. A pad or a serial tablet says it when it is asked or used, and nothing is taken for granted before. */
export function givenBy({ gives }: Pick<AttachedPen, 'gives'>): Gives | null {
  return gives && {
    raw: true, pressureLevels: gives.pressureLevels, tilt: gives.tilt !== 'none', inAir: gives.inAir,
    deviceClock: hasClock(gives),
  };
}

function hasClock({ clock }: PenAbilities): boolean {
  return clock === 'device-clock' || clock === 'both';
}

/** What is missing, in words that follow "it gives"; empty: nothing. */
export function missing(minimum: PenMinimum, gives: Gives): string[] {
  return [
    ...(minimum.raw === true && !gives.raw ? ['no reports of the device itself'] : []),
    ...(minimum.pressure !== undefined && gives.pressureLevels < minimum.pressure
      ? [gives.pressureLevels === 0 ? 'no pressure' : `${count(gives.pressureLevels)} levels of pressure where ${count(minimum.pressure)} are asked for`] : []),
    ...(minimum.tilt === true && !gives.tilt ? ['no tilt'] : []),
    ...(minimum.inAir === true && !gives.inAir ? ['nothing while it is above the surface'] : []),
    ...(minimum.deviceClock === true && !gives.deviceClock ? ['no clock of its own'] : []),
  ];
}

/** The demand in words, for desk and log; empty: none is made. */
export function demands(minimum: PenMinimum): string[] {
  return [
    ...(minimum.raw === true ? ['reports of the device itself'] : []),
    ...(minimum.pressure === undefined ? [] : [`at least ${count(minimum.pressure)} levels of pressure`]),
    ...(minimum.tilt === true ? ['tilt'] : []),
    ...(minimum.inAir === true ? ['reports above the surface'] : []),
    ...(minimum.deviceClock === true ? ['a clock of its own'] : []),
  ];
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/**
 * The same demand, made of the finished capture: of what it is and what it has, not of what was promised. A recorded signature
 * is not asked: it is for demonstrations only, and `sourceAccepted` sees to that.
 */
export function captureMeets(minimum: PenMinimum, capture: Pick<Capture, 'source' | 'samples' | 'reports'>): Decision {
  if (capture.source.kind === 'recorded') return { accepted: true };
  const lacking = missing(minimum, givenIn(capture));
  if (lacking.length === 0) return { accepted: true };
  return { accepted: false, code: 'PEN_INSUFFICIENT', reason: `This pen is not enough for a signature here: it gives ${lacking.join(', ')}. Please ask at the desk.` };
}

function givenIn({ source, samples, reports }: Pick<Capture, 'source' | 'samples' | 'reports'>): Gives {
  const has = (there: (sample: Sample) => boolean): boolean => samples.some(there);
  return {
    raw: source.kind !== 'pointer' && reports !== null && reports.length > 0,
    pressureLevels: has(({ pressure }) => pressure !== null) ? levelsOf(source) : 0,
    tilt: has(({ tiltX, azimuth }) => tiltX !== null || azimuth !== null) && givesAngles(source),
    // the report that says "lifted" is one in the air
    inAir: has((sample) => !isDown(sample)),
    deviceClock: source.deviceClock !== null && has(({ deviceTime }) => deviceTime !== null),
  };
}

function levelsOf({ kind, channels }: PenSourceInfo): number {
  if (kind === 'pointer') return POINTER_LEVELS;
  const channel = channels.find(({ name }) => name === 'pressure');
  return channel?.logicalMin == null || channel.logicalMax === null ? 0 : channel.logicalMax - channel.logicalMin + 1;
}

function givesAngles({ channels }: PenSourceInfo): boolean {
  return channels.some(({ name, derived }) => (name === 'tiltX' || name === 'azimuth') && !derived);
}

/** A page without a secure context gets merged samples only, and must not be signed on. */
export function pageAccepted(secureContext: boolean | null): Decision {
  if (secureContext !== false) return { accepted: true };
  return { accepted: false, code: 'PEN_INSUFFICIENT', reason: 'This page was opened without TLS, so the browser keeps pen samples back. Nothing can be signed on it. Please ask at the desk.' };
}
