/**
 * What signs at each tablet now, as station, guest screen and desk need it. Decided in `choose-pen.ts`.
 *
 * Before: `roster.ts`, `visits.ts`, `calibrations.ts`. After: `views.ts`, `station.ts` (no document without a pen).
 */
import type { PenSourceInfo } from '#biometrics/capture.ts';
import type { Shown } from '#biometrics/context.ts';
import type { AttachedPen } from '#driver/pens.ts';
import type { DeskPen, PenReader } from '#kiosk/protocol/messages.ts';
import { StationError } from '../errors.ts';
import type { Station } from '../station.ts';
import { choosePen, type PenChoice } from './choose-pen.ts';
import { penMinimum } from './pen-minimum.ts';

export type PenWhere = Extract<PenReader, { reads: 'station' }>['where'];

export function penChoice(station: Station, tablet: string): PenChoice {
  return choosePen({
    tablet,
    candidates: station.pens.roster.list(),
    minimum: penMinimum(station),
    facts: station.visits.greeting(tablet),
  });
}

/** An attempt keeps its pen, whatever is plugged in meanwhile. A finger, where the desk lets one through, is read by the page whatever is attached. */
export function penReader(station: Station, tablet: string): PenReader {
  if (station.visits.on(tablet)?.exception?.reason === 'finger') return { reads: 'screen' };
  const open = station.pens.attempts.penOn(tablet);
  if (open !== null) return { reads: 'station', name: open.name, where: open.where };
  const { source, detail } = penChoice(station, tablet);
  if (source === null) return { reads: 'nobody', reason: detail };
  return source.reads === 'screen' ? { reads: 'screen' } : { reads: 'station', name: source.pen.name, where: whereOf(source.pen) };
}

export function deskPen(station: Station, tablet: string): DeskPen {
  const { source, name, detail, others } = penChoice(station, tablet);
  return { accepted: source !== null, name, detail, calibration: calibrationOf(station, tablet, source), others };
}

function calibrationOf(station: Station, tablet: string, source: PenChoice['source']): DeskPen['calibration'] {
  if (source?.reads !== 'station' || !liesOnDisplay(source.pen)) return 'not-needed';
  const display = station.visits.greeting(tablet)?.display ?? null;
  return display !== null && station.pens.calibrations.of(source.pen.id, display) !== null ? 'calibrated' : 'default';
}

/** Where the guest signs with it. A HID tablet beside the display cannot be told from one that lies on it. */
export function whereOf({ kind }: Pick<AttachedPen, 'kind'>): PenWhere {
  switch (kind) {
    case 'stu-hid': case 'stu-serial': return 'pad';
    case 'topaz': return 'tablet';
    case 'hid': case 'isdv4': return 'screen';
  }
}

/** What the guest saw under the ink, as the record says it (FORMAT.md section 3): the page of the document itself is never there. */
export function underInk({ kind }: Pick<PenSourceInfo, 'kind'>): Shown['underInk'] {
  if (kind === 'pointer' || kind === 'recorded') return 'frame';
  return ({ screen: 'frame', pad: 'pad', tablet: 'nothing' } as const)[whereOf({ kind })];
}

/** What lies beside the display has its ink on the field, wherever the page shows it. */
export function liesOnDisplay(pen: Pick<AttachedPen, 'kind'>): boolean {
  return whereOf(pen) === 'screen';
}

/** @throws StationError `TABLET_BUSY` */
export function refuseWhileCalibrating(station: Station, tablet: string): void {
  if (station.pens.calibrating.has(tablet)) throw new StationError('TABLET_BUSY', 'The pen of that tablet is being calibrated. Finish or cancel that first.');
}

/** A document must not reach a tablet where it cannot be signed. @throws StationError `PEN_INSUFFICIENT` */
export function refuseWithoutPen(station: Station, tablet: string): void {
  const { source, detail } = penChoice(station, tablet);
  if (source === null) throw new StationError('PEN_INSUFFICIENT', `Nothing can be signed on that tablet. ${detail}`);
}
