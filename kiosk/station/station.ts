/**
 * The parts of a running station, and the few things all of them do: put a document on a tablet, take it
 * off, end a request. What each command means is in `desk-commands.ts`, `guest-messages.ts`, `complete.ts`.
 */
import { EventEmitter } from 'node:events';
import type { StationKeys } from '#keys/index.ts';
import type { StationToGuest } from '#kiosk/protocol/messages.ts';
import type { Outbox } from '#sync-agent/outbox.ts';
import type { Actor, AuditLog } from './audit-log.ts';
import type { ClockSteps } from './clock-steps.ts';
import type { StationDatabase } from './database.ts';
import type { Documents } from './documents.ts';
import { StationError, type StationErrorCode } from './errors.ts';
import type { Forms } from './forms.ts';
import type { Meta } from './meta.ts';
import type { InTurn } from './one-at-a-time.ts';
import type { Notices } from './notices.ts';
import type { Papers } from './papers.ts';
import type { StationPens } from './pens/index.ts';
import { refuseWhileCalibrating, refuseWithoutPen } from './pens/tablet-pens.ts';
import type { Requests, SigningRequest } from './requests.ts';
import type { Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';
import type { TimeStamping } from './time-stamping.ts';
import type { Visits } from './visits.ts';

export type BlankReason = Extract<StationToGuest, { type: 'blank' }>['why'];

export interface StationEvents {
  /** Something a screen shows has changed. */
  changed: [];
  /** Off this tablet's screen, at once. */
  blank: [tablet: string, request: string, why: BlankReason];
  /** The outbox has something new. */
  delivered: [];
  /** A screen of this tablet has said what it is. */
  greeted: [tablet: string];
  /** The guest must be told. */
  refused: [tablet: string, request: string, code: StationErrorCode, message: string];
}

export interface Station {
  readonly home: string;
  readonly settings: Settings;
  /** Those in force at this moment. */
  readonly keys: StationKeys;
  readonly papers: Papers;
  readonly database: StationDatabase;
  readonly meta: Meta;
  readonly audit: AuditLog;
  readonly requests: Requests;
  /** Where the desk has shown where to sign. */
  readonly forms: Forms;
  readonly documents: Documents;
  readonly sessions: Sessions;
  readonly notices: Notices;
  readonly visits: Visits;
  readonly pens: StationPens;
  readonly outbox: Outbox;
  /** As `outbox.put`, in the signing thread: packets are large. */
  readonly putPacket: Outbox['put'];
  readonly clock: ClockSteps;
  readonly timeStamping: TimeStamping;
  readonly events: EventEmitter<StationEvents>;
  /** Signatures are finished one after the other, since their records are chained. */
  readonly inTurn: InTurn;
  readonly log: (line: string) => void;
  /** `ipp://…` of a tablet's printer; known once the printer listens. */
  printerOf: (tablet: string) => string;
  /** Resolves when all that the screens of a tablet have said so far is done: of a burst, some of it waits. */
  heard: (tablet: string) => Promise<void>;
}

/** The desk's name is a claim until staff log-in exists. */
export function deskActor(station: Station): Actor {
  return { kind: 'desk', name: station.settings.desk, authenticated: false };
}

/** @throws StationError `NO_SUCH_TABLET` */
export function checkTablet(station: Station, tablet: string): void {
  if (!station.settings.tablets.some(({ id }) => id === tablet)) throw new StationError('NO_SUCH_TABLET', `There is no tablet "${tablet}" at this station.`);
}

/** Puts a document on its tablet. @throws StationError `CAPTURE_NOT_ALLOWED`, `PEN_INSUFFICIENT`, `TABLET_BUSY`, and as `Requests.release` */
export function release(station: Station, id: string, actor: Actor): void {
  refuseWhereNothingMayBeSigned(station);
  const { tablet, autopilot, released } = station.requests.get(id);
  if (tablet !== null && !released) {
    refuseWhileCalibrating(station, tablet);
    // "try it" signs by itself
    if (!autopilot) refuseWithoutPen(station, tablet);
  }
  station.requests.release(id, actor);
  if (tablet !== null && station.visits.on(tablet)?.request !== id) station.visits.begin(tablet, id);
}

/** A guest must never read and sign what could not be sealed. @throws StationError `CAPTURE_NOT_ALLOWED` */
function refuseWhereNothingMayBeSigned(station: Station): void {
  const may = station.papers.allowed();
  if (!may.allowed) throw new StationError('CAPTURE_NOT_ALLOWED', may.reason);
}

/** Takes a document off its tablet's screen, if it is on one. The request itself is not touched. */
export function clearTablet(station: Station, request: SigningRequest, why: BlankReason | null): void {
  if (request.tablet === null || !request.released) return;
  station.visits.end(request.tablet);
  if (why !== null) station.events.emit('blank', request.tablet, request.id, why);
}

/** Off the tablet, waiting again; not once it is signed. Off its screen even where a full disk lets nothing be noted: `returnIdle` does that later. @param why `idle`, `disconnected`, … as the trail keeps it */
export function putBack(station: Station, request: SigningRequest, actor: Actor, why: string, blank: BlankReason | null): void {
  if (isBeingFinished(station, request)) return;
  try {
    station.requests.putBack(request.id, actor, why);
  } finally {
    clearTablet(station, request, blank);
  }
}

/** Ends a request unsigned: the tablet is blank first, then everything but the fact of it goes. */
export function end(station: Station, request: SigningRequest, state: 'declined' | 'cancelled' | 'expired', actor: Actor, reason: string, blank: BlankReason | null): void {
  clearTablet(station, request, blank);
  station.requests.end(request.id, state, actor, reason);
  station.documents.delete('document', request.id);
}

/** @throws StationError `COMPLETING` while "Done" is being made durable */
export function refuseWhileCompleting(station: Station, request: SigningRequest): void {
  if (isBeingFinished(station, request)) {
    throw new StationError('COMPLETING', 'The guest pressed Done; the signature is being finished.');
  }
}

/** "Done" is being made durable, or the outbox has the packet and a full disk kept the station from noting it: nothing may end or return it now. */
export function isBeingFinished(station: Station, { id, tablet }: SigningRequest): boolean {
  const visit = tablet === null ? null : station.visits.on(tablet);
  return (visit?.request === id && visit.completing) || station.outbox.has(id);
}
