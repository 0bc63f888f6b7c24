/**
 * Calibration of a pen display: crosses on the guest screen one after the other, a tap on each, and a map that fits them.
 *
 * Before: the desk's commands. After: `calibrations.ts` keeps the map; attempts begun later use it. Never while a document is on
 * the tablet, and no document reaches a tablet meanwhile. The raw positions of the taps are forgotten with the run.
 */
import type { DisplayPlace, StationToGuest } from '#kiosk/protocol/messages.ts';
import type { PenError } from '#driver/errors.ts';
import type { AttachedPen, AttachedPenSource } from '#driver/pens.ts';
import { STATION } from '../audit-log.ts';
import { StationError } from '../errors.ts';
import { checkTablet, deskActor, type Station } from '../station.ts';
import { fitAffine, type Pair } from './fit-affine.ts';
import { isUsable, rawBox } from './lay-on-screen.ts';
import { liesOnDisplay, penChoice } from './tablet-pens.ts';
import { TapFinder } from './tap.ts';

/** Where crosses stand, as shares of the viewport: near the corners, where an error is largest, and the middle. */
const CROSSES = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9], [0.5, 0.5]] as const;
/** A tap may wander over this share of the digitizer's longer side. */
const MOST_WANDER = 0.02;

interface Place { display: DisplayPlace; viewport: { width: number; height: number } }

/** One run at one tablet. */
export interface Calibrating {
  pen: AttachedPen;
  source: AttachedPenSource;
  place: Place;
  taps: Pair[];
  again: boolean;
  timer: NodeJS.Timeout;
}

/** What the guest screen shows of it; null: nothing. */
export function calibratingView(station: Station, tablet: string): Extract<StationToGuest, { type: 'state' }>['calibrating'] {
  const run = station.pens.calibrating.get(tablet);
  const cross = CROSSES[run?.taps.length ?? 0];
  if (run === undefined || cross === undefined) return null;
  return { x: cross[0], y: cross[1], step: run.taps.length + 1, steps: CROSSES.length, again: run.again };
}

/** @throws StationError `NO_SUCH_TABLET`, `NOT_NOW`, `TABLET_BUSY` */
export async function beginCalibration(station: Station, tablet: string): Promise<void> {
  checkTablet(station, tablet);
  const { pen, place } = calibratable(station, tablet);
  if (station.requests.on(tablet) !== null) throw new StationError('TABLET_BUSY', 'A document is on that tablet. Calibrate when it is free.');
  cancelCalibration(station, tablet);
  const source = station.pens.roster.source(pen.id);
  const run: Calibrating = { pen, source, place, taps: [], again: false, timer: setTimeout(() => giveUp(station, tablet, run, 'Nobody tapped the crosses.'), station.settings.limits.calibration) };
  station.pens.calibrating.set(tablet, run);
  station.events.emit('changed');
  try {
    await station.pens.attempts.alone(pen.id, () => listen(station, tablet, run));
  } catch (error) {
    if (station.pens.calibrating.get(tablet) === run) stop(station, tablet, run);
    throw new StationError('NOT_NOW', `The pen cannot be read at the moment: ${(error as Error).message}`, { cause: error });
  }
}

/** Without a result. Nothing happens where none is going on. */
export function cancelCalibration(station: Station, tablet: string): void {
  const run = station.pens.calibrating.get(tablet);
  if (run !== undefined) stop(station, tablet, run);
}

/** Back to the device's range from edge to edge. @throws StationError `NO_SUCH_TABLET`, `NOT_NOW` */
export function resetCalibration(station: Station, tablet: string): void {
  checkTablet(station, tablet);
  const { pen, place } = calibratable(station, tablet);
  cancelCalibration(station, tablet);
  if (station.pens.calibrations.forget(pen.id, place.display)) changed(station, tablet, pen, 'whole-range');
}

/** The page came anew, perhaps elsewhere on the display: what was tapped so far was meant for other places. */
export function replaceCalibration(station: Station, tablet: string): void {
  const run = station.pens.calibrating.get(tablet);
  if (run === undefined) return;
  const place = placeOf(station, tablet);
  if (place === null) return stop(station, tablet, run);
  if (JSON.stringify(place) === JSON.stringify(run.place)) return;
  run.place = place;
  run.taps = [];
  station.events.emit('changed');
}

function calibratable(station: Station, tablet: string): { pen: AttachedPen; place: Place } {
  const { source } = penChoice(station, tablet);
  if (source?.reads !== 'station' || !liesOnDisplay(source.pen)) throw new StationError('NOT_NOW', 'The pen at that tablet needs no calibration.');
  const place = placeOf(station, tablet);
  if (place === null) throw new StationError('NOT_NOW', 'That tablet’s screen is not open, or does not say where it lies on the display.');
  return { pen: source.pen, place };
}

function placeOf(station: Station, tablet: string): Place | null {
  const greeting = station.visits.greeting(tablet);
  if (greeting?.display == null || !station.visits.connected(tablet)) return null;
  return { display: greeting.display, viewport: greeting.viewport };
}

async function listen(station: Station, tablet: string, run: Calibrating): Promise<void> {
  const current = (): boolean => station.pens.calibrating.get(tablet) === run;
  if (!current()) return;
  let finder: TapFinder | null = null;
  await run.source.open({
    samples(samples) {
      if (!current()) return;
      finder ??= new TapFinder(wander(run.source));
      for (const tap of finder.add(samples)) if (current()) tapped(station, tablet, run, tap);
    },
    ended(error: PenError | null) {
      if (error !== null && current()) giveUp(station, tablet, run, 'The pen went away.');
    },
  });
  if (!current()) await run.source.close();
}

function wander({ info }: AttachedPenSource): number {
  const range = rawBox(info);
  return range === null ? Infinity : MOST_WANDER * Math.max(range.width, range.height);
}

function tapped(station: Station, tablet: string, run: Calibrating, from: { x: number; y: number }): void {
  const cross = CROSSES[run.taps.length];
  if (cross === undefined) return;
  run.timer.refresh();
  const { display, viewport } = run.place;
  run.taps.push({ from, to: { x: display.left + cross[0] * viewport.width, y: display.top + cross[1] * viewport.height } });
  if (run.taps.length === CROSSES.length) fit(station, tablet, run);
  station.events.emit('changed');
}

function fit(station: Station, tablet: string, run: Calibrating): void {
  const { pen, place, taps } = run;
  const found = fitAffine(taps);
  if (found === null || !isUsable(found.map) || found.residual > station.settings.limits.calibrationResidual) {
    run.taps = [];
    run.again = true;
    return;
  }
  stop(station, tablet, run);
  try {
    station.pens.calibrations.keep(pen.id, place.display, { toDisplay: found.map, measuredAt: new Date().toISOString(), residual: found.residual });
  } catch (error) {
    station.log(`calibration of ${tablet} could not be kept: ${(error as Error).message}`);
    return tell(station, tablet, 'error', 'was not calibrated: the result could not be written. Look at the station’s disk.');
  }
  changed(station, tablet, pen, 'points');
  tell(station, tablet, 'info', `is calibrated: taps were off by ${found.residual.toFixed(1)} pixels at most.`);
}

function giveUp(station: Station, tablet: string, run: Calibrating, why: string): void {
  stop(station, tablet, run);
  tell(station, tablet, 'warning', `was not calibrated. ${why}`);
}

function stop(station: Station, tablet: string, run: Calibrating): void {
  clearTimeout(run.timer);
  if (station.pens.calibrating.get(tablet) === run) station.pens.calibrating.delete(tablet);
  run.taps = run.taps.slice(0, 0);
  void station.pens.attempts.alone(run.pen.id, () => run.source.close());
  station.events.emit('changed');
}

function tell(station: Station, tablet: string, severity: 'info' | 'warning' | 'error', what: string): void {
  const name = station.settings.tablets.find(({ id }) => id === tablet)?.name ?? tablet;
  station.notices.happened({ code: `CALIBRATION ${tablet}`, severity, message: `The pen at “${name}” ${what}` });
}

function changed(station: Station, tablet: string, { kind }: AttachedPen, method: 'points' | 'whole-range'): void {
  station.audit.note({ actor: method === 'points' ? STATION : deskActor(station), action: 'calibration.changed', details: { tablet, kind, method } });
  station.events.emit('changed');
}
