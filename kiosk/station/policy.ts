/**
 * What the station accepts, as pure functions with the reason beside each. Drivers and `biometrics` only
 * report; nothing but this file decides.
 */
import type { Capture, Channel, PenSourceInfo } from '#biometrics/capture.ts';
import { isDown, type Sample } from '#biometrics/sample.ts';
import type { StationErrorCode } from './errors.ts';
import { demands } from './pens/pen-policy.ts';
import type { PenMinimum } from './pens/pen-settings.ts';

export type Decision = { accepted: true } | { accepted: false; code: StationErrorCode; reason: string };

/** Which instruments may ink. `pen`: touch and mouse never do. */
export type Instruments = 'pen' | 'any';

const YES: Decision = { accepted: true };

/**
 * Outside demo mode only a pen: a mouse has no pressure, and a finger no tilt, for an examiner to judge. Nor in demo mode where the
 * hotel asks for a minimum: a guest must not learn at "Done" that a finger does not give it.
 */
export function instrumentsFor(demo: boolean, minimum: PenMinimum): Instruments {
  return demo && demands(minimum).length === 0 ? 'any' : 'pen';
}

/** Whether a signature from this source is taken. A recorded signature is nobody's, so it is demo only. */
export function sourceAccepted(demo: boolean, source: Pick<PenSourceInfo, 'kind' | 'instrument'>): Decision {
  if (demo) return YES;
  if (source.kind === 'recorded') return { accepted: false, code: 'DEMO_ONLY', reason: 'A recorded signature is for demonstrations only.' };
  if (source.instrument !== 'pen') return { accepted: false, code: 'INSTRUMENT_REFUSED', reason: 'Please sign with the pen. A finger or a mouse is not accepted here.' };
  return YES;
}

/** Fewer reports than this in contact are a tap, at any rate a pen can have (60 reports a second and more). */
const LEAST_SAMPLES = 8;
/** Ink that stays within this many millimetres is a dot. */
const LEAST_EXTENT_MM = 2;
/** CSS: 96 pixels to the inch. */
const CSS_PX_PER_MM = 96 / 25.4;

/** Whether there is enough of a signature to be worth keeping. It says nothing about whose it is. */
export function captureAccepted(capture: Pick<Capture, 'samples' | 'source' | 'complete'>): Decision {
  if (!capture.complete) {
    return { accepted: false, code: 'CAPTURE_INCOMPLETE', reason: 'A part of the signature was lost on the way. Please sign again.' };
  }
  const ink = capture.samples.filter(isDown);
  const perMm = (name: 'x' | 'y') => unitsPerMm(capture.source.channels.find((channel) => channel.name === name));
  const extent = Math.max(span(ink, 'x') / perMm('x'), span(ink, 'y') / perMm('y'));
  if (ink.length < LEAST_SAMPLES || extent < LEAST_EXTENT_MM) {
    return { accepted: false, code: 'CAPTURE_TOO_SHORT', reason: 'That was too short for a signature. Please sign again.' };
  }
  return YES;
}

/** Where a device does not say how long its units are, a thousandth of an inch is common and errs on the side of accepting. */
function unitsPerMm(channel: Channel | undefined): number {
  if (channel?.perMm !== undefined && channel.perMm !== null && channel.perMm > 0) return channel.perMm;
  return channel?.unit === 'count' ? 1_000 / 25.4 : CSS_PX_PER_MM;
}

function span(samples: readonly Sample[], channel: 'x' | 'y'): number {
  let [least, most] = [Infinity, -Infinity];
  for (const sample of samples) {
    least = Math.min(least, sample[channel]);
    most = Math.max(most, sample[channel]);
  }
  return samples.length === 0 ? 0 : most - least;
}

export interface Waiting { id: string; field: number | null; timesShown: number }

/**
 * The document a free tablet takes by itself, or null: the desk decides. Only where nobody could mean
 * another one (a single waiting document, its line known), and never one that a guest already walked
 * away from, or it would light up for nobody again and again.
 */
export function autoReleased(tablet: { connected: boolean; busy: boolean; idleMs: number }, waiting: readonly Waiting[], afterMs: number): string | null {
  const [only, another] = waiting;
  if (!tablet.connected || tablet.busy || tablet.idleMs < afterMs) return null;
  if (only === undefined || another !== undefined) return null;
  return only.field !== null && only.timesShown === 0 ? only.id : null;
}
