/**
 * What the guest screen reports, one case per message of `messages.ts`.
 *
 * Before: `guest-socket.ts` has checked session and form. After: requests change, screens follow.
 * A message about a document that is no longer on this tablet came too late and is dropped: the screen was
 * told to go blank.
 */
import { createHash } from 'node:crypto';
import { CONSENT_VERSION, consentText, isLanguage, type Language } from '#kiosk/protocol/consent.ts';
import type { GuestToStation, Role } from '#kiosk/protocol/messages.ts';
import { signer, STATION } from './audit-log.ts';
import type { PenScreen } from './pens/attempt.ts';
import { beginAttempt } from './pens/begin-attempt.ts';
import { replaceCalibration } from './pens/calibrate.ts';
import { turnOf } from './plan.ts';
import type { SigningRequest } from './requests.ts';
import { end, isBeingFinished, putBack, type Station } from './station.ts';
import { notePosition } from './tablet-place.ts';
import type { Visit } from './visits.ts';

type Hello = Extract<GuestToStation, { type: 'hello' }>;
type AboutRequest = Exclude<GuestToStation, { type: 'hello' }>;

export interface GuestWindow {
  /** It runs on this machine. */
  local: boolean;
  screen: PenScreen;
}

export function handleGuestMessage(station: Station, tablet: string, message: GuestToStation, { local, screen }: GuestWindow): void {
  if (message.type === 'hello') return greet(station, tablet, message, local);
  const request = station.requests.on(tablet);
  const visit = station.visits.on(tablet);
  if (request === null || visit === null || request.id !== message.request || isBeingFinished(station, request)) return;
  visit.lastSign = Date.now();
  handle(station, tablet, request, visit, { message, screen });
}

/** Whose key opens a signature, as the notice names them. */
export function custodianOf(station: Station): string {
  return station.keys.awaiting === null ? station.keys.examiners.map(({ name }) => name).join(', ') : '';
}

/** What somebody agrees to, with whoever opens signatures by the configuration of this moment. */
export function noticeIn(station: Station, language: Language, role: Role): string {
  return consentText(language, { hotel: station.settings.hotel, custodian: custodianOf(station), tabletPlace: station.settings.tabletPlace }, role);
}

/**
 * Every connection starts anew: a page that was reloaded has neither the document nor the guest's consent, and the desk's choice was
 * for a guest who had both. What was refused was refused all the same.
 */
function greet(station: Station, tablet: string, { secureContext, rawUpdate, userAgent, viewport, screen }: Hello, local: boolean): void {
  station.visits.greet(tablet, { secureContext, rawUpdate, userAgent, local, display: screen ?? null, viewport });
  restart(station, tablet);
  replaceCalibration(station, tablet);
  // what was not known of the tablet before may mean that nothing can be signed on it
  station.events.emit('greeted', tablet);
}

/** Not while a signature is being finished: it counts, and `complete.ts` starts anew where it is refused. */
export function restart(station: Station, tablet: string): void {
  const request = station.requests.on(tablet);
  if (request === null || station.visits.screens(tablet) > 1) return;
  const visit = station.visits.on(tablet);
  if (isBeingFinished(station, request)) {
    if (visit !== null) visit.cameAnew = true;
    return;
  }
  // a full disk kept it from going back to the desk: it does when there is room
  if (visit === null) return;
  // what the same person agreed to for the signature before may be carried to a document that nobody has opened yet
  if (request.state === 'assigned' && visit.consent === null && visit.exception === null) return;
  // first here: a disk that is full must not leave one page what another agreed to
  station.visits.begin(tablet, request.id, visit.refusals);
  station.requests.restart(request.id);
}

/** FORMAT.md section 3: the record keeps the first of the pages looked at; the trail keeps all. */
const PAGES_IN_RECORD = 256;

function handle(station: Station, tablet: string, request: SigningRequest, visit: Visit, { message, screen }: { message: AboutRequest; screen: PenScreen }): void {
  const { requests } = station;
  const actor = signer(roleOf(request));
  switch (message.type) {
    case 'shown': return shown(station, tablet, request, message.sha256);
    case 'page':
      if (++visit.pageViews > station.settings.limits.pageViews) return;
      if (visit.pages.length < PAGES_IN_RECORD) visit.pages.push({ page: message.page - 1, ms: message.ms });
      return requests.note(request.id, { actor, action: 'page.viewed', details: { page: message.page, ms: message.ms } });
    case 'language':
      return requests.note(request.id, { actor, action: 'language.chosen', details: { language: message.language } });
    case 'sign':
      if (visit.consent === null || request.state !== 'shown') return;
      return requests.signing(request.id, { actor, action: 'signing.begun' });
    case 'consent': return consent(station, tablet, request, visit, message.language, message.consentSha256);
    case 'clear':
      return requests.note(request.id, { actor, action: 'ink.cleared' });
    case 'pen-begin': return beginAttempt(station, tablet, request, message, screen);
    case 'pen-end': return endAttempt(station, tablet, message.attempt, screen);
    case 'back':
      station.pens.attempts.end(tablet);
      if (request.state !== 'signing') return;
      return requests.reading(request.id, { actor, action: 'signing.left', details: { why: message.why } });
    case 'decline': return decline(station, request, message.reason, message.text);
    case 'position': return notePosition(station, request, visit, message.position ?? message.why ?? 'unavailable');
    case 'idle': return putBack(station, request, STATION, 'idle', null);
    case 'alive': return;
  }
}

/** A window ends its own: another's may have the same number. */
function endAttempt(station: Station, tablet: string, number: number, screen: PenScreen): void {
  const attempt = station.pens.attempts.on(tablet);
  if (attempt?.screen === screen && attempt.begin.attempt === number) station.pens.attempts.end(tablet);
}

function shown(station: Station, tablet: string, request: SigningRequest, sha256: string): void {
  if (sha256 === request.documentSha256) return station.requests.shown(request.id, sha256);
  const text = 'The tablet displayed something else than the printed document. Nothing can be signed. Restart the tablet; if it happens again, do not use it.';
  station.requests.note(request.id, { actor: STATION, action: 'document.differs', details: { displayed: sha256 } });
  station.notices.happened({ code: 'DOCUMENT_DIFFERS', severity: 'error', message: text });
  station.events.emit('refused', tablet, request.id, 'DOCUMENT_DIFFERS', 'The document could not be displayed faithfully. Please ask at the desk.');
  putBack(station, request, STATION, 'document-differs', 'other');
}

/** The words are ours: what the guest read must be the notice of that language, letter for letter. */
function consent(station: Station, tablet: string, request: SigningRequest, visit: Visit, language: string, sha256: string): void {
  const text = isLanguage(language) ? noticeIn(station, language, roleOf(request)) : '';
  if (!isLanguage(language) || createHash('sha256').update(text).digest('hex') !== sha256) {
    station.events.emit('refused', tablet, request.id, 'CONSENT_MISSING', 'The notice on this screen is not the station’s. Please ask at the desk.');
    return;
  }
  const given = { language, sha256, text, agreedAt: new Date().toISOString() };
  const entry = { actor: signer(roleOf(request)), action: 'consent.given', details: { language, version: CONSENT_VERSION, sha256 } };
  if (request.state === 'shown') station.requests.signing(request.id, entry);
  else station.requests.note(request.id, entry);
  // first on the trail: a disk that is full must not leave a signature that nobody is known to have agreed to
  visit.consent = given;
}

/** A guest's own words are shown to the desk and kept nowhere: only the reason's code stays. */
function decline(station: Station, request: SigningRequest, reason: string, text: string): void {
  const role = roleOf(request);
  const { follows } = request;
  end(station, request, 'declined', signer(role), reason, null);
  const who = role === 'staff' ? 'member of staff' : role;
  const words = text.trim() === '' ? '' : ` The ${who} says: “${text.trim()}”`;
  const before = follows === null || !station.documents.has('signed', follows) ? '' : ' What was signed before stays; whoever is left can be asked again where that stands, under “Today, ended”.';
  station.notices.happened({ code: 'DECLINED', severity: 'info', message: `A ${who} declined to sign (${reason}).${words}${before}` });
}

/** Who signs this request. */
export function roleOf({ plan }: SigningRequest): Role {
  return plan === null ? 'guest' : turnOf(plan).role;
}
