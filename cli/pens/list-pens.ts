/**
 * `countersign pens`: every pen that is attached, and what each tablet signs with and why.
 *
 * Before: a running station says what it has and chose; where none runs, the same policy is asked for what it would choose.
 * After: standard output.
 */
import type { AttachedPen } from '#driver/index.ts';
import type { SerialPort } from '#driver/process/messages.ts';
import { choosePen, type PenChoice } from '#kiosk/station/pens/choose-pen.ts';
import { readSettings } from '#kiosk/station/settings.ts';
import { aligned, penRows } from './describe-pen.ts';
import { pensOfStation, withPens, type TabletPen } from './open-pens.ts';
import { printable } from './printable.ts';

interface Listing {
  /** Whether a station runs on this data folder, and has said all this. */
  station: boolean;
  pens: readonly AttachedPen[];
  tablets: readonly TabletPen[];
}

/** @returns 0. @throws Error where the settings cannot be read, or a station runs and does not answer */
export async function listPens(home: string, serial: readonly SerialPort[], json: boolean): Promise<number> {
  const told = await pensOfStation(home);
  const listing: Listing = told === null ? await asChosenHere(home, serial) : { station: true, ...told, pens: [...told.pens, ...await extraPens(home, serial, told.pens)] };
  process.stdout.write(json ? `${JSON.stringify(listing, null, 2)}\n` : describe(listing));
  return 0;
}

async function asChosenHere(home: string, serial: readonly SerialPort[]): Promise<Listing> {
  const { tablets, pens: settings } = readSettings(home);
  const pens = await withPens(home, serial, false, (attached) => [...attached.list()]);
  const here = settings.tablet ?? tablets[0]!.id;
  const owner = ({ id }: AttachedPen): string => settings.serial.find(({ path }) => id.endsWith(`-${path}`))?.tablet ?? here;
  const candidates = pens.map((pen) => ({ pen, tablet: owner(pen) }));
  return {
    station: false, pens,
    tablets: tablets.map(({ id, name }) => ({ id, name, pen: shown(choosePen({ tablet: id, candidates, minimum: settings.minimum, facts: null })) })),
  };
}

function shown({ source, name, detail, others }: PenChoice): TabletPen['pen'] {
  return { accepted: source !== null, name, detail, others };
}

/** What is only on a port of the command line, and the station knows nothing of. */
async function extraPens(home: string, serial: readonly SerialPort[], known: readonly AttachedPen[]): Promise<AttachedPen[]> {
  if (serial.length === 0) return [];
  const pens = await withPens(home, serial, true, (attached) => [...attached.list()]);
  return pens.filter(({ id }) => !known.some((pen) => pen.id === id));
}

function describe({ station, pens, tablets }: Listing): string {
  const attached = pens.length === 0 ? `${NOTHING}\n` : pens.map((pen, index) => `${index + 1}  ${printable(pen.name)}\n${aligned(penRows(pen))}\n`).join('');
  const heading = station ? 'The station on this data folder' : 'A station on this data folder would choose (none runs)';
  return `${attached}${heading}\n\n${tablets.map(describeTablet).join('\n')}`;
}

const NOTHING = `No pen is attached that can be read from the device itself.

The guest screen takes any pen that its browser shows as one (Pointer Events): pressure as a ratio, at most 1,024 levels on
Windows; tilt in whole degrees where the pen has it; no clock of the pen's own. docs/pens.md says which pens are read directly.
`;

function describeTablet({ id, name, pen: { accepted, name: chosen, detail, others } }: TabletPen): string {
  const signs = accepted ? `signs with: ${printable(chosen)}` : 'NOTHING SIGNS HERE';
  return `   ${printable(name)} (${id})  ${signs}\n      ${detail}\n${others.map((other) => `      not ${printable(other.name)}: ${other.reason}\n`).join('')}`;
}
