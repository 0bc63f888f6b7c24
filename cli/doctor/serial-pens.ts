/** Serial ports that the settings name for pens, and those that are there to be named: none is opened by itself. */
import { existsSync } from 'node:fs';
import { serialPorts, type SerialPort } from '#driver/serial/serial-ports.ts';
import type { PensSettings } from '#kiosk/station/pens/pen-settings.ts';
import { printable } from '../pens/printable.ts';
import type { Finding } from './finding.ts';

const id = 'serial-pens';

export async function serialPens({ serial }: PensSettings): Promise<Finding> {
  const there = await serialPorts();
  if (serial.length > 0) {
    const missing = serial.filter(({ path }) => !isThere(path, there)).map(({ path }) => path);
    const detail = serial.map(({ path, protocol }) => `${path} (${protocol})${missing.includes(path) ? ' IS NOT THERE' : ''}`).join(', ');
    if (missing.length === 0) return { id, state: 'ok', detail, advice: '' };
    return { id, state: 'warning', detail, advice: `Plug the pen in, or correct the path in station.json: ${there.length === 0 ? 'no port is there' : `there are ${named(there)}`}.` };
  }
  if (there.length === 0) return { id, state: 'ok', detail: 'no port is named in station.json, and none is there', advice: '' };
  return { id, state: 'ok', detail: `no port is named in station.json; there are ${named(there)}`, advice: 'If a pen hangs on one, name it: docs/pens.md, "Which pen signs".' };
}

/** A port may be named by a link to it (/dev/serial/by-id/…); on Windows it is no file. */
function isThere(path: string, there: readonly SerialPort[]): boolean {
  return there.some((port) => port.path === path) || (process.platform !== 'win32' && existsSync(path));
}

function named(there: readonly SerialPort[]): string {
  return there.map(({ path, name }) => (name === null ? path : `${path} (${printable(name)})`)).join(', ');
}
