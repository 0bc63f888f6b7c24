/**
 * The way of one guest as a pure state machine: what is on the screen, and what may come next.
 * The station decides about the request; this only follows, and never shows a document it was not sent.
 */
import type { GuestRequest, Role, StationToGuest } from '#kiosk/protocol/messages.ts';
import type { Messages } from '../messages/guest-messages.ts';

export type Station = Omit<Extract<StationToGuest, { type: 'state' }>, 'type' | 'request'>;

/** How somebody's turn ended: the last signed, a member of staff was the last, or who signs next. */
export type Ending = 'thanks' | 'thanksStaff' | 'toGuest' | 'toCompanion' | 'toStaff' | 'declined' | 'paper' | 'idle';

/** What the guest agreed to: the hash of the words as they stood, and their language. */
export interface Consent { sha256: string; language: string }

export interface GuestState {
  /** null until the station's first word. */
  station: Station | null;
  connected: boolean;
  /** `handover`: the tablet comes to somebody else, who has not begun. `between`: signed, and the same person's next document is on its way. */
  step: 'privacy' | 'handover' | 'document' | 'notice' | 'signing' | 'sending' | 'between' | 'end' | 'blank';
  request: GuestRequest | null;
  consent: Consent | null;
  /** What this person agreed to for the signature before: as the station still knows it. */
  agreed: Consent | null;
  /** What the station put here while Done was being answered; undefined: nothing was heard yet. */
  upcoming: GuestRequest | null | undefined;
  ending: Ending | null;
  /** Why the guest is back at the document or must sign again. */
  note: keyof Messages | null;
  /** The station's own words when it refused something by WebSocket. */
  refused: string | null;
}

export type GuestEvent =
  | { type: 'station'; message: StationToGuest }
  | { type: 'lost'; inked: boolean }
  | { type: 'begin' }
  | { type: 'sign' }
  | { type: 'agreed'; consent: Consent }
  | { type: 'back'; note: keyof Messages | null }
  | { type: 'send' }
  /** Done was answered: the packet is kept. */
  | { type: 'signed' }
  | { type: 'sendFailed'; note: keyof Messages | null }
  /** The station no longer has the document on this tablet. */
  | { type: 'withdrawn' }
  | { type: 'noted'; note: keyof Messages | null }
  | { type: 'ended'; ending: Ending };

export const START: GuestState = {
  station: null, connected: false, step: 'privacy', request: null, consent: null, agreed: null, upcoming: undefined, ending: null, note: null, refused: null,
};

export function nextState(state: GuestState, event: GuestEvent): GuestState {
  switch (event.type) {
    case 'station': return heard(state, event.message);
    case 'lost': return lost(state, event.inked);
    case 'begin': return state.step === 'handover' ? { ...state, step: 'document' } : state;
    case 'sign': return state.step === 'document' && state.connected && canSign(state) ? sign(state) : state;
    case 'agreed': return state.step === 'notice' ? { ...state, step: 'signing', consent: event.consent, note: null, refused: null } : state;
    case 'back': return state.step === 'notice' || state.step === 'signing' ? { ...state, step: 'document', note: event.note } : state;
    case 'send': return state.step === 'signing' ? { ...state, step: 'sending', note: null, upcoming: undefined } : state;
    case 'signed': return state.step === 'sending' ? signed(state) : state;
    case 'sendFailed': return state.step === 'sending' ? { ...state, step: 'signing', note: event.note } : state;
    case 'withdrawn': return state.step === 'sending' ? blank(state) : state;
    case 'noted': return { ...state, note: event.note };
    case 'ended': return state.step === 'blank' ? state : ended(state, event.ending);
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
  const next = { ...state, station, connected: true, agreed: request?.agreed ?? null };
  // The ending of one guest is never cut short by the next; the reload that follows asks the station again.
  if (state.step === 'end' || state.step === 'blank') return next;
  if (state.request === null) return request === null ? next : { ...next, request, step: request.turn.handover ? 'handover' : 'document' };
  if (state.step === 'between') return request?.id === state.request.id ? next : goOn(next, request);
  // Done was sent: only its answer ends this, for the station lets go of the request while it answers.
  if (request?.id === state.request.id) return next;
  return state.step === 'sending' ? { ...next, upcoming: request } : blank(next);
}

/** Nobody is asked twice for the same. */
function sign(state: GuestState): GuestState {
  if (state.agreed === null) return { ...state, step: 'notice', note: null };
  return { ...state, step: 'signing', consent: state.agreed, note: null, refused: null };
}

function signed(state: GuestState): GuestState {
  const { role, next } = state.request?.turn ?? { role: 'guest', next: null };
  if (next === null) return ended(state, role === 'staff' ? 'thanksStaff' : 'thanks');
  if (next !== 'same') return ended(state, NEXT[next]);
  return state.upcoming === undefined ? { ...state, step: 'between' } : goOn(state, state.upcoming);
}

const NEXT = { guest: 'toGuest', companion: 'toCompanion', staff: 'toStaff' } as const satisfies Record<Role, Ending>;

/** The same person's next document; where the station does not send it at once, this turn is over. */
function goOn(state: GuestState, request: GuestRequest | null): GuestState {
  if (request === null || request.turn.handover) return ended(state, 'thanks');
  return { ...state, step: 'document', request, consent: null, agreed: request.agreed, upcoming: undefined, note: 'nowSignature', refused: null };
}

function ended(state: GuestState, ending: Ending): GuestState {
  return { ...state, step: 'end', ending, note: null };
}

function lost(state: GuestState, inked: boolean): GuestState {
  const next = { ...state, connected: false };
  if (state.step === 'signing') return { ...next, step: 'document', note: inked ? 'inkLostDisconnected' : null };
  return state.step === 'notice' ? { ...next, step: 'document' } : next;
}

function blank(state: GuestState): GuestState {
  return { ...state, step: 'blank', request: null, consent: null, agreed: null, note: null, refused: null };
}
