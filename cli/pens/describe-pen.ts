/**
 * An attached pen in words: what it is, what it gives, where the meaning of its reports is known from, what is wrong with it.
 * Before it: `AttachedPen` of `#driver/pens.ts`. After it: `countersign pens`, `countersign doctor`.
 */
import type { AttachedKind, AttachedPen, PenAbilities } from '#driver/pens.ts';
import { printable } from './printable.ts';

const KINDS: Record<AttachedKind, string> = {
  'hid': 'HID pen',
  'stu-hid': 'Wacom STU signature pad',
  'stu-serial': 'Wacom STU signature pad',
  'isdv4': 'Wacom ISDv4 pen',
  'topaz': 'Topaz pad, packets of 5 bytes',
};

const LAYOUTS: Record<NonNullable<AttachedPen['layout']>, string> = {
  'system': "the device's own descriptor, as the system has it",
  'known-device': 'a layout we keep for this vendor and product',
  'protocol': 'the protocol it speaks',
};

const TILTS: Record<PenAbilities['tilt'], string> = {
  'tilt': 'tilt X and Y',
  'azimuth-altitude': 'azimuth and altitude',
  'both': 'tilt X and Y, azimuth and altitude',
  'none': 'none',
};

const CLOCKS: Record<PenAbilities['clock'], string> = {
  'device-clock': "the device's own",
  'sequence': 'none; its reports are numbered, so losses are counted',
  'both': "the device's own, and its reports are numbered",
  'none': 'none: times are those of arrival',
};

const COLOURS: Record<NonNullable<AttachedPen['pad']>['colours'], string> = { 2: 'black and white', 65_536: '16-bit colour', 16_777_216: '24-bit colour' };

const BUSES: Record<string, string | undefined> = { usb: 'USB', bluetooth: 'Bluetooth', i2c: 'I²C', spi: 'SPI', host: 'inside the computer', serial: 'serial port' };

/** Name and value, in the order in which they are shown. */
export type Row = readonly [name: string, value: string];

export function penRows(pen: AttachedPen): Row[] {
  return [
    ['id', pen.id],
    ['kind', kindWords(pen)],
    ...(pen.serialNumber === null ? [] : [['serial number', pen.serialNumber] as const]),
    ['layout', pen.layout === null ? 'not known' : LAYOUTS[pen.layout]],
    ...(pen.gives === null ? [['gives', pen.layout === null ? 'not known: it cannot be read from the device itself' : 'known once it is opened'] as const] : abilityRows(pen.gives)),
    ['screen', pen.pad === null ? 'none' : `${pen.pad.width} × ${pen.pad.height} pixels, ${COLOURS[pen.pad.colours]}`],
    ...(pen.problem === null ? [] : [['PROBLEM', pen.problem.message] as const, ['what to do', pen.problem.advice] as const]),
  ];
}

/** A signature pad, with a screen of its own. */
export function isPad({ kind }: Pick<AttachedPen, 'kind'>): boolean {
  return kind === 'stu-hid' || kind === 'stu-serial';
}

function kindWords({ kind, bus, vendorId, productId }: AttachedPen): string {
  const ids = vendorId === null || productId === null ? '' : ` ${hex(vendorId)}:${hex(productId)}`;
  return `${KINDS[kind]}${ids}${bus === null ? '' : `, ${BUSES[bus] ?? bus}`}`;
}

function abilityRows({ pressureLevels, tilt, twist, inAir, rate, clock, sizeMm }: PenAbilities): Row[] {
  return [
    ['pressure', pressureLevels === 0 ? 'none' : `${grouped(pressureLevels)} levels`],
    ['tilt', TILTS[tilt]],
    ['rotation', twist ? 'yes' : 'none'],
    ['in the air', inAir ? 'yes' : 'no'],
    ['rate', rate === null ? 'not told by the device; "countersign pens watch" measures it' : `${rate} reports a second`],
    ['clock', CLOCKS[clock]],
    ['size', sizeMm === null ? 'not told by the device' : `${millimetres(sizeMm.width)} × ${millimetres(sizeMm.height)} mm`],
  ];
}

/** Names in one column, values in the next. */
export function aligned(rows: readonly Row[], indent = '   '): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${indent}${name.padEnd(width)}  ${printable(value)}\n`).join('');
}

/** In one line, for where there is no room for more: "Wacom STU-540 (1,024 levels, no tilt)". */
export function penBrief({ name, gives }: AttachedPen): string {
  if (gives === null) return name;
  const pressure = gives.pressureLevels === 0 ? 'no pressure' : `${grouped(gives.pressureLevels)} levels`;
  return `${name} (${pressure}, ${gives.tilt === 'none' ? 'no tilt' : 'tilt'})`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-GB');
}

function millimetres(length: number): string {
  return String(Math.round(length * 10) / 10);
}

function hex(id: number): string {
  return id.toString(16).padStart(4, '0');
}
