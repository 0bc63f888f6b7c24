/**
 * An attempt at a tablet: what `pen-begin` starts, what its screens hear, and how "Done" takes it.
 *
 * Before: `guest-messages.ts`. After: `attempts.ts`, `complete.ts`. The trail gets facts: which kind of source, how it lies on the
 * screen, that it was lost. No coordinate leaves this folder but as ink for the window that began the attempt.
 */
import { apply, compose, type Affine, type Box } from '#biometrics/affine.ts';
import { PenError, type PenErrorCode } from '#driver/errors.ts';
import type { AttachedPen, AttachedPenSource } from '#driver/pens.ts';
import { isLanguage, type Language } from '#kiosk/protocol/consent.ts';
import type { Field, StationToGuest } from '#kiosk/protocol/messages.ts';
import { PAD_WORDS } from '#kiosk/protocol/pad-words.ts';
import { STATION } from '../audit-log.ts';
import type { CaptureBytes } from '../capture-bytes.ts';
import { StationError } from '../errors.ts';
import type { SigningRequest } from '../requests.ts';
import type { Station } from '../station.ts';
import type { Attempt, Layout, PenBegin, PenScreen } from './attempt.ts';
import { boxOf, inside, isPlausible, isUsable, onDisplay, onField, rawBox } from './lay-on-screen.ts';
import { padLayout } from './pad-layout.ts';
import { liesOnDisplay, penChoice, whereOf } from './tablet-pens.ts';

type PenLost = Extract<StationToGuest, { type: 'pen-lost' }>;

/**
 * Whatever keeps it from beginning is told to the screen with `pen-lost`. So is the one before, where it was not ended: it is that of
 * another window, which would go on showing ink that is gone.
 */
export function beginAttempt(station: Station, tablet: string, request: SigningRequest, begin: PenBegin, screen: PenScreen): void {
  const before = station.pens.attempts.on(tablet);
  station.pens.attempts.end(tablet);
  if (before !== null) lose(station, before.screen, before.begin, 'refused', 'Another window of this tablet has begun to sign. Nothing of the signature was kept.');
  const field = request.details?.fields[request.field ?? -1];
  const { source: choice } = penChoice(station, tablet);
  const agreed = station.visits.on(tablet)?.consent !== null;
  if (choice?.reads !== 'station' || field === undefined || !agreed || !isPlausible(begin)) {
    return lose(station, screen, begin, 'refused', 'No pen can be read for this signature now. Please ask at the desk.');
  }
  const { pen } = choice;
  const source = station.pens.roster.source(pen.id);
  const { attempt, opened } = station.pens.attempts.begin(tablet, { id: pen.id, name: pen.name, where: whereOf(pen) }, {
    begin,
    screen,
    source,
    lay: () => layoutFor(station, begin, pen, source, field),
    drawn: (points) => screen.send({ type: 'ink', request: begin.request, attempt: begin.attempt, points }),
    alive: () => {
      const visit = station.visits.on(tablet);
      if (visit !== null) visit.lastSign = Date.now();
    },
    lost: (error) => {
      lose(station, screen, begin, error.code === 'PEN_OVERFLOW' ? 'overflow' : 'gone', 'The pen was lost. Nothing of the signature was kept. Please sign again.');
      leaveAlone(station, pen, error);
    },
  });
  opened
    .then(() => (attempt.destroyed ? undefined : begun(station, request, attempt, pen)))
    .catch((error: unknown) => { if (station.pens.attempts.isWanted(tablet, attempt)) refused(station, tablet, attempt, pen, error); });
}

async function begun(station: Station, request: SigningRequest, attempt: Attempt, pen: AttachedPen): Promise<void> {
  const { begin, pad, info, calibration } = attempt;
  station.requests.note(begin.request, { actor: STATION, action: 'source.chosen', details: { kind: info.kind, attempt: begin.attempt, calibration: calibration?.method ?? null } });
  if (pad === null) return;
  pad.onButton((button) => {
    if (attempt.destroyed || (button !== 'ok' && button !== 'clear' && button !== 'cancel')) return;
    attempt.screen.send({ type: 'pad-button', request: begin.request, attempt: begin.attempt, button });
  });
  const { padSigningScreen } = await import('./pad-screen.ts');
  const picture = padSigningScreen(pad, { hotel: station.settings.hotel, title: request.details?.title ?? pen.name, language: languageOf(begin), demo: station.keys.demo });
  try {
    await pad.show(picture);
  } catch (error) {
    // one that was lost meanwhile, or ended, was told already; one that is closed for "Done" needs no picture, and keeps its samples
    if (attempt.isUnderWay) throw error;
  }
}

/** The device is claimed, forbidden or silent, or cannot be laid on the screen: the guest is told, the log says which. */
function refused(station: Station, tablet: string, { screen, begin }: Attempt, pen: AttachedPen, error: unknown): void {
  const code = error instanceof PenError ? error.code : 'INTERNAL';
  station.log(`the pen of tablet ${tablet} could not be used: ${code} ${(error as Error).message}`);
  station.pens.attempts.end(tablet);
  lose(station, screen, begin, code === 'PEN_GONE' || code === 'PEN_UNKNOWN' ? 'gone' : 'refused', 'The pen cannot be read at the moment. Please try again, or ask at the desk.');
  leaveAlone(station, pen, error);
}

const UNREADABLE: readonly PenErrorCode[] = ['PEN_CLAIMED', 'PEN_FORBIDDEN', 'PEN_SILENT', 'PEN_LAYOUT_UNKNOWN'];

/** Listed without a problem and not readable all the same: the guest's next attempt is with what is second best. */
function leaveAlone(station: Station, { id }: AttachedPen, error: unknown): void {
  if (error instanceof PenError && UNREADABLE.includes(error.code)) station.pens.roster.couldNotRead(id, error);
}

function lose(station: Station, screen: PenScreen, { request, attempt }: PenBegin, why: PenLost['why'], message: string): void {
  screen.send({ type: 'pen-lost', request, attempt, why, message });
  // the trail is closed where the station is being stopped
  if (station.database.open) station.requests.note(request, { actor: STATION, action: 'pen.lost', details: { why, attempt } });
}

/**
 * The capture of exactly that attempt, for "Done"; the device is closed. Its samples stay the attempt's, which overwrites them when
 * the visit ends.
 * @throws StationError `CAPTURE_INCOMPLETE`
 */
export async function captureOfAttempt(station: Station, tablet: string, request: string, number: number): Promise<CaptureBytes> {
  const attempt = station.pens.attempts.on(tablet);
  if (attempt === null || attempt.begin.request !== request || attempt.begin.attempt !== number) {
    throw new StationError('CAPTURE_INCOMPLETE', 'This attempt at a signature is over, and nothing of it was kept. Please sign again.');
  }
  const capture = await attempt.finish();
  if (capture === null) throw new StationError('CAPTURE_INCOMPLETE', 'The pen was lost before the signature was complete. Please sign again.');
  return capture;
}

function languageOf({ language }: PenBegin): Language {
  return isLanguage(language) ? language : 'en';
}

/** @throws PenError `PEN_LAYOUT_UNKNOWN` where the device does not say how far its coordinates go */
function layoutFor(station: Station, begin: PenBegin, pen: AttachedPen, source: AttachedPenSource, field: Field): Layout {
  const layout = anyLayout(station, begin, pen, source, field);
  const { toScreen } = layout.calibration;
  if (isUsable(toScreen) && isUsable(compose(toScreen, begin.toPage))) return layout;
  throw new PenError('PEN_LAYOUT_UNKNOWN', `${pen.name} cannot be laid on this display.`);
}

function anyLayout(station: Station, begin: PenBegin, pen: AttachedPen, source: AttachedPenSource, field: Field): Layout {
  const { pad, info } = source;
  const { left, top, width, height } = begin.surface;
  const surface: Box = { left, top, width, height };
  if (pad !== null) {
    const area = boxOf(padLayout(pad.width, pad.height, PAD_WORDS[languageOf(begin)].direction).ink);
    const toPixels: Affine = [...pad.toPixels];
    const begins = (x: number, y: number): boolean => inside(area, ...apply(toPixels, x, y));
    return { calibration: onField(toPixels, area, field.rect, begin.toPage), begins };
  }
  if (liesOnDisplay(pen)) {
    const calibration = onDisplay(info, begin.screen, station.pens.calibrations.of(pen.id, begin.screen));
    if (calibration !== null) return { calibration, begins: (x, y) => inside(surface, ...apply(calibration.toScreen, x, y)) };
  } else {
    // all of a tablet without a screen is for signing
    const range = rawBox(info);
    if (range !== null) return { calibration: onField([1, 0, 0, 1, 0, 0], range, field.rect, begin.toPage), begins: () => true };
  }
  throw new PenError('PEN_LAYOUT_UNKNOWN', `${pen.name} does not say how far its coordinates go, so that its ink cannot be placed.`);
}
