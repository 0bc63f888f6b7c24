/** Which pens are attached. Read from the system without opening any: a pen in use must not notice. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from './finding.ts';

const id = 'pens';
const HIDRAW = '/sys/class/hidraw';
/** Usage Page (Digitizers), Usage (Pen or Digitizer), Collection (Application): HID Usage Tables, page 0x0D. */
const PEN_COLLECTION = Buffer.from([0x05, 0x0d, 0x09]);

export function pens(): Finding {
  const pointer = 'The guest screen takes any pen the browser shows as one (Pointer Events).';
  if (process.platform !== 'linux') return { id, state: 'unknown', detail: 'attached pens are not listed on this system yet', advice: pointer };
  const names = attached();
  if (names.length === 0) return { id, state: 'warning', detail: 'no HID pen is attached', advice: `${pointer} Without one, "Try it" on the desk screen signs with the recorded pen.` };
  return { id, state: 'ok', detail: names.join(', '), advice: '' };
}

function attached(): string[] {
  try {
    return readdirSync(HIDRAW).filter(isPen).map((node) => `${name(node)} (${node})`);
  } catch {
    return [];
  }
}

function isPen(node: string): boolean {
  const descriptor = readFileSync(join(HIDRAW, node, 'device/report_descriptor'));
  const at = descriptor.indexOf(PEN_COLLECTION);
  return at !== -1 && [0x01, 0x02].includes(descriptor[at + PEN_COLLECTION.length] ?? 0);
}

function name(node: string): string {
  return /^HID_NAME=(.*)$/m.exec(readFileSync(join(HIDRAW, node, 'device/uevent'), 'utf8'))?.[1] ?? 'a pen';
}
