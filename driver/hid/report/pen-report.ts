/**
 * Which input reports of a device are a pen's, and where in them its channels and switches are.
 *
 * A report is a pen's where X and Y are absolute and lie in an application that is a pen: Digitizer or Pen (HID Usage
 * Tables, page 0x0D, usages 01 and 02), or a Stylus inside another application of that page, a touch screen too; with a Tip Pressure, or,
 * for a Pen or a Stylus, a Tip Switch. Fingers, touch screens, touch pads and pucks are none, nor is an application of a
 * vendor's own, where a usage may mean anything.
 *
 * Tablets in their default mode often send the pen as a mouse: absolute X and Y, buttons, and a Tip Pressure. There,
 * and wherever a report has Button 1 but no Tip Switch, Button 1 is the tip, and Buttons 2 and 3 are the switches on the
 * barrel: a mouse has no other words for them.
 *
 * Before it: `../descriptor`. After it: `channels.ts`, which says what the numbers mean; `pen-decoder.ts`, which reads them.
 */
import { Switch, type ChannelName } from '#biometrics/sample.ts';
import { FieldFlag, type Field, type Report, type ReportDescriptor, type Usage } from '../descriptor/field.ts';

/** Where one number of a report is. Offsets from the first bit of the report, its id byte included. */
export interface PenNumber { channel: ChannelName; firstBit: number; field: Field }

export interface PenSwitch { bit: number; firstBit: number; size: number }

/** A part of the 64 bits of the transducer serial number. */
export interface SerialPart { high: boolean; firstBit: number; size: number }

export interface PenReport {
  reportId: number;
  /** Bytes, with the id. */
  length: number;
  /** X and Y first. */
  numbers: PenNumber[];
  switches: PenSwitch[];
  serial: SerialPart[];
  /** The pen is declared as a mouse. */
  asMouse: boolean;
  /** Without a Tip Switch: Button 1 is it. */
  tipIsButton: boolean;
}

const Page = { desktop: 0x01, button: 0x09, digitizer: 0x0d, wacom: 0xff00, wacomDigitizer: 0xff0d } as const;

const DigitizerUsage = {
  digitizer: 0x01, pen: 0x02, touchScreen: 0x04, touchPad: 0x05, stylus: 0x20, puck: 0x21, finger: 0x22,
} as const;

const A_PEN: readonly number[] = [DigitizerUsage.pen, DigitizerUsage.stylus];
const NOT_A_PEN: readonly number[] = [DigitizerUsage.touchScreen, DigitizerUsage.touchPad, DigitizerUsage.puck, DigitizerUsage.finger];

const DESKTOP_CHANNELS: Partial<Record<number, ChannelName>> = { 0x30: 'x', 0x31: 'y', 0x32: 'z' };

const DIGITIZER_CHANNELS: Partial<Record<number, ChannelName>> = {
  0x30: 'pressure', 0x31: 'tangentialPressure', 0x3b: 'battery', 0x3d: 'tiltX', 0x3e: 'tiltY', 0x3f: 'azimuth', 0x40: 'altitude',
  0x41: 'twist', 0x56: 'deviceTime',
};

const DIGITIZER_SWITCHES: Partial<Record<number, number>> = {
  0x32: Switch.inRange, 0x3c: Switch.invert, 0x42: Switch.tip, 0x44: Switch.barrel, 0x45: Switch.eraser, 0x5a: Switch.secondaryBarrel,
};

const BUTTONS: Partial<Record<number, number>> = { 1: Switch.tip, 2: Switch.barrel, 3: Switch.secondaryBarrel };

const SERIAL = { low: 0x5b, high: 0x6e } as const;

/** In the order in which the descriptor names them. */
export function penReports(descriptor: ReportDescriptor): PenReport[] {
  return descriptor.reports.flatMap((report) => penReport(report, descriptor.numbered) ?? []);
}

/** The one of several that is most likely to come: a pen's own before a mouse's. */
export function mainReport(reports: readonly PenReport[]): PenReport | null {
  return reports.find(({ asMouse }) => !asMouse) ?? reports[0] ?? null;
}

/** One element of a field: a place with a usage. */
interface Element { page: number; id: number; firstBit: number; field: Field }

function penReport(report: Report, numbered: boolean): PenReport | null {
  if (report.type !== 'input') return null;
  const start = numbered ? 8 : 0;
  const all = report.fields.flatMap((field) => elementsOf(field, start));
  const proper = all.filter(({ field }) => isOfPen(field));
  const asMouse = proper.length === 0;
  const elements = asMouse ? all.filter(({ field }) => isOfMouse(field)) : proper;
  const numbers = numbersOf(elements);
  const switches = switchesOf(elements);
  const has = (channel: ChannelName): boolean => numbers.some((number) => number.channel === channel);
  const hasTip = switches.some(({ bit }) => bit === Switch.tip);
  const buttons = hasTip ? [] : buttonsAsSwitches(elements);
  if (!has('x') || !has('y')) return null;
  if (!has('pressure') && (asMouse || !hasTip || !elements.some(({ field }) => isOfStylus(field)))) return null;
  return { reportId: report.reportId, length: Math.ceil((start + report.bitLength) / 8), numbers, switches: [...buttons, ...switches], serial: serialOf(elements), asMouse, tipIsButton: buttons.length > 0 };
}

/** Variables with a meaning; padding, arrays and what is relative left out. */
function elementsOf(field: Field, start: number): Element[] {
  const { flags, usages, count, bitSize, bitOffset } = field;
  const wanted = (flags & FieldFlag.variable) !== 0 && (flags & (FieldFlag.constant | FieldFlag.relative)) === 0;
  if (!wanted || usages.length === 0 || bitSize === 0) return [];
  // what comes after the last usage repeats it: no new channel
  return usages.slice(0, count).map(([page, id], index) => ({ page, id, firstBit: start + bitOffset + index * bitSize, field }));
}

function applicationOf({ collections }: Field): Usage | null {
  return collections.find(({ type }) => type === 1)?.usage ?? null;
}

function isInside({ collections }: Field, ids: readonly number[]): boolean {
  return collections.some(({ usage: [page, id] }) => page === Page.digitizer && ids.includes(id));
}

function isOfPen(field: Field): boolean {
  const [page, id] = applicationOf(field) ?? [0, 0];
  if (page !== Page.digitizer) return false;
  return isOfStylus(field) || (id === DigitizerUsage.digitizer && !isInside(field, NOT_A_PEN));
}

/** The innermost collection that names an instrument decides: a Stylus of a touch screen is one, a Finger of a pen is none. */
function isOfStylus({ collections }: Field): boolean {
  const instrument = collections.findLast(({ usage: [page, id] }) => page === Page.digitizer && (A_PEN.includes(id) || NOT_A_PEN.includes(id)));
  return instrument !== undefined && A_PEN.includes(instrument.usage[1]);
}

function isOfMouse(field: Field): boolean {
  const [page, id] = applicationOf(field) ?? [0, 0];
  // Pointer and Mouse
  return page === Page.desktop && (id === 0x01 || id === 0x02);
}

function numbersOf(elements: readonly Element[]): PenNumber[] {
  const numbers: PenNumber[] = [];
  for (const { page, id, firstBit, field } of elements) {
    const channel = page === Page.desktop ? DESKTOP_CHANNELS[id] : page === Page.digitizer ? DIGITIZER_CHANNELS[id] : undefined;
    // a usage named twice: the first is it
    const known = channel === undefined || numbers.some((number) => number.channel === channel);
    if (!known && field.bitSize <= 32) numbers.push({ channel, firstBit, field });
  }
  const place = ({ channel }: PenNumber): number => ['x', 'y'].indexOf(channel) + 1 || 3;
  return numbers.sort((a, b) => place(a) - place(b));
}

function switchesOf(elements: readonly Element[]): PenSwitch[] {
  return elements.flatMap(({ page, id, firstBit, field }, index): PenSwitch[] => {
    const bit = page === Page.digitizer ? DIGITIZER_SWITCHES[id] ?? secondaryBarrelBeforeItHadAUsage(elements, index) : undefined;
    return bit === undefined ? [] : [{ bit, firstBit, size: Math.min(32, field.bitSize) }];
  });
}

function buttonsAsSwitches(elements: readonly Element[]): PenSwitch[] {
  const buttons = elements.flatMap(({ page, id, firstBit, field }): PenSwitch[] => {
    const bit = page === Page.button ? BUTTONS[id] : undefined;
    return bit === undefined ? [] : [{ bit, firstBit, size: Math.min(32, field.bitSize) }];
  });
  return buttons.some(({ bit }) => bit === Switch.tip) ? buttons : [];
}

/**
 * Wacom's ISDv4 pens of before HID had a Secondary Barrel Switch send it as usage 00, between Invert and In Range
 * (Linux, drivers/hid/wacom_wac.c, wacom_hid_usage_quirk).
 */
function secondaryBarrelBeforeItHadAUsage(elements: readonly Element[], index: number): number | undefined {
  const around = elements.slice(Math.max(0, index - 4), index + 2);
  const expected = [0x42, 0x44, 0x45, 0x3c, 0x00, 0x32];
  const same = around.length === expected.length && around.every(({ page, id, field }, at) => page === Page.digitizer && id === expected[at] && field.bitSize === 1);
  return same ? Switch.secondaryBarrel : undefined;
}

/**
 * Transducer Serial Number (5B) and its Part 2 (6E); of Wacom, the same usage on its own page with the upper half in 5C,
 * and for AES pens a byte of usage FF00/00 right after a 32-bit 5B that follows the tool type FF00/5B (the same function
 * of Linux).
 */
function serialOf(elements: readonly Element[]): SerialPart[] {
  const at = elements.findIndex(({ page, id }) => (page === Page.digitizer || page === Page.wacomDigitizer) && id === SERIAL.low);
  if (at < 0) return [];
  const low = elements[at]!;
  if (low.field.bitSize > 32) {
    return [
      { high: false, firstBit: low.firstBit, size: 32 },
      { high: true, firstBit: low.firstBit + 32, size: Math.min(32, low.field.bitSize - 32) },
    ];
  }
  const part = (high: boolean, { firstBit, field }: Element): SerialPart => ({ high, firstBit, size: Math.min(32, field.bitSize) });
  const declared = elements.find(({ page, id }) => (page === Page.digitizer && id === SERIAL.high) || (page === Page.wacomDigitizer && id === 0x5c));
  const [before, after] = [elements[at - 1], elements[at + 1]];
  const aes = before?.page === Page.wacom && before.id === SERIAL.low && after?.page === Page.wacom && after.id === 0 && after.field.bitSize === 8 ? after : undefined;
  const high = declared ?? aes;
  return high === undefined ? [part(false, low)] : [part(false, low), part(true, high)];
}
