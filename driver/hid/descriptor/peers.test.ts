/**
 * Real descriptors against two readers that are not ours: the Linux kernel (its debug listing, as recorded) and, for the
 * descriptors that the kernel's uhid refuses for their size, hid-tools.
 *
 * Three kinds of difference are explained, and counted. In all three our reading is kept:
 *
 * - "signed": the kernel keeps a maximum of 32 bits in a signed number and prints 4294967295 as -1, although it compares it as
 *   unsigned. Minimum 0 and maximum -1 would be an empty range; the field is unsigned (HID 1.11, section 6.2.2.7).
 * - "spaced": the recording has lost usages whose name, as the kernel prints it, has a space in it ("Battery Strength").
 * - "named": the kernel prints names and the recording has no number for some, or a wrong one. The name decides.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { sharedData } from '#fixtures/needs.ts';
import { FieldFlag, type Field, type ReportType, type Usage } from './field.ts';
import { listReports, type ListedField, type ListedReport } from './listing.ts';
import { parseReportDescriptor } from './parse.ts';

interface KernelField extends Omit<ListedField, 'usages' | 'logicalMin' | 'logicalMax' | 'physicalMin' | 'physicalMax' | 'unit'> {
  usages: (readonly [number | null, number | string])[];
  usageNames: string[];
  /** Null: the two are equal, and the kernel prints neither. */
  logicalMin: number | null;
  logicalMax: number | null;
  physicalMin: number | null;
  physicalMax: number | null;
  unitFromHidTools: number;
}

interface HidToolsField {
  bitOffset: number; bitSize: number; count: number; usagePage: number; usage: number; arrayUsages?: Usage[];
  logicalMin: number; logicalMax: number; physicalMin: number; physicalMax: number; unitExponent: number; unit: number; flags: number;
}

interface Expected<F> { descriptor: string; reports: { type: ReportType; reportId: number; fields: F[] }[] }

type Explained = Record<'signed' | 'spaced' | 'named', number>;

function readExpected<F>(folder: string, name: string): { expected: Expected<F>; bytes: Uint8Array } {
  const expected = JSON.parse(gunzipSync(readFileSync(join(folder, 'expected', name))).toString()) as Expected<F>;
  return { expected, bytes: Buffer.from(readFileSync(join(folder, expected.descriptor), 'utf8').replaceAll(/\s/g, ''), 'hex') };
}

test('every field of every report is what the Linux kernel reads', (context) => {
  const folder = sharedData(context, 'hid');
  const explained: Explained = { signed: 0, spaced: 0, named: 0 };
  const names = readdirSync(join(folder, 'expected')).filter((name) => name.endsWith('.kernel.json.gz'));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const { expected, bytes } = readExpected<KernelField>(folder, name);
    const ours = listReports(parseReportDescriptor(bytes));
    const kernels = expected.reports.map(({ type, reportId, fields }, report) => ({
      type, reportId, fields: fields.map((field, nth) => asListed(field, ours[report]?.fields[nth], explained)),
    }));
    expect({ name, reports: ours.map(withoutSpaced) }).toEqual({ name, reports: kernels });
  }
  expect(explained).toEqual({ signed: 30, spaced: 136, named: 24 });
});

/** The kernel's field in our words. What it does not print is taken from ours, where ours is of the kind that it does not print. */
function asListed(field: KernelField, ours: ListedField | undefined, explained: Explained): ListedField {
  const { bitOffset, bitSize, count, unitExponent, flags, unitFromHidTools } = field;
  const [logicalMin, logicalMax] = range(field.logicalMin, field.logicalMax, ours?.logicalMin, ours?.logicalMax, explained);
  const [physicalMin, physicalMax] = range(field.physicalMin, field.physicalMax, ours?.physicalMin, ours?.physicalMax, explained);
  const usages = field.usages.map((usage, nth) => usageOf(usage, field.usageNames[nth]!));
  if (usages.some((usage, nth) => String(usage) !== String(field.usages[nth]))) explained.named++;
  if (usages.length < (ours?.usages.length ?? 0)) explained.spaced++;
  return { bitOffset, bitSize, count, usages, logicalMin, logicalMax, physicalMin, physicalMax, unitExponent, unit: unitFromHidTools, flags };
}

function range(min: number | null, max: number | null, ourMin: number | undefined, ourMax: number | undefined, explained: Explained): [number, number] {
  if (min === null || max === null) return [ourMin!, ourMin!];
  if (max >= min || ourMax !== max + 2 ** 32) return [min, max];
  explained.signed++;
  return [min, max + 2 ** 32];
}

const PAGES: Record<string, number> = { GenericDesktop: 1, Keyboard: 7, Button: 9, Consumer: 12, Digitizers: 13 };

/** Names in the kernel's table (drivers/hid/hid-debug.c) for which the recordings have no number. */
const NAMED = new Map<string, number>([
  ...inOrder('GenericDesktop.', 0x01, 'Pointer Mouse 0003 Joystick GamePad Keyboard Keypad MultiAxis'),
  ...inOrder('GenericDesktop.', 0x30, 'X Y Z Rx Ry Rz Slider Dial Wheel HatSwitch CountedBuffer ByteCount MotionWakeup Start Select 003f Vx Vy Vz Vbrx Vbry Vbrz Vno'),
  ...inOrder('GenericDesktop.System', 0x80, 'Control PowerDown Sleep WakeUp ContextMenu MainMenu AppMenu MenuHelp MenuExit MenuSelect MenuRight MenuLeft MenuUp MenuDown'),
  ...inOrder('GenericDesktop.D-Pad', 0x90, 'Up Down Right Left'),
  ...inOrder('Digitizers.', 0x72, 'Ink Pencil Highlighter 0075 Brush'),
  ['Consumer.ProgrammableButtons', 3], ['Consumer.HorizontalWheel', 0x238],
]);

function inOrder(prefix: string, first: number, names: string): [string, number][] {
  return names.split(' ').map((name, nth) => [prefix + name, first + nth]);
}

function usageOf([page, id]: readonly [number | null, number | string], name: string): Usage {
  const [pageName, idName] = name.split('.') as [string, string];
  const named = NAMED.get(name) ?? (/^[0-9a-f]{4}$/.test(idName) ? Number.parseInt(idName, 16) : undefined);
  if (named !== undefined && pageName in PAGES) return [PAGES[pageName]!, named];
  return [page!, Number(id)];
}

/** Usages whose names in the kernel's table have a space in them, by page; of 0x84 and 0x85 the page's own name has one. */
const SPACED: Record<number, number[] | 'all'> = {
  0x0d: [0x38, 0x3b, 0x5c, 0x5d, 0x5e, 0x5f, 0x70, 0x71, 0x75, 0x77, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98,
    0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5],
  0x84: 'all', 0x85: 'all',
};

function withoutSpaced(report: ListedReport): ListedReport {
  const printed = ([page, id]: Usage): boolean => { const spaced = SPACED[page]; return spaced === undefined || (spaced !== 'all' && !spaced.includes(id)); };
  return { ...report, fields: report.fields.map((field) => ({ ...field, usages: field.usages.filter(printed) })) };
}

test('every field of descriptors that the kernel refuses is what hid-tools reads', (context) => {
  const folder = sharedData(context, 'hid');
  const names = readdirSync(join(folder, 'expected')).filter((name) => name.endsWith('.hidtools.json.gz'));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const { expected, bytes } = readExpected<HidToolsField>(folder, name);
    const ours = new Map(parseReportDescriptor(bytes).reports.map((report) => [`${report.type} ${report.reportId}`, report]));
    expect(ours.size).toBe(expected.reports.length);
    for (const { type, reportId, fields } of expected.reports) {
      const where = `${name}, ${type} report ${reportId}`;
      const report = ours.get(`${type} ${reportId}`)!;
      const listed = report.fields.flatMap((field) => asHidTools(field, reportId === 0 ? 0 : 8));
      expect({ where, fields: listed }).toEqual({ where, fields: fields.map(comparable) });
    }
  }
});

/** hid-tools has a field for each element of a variable; an array, and padding of several elements, are one. */
function asHidTools(field: Field, idBits: number): unknown[] {
  const { bitSize, count, usages, logicalMin, logicalMax, physicalMin, physicalMax, unitExponent, unit, flags } = field;
  const bitOffset = field.bitOffset + idBits;
  const rest = { logicalMin, logicalMax, physicalMin, physicalMax, unitExponent, unit, flags };
  if (usages.length === 0) return [{ bitOffset, bitSize: bitSize * count, count: 1, usages: [[0, 0]], ...rest }];
  if ((flags & FieldFlag.variable) === 0) return [{ bitOffset, bitSize, count, usages, ...rest }];
  return Array.from({ length: count }, (_, nth) => ({ bitOffset: bitOffset + nth * bitSize, bitSize, count: 1, usages: [usages[Math.min(nth, usages.length - 1)]], ...rest }));
}

/** Without the names of collections, which hid-tools chooses by a rule of its own. */
function comparable({ bitOffset, bitSize, count, usagePage, usage, arrayUsages, logicalMin, logicalMax, physicalMin, physicalMax, unitExponent, unit, flags }: HidToolsField): unknown {
  return {
    bitOffset, bitSize, count, usages: arrayUsages === undefined || arrayUsages.length === 0 ? [[usagePage, usage]] : arrayUsages, logicalMin, logicalMax, physicalMin, physicalMax, unitExponent, unit, flags,
  };
}
