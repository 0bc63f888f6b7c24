/**
 * The pens of this machine, read by this command itself, beside a station that may run on the same data folder.
 *
 * Before it: `station.json` and the command line. After it: `Pens`. A station holds its serial ports and talks to
 * its pads: they are left to it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startPens } from '#driver/process/index.ts';
import type { SerialPort } from '#driver/process/messages.ts';
import type { AttachedPen, Pens } from '#driver/index.ts';
import type { DeskPen } from '#kiosk/protocol/messages.ts';
import type { RosterState } from '#kiosk/station/pens/roster.ts';
import { readSettings } from '#kiosk/station/settings.ts';
import { askStation } from '../control.ts';
import { answered } from './answered.ts';

/** A pen with the tablet it belongs to; null: none, the station does not read it. */
export type OwnedPen = AttachedPen & { tablet: string | null };

/** What a tablet signs with, and why. */
export interface TabletPen { id: string; name: string; pen: Pick<DeskPen, 'accepted' | 'name' | 'detail' | 'others'> }

export interface StationPens {
  /** False: the station could not start reading pens; its log says why. */
  reads: boolean;
  pens: OwnedPen[];
  tablets: TabletPen[];
}

/** How long a station that has just started is waited for. */
const STARTING_MS = 12_000;
const ASK_AGAIN_MS = 300;

/** @param serial ports besides those of the settings. @returns what `use` does; every device is closed by then */
export async function withPens<T>(home: string, serial: readonly SerialPort[], station: boolean, use: (pens: Pens) => Promise<T> | T): Promise<T> {
  const settings = readSettings(home).pens;
  const own = station ? [] : settings.serial.map(({ path, protocol, baudRate }) => ({ path, protocol, baudRate }));
  const named = own.filter(({ path }) => !serial.some((port) => port.path === path));
  const pens = await startPens({ serial: [...named, ...serial], stu: settings.stu, leavePads: station, log: (line) => process.stderr.write(`${line}\n`) });
  try {
    await answered(pens, station);
    return await use(pens);
  } finally {
    await pens.stop();
  }
}

/** What a running station says of its pens; null where none runs on this data folder. @throws Error where it runs and does not say */
export async function pensOfStation(home: string): Promise<StationPens | null> {
  const giveUpAt = performance.now() + STARTING_MS;
  for (;;) {
    const reply = await askStation(home, { command: 'pens' });
    if (reply === null) return null;
    if (!reply.ok) throw new Error(`the station on ${home} does not say which pens it has: ${reply.message}`);
    const told = reply as unknown as Told;
    if (told.reading !== 'starting' || performance.now() > giveUpAt) return asStationPens(told);
    await sleep(ASK_AGAIN_MS);
  }
}

interface Told { reading: RosterState; attached: OwnedPen[]; tablets: TabletPen[] }

function asStationPens({ reading, attached, tablets }: Told): StationPens {
  return { reads: reading === 'running', pens: attached, tablets: tablets.map(({ id, name, pen: { accepted, name: chosen, detail, others } }) => ({ id, name, pen: { accepted, name: chosen, detail, others } })) };
}
