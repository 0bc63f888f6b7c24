/**
 * What the station accepts, as pure functions with the reason beside each. Drivers and `biometrics` only
 * report; nothing but this file, `fitness.ts` and `pens/pen-policy.ts` decides.
 */
import type { Capture, PenSourceInfo } from '#biometrics/capture.ts';
import type { Acceptance } from '#biometrics/context.ts';
import type { ExceptionReason } from '#kiosk/protocol/states.ts';
import type { StationErrorCode } from './errors.ts';
import { fitToKeep } from './fitness.ts';
import { demands } from './pens/pen-policy.ts';
import type { PenMinimum } from './pens/pen-settings.ts';

export type Decision = { accepted: true } | { accepted: false; code: StationErrorCode; reason: string };

/** Which instruments may ink. `pen`: touch and mouse never do. `touch`: pen and finger. */
export type Instruments = 'pen' | 'touch' | 'any';

const YES: Decision = { accepted: true };

/**
 * Outside demo mode only a pen: a mouse has no pressure, and a finger no tilt, for an examiner to judge. Nor in demo mode where the
 * hotel asks for a minimum: a guest must not learn at "Done" that a finger does not give it. A finger that the desk has let through for this guest is in the record as such.
 */
export function instrumentsFor(demo: boolean, minimum: PenMinimum, exception: ExceptionReason | null): Instruments {
  if (demo && demands(minimum).length === 0) return 'any';
  return exception === 'finger' ? 'touch' : 'pen';
}

/** Whether a signature from this source is taken. A recorded signature is nobody's, so it is demo only. */
export function sourceAccepted(demo: boolean, source: Pick<PenSourceInfo, 'kind' | 'instrument'>, exception: ExceptionReason | null): Decision {
  if (demo) return YES;
  if (source.kind === 'recorded') return { accepted: false, code: 'DEMO_ONLY', reason: 'A recorded signature is for demonstrations only.' };
  if (isFingerTaken(source, exception)) return YES;
  if (source.instrument !== 'pen') return { accepted: false, code: 'INSTRUMENT_REFUSED', reason: 'Please sign with the pen. A finger or a mouse is not accepted here.' };
  return YES;
}

/** What a pen must give is not asked of a finger that the desk lets through. A pen that is used all the same must give it. */
export function minimumFor(minimum: PenMinimum, source: Pick<PenSourceInfo, 'kind' | 'instrument'>, exception: ExceptionReason | null): PenMinimum {
  return isFingerTaken(source, exception) ? {} : minimum;
}

/**
 * What the record says of the desk's choice: that a hand is helped, or makes a mark, is so whatever was written; of a finger that was
 * let through nothing is said where the guest wrote with something else.
 */
export function exceptionUsed(exception: Acceptance['exception'], { instrument }: Pick<PenSourceInfo, 'instrument'>): Acceptance['exception'] {
  return exception?.reason === 'finger' && instrument !== 'touch' ? null : exception;
}

function isFingerTaken({ kind, instrument }: Pick<PenSourceInfo, 'kind' | 'instrument'>, exception: ExceptionReason | null): boolean {
  return exception === 'finger' && kind === 'pointer' && instrument === 'touch';
}

/** Pen loss is no matter of taste: whatever the desk decides, a capture with a gap would be evidence of something that was not written. */
export function captureAccepted(capture: Capture, exception: ExceptionReason | null): Decision {
  if (!capture.complete) {
    return { accepted: false, code: 'CAPTURE_INCOMPLETE', reason: 'A part of the signature was lost on the way. Please sign again.' };
  }
  return fitToKeep(capture, exception);
}

/** `settled`: nobody has to be asked who signs and where. */
export interface Waiting { id: string; settled: boolean; timesShown: number }

/**
 * The document a free tablet takes by itself, or null: the desk decides. Only where nobody could mean
 * another one (a single waiting document, its lines known), and never one that a guest already walked
 * away from, or it would light up for nobody again and again.
 */
export function autoReleased(tablet: { connected: boolean; busy: boolean; idleMs: number }, waiting: readonly Waiting[], afterMs: number): string | null {
  const [only, another] = waiting;
  if (!tablet.connected || tablet.busy || tablet.idleMs < afterMs) return null;
  if (only === undefined || another !== undefined) return null;
  return only.settled && only.timesShown === 0 ? only.id : null;
}
