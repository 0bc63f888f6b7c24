/**
 * Which HID devices are pens or signature pads, what they give, and why one cannot be read.
 * Before it: `HidDevice`, from the system. After it: `AttachedPen`, for the station; `process/attached-pens.ts` opens them.
 *
 * A signature pad is known by its number; a pen by its reports, where the system gives its descriptor, else by the usage of its
 * top-level collection (Digitizers page: Digitizer, Pen) and the layouts we know.
 */
import type { AttachedKind, AttachedPen, PenAbilities, PenProblem } from '../pens.ts';
import { ENCODING_FLAG } from '../stu/capability.ts';
import { WACOM, modelOfProduct } from '../stu/models.ts';
import type { ReportDescriptor } from './descriptor/field.ts';
import { parseReportDescriptor } from './descriptor/parse.ts';
import type { HidDevice } from './hid-device.ts';
import { LINUX_ADVICE, WINDOWS_ADVICE } from './hid-error.ts';
import { KNOWN_DEVICES } from './known-devices/known-device.ts';
import { penAbilities } from './report/abilities.ts';
import { stableIds } from './stable-id.ts';

const DIGITIZERS = 0x0d;
/** Digitizer and Pen: what Windows requires a pen to be. */
const PEN_APPLICATIONS = [0x01, 0x02];
const POINTER_ADVICE = 'The guest\'s screen takes it through Pointer Events.';

/** A pen and how to read it. */
export interface AttachedHid {
  pen: AttachedPen;
  device: HidDevice;
  /** Null for a signature pad, and for a pen whose layout nobody knows. */
  layout: { descriptor: ReportDescriptor; source: string | null } | null;
}

interface Seen { kind: AttachedKind; device: HidDevice; layout: AttachedHid['layout']; gives: PenAbilities | null; told: AttachedPen['layout']; problem: PenProblem | null }

/** In the order of the devices. What is no pen is left out. */
export function attachedHids(devices: readonly HidDevice[], platform: NodeJS.Platform, known = KNOWN_DEVICES): AttachedHid[] {
  const seen = devices.flatMap((device) => {
    const pen = device.vendorId === WACOM && modelOfProduct(device.productId) !== null ? pad(device) : penOf(device, platform, layoutOf(device, known));
    return pen === null ? [] : [pen];
  });
  const ids = stableIds(seen);
  return seen.map(({ kind, device, layout, gives, told, problem }, index) => ({
    device, layout,
    pen: {
      id: ids[index]!, kind, name: nameOf(kind, device), vendorId: device.vendorId, productId: device.productId, serialNumber: device.serialNumber,
      bus: device.bus, layout: told, gives, pad: kind === 'stu-hid' ? padScreen(device.productId) : null, problem: problem ?? forbidden(device),
    },
  }));
}

function pad(device: HidDevice): Seen {
  return { kind: 'stu-hid', device, layout: null, gives: null, told: 'protocol', problem: null };
}

function penOf(device: HidDevice, platform: NodeJS.Platform, layout: AttachedHid['layout']): Seen | null {
  const kind = 'hid';
  const standard = device.applications.some(([page, id]) => page === DIGITIZERS && PEN_APPLICATIONS.includes(id));
  const gives = layout === null ? null : penAbilities(layout.descriptor);
  if (gives === null && !standard) return null;
  const told = gives === null ? null : layout!.source === null ? 'system' : 'known-device';
  if (platform === 'win32' && standard) {
    return { kind, device, layout, gives, told, problem: { code: 'PEN_CLAIMED', message: 'Windows keeps standard pens for itself.', advice: WINDOWS_ADVICE } };
  }
  const unknown: PenProblem = { code: 'PEN_LAYOUT_UNKNOWN', message: 'What its reports mean is known neither from the system nor to us.', advice: POINTER_ADVICE };
  return { kind, device, layout: gives === null ? null : layout, gives, told, problem: gives === null ? unknown : null };
}

function layoutOf({ descriptor, vendorId, productId }: HidDevice, all: typeof KNOWN_DEVICES): AttachedHid['layout'] {
  try {
    if (descriptor !== null) return { descriptor: parseReportDescriptor(descriptor), source: null };
  } catch { /* a descriptor that cannot be read says no more than none */ }
  const known = all.find((one) => one.vendorId === vendorId && one.productId === productId);
  return known === undefined ? null : { descriptor: known.layout, source: known.source };
}

function forbidden({ permitted, path }: HidDevice): PenProblem | null {
  return permitted === false ? { code: 'PEN_FORBIDDEN', message: `This user may not read ${path}.`, advice: LINUX_ADVICE } : null;
}

function nameOf(kind: AttachedKind, { name, productId }: HidDevice): string {
  const model = kind === 'stu-hid' ? modelOfProduct(productId)!.name : null;
  if (model !== null) return `Wacom ${model}`;
  return name === '' ? 'HID pen' : name;
}

/** As documented for the model; the pad itself is asked when it is opened. */
function padScreen(productId: number): AttachedPen['pad'] {
  const { screen, encodings } = modelOfProduct(productId)!;
  return { ...screen, colours: (encodings & ENCODING_FLAG.bits24) !== 0 ? 16_777_216 : (encodings & ENCODING_FLAG.bits16) !== 0 ? 65_536 : 2 };
}
