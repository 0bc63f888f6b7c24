/**
 * Every limit and every time of the station, in one place. `station.json` in the data folder may change
 * each of them under `limits`, within the range given here.
 */
import { integer, object, optional, type Reader } from '#kiosk/protocol/shape.ts';

export interface Limits {
  /** Most bytes of one print job. */
  documentBytes: number;
  /** Most pages of one document. */
  pages: number;
  /** Most bytes of print jobs that arrive at the same time; above, the printer says "busy". */
  arrivingBytes: number;
  /** Most requests that wait; above, the printer says "busy". */
  waitingRequests: number;
  /** Most forms for which the desk can show where to sign. */
  forms: number;
  /** Most bytes of one "Done": ten minutes at 1,000 reports a second. */
  doneBytes: number;
  /** Most bytes of any other body. */
  bodyBytes: number;
  /** How long reading a foreign PDF may take, ms (one above 50 MB gets more: `packet/child/deadline.ts`), and how much memory, MB. */
  intakeMs: number;
  intakeMemoryMb: number;
  /** Most page views of one request that the audit trail keeps. */
  pageViews: number;

  /** Times of the guest screen, ms: see `GuestTimes`. */
  idle: number;
  warning: number;
  thanks: number;
  touchBeforePen: number;
  touchAfterPen: number;
  /** After `idle + warning` the station waits this long for the screen before it acts by itself, ms. */
  idleGrace: number;
  /** A tablet that went away may come back within this time, ms. */
  disconnectGrace: number;
  /** A pen that went away may come back within this time before its tablet's document goes back to the desk, ms. */
  penGrace: number;
  /** How long the crosses of a calibration are shown without a tap, ms. */
  calibration: number;
  /** Farthest that a tap may lie from its cross by the map of a calibration, CSS pixels. */
  calibrationResidual: number;
  /** A tablet that nobody used for this long may be given its next document, ms. */
  autoRelease: number;
  /** How long an unsigned request waits, ms. */
  requestExpiry: number;
  /** How long the desk's signed copy is kept, ms. 0: not at all. */
  deskCopy: number;
  /** How long a one-time address works, ms. */
  token: number;
  /** How long Done may take for a time-stamp and what belongs to it, ms; and how long who failed at it is not asked again, ms. */
  timeStampBudget: number;
  timeStampPause: number;

  /** Below this many free bytes the desk is warned. */
  diskNotice: number;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const MB = 1_024 * 1_024;

/** Least, default and most of each. */
const RANGES: Record<keyof Limits, readonly [least: number, standard: number, most: number]> = {
  documentBytes: [1_024, 200 * MB, 200 * MB],
  pages: [1, 1_000, 1_000],
  arrivingBytes: [1_024, 400 * MB, 2_048 * MB],
  waitingRequests: [1, 200, 10_000],
  forms: [0, 60, 200],
  doneBytes: [64 * 1_024, 80 * MB, 80 * MB],
  bodyBytes: [1_024, 16 * 1_024, MB],
  intakeMs: [SECOND, 10 * SECOND, 600 * SECOND],
  intakeMemoryMb: [128, 1_536, 8_192],
  pageViews: [1, 500, 10_000],
  idle: [SECOND, 60 * SECOND, HOUR],
  warning: [SECOND, 20 * SECOND, HOUR],
  thanks: [SECOND, 4 * SECOND, 60 * SECOND],
  touchBeforePen: [0, 500, 5 * SECOND],
  touchAfterPen: [0, 700, 5 * SECOND],
  idleGrace: [100, 10 * SECOND, 60 * SECOND],
  disconnectGrace: [100, 5 * SECOND, 60 * SECOND],
  penGrace: [0, 3 * SECOND, 60 * SECOND],
  calibration: [SECOND, 120 * SECOND, HOUR],
  calibrationResidual: [1, 12, 100],
  autoRelease: [SECOND, 10 * SECOND, HOUR],
  requestExpiry: [SECOND, 24 * HOUR, 72 * HOUR],
  deskCopy: [0, 24 * HOUR, 72 * HOUR],
  token: [SECOND, 24 * HOUR, 72 * HOUR],
  timeStampBudget: [100, 2 * SECOND, 10 * SECOND],
  timeStampPause: [100, 60 * SECOND, HOUR],
  diskNotice: [0, 1_024 * MB, 1_024 * 1_024 * MB],
};

const names = Object.keys(RANGES) as (keyof Limits)[];

export const DEFAULT_LIMITS = Object.fromEntries(names.map((name) => [name, RANGES[name][1]])) as unknown as Limits;

/** Reads the `limits` of `station.json`: any of the names above, each within its range. */
export const readLimits: Reader<Partial<Limits>> = object(
  Object.fromEntries(names.map((name) => [name, optional(integer(RANGES[name][0], RANGES[name][2]))])),
) as Reader<Partial<Limits>>;

/** A number of bytes as people say it. */
export function inMegabytes(bytes: number): string {
  return bytes >= MB ? `${Math.round((bytes / MB) * 10) / 10} MB` : `${Math.round(bytes / 1_024)} KB`;
}
