/** Serial ports that the settings name for pens, and those that are there to be named: none is opened by itself. */
import { serialPorts } from '#driver/serial/serial-ports.ts';
import type { PensSettings } from '#kiosk/station/pens/pen-settings.ts';
import { printable } from '../pens/printable.ts';
import type { Finding } from './finding.ts';

const id = 'serial-pens';

export async function serialPens({ serial }: PensSettings): Promise<Finding> {
  const there = await serialPorts().catch(() => []);
  if (serial.length > 0) return { id, state: 'ok', detail: serial.map(({ path, protocol }) => `${path} (${protocol})`).join(', '), advice: '' };
  if (there.length === 0) return { id, state: 'ok', detail: 'no port is named in station.json, and none is there', advice: '' };
  const names = there.map(({ path, name }) => (name === null ? path : `${path} (${printable(name)})`)).join(', ');
  return { id, state: 'ok', detail: `no port is named in station.json; there are ${names}`, advice: 'If a pen hangs on one, name it: docs/pens.md, "Which pen signs".' };
}
