/**
 * What the desk can do, one function per command of `routes.ts`.
 *
 * Before: `http.ts` has checked the desk's session and the body. After: requests change, screens follow.
 */
import { isFinal, PAPER_INSTEAD, type CancelReason, type ExceptionReason, type IdentityProof } from '#kiosk/protocol/states.ts';
import type { PlannedSigning } from '#kiosk/protocol/messages.ts';
import { acceptDocument } from './accept-document.ts';
import { StationError } from './errors.ts';
import { exceptionAllowed, unfitOf } from './fitness.ts';
import type { SigningRequest } from './requests.ts';
import { checkTablet, clearTablet, deskActor, end, refuseWhileCompleting, release, type Station } from './station.ts';
import { trailChanged } from './trail-facts.ts';
import { refusalsOf, type Visit } from './visits.ts';

/** @throws StationError as `Requests.release` */
export function releaseRequest(station: Station, id: string): void {
  release(station, id, deskActor(station));
}

/** @throws StationError `NO_SUCH_FIELD`, `NOT_NOW` */
export function chooseSigners(station: Station, id: string, signings: readonly PlannedSigning[]): void {
  station.requests.setPlan(id, deskActor(station), signings);
}

/** @throws StationError `NO_SUCH_TABLET`, `NOT_NOW`, `COMPLETING` */
export function moveRequest(station: Station, id: string, tablet: string): void {
  checkTablet(station, tablet);
  const request = unfinished(station, id);
  if (request.tablet === tablet) return;
  station.requests.move(id, deskActor(station), tablet);
  clearTablet(station, request, 'moved');
}

/**
 * Takes a request back at any step before "Done". A free text with the reason is read and dropped: it may
 * name a guest, and of a cancelled signing only the reason's code is kept.
 * @throws StationError `NOT_NOW`, `COMPLETING`
 */
export function cancelRequest(station: Station, id: string, reason: CancelReason): void {
  const request = unfinished(station, id);
  if (reason === PAPER_INSTEAD) refuseException(visitOf(station, request));
  end(station, request, 'cancelled', deskActor(station), reason, 'cancelled');
}

/**
 * The guest's next signature is taken as it is: in this visit, until "Done". A choice made before is replaced. Strokes that were
 * refused are gone, so it cannot be for them.
 * @throws StationError `NOT_NOW` before two refusals, `COMPLETING`
 */
export function acceptNext(station: Station, id: string, reason: ExceptionReason): void {
  const request = unfinished(station, id);
  const visit = visitOf(station, request);
  refuseException(visit);
  if (visit.exception?.reason === reason) return;
  // on the trail first, here and below: see what a full disk would leave
  station.requests.note(request.id, { actor: deskActor(station), action: 'exception.chosen', details: { reason, refusals: unfitOf(refusalsOf(visit)).join(', ') } });
  visit.exception = { reason, by: station.settings.desk };
}

/** The policy decides again. @throws StationError `NOT_NOW`, `COMPLETING` */
export function undoAcceptNext(station: Station, id: string): void {
  const request = unfinished(station, id);
  const visit = visitOf(station, request);
  if (visit.exception === null) return;
  const { reason } = visit.exception;
  station.requests.note(request.id, { actor: deskActor(station), action: 'exception.undone', details: { reason } });
  visit.exception = null;
}

/** Of the guest who is to sign. What was seen is said by its kind alone: numbers of papers are kept nowhere. @throws StationError `NOT_NOW`, `COMPLETING` */
export function confirmIdentity(station: Station, id: string, seen: IdentityProof): void {
  const request = unfinished(station, id);
  station.requests.note(request.id, { actor: deskActor(station), action: 'identity.confirmed', details: { seen } });
  trailChanged(station, request.id);
  station.events.emit('changed');
}

function visitOf(station: Station, { id, tablet }: SigningRequest): Visit {
  const visit = tablet === null ? null : station.visits.on(tablet);
  if (visit?.request !== id) throw new StationError('NOT_NOW', 'No guest is signing this document now.');
  return visit;
}

function refuseException(visit: Visit): void {
  const decision = exceptionAllowed(refusalsOf(visit));
  if (!decision.accepted) throw new StationError(decision.code, decision.reason);
}

/** Prints a sample card to a tablet. @throws StationError `NO_SUCH_TABLET` */
export async function printSample(station: Station, tablet: string, pages: 1 | 3 = 1): Promise<SigningRequest> {
  return sample(station, tablet, pages, false);
}

/** A sample card, released at once, for the guest screen to sign by itself with the recorded pen. @throws StationError `DEMO_ONLY`, `TABLET_BUSY`, `NO_SUCH_TABLET` */
export async function tryIt(station: Station, tablet: string): Promise<SigningRequest> {
  if (!station.keys.demo) throw new StationError('DEMO_ONLY', 'A recorded signature can be tried in demo mode only.');
  checkTablet(station, tablet);
  const busy = () => new StationError('TABLET_BUSY', 'Another document is on that tablet. Try it when the tablet is free.');
  if (station.requests.on(tablet) !== null) throw busy();
  const request = await sample(station, tablet, 1, true);
  try {
    release(station, request.id, deskActor(station));
  } catch (error) {
    end(station, request, 'cancelled', deskActor(station), 'other', null);
    throw error;
  }
  return station.requests.get(request.id);
}

async function sample(station: Station, tablet: string, pages: 1 | 3, autopilot: boolean): Promise<SigningRequest> {
  checkTablet(station, tablet);
  const { sampleCard, sampleGuests } = await import('#kiosk/sample/index.ts');
  const bytes = await sampleCard({ pages, size: 'A4', guest: sampleGuests.latin });
  return acceptDocument(station, bytes, { tablet, title: 'Sample registration card', printedBy: station.settings.desk, from: deskActor(station), autopilot });
}

function unfinished(station: Station, id: string): SigningRequest {
  const request = station.requests.get(id);
  if (isFinal(request.state)) throw new StationError('NOT_NOW', `The request is ${request.state} already.`);
  refuseWhileCompleting(station, request);
  return request;
}
