/**
 * The way of one guest as a pure state machine: what is on the screen, and what may come next.
 * The station decides about the request; this only follows, and never shows a document it was not sent.
 */
import type { GuestRequest, StationToGuest } from '#kiosk/protocol/messages.ts';
import type { Messages } from '../messages/guest-messages.ts';

export type Station = Omit<Extract<StationToGuest, { type: 'state' }>, 'type' | 'request'>;

/** How a guest's turn ended. */
export type Ending = 'thanks' | 'declined' | 'paper' | 'idle';

/** What the guest agreed to: the hash of the words as they stood, and their language. */
export interface Consent { sha256: string; language: string }

export interface GuestState {
  /** null until the station's first word. */
  station: Station | null;
  connected: boolean;
  step: 'privacy' | 'document' | 'notice' | 'signing' | 'sending' | 'end' | 'blank';
  request: GuestRequest | null;
  consent: Consent | null;
  ending: Ending | null;
  /** Why the guest is back at the document or must sign again. */
  note: keyof Messages | null;
  /** The station's own words when it refused something by WebSocket. */
  refused: string | null;
}

export type GuestEvent =
  | { type: 'station'; message: StationToGuest }
  | { type: 'lost'; inked: boolean }
  | { type: 'sign' }
  | { type: 'agreed'; consent: Consent }
  | { type: 'back'; note: keyof Messages | null }
  | { type: 'send' }
  | { type: 'sendFailed'; note: keyof Messages | null }
  /** The station no longer has the document on this tablet. */
  | { type: 'withdrawn' }
  | { type: 'noted'; note: keyof Messages | null }
  | { type: 'ended'; ending: Ending };

export const START: GuestState = {
  station: null, connected: false, step: 'privacy', request: null, consent: null, ending: null, note: null, refused: null,
};

export function nextState(state: GuestState, event: GuestEvent): GuestState {
  switch (event.type) {
    case 'station': return heard(state, event.message);
    case 'lost': return lost(state, event.inked);
    case 'sign': return state.step === 'document' && state.connected && canSign(state) ? { ...state, step: 'notice', note: null } : state;
    case 'agreed': return state.step === 'notice' ? { ...state, step: 'signing', consent: event.consent, note: null } : state;
    case 'back': return state.step === 'notice' || state.step === 'signing' ? { ...state, step: 'document', note: event.note } : state;
    case 'send': return state.step === 'signing' ? { ...state, step: 'sending', note: null } : state;
    case 'sendFailed': return state.step === 'sending' ? { ...state, step: 'signing', note: event.note } : state;
    case 'withdrawn': return state.step === 'sending' ? blank(state) : state;
    case 'noted': return { ...state, note: event.note };
    case 'ended': return state.step === 'blank' ? state : { ...state, step: 'end', ending: event.ending, note: null };
  }
}

/** A pen is there that may sign, or the demonstration brings its own. */
export function canSign({ station, request }: GuestState): boolean {
  return station?.pen.reads !== 'nobody' || request?.autopilot === true;
}

function heard(state: GuestState, message: StationToGuest): GuestState {
  if (message.type === 'blank') return message.request === state.request?.id && state.step !== 'end' ? blank(state) : state;
  if (message.type === 'refused') return message.request === state.request?.id ? { ...state, refused: message.message } : state;
  // ink, a lost pen and a pad's buttons are the signing surface's own (`pen-link.ts`)
  if (message.type !== 'state') return state;
  const { type: _, request, ...station } = message;
  const next = { ...state, station, connected: true };
  // The ending of one guest is never cut short by the next; the reload that follows asks the station again.
  if (state.step === 'end' || state.step === 'blank') return next;
  if (state.request === null) return request === null ? next : { ...next, request, step: 'document' };
  // Done was sent: only its answer ends this, for the station lets go of the request while it answers.
  if (request?.id === state.request.id) return next;
  return state.step === 'sending' ? next : blank(next);
}

function lost(state: GuestState, inked: boolean): GuestState {
  const next = { ...state, connected: false };
  if (state.step === 'signing') return { ...next, step: 'document', note: inked ? 'inkLostDisconnected' : null };
  return state.step === 'notice' ? { ...next, step: 'document' } : next;
}

function blank(state: GuestState): GuestState {
  return { ...state, step: 'blank', request: null, consent: null, note: null, refused: null };
}
