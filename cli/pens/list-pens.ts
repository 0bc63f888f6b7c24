/**
 * `countersign pens`: every pen that is attached, and what each tablet signs with and why.
 *
 * Before: a running station says what it has and chose; where none runs, the same policy is asked for what it would choose.
 * After: standard output.
 */
import { join } from 'node:path';
import type { SerialPort } from '#driver/process/messages.ts';
import { kindOfKeys, openTenantKeys } from '#keys/index.ts';
import { choosePen, type PenChoice } from '#kiosk/station/pens/choose-pen.ts';
import { penMinimum } from '#kiosk/station/pens/pen-minimum.ts';
import { Roster } from '#kiosk/station/pens/roster.ts';
import { readSettings } from '#kiosk/station/settings.ts';
import { aligned, penRows } from './describe-pen.ts';
import { pensOfStation, withPens, type OwnedPen, type TabletPen } from './open-pens.ts';
import { printable } from './printable.ts';

interface Listing {
  /** False: the station there could not start reading pens; its log says why. */
  reads: boolean;
  /** What a station that runs on this data folder says; false: none runs, and this is what one would choose. */
  station: boolean;
  pens: readonly OwnedPen[];
  tablets: readonly TabletPen[];
}

/** @returns 0. @throws Error where the settings cannot be read, or a station runs and does not answer */
export async function listPens(home: string, serial: readonly SerialPort[], json: boolean): Promise<number> {
  const told = await pensOfStation(home);
  const listing = told === null ? await asChosenHere(home, serial) : { station: true, reads: told.reads, pens: [...told.pens, ...await furtherPens(home, serial, told.pens)], tablets: told.tablets };
  process.stdout.write(json ? `${JSON.stringify(listing, null, 2)}\n` : describe(listing));
  return 0;
}

async function asChosenHere(home: string, serial: readonly SerialPort[]): Promise<Listing> {
  const all = readSettings(home);
  const { tablets, pens: settings } = all;
  const keys = join(home, 'keys');
  const minimum = kindOfKeys(keys) === 'tenant' ? penMinimum({ keys: await openTenantKeys(keys, all), settings: all }) : settings.minimum;
  return withPens(home, serial, false, async (pens) => {
    const roster = new Roster(settings, tablets[0]!.id, () => undefined);
    await roster.start(() => Promise.resolve(pens));
    const candidates = roster.list();
    return {
      station: false, reads: true, pens: candidates.map(({ pen, tablet }) => ({ ...pen, tablet })),
      tablets: tablets.map(({ id, name }) => ({ id, name, pen: shown(choosePen({ tablet: id, candidates, minimum, facts: null })) })),
    };
  });
}

function shown({ source, name, detail, others }: PenChoice): TabletPen['pen'] {
  return { accepted: source !== null, name, detail, others };
}

/** What is only on a port of the command line, and the station knows nothing of. */
async function furtherPens(home: string, serial: readonly SerialPort[], known: readonly OwnedPen[]): Promise<OwnedPen[]> {
  if (serial.length === 0) return [];
  const pens = await withPens(home, serial, true, (attached) => [...attached.list()]);
  return pens.filter(({ id }) => !known.some((pen) => pen.id === id)).map((pen) => ({ ...pen, tablet: null }));
}

function describe({ station, reads, pens, tablets }: Listing): string {
  const attached = pens.length === 0 ? `${NOTHING}\n` : pens.map((pen, index) => `${index + 1}  ${printable(pen.name)}\n${aligned(penRows(pen))}\n`).join('');
  const failed = reads ? '' : 'THE STATION CANNOT READ PENS: its log says why. Until it is started again its tablets have Pointer Events only.\n\n';
  const heading = station ? 'The station on this data folder' : 'A station on this data folder would choose (none runs)';
  return `${failed}${attached}${heading}\n\n${tablets.map(describeTablet).join('\n')}`;
}

const NOTHING = `No pen is attached that can be read from the device itself.

The guest screen takes any pen that its browser shows as one (Pointer Events): pressure as a ratio, at most 1,024 levels on
Windows; tilt in whole degrees where the pen has it; no clock of the pen's own. docs/pens.md says which pens are read directly.
`;

function describeTablet({ id, name, pen: { accepted, name: chosen, detail, others } }: TabletPen): string {
  const signs = accepted ? `signs with: ${printable(chosen)}` : 'NOTHING SIGNS HERE';
  return `   ${printable(name)} (${id})  ${signs}\n      ${printable(detail)}\n${others.map((other) => `      ${printable(`not ${other.name}: ${other.reason}`)}\n`).join('')}`;
}
