/** What each screen is shown of the station: whole states, sent again when anything in them changed. */
import { isLanguage, type Language } from '#kiosk/protocol/consent.ts';
import type { AwaitingEnrolment, DeskRequest, DeskTablet, DeskUnfit, GuestHelp, GuestRequest, StationToDesk, StationToGuest } from '#kiosk/protocol/messages.ts';
import { isFinal, REQUEST_STATES } from '#kiosk/protocol/states.ts';
import { unsignedAfter } from './ask-again.ts';
import { exceptionAllowed, unfitOf } from './fitness.ts';
import { custodianOf } from './guest-messages.ts';
import { calibratingView } from './pens/calibrate.ts';
import { penMinimum } from './pens/pen-minimum.ts';
import { deskPen, penReader } from './pens/tablet-pens.ts';
import { checksBefore, turnOf } from './plan.ts';
import { instrumentsFor } from './policy.ts';
import type { SigningRequest } from './requests.ts';
import type { Station } from './station.ts';
import { trailFacts } from './trail-facts.ts';
import { refusalsOf, type Visit } from './visits.ts';

const [OPEN, ENDED] = [REQUEST_STATES.filter((state) => !isFinal(state)), REQUEST_STATES.filter(isFinal)];
/** As many as may wait by any settings: see `waitingRequests` in `limits.ts`; a document that several sign counts once. */
const MOST_OPEN = 20_000;
/** Ended requests stay on the desk's screen this long, ms. */
const ENDED_SHOWN = 24 * 3_600_000;

export function guestView(station: Station, tablet: string): Extract<StationToGuest, { type: 'state' }> {
  const { settings, keys } = station;
  const { idle, warning, thanks, touchBeforePen, touchAfterPen } = settings.limits;
  const visit = station.visits.on(tablet);
  // one that a full disk keeps on a tablet which it has left is shown to nobody
  const request = visit === null ? null : station.requests.on(tablet);
  return {
    type: 'state',
    hotel: settings.hotel,
    tablet: { id: tablet, name: settings.tablets.find(({ id }) => id === tablet)?.name ?? tablet },
    demo: keys.demo,
    awaiting: awaitingView(keys),
    instruments: instrumentsFor(keys.demo, penMinimum(station), visit?.exception?.reason ?? null),
    times: { idle, warning, thanks, touchBeforePen, touchAfterPen },
    custodian: custodianOf(station),
    pen: penReader(station, tablet),
    calibrating: calibratingView(station, tablet),
    help: visit === null ? null : helpFor(visit),
    locate: settings.tabletPlace,
    request: request === null ? null : guestRequest(request, visit),
  };
}

/** Not why: whether a hand is helped is between guest and desk. */
function helpFor(visit: Visit): GuestHelp {
  const { exception } = visit;
  if (exception !== null) return exception.reason === 'finger' ? 'finger' : 'taken';
  return exceptionAllowed(refusalsOf(visit)).accepted ? 'coming' : null;
}

function awaitingView({ awaiting }: Station['keys']): AwaitingEnrolment | null {
  return awaiting === null ? null : { fingerprint: awaiting.fingerprint };
}

function guestRequest(request: SigningRequest, visit: Visit | null): GuestRequest | null {
  const { id, state, details, plan, field, documentSha256, documentLength, autopilot } = request;
  const place = details?.fields[field ?? -1];
  if (details === null || plan === null || place === undefined || documentSha256 === null || documentLength === null) return null;
  if (state !== 'assigned' && state !== 'shown' && state !== 'signing') return null;
  return {
    id, state, title: details.title, pages: details.pages,
    documentUrl: `/guest/document/${id}`, documentSha256, documentLength, field: place, autopilot,
    turn: turnOf(plan),
    checks: checksBefore(details.fields, plan),
    language: isLanguage(details.hints.language ?? '') ? details.hints.language as Language : null,
    agreed: agreedBefore(request, visit),
  };
}

/** Only while nothing has been agreed to anew. */
function agreedBefore({ id, follows }: SigningRequest, visit: Visit | null): GuestRequest['agreed'] {
  if (follows === null || visit?.request !== id || visit.consent === null) return null;
  return { language: visit.consent.language, sha256: visit.consent.sha256 };
}

export function deskView(station: Station): Extract<StationToDesk, { type: 'state' }> {
  const { settings, keys, outbox } = station;
  const since = new Date(Date.now() - ENDED_SHOWN).toISOString();
  const all = forDesk(station);
  const followed = new Set(all.map(({ follows }) => follows));
  const requests = all.filter((request) => !isFinal(request.state) || request.changedAt > since);
  const { waiting, retrying, delivered, lastError } = outbox.status();
  return {
    type: 'state',
    hotel: settings.hotel,
    desk: settings.desk,
    demo: keys.demo,
    awaiting: awaitingView(keys),
    tablets: settings.tablets.map((tablet) => deskTablet(station, tablet)),
    requests: requests.map((request) => deskRequest(station, request, followed.has(request.id))),
    outbox: { waiting, retrying, delivered, lastError },
    forms: station.forms.list(),
    notices: station.notices.list(),
  };
}

/** All that wait, however many have ended since; of those the newest. The newest first. */
function forDesk({ requests }: Station): SigningRequest[] {
  return [...requests.list(OPEN, MOST_OPEN), ...requests.list(ENDED)].toSorted((a, b) => b.receivedAt.localeCompare(a.receivedAt));
}

function deskTablet(station: Station, { id, name }: { id: string; name: string }): DeskTablet {
  return {
    id, name,
    connected: station.visits.connected(id),
    secureContext: station.visits.greeting(id)?.secureContext ?? null,
    printer: station.printerOf(id),
    request: station.requests.on(id)?.id ?? null,
    pen: deskPen(station, id),
    calibrating: station.pens.calibrating.has(id),
  };
}

function deskRequest(station: Station, request: SigningRequest, followed: boolean): DeskRequest {
  const { id, state, details, plan } = request;
  return {
    id, state,
    title: details?.title ?? '',
    tablet: request.tablet,
    receivedAt: request.receivedAt,
    changedAt: request.changedAt,
    printedBy: { name: details?.printedBy ?? '', authenticated: false },
    pages: details?.pages ?? 0,
    // nobody chooses of them any more, and a busy day has hundreds of these
    fields: isFinal(state) ? [] : details?.fields ?? [],
    plan: plan?.signings ?? [],
    signed: plan?.signed ?? 0,
    follows: request.follows,
    hints: details?.hints ?? {},
    warnings: isFinal(state) ? [] : details?.warnings ?? [],
    placing: placingOf(request),
    reason: request.reason,
    documentUrl: isFinal(state) ? null : `/desk/requests/${id}/document`,
    signedUrl: state === 'completed' && station.documents.has('signed', id) ? `/desk/requests/${id}/signed.pdf` : null,
    unfit: unfitView(station, request),
    delivery: state === 'completed' ? station.outbox.statusOf(id) : 'none',
    identity: isFinal(state) ? null : trailFacts(station, id).identity,
    unsigned: unsignedView(station, request, followed),
    voided: state === 'completed' ? trailFacts(station, id).voided : null,
  };
}

function unsignedView(station: Station, request: SigningRequest, followed: boolean): DeskRequest['unsigned'] {
  const left = unsignedAfter(station, request, followed);
  return left.length === 0 ? null : { left, kept: request.details !== null && station.documents.has('signed', request.id) };
}

function placingOf({ state, details, plan, placeable }: SigningRequest): DeskRequest['placing'] {
  if (isFinal(state) || details === null || !placeable || (plan?.signed ?? 0) > 0) return 'no';
  if (details.drawn !== undefined) return 'drawn';
  return details.known === true ? 'known' : 'open';
}

function unfitView(station: Station, { id, tablet }: SigningRequest): DeskUnfit | null {
  const visit = tablet === null ? null : station.visits.on(tablet);
  const codes = visit?.request === id ? unfitOf(refusalsOf(visit)) : [];
  if (visit === null || codes.length === 0) return null;
  return { codes, offered: exceptionAllowed(refusalsOf(visit)).accepted, exception: visit.exception?.reason ?? null };
}
