import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Switch, type ChannelName } from '#biometrics/sample.ts';
import { circlingPen } from '#fixtures/hid/captures.ts';
import {
  APPLICATION, collection, CONSTANT, DATA, descriptor, endCollection, input, LOGICAL, logicalMax, logicalMin, reportCount, reportId, reportSize, usage, usagePage,
} from '#fixtures/hid/descriptor-builder.ts';
import { sharedData } from '#fixtures/needs.ts';
import type { ReportDescriptor } from '../descriptor/field.ts';
import { parseReportDescriptor } from '../descriptor/parse.ts';
import { penAbilities } from './abilities.ts';
import { penReports } from './pen-report.ts';

/** What others found in a descriptor, by reading it as a list of items. */
interface Indexed {
  file: string;
  standardPen: boolean; pressure: boolean; tiltXY: boolean; azalt: boolean; twist: boolean; scanTime: boolean; serial: boolean; invert: boolean;
  eraser: boolean; barrel: boolean; barrel2: boolean; inRange: boolean; battery: boolean;
  penReportIds: number[];
}

function indexed(folder: string): (Indexed & { descriptor: ReportDescriptor })[] {
  return (JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Indexed[])
    .map((entry) => ({ ...entry, descriptor: parseReportDescriptor(Buffer.from(readFileSync(join(folder, entry.file), 'utf8').replaceAll(/\s/g, ''), 'hex')) }));
}

/** ISDv4 pens of before HID had the usage: their second barrel switch is known by its place, which a list of items does not tell. */
const SECOND_BARREL_BY_PLACE = ['056a_0124_i2c_f9f8c82a', '056a_5019_usb_cb91bd5c', '056a_0093_usb_e7fdd8b4', '056a_0114_i2c_b8b4eba5', '056a_00ec_usb_0c43c08e', '056a_0114_i2c_dc8cade8', '045e_07a9_usb_e5e3f1c4', '056a_00ec_usb_8c5e8295'];

test('of 123 real pens, every channel and switch is found, in the reports where others found the pen', (context) => {
  const pens = indexed(sharedData(context, 'hid', 'descriptors')).filter(({ standardPen }) => standardPen);
  expect(pens).toHaveLength(123);
  for (const { file, descriptor, penReportIds, ...flags } of pens) {
    const reports = penReports(descriptor).filter(({ asMouse }) => !asMouse);
    const has = (name: ChannelName): boolean => reports.some(({ numbers }) => numbers.some(({ channel }) => channel === name));
    const switches = reports.flatMap((report) => report.switches).reduce((all, { bit }) => all | bit, 0);
    const on = (bit: number): boolean => (switches & bit) !== 0;
    expect(reports.map(({ reportId }) => reportId), file).toEqual(penReportIds);
    expect({
      standardPen: true, pressure: has('pressure'), tiltXY: has('tiltX') && has('tiltY'), azalt: has('azimuth') || has('altitude'), twist: has('twist'),
      scanTime: has('deviceTime'), battery: has('battery'), serial: reports.some(({ serial }) => serial.length > 0), invert: on(Switch.invert), eraser: on(Switch.eraser),
      barrel: on(Switch.barrel), barrel2: on(Switch.secondaryBarrel) && !SECOND_BARREL_BY_PLACE.some((name) => file.includes(name)), inRange: on(Switch.inRange),
    }, file).toEqual(Object.fromEntries(Object.entries(flags).filter(([key]) => key in flagNames)));
  }
});

const flagNames: Record<keyof Omit<Indexed, 'file' | 'penReportIds'>, true> = {
  standardPen: true, pressure: true, tiltXY: true, azalt: true, twist: true, scanTime: true, serial: true, invert: true, eraser: true, barrel: true, barrel2: true, inRange: true, battery: true,
};

/**
 * Of the 83 that are no standard pens by that index, these send a pen all the same: beside contact counts and vendor usages
 * (Goodix, Wacom), in a collection of an unusual kind (Huion, Atmel, Asus), or as a mouse with a Tip Pressure (XP-Pen).
 */
const PENS_OF_ANOTHER_KIND = [
  '03eb_8abb', '0531_0105', '056a_03c4', '056a_03d0', '056a_03ed', '056a_03f0', '056a_03f9', '0b05_179f', '256c_0064', '27c6_0111', '27c6_0113', '27c6_011a', '28bd_091f', '28bd_0930',
];

test('touch screens, touch pads, mice and keyboards are no pens', (context) => {
  const others = indexed(sharedData(context, 'hid', 'descriptors')).filter(({ standardPen }) => !standardPen);
  expect(others).toHaveLength(83);
  const pens = others.filter(({ descriptor }) => penAbilities(descriptor) !== null).map(({ file }) => /other\/(\w{4}_\w{4})/.exec(file)![1]);
  expect(pens.sort()).toEqual(PENS_OF_ANOTHER_KIND);
});

test('a pen says how many levels, which angles, and how large', () => {
  expect(penAbilities(circlingPen(1).descriptor)).toEqual({
    pressureLevels: 8192, tilt: 'tilt', twist: false, inAir: true, rate: null, clock: 'none', sizeMm: { width: expect.closeTo(203.2, 9), height: expect.closeTo(127, 9) },
  });
});

test('a stylus that a touch screen declares is a pen, a finger beside it is none', () => {
  const touch = (instrument: number): Uint8Array => descriptor(
    usagePage(0x0d), usage(0x04), collection(APPLICATION), reportId(1), usage(instrument), collection(LOGICAL),
    usage(0x42), usage(0x32), logicalMin(0), logicalMax(1), reportSize(1), reportCount(2), input(DATA), reportCount(6), input(CONSTANT),
    usagePage(0x01), usage(0x30), usage(0x31), logicalMax(4095), reportSize(16), reportCount(2), input(DATA),
    usagePage(0x0d), usage(0x30), logicalMax(1023), reportCount(1), input(DATA), endCollection, endCollection,
  );
  expect(penAbilities(parseReportDescriptor(touch(0x20)))).toMatchObject({ pressureLevels: 1_024 });
  expect(penAbilities(parseReportDescriptor(touch(0x22)))).toBeNull();
});
