/** Opens the pens of this machine for a command that reads one of them, and leaves what a running station holds to it. */
import type { AttachedPen, Pens } from '#driver/index.ts';
import type { SerialPort } from '#driver/process/messages.ts';
import { pensOfStation, withPens, type StationPens } from './open-pens.ts';
import { pickPen } from './pick-pen.ts';
import { printable } from './printable.ts';

/** @throws Error where no pen, or more than one, could be meant; where the pen cannot be opened; where a station holds it */
export async function usePen<T>(home: string, serial: SerialPort[], id: string | undefined, use: (pens: Pens, pen: AttachedPen) => Promise<T>): Promise<T> {
  try {
    return await usePenOf(await pensOfStation(home), home, serial, id, use);
  } catch (error) {
    // the device's own name is in it
    throw new Error(printable((error as Error).message), { cause: error });
  }
}

async function usePenOf<T>(station: StationPens | null, home: string, serial: SerialPort[], id: string | undefined, use: (pens: Pens, pen: AttachedPen) => Promise<T>): Promise<T> {
  const held = station?.pens.find((pen) => pen.id === id);
  if (held !== undefined) refuseHeld(held);
  return withPens(home, serial, station !== null, async (pens) => {
    const pen = pickPen(pens, id);
    if (station?.pens.some((other) => other.id === pen.id) === true) refuseHeld(pen);
    return use(pens, pen);
  });
}

/** hidraw gives every reader every report. A serial port gives each byte to one, and a pad obeys one host only: a guest may be signing on it. */
function refuseHeld({ kind, name }: AttachedPen): void {
  if (kind === 'hid') return;
  throw new Error(`the station on this data folder holds ${name}. Its desk screen says what it gives; to read it here, stop the station first.`);
}
