/** Each rule of HID 1.11 on its own. That real descriptors come out as the Linux kernel reads them is in `peers.test.ts`. */
import { describe, expect, test } from 'vitest';
import {
  APPLICATION, ARRAY, collection, CONSTANT, DATA, delimiter, descriptor, endCollection, feature, input, LOGICAL, logicalMax, logicalMin, output,
  physicalMax, physicalMin, pop, push, reportCount, reportId, reportSize, unit, unitExponent, usage, usageMax, usageMin, usagePage, type Part,
} from '#fixtures/hid/descriptor-builder.ts';
import { FieldFlag } from './field.ts';
import { listReports } from './listing.ts';
import { parseReportDescriptor } from './parse.ts';

type Parts = readonly Part[];
const parse = (...parts: Parts): ReturnType<typeof parseReportDescriptor> => parseReportDescriptor(descriptor(...parts));
const bit: Parts = [reportSize(1), reportCount(1)];
const onlyField = (...parts: Parts): unknown => parse(...bit, ...parts).reports[0]!.fields[0];

describe('reports', () => {
  test('fields lie one after another, padding too; each type and id for itself', () => {
    const { reports, numbered } = parse(
      usagePage(0x0d), logicalMax(1), reportSize(1), reportId(1), reportCount(3), usage(0x42), input(DATA), reportCount(5), input(CONSTANT),
      reportId(2), reportSize(8), reportCount(1), usage(0x30), input(DATA), feature(DATA), reportId(1), usage(0x32), input(DATA), output(DATA),
    );
    expect(numbered).toBe(true);
    expect(reports.map(({ type, reportId: id, bitLength }) => [type, id, bitLength])).toEqual([['input', 1, 16], ['input', 2, 8], ['feature', 2, 8], ['output', 1, 8]]);
    expect(reports[0]!.fields.map(({ bitOffset, bitSize, count, usages }) => [bitOffset, bitSize, count, usages])).toEqual([
      [0, 1, 3, [[13, 0x42]]], [3, 1, 5, []], [8, 8, 1, [[13, 0x32]]],
    ]);
  });

  test('without report ids they are not numbered', () => {
    expect(parse(...bit, input(DATA))).toMatchObject({ numbered: false, reports: [{ reportId: 0 }] });
  });

  test('collections are kept, outermost first, with their usages; top-level ones are the applications', () => {
    const { reports, applications } = parse(
      usagePage(0x0d), usage(2), collection(APPLICATION), usage(0x20), collection(LOGICAL), ...bit, input(DATA), endCollection, endCollection,
      usagePage(1), usage(2), collection(APPLICATION), feature(DATA), endCollection,
    );
    expect(applications).toEqual([[13, 2], [1, 2]]);
    expect(reports[0]!.fields[0]!.collections).toEqual([{ type: 1, usage: [13, 2] }, { type: 2, usage: [13, 0x20] }]);
  });

  test('the largest features of real pens are read', () => {
    expect(parse(reportSize(8), reportCount(7487), usage(1), feature(DATA)).reports[0]).toMatchObject({ bitLength: 59_896, fields: [{ count: 7487, usages: [[0, 1]] }] });
  });
});

describe('global items', () => {
  test('a maximum is signed only beside a negative minimum, in every size', () => {
    expect(onlyField(logicalMin(0), [0x25, 0xff], physicalMin(-1), [0x45, 0xff], input(DATA))).toMatchObject({ logicalMax: 255, physicalMax: -1 });
    expect(onlyField(logicalMin(-1), [0x26, 0xff, 0xff], physicalMin(0), [0x46, 0xff, 0xff], input(DATA))).toMatchObject({ logicalMax: -1, physicalMax: 65_535 });
    expect(onlyField(logicalMin(0), [0x27, 0xff, 0xff, 0xff, 0xff], input(DATA))).toMatchObject({ logicalMax: 4_294_967_295 });
    expect(onlyField([0x17, 0, 0, 0, 0x80], [0x27, 0xff, 0xff, 0xff, 0x7f], input(DATA))).toMatchObject({ logicalMin: -2_147_483_648, logicalMax: 2_147_483_647 });
  });

  test('a maximum said before its minimum is not below it', () => {
    const tilt: Part[] = [logicalMin(-60), logicalMax(60), physicalMin(-60), physicalMax(60), input(DATA)];
    const { reports } = parse(...bit, ...tilt, [0x25, 0xff], logicalMin(0), [0x46, 0xff, 0xff], physicalMin(0), input(DATA));
    expect(reports[0]!.fields[1]).toMatchObject({ logicalMin: 0, logicalMax: 255, physicalMin: 0, physicalMax: 65_535 });
    expect(onlyField([0x27, 0xff, 0xff, 0xff, 0xff], [0x17, 0, 0, 0, 0x80], input(DATA))).toMatchObject({ logicalMin: -2_147_483_648, logicalMax: -1 });
  });

  test('an item without data is 0', () => {
    expect(onlyField(logicalMax(9), [0x24], [0x14], [0x54], [0x64], input(DATA))).toMatchObject({ logicalMin: 0, logicalMax: 0, unitExponent: 0, unit: 0 });
  });

  test.each([[[0x55, 0x0d], -3], [[0x55, 0xfd], -3], [[0x55, 0x07], 7], [[0x55, 0x08], -8], [[0x56, 0xfe, 0xff], -2], [[0x57, 0x0e, 0, 0, 0], -2], [[0x55, 0x10], 16]])(
    'unit exponent %j is %i, as a nibble and as a whole byte', (item, exponent) => {
      expect(onlyField(item, input(DATA))).toMatchObject({ unitExponent: exponent });
    });

  test('Push and Pop keep all of it, unit and exponent too', () => {
    const { reports } = parse(
      usagePage(0x0d), reportId(7), reportSize(16), reportCount(2), logicalMin(-5), logicalMax(5), physicalMin(-6), physicalMax(6), unit(0x11), unitExponent(0x0e), push,
      usagePage(1), reportId(8), reportSize(1), reportCount(1), logicalMin(0), logicalMax(1), physicalMin(0), physicalMax(0), unit(0), unitExponent(0), push,
      pop, pop, usage(0x30), input(DATA),
    );
    expect(reports[0]).toMatchObject({
      reportId: 7,
      fields: [{ usages: [[13, 0x30]], bitSize: 16, count: 2, logicalMin: -5, logicalMax: 5, physicalMin: -6, physicalMax: 6, unit: 0x11, unitExponent: -2 }],
    });
  });
});

describe('usages', () => {
  test('ranges, single usages, and both', () => {
    expect(onlyField(usagePage(9), usage(7), usageMin(1), usageMax(3), input(ARRAY))).toMatchObject({ usages: [[9, 7], [9, 1], [9, 2], [9, 3]] });
  });

  test('a usage of four bytes has its own page, and so has a range', () => {
    expect(onlyField(usagePage(9), usage(0x0d_0042), usageMin(0x01_0030), usageMax(0x01_0031), usage(5), input(DATA))).toMatchObject({ usages: [[13, 0x42], [1, 0x30], [1, 0x31], [9, 5]] });
  });

  test('the last Usage Page before the main item counts for the usages at the end; those before keep theirs', () => {
    expect(onlyField(usage(0x30), usagePage(1), input(DATA))).toMatchObject({ usages: [[1, 0x30]] });
    expect(onlyField(usagePage(13), usage(0x42), usagePage(1), usage(0x30), input(DATA))).toMatchObject({ usages: [[13, 0x42], [1, 0x30]] });
  });

  test('they hold for one main item, a collection included', () => {
    const { reports } = parse(...bit, usage(1), usageMin(4), collection(LOGICAL), usageMax(2), input(DATA), input(DATA), endCollection);
    expect(reports[0]!.fields.map(({ usages }) => usages)).toEqual([[[0, 0], [0, 1], [0, 2]], []]);
  });

  test('of alternatives the first set is taken', () => {
    expect(onlyField(usage(1), delimiter(1), usage(2), usage(3), delimiter(0), delimiter(1), usage(4), delimiter(0), input(DATA))).toMatchObject({ usages: [[0, 1], [0, 2], [0, 3]] });
  });

  test('a range wider than can be is cut, not stored', () => {
    expect(parse(...bit, usageMin(0), usageMax(0xffff), input(ARRAY)).reports[0]!.fields[0]!.usages).toHaveLength(12_288);
  });
});

test('flags, and the words the kernel has for them', () => {
  const { reports } = parse(...bit, usage(1), input(DATA), usage(1), input(ARRAY), usage(1), feature(0x1ff, 2));
  expect(reports[0]!.fields.map(({ flags }) => flags)).toEqual([FieldFlag.variable, 0]);
  expect(listReports({ reports, numbered: false, applications: [] }).map(({ fields }) => fields.map(({ flags }) => flags.join(' ')))).toEqual([
    ['Variable Absolute', 'Array Absolute'],
    ['Constant Variable Relative Wrap NonLinear NoPreferredState NullState Volatile BufferedByte'],
  ]);
});

test('a listing has a usage for each element, and no padding', () => {
  const [report] = listReports(parse(reportSize(8), reportCount(3), usage(1), usage(2), input(DATA), input(CONSTANT)));
  expect(report!.fields.map(({ usages }) => usages)).toEqual([[[0, 1], [0, 2], [0, 2]]]);
});

test('long items, reserved types, designators and strings are stepped over', () => {
  const { reports } = parse([0xfe, 3, 0xf0, 1, 2, 3], [0x0c], ...bit, [0x39, 1], [0x79, 1], [0xd1, 1], usage(1), input(DATA));
  expect(reports).toMatchObject([{ fields: [{ usages: [[0, 1]] }] }]);
});

describe('malformed: an error that names the byte', () => {
  test.each<[string, Parts, number, string]>([
    ['nothing', [], 0, 'empty'],
    ['an item cut short', [usagePage(1), [0x26, 0xff]], 2, 'wants 2 data bytes and 1 are left'],
    ['a long item cut short', [[0xfe, 4, 0xf0, 1]], 0, 'long item'],
    ['a long item without its head', [usagePage(1), [0xfe]], 2, 'long item'],
    ['Pop without Push', [usagePage(1), pop], 2, 'Pop without Push'],
    ['endless Push', Array.from({ length: 65 }, () => push), 64, 'Push'],
    ['End Collection without Collection', [endCollection], 0, 'End Collection'],
    ['Collection without End Collection', [usage(1), collection(APPLICATION)], 4, 'open collection'],
    ['endless Collections', Array.from({ length: 65 }, () => collection(LOGICAL)), 128, 'collections'],
    ['report id 0', [reportId(0)], 0, 'Report ID'],
    ['report id 256', [usagePage(1), reportId(256)], 2, 'Report ID'],
    ['elements of 257 bits', [reportSize(257)], 0, 'Report Size'],
    ['a million elements', [reportCount(1_000_000)], 0, 'Report Count'],
    ['a report longer than any bus carries', [reportSize(256), reportCount(65_535), input(DATA)], 6, 'longer'],
    ['a maximum below its minimum', [...bit, logicalMin(5), logicalMax(4), input(DATA)], 8, 'Logical Maximum'],
    ['a global item nobody knows', [[0xc5, 1]], 0, 'global item'],
    ['a delimiter in a delimiter', [delimiter(1), delimiter(1)], 2, 'delimiter'],
    ['a delimiter only closed', [delimiter(0)], 0, 'delimiter'],
    ['a delimiter left open', [delimiter(1)], 2, 'delimiter'],
    ['too many usages', [usageMin(0), usageMax(0xffff), usage(1)], 5, 'usages'],
    ['ranges again and again', Array.from({ length: 99 }, () => [...usageMin(0), ...usageMax(0xffff), ...input(ARRAY)]), 85 * 7 + 5, 'elements'],
    ['more than a descriptor can have', [Array.from({ length: 65_536 }, () => 0xc0)], 65_535, '65536 bytes'],
  ])('%s', (_, parts, offset, says) => {
    expect(() => parse(...parts)).toThrow(expect.objectContaining({ code: 'DESCRIPTOR_MALFORMED', message: expect.stringMatching(new RegExp(`at byte ${offset} \\(0x.*${says}.*HID 1\\.11, section`)) }));
  });
});
