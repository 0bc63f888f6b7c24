/**
 * Whether a capture is fit to be kept as a signature, and when the desk may take one that is not: pure functions with the reason
 * beside each. It says nothing about whose signature it is.
 *
 * Before: `biometrics` reports (`derived/ink-shape.ts`, `findings.ts`). After: `complete.ts` at "Done"; `desk-commands.ts`.
 *
 * No source was found for where a signature begins to be one: forensic practice asks for duration, velocity, air strokes and pressure
 * (Harralson 2012, doi 10.14296/deeslr.v9i0.1991) and sets no least values. So these are set low, to catch slips and taps, and the
 * desk has a way past them. A scribble, or a forgery, is fit.
 */
import type { Capture } from '#biometrics/capture.ts';
import { inkShapeOf, type InkShape } from '#biometrics/derived/ink-shape.ts';
import { pressureFindingsOf } from '#biometrics/findings.ts';
import { channelOf } from '#biometrics/units.ts';
import type { ExceptionReason } from '#kiosk/protocol/states.ts';
import type { Decision } from './policy.ts';

/** Codes of refusals that the guest can do something about by signing differently, in the order in which they are told. */
export const FITNESS_CODES = ['CAPTURE_TOO_SHORT', 'CAPTURE_LINE', 'CAPTURE_TOO_FAST', 'CAPTURE_NO_PRESSURE'] as const;
export type FitnessCode = (typeof FITNESS_CODES)[number];

/** Fewer reports than this in contact are a tap, at any rate a pen can have (60 reports a second and more). */
const LEAST_SAMPLES = 8;
/** Ink that stays within this many mm is a dot. */
const LEAST_EXTENT_MM = 2;
/** Ink is a straight line where it goes one way: on the whole way hardly further than from end to end. A stroke there and back is none. */
const LINE_STRAIGHTNESS = 0.95;
/** And where it keeps this close to a straight line: a share of its length, but less than handwriting is high, and more than a hand shakes. */
const LINE_DEVIATION = { share: 0.06, mostMm: 2, leastMm: 0.3 };
/** A hand makes a few strokes a second: faster ink, from first contact to last, is a flick. */
const LEAST_SECONDS = 0.3;
/** Before this many refusals the guest has hardly been told: taking anything would become the habit. */
const REFUSALS_BEFORE_EXCEPTION = 2;

const YES: Decision = { accepted: true };

/**
 * One reason at a time, and first the one that the guest can do most about: to write more, to write a name, to take time, to press.
 * A mark, or a hand that is helped, may be anything: what the desk vouches for is in the record. But nothing at all is no mark.
 */
export function fitToKeep(capture: Capture, exception: ExceptionReason | null): Decision {
  const shape = inkShapeOf(capture);
  const asItIs = exception === 'mark' || exception === 'assisted';
  if (shape.samples === 0 || (!asItIs && isDot(shape))) return unfit('CAPTURE_TOO_SHORT', 'That was too short for a signature. Please sign again.');
  if (asItIs) return YES;
  if (isLine(shape)) return unfit('CAPTURE_LINE', 'That was a single line. Please sign again as you usually do.');
  if (shape.seconds < LEAST_SECONDS) return unfit('CAPTURE_TOO_FAST', 'That was very quick. Please sign again and take your time.');
  if (lacksPressure(capture)) return unfit('CAPTURE_NO_PRESSURE', 'No pressure was felt. Please sign again and press a little.');
  return YES;
}

function unfit(code: FitnessCode, reason: string): Decision {
  return { accepted: false, code, reason };
}

function isDot({ samples, extent }: InkShape): boolean {
  return samples < LEAST_SAMPLES || extent < LEAST_EXTENT_MM;
}

/** Signatures that are all but a line exist: for them there is the desk. */
function isLine({ extent, straightness, deviation }: InkShape): boolean {
  const { share, mostMm, leastMm } = LINE_DEVIATION;
  return straightness >= LINE_STRAIGHTNESS && deviation <= Math.max(leastMm, Math.min(mostMm, share * extent));
}

/** A pen with a pressure channel that gave nothing in it, or one and the same value throughout. What never claimed to measure pressure, and a finger, which is no pen, are not asked. */
function lacksPressure(capture: Capture): boolean {
  if (capture.source.instrument !== 'pen' || channelOf(capture.source, 'pressure') === null) return false;
  return pressureFindingsOf(capture).some(({ code }) => code === 'NO_PRESSURE' || code === 'CONSTANT_PRESSURE');
}

/** The refusals of these that the guest could do something about; a lost pen or a full disk says nothing about a signature. */
export function unfitOf(refusals: readonly string[]): FitnessCode[] {
  return refusals.filter((code): code is FitnessCode => (FITNESS_CODES as readonly string[]).includes(code));
}

/** Whether the desk may take this guest's next signature as it is, or paper instead. @param refusals of this guest so far */
export function exceptionAllowed(refusals: readonly string[]): Decision {
  if (unfitOf(refusals).length >= REFUSALS_BEFORE_EXCEPTION) return YES;
  return { accepted: false, code: 'NOT_NOW', reason: 'Ask the guest to sign again first. A signature can be taken as it is only after two that were not fit.' };
}
