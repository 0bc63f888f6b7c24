/**
 * Starts reading the pens of this machine.
 * Before it: the station's settings. After it: `remote-pens.ts`.
 */
import type { Pens } from '../pens.ts';
import { RemotePens, type PensOptions } from './remote-pens.ts';

/**
 * Starts the pen process and waits for its first list of devices (10 s at most). A machine without pens, or one whose HID
 * library does not load, gives an empty list and a line in the log: it never rejects.
 *
 * HID pens and signature pads on USB are found by themselves; serial ports are read only where they are named.
 */
export async function startPens(options: PensOptions): Promise<Pens> {
  const pens = new RemotePens(new URL('main.ts', import.meta.url), options);
  await pens.ready();
  return pens;
}
