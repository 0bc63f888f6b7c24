import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mark, Switch, type Sample } from '#biometrics/sample.ts';
import { circlingPen } from '#fixtures/hid/captures.ts';
import * as write from '#fixtures/hid/descriptor-builder.ts';
import { FieldFlag, type Field, type ReportDescriptor, type Usage } from '../descriptor/field.ts';
import { parseReportDescriptor } from '../descriptor/parse.ts';
import { SampleRows } from '../../sample-rows.ts';
import { PenDecoder } from './pen-decoder.ts';
import { reportValues } from './values.ts';

const DESKTOP = 0x01;
const BUTTON = 0x09;
const DIGITIZER = 0x0d;
const NULL_STATE = 0x42;

function switches(...ids: number[]): number[] {
  return [
    ...write.usagePage(DIGITIZER), ...ids.flatMap((id) => write.usage(id)), ...write.logicalMin(0), ...write.logicalMax(1), ...write.reportSize(1),
    ...write.reportCount(ids.length), ...write.input(write.DATA), ...write.reportCount(1), ...write.reportSize(8 - ids.length), ...write.input(write.CONSTANT),
  ];
}

function number(page: number, id: number, size: number, max: number, flags = write.DATA, min = 0): number[] {
  return [
    ...write.usagePage(page), ...write.usage(id), ...write.logicalMin(min), ...write.logicalMax(max), ...write.reportSize(size), ...write.reportCount(1), ...write.input(flags),
  ];
}

const xy = (max: number): number[] => [...number(DESKTOP, 0x30, 16, max), ...number(DESKTOP, 0x31, 16, max)];

const pen = (id: number, ...fields: number[][]): number[] =>
  [...write.usagePage(DIGITIZER), ...write.usage(0x02), ...write.collection(write.APPLICATION), ...write.reportId(id), ...write.usage(0x20), ...write.collection(write.PHYSICAL), ...fields.flat(), ...write.endCollection, ...write.endCollection];

const mouse = (id: number, ...fields: number[][]): number[] =>
  [...write.usagePage(DESKTOP), ...write.usage(0x02), ...write.collection(write.APPLICATION), ...write.reportId(id), ...write.usage(0x01), ...write.collection(write.PHYSICAL), ...fields.flat(), ...write.endCollection, ...write.endCollection];

const buttons: number[] = [
  ...write.usagePage(BUTTON), ...write.usageMin(1), ...write.usageMax(3), ...write.logicalMin(0), ...write.logicalMax(1), ...write.reportSize(1), ...write.reportCount(3), ...write.input(write.DATA),
  ...write.reportCount(1), ...write.reportSize(5), ...write.input(write.CONSTANT),
];

const touch: number[] = [
  ...write.usagePage(DIGITIZER), ...write.usage(0x04), ...write.collection(write.APPLICATION), ...write.reportId(4), ...write.usage(0x22), ...write.collection(write.LOGICAL),
  ...switches(0x42), ...number(DIGITIZER, 0x30, 8, 255), ...xy(1_000), ...write.endCollection, ...write.endCollection,
];

const of = (...parts: number[][]): ReportDescriptor => parseReportDescriptor(write.descriptor(...parts));

function decoded(descriptor: ReportDescriptor, ...reports: (number | readonly number[])[][]): { samples: Sample[]; taken: boolean[]; decoder: PenDecoder } {
  const decoder = new PenDecoder(descriptor);
  const rows = new SampleRows(reports.length);
  const taken = reports.map((report, index) => decoder.decode(Uint8Array.from(report.flat() as number[]), index * 5_000_000, rows));
  return { samples: rows.toSamples(), taken, decoder };
}

const word = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];

describe('switches', () => {
  const all = of(pen(7, switches(0x42, 0x32, 0x44, 0x5a, 0x45, 0x3c), xy(1_000), number(DIGITIZER, 0x30, 16, 4_095)));

  it.each(Object.entries(Switch))('%s is its own bit', (_, bit) => {
    // the order above is the order of the bits
    expect(decoded(all, [7, bit, word(1), word(2), word(0)]).samples[0]!.switches).toBe(bit);
  });

  it('of a pen that is sent as a mouse: button 1 is the tip, 2 and 3 are on the barrel, and it says so', () => {
    const { samples, decoder } = decoded(of(mouse(9, buttons, xy(32_767), number(DIGITIZER, 0x30, 16, 8_191))), [9, 0b111, word(1), word(2), word(300)]);
    expect(samples[0]).toMatchObject({ x: 1, y: 2, pressure: 300, switches: Switch.tip | Switch.barrel | Switch.secondaryBarrel, marks: 0 });
    expect(decoder.limits).toEqual([expect.stringContaining('as a mouse')]);
  });

  it('without one for the tip: that nothing tells contact is said', () => {
    const { samples, decoder } = decoded(of(pen(7, switches(0x32), xy(1_000), number(DIGITIZER, 0x30, 16, 4_095))), [7, 1, word(1), word(2), word(300)]);
    expect(samples[0]!.switches).toBe(Switch.inRange);
    expect(decoder.limits).toEqual([expect.stringContaining('no tip switch')]);
  });

  it('of a mouse are no pen\'s', () => {
    expect(() => new PenDecoder(of(mouse(9, buttons, xy(32_767))))).toThrow(expect.objectContaining({ code: 'PEN_LAYOUT_UNKNOWN' }));
    expect(() => new PenDecoder(of(touch))).toThrow(expect.objectContaining({ code: 'PEN_LAYOUT_UNKNOWN' }));
  });
});

describe('the transducer serial number', () => {
  const low = (...values: number[]): number[] => values.flatMap((value) => [...word(value), ...word(value >>> 16)]);
  const serial = (page: number, id: number, size = 32): number[] => number(page, id, size, 2 ** 31 - 1, write.DATA, -(2 ** 31));

  it.each([
    { name: '32 bits', fields: [serial(DIGITIZER, 0x5b)], bytes: low(0xfedc_ba98), expected: 0xfedc_ba98n },
    { name: 'one field of 64 bits', fields: [serial(DIGITIZER, 0x5b, 64)], bytes: low(0x7654_3210, 0xfedc_ba98), expected: 0xfedc_ba98_7654_3210n },
    { name: 'Part 2 of the usage tables', fields: [serial(DIGITIZER, 0x5b), serial(DIGITIZER, 0x6e)], bytes: low(1, 2), expected: 0x2_0000_0001n },
    { name: 'Wacom\'s own page', fields: [serial(0xff0d, 0x5b), serial(0xff0d, 0x5c)], bytes: low(1, 0xffff_ffff), expected: 0xffff_ffff_0000_0001n },
    { name: 'Wacom AES, a byte above it', fields: [number(0xff00, 0x5b, 16, 32_767), serial(DIGITIZER, 0x5b), number(0xff00, 0x00, 8, 255)], bytes: [...word(0x8051), ...low(5), 0x81], expected: 0x81_0000_0005n },
  ])('$name', ({ fields, bytes, expected }) => {
    const descriptor = of(pen(1, switches(0x42, 0x32), xy(1_000), number(DIGITIZER, 0x30, 16, 4_095), ...fields));
    const { samples } = decoded(descriptor, [1, 3, word(1), word(1), word(1), bytes], [1, 3, word(1), word(1), word(1), bytes.slice(0, 3)]);
    expect(samples.map(({ transducerSerial }) => transducerSerial)).toEqual([expected, null]);
  });
});

describe('odd reports', () => {
  const descriptor = of(pen(7, switches(0x42, 0x32), xy(1_000), number(DIGITIZER, 0x30, 16, 4_095), number(DIGITIZER, 0x3d, 8, 60, write.DATA, -60)), touch);
  const report = (bits: number, pressure: number, tilt = 0): number[] => [7, bits, ...word(10), ...word(20), ...word(pressure), tilt & 0xff];

  it('are kept as they came, marked and counted', () => {
    const { samples, decoder } = decoded(descriptor, report(3, 5_000), report(3, 5_000), report(2, 7), report(1, 0, -61));
    expect(samples.map(({ pressure, tiltX, marks }) => [pressure, tiltX, marks])).toEqual([
      [5_000, 0, Mark.outOfRange], [5_000, 0, Mark.outOfRange | Mark.repeated], [7, 0, Mark.pressureWithoutTip], [0, -61, Mark.outOfRange | Mark.tipOutOfRange],
    ]);
    expect(decoder.findings().anomalies).toEqual({ outOfRange: 3, repeated: 1, pressureWithoutTip: 1, tipOutOfRange: 1 });
  });

  it('of other ids, too short for a position, or empty are no samples, and are counted', () => {
    const { taken, samples, decoder } = decoded(descriptor, [4, 1, 9, word(5), word(5)], [200, 1], [7, 3, 1], [], report(3, 1).slice(0, 8), [...report(3, 1), 9, 9, 9]);
    expect(taken).toEqual([false, false, false, false, true, true]);
    expect(samples.map(({ pressure, tiltX }) => [pressure, tiltX])).toEqual([[1, null], [1, 0]]);
    expect(decoder.findings().anomalies).toEqual({ 'otherReport 4': 1, 'undeclaredReport 200': 1, shortReport: 3, longReport: 1 });
  });

  it('with values that stand for no value give no channel; a position stays and is marked', () => {
    const withNull = of(pen(1, switches(0x42, 0x32), number(DESKTOP, 0x30, 16, 1_000, NULL_STATE), number(DESKTOP, 0x31, 16, 1_000, NULL_STATE), number(DIGITIZER, 0x30, 16, 4_095, NULL_STATE)));
    const { samples, decoder } = decoded(withNull, [1, 3, word(1_001), word(1), word(4_096)]);
    expect(samples[0]).toMatchObject({ x: 1_001, y: 1, pressure: null, marks: Mark.outOfRange });
    expect(decoder.findings().anomalies).toEqual({ nullState: 2, outOfRange: 1 });
  });

  it('do not overwrite rows that are full', () => {
    const decoder = new PenDecoder(descriptor);
    const rows = new SampleRows(1);
    const bytes = Uint8Array.from(report(3, 1));
    decoder.decode(bytes, 0, rows);
    expect(() => decoder.decode(bytes, 1, rows)).toThrow(RangeError);
  });

  it('leave nothing behind in a row that is used again', () => {
    const decoder = new PenDecoder(of(pen(7, switches(0x42, 0x32), xy(1_000), number(DIGITIZER, 0x30, 16, 4_095), number(DIGITIZER, 0x5b, 32, 0, write.DATA, -1)), pen(8, switches(0x42, 0x32), xy(1_000), number(DIGITIZER, 0x30, 8, 4_095))));
    const rows = new SampleRows(1);
    decoder.decode(Uint8Array.from([7, 3, ...word(2_000), ...word(1), ...word(1), 1, 2, 3, 4]), 0, rows);
    rows.clear();
    decoder.decode(Uint8Array.from([8, 0, ...word(1), ...word(1), 0]), 1, rows);
    expect(rows.toSamples()[0]).toMatchObject({ x: 1, pressure: 0, transducerSerial: null, switches: 0, marks: 0 });
  });
});

describe('several pen reports', () => {
  const both = of(pen(7, switches(0x42, 0x32), xy(32_000), number(DIGITIZER, 0x30, 16, 2_047), number(DIGITIZER, 0x3d, 8, 60, write.DATA, -60)), mouse(9, buttons, xy(2_048), number(DIGITIZER, 0x30, 16, 2_047)));
  const x = ({ channels }: PenDecoder): number | null => channels.find(({ name }) => name === 'x')!.logicalMax;
  const own = [7, 3, ...word(20_000), ...word(1), ...word(5), 1];
  const asMouse = [9, 1, ...word(2_000), ...word(1), ...word(5)];

  it('of different ranges: the channels are those of the one that comes, and it is said', () => {
    expect(x(new PenDecoder(both))).toBe(32_000);
    expect(x(decoded(both, own).decoder)).toBe(32_000);
    const { decoder, samples } = decoded(both, asMouse, asMouse);
    expect(x(decoder)).toBe(2_048);
    expect(samples[0]!.marks).toBe(0);
    expect(decoder.limits).toEqual([expect.stringContaining('as a mouse'), expect.stringContaining('those of report 9, not of 7')]);
  });

  it('that come by turns are each marked against their own range, and it is said', () => {
    const { decoder, samples } = decoded(both, own, asMouse, own, [9, 1, ...word(2_049), ...word(1), ...word(5)]);
    expect(samples.map(({ marks }) => marks)).toEqual([0, 0, Mark.repeated, Mark.outOfRange]);
    expect(decoder.limits.at(-1)).toContain('cannot be compared');
  });
});

describe('the device clock', () => {
  const clocked = of(pen(7, switches(0x42, 0x32), xy(1_000), number(DIGITIZER, 0x30, 16, 4_095), write.unit(0x1001), write.unitExponent(0x0c), number(DIGITIZER, 0x56, 16, 65_535)));
  const at = (time: number, index: number): number[] => [7, 3, ...word(index), ...word(1), ...word(5), ...word(time)];

  it('counts on over its end, and tells what is missing', () => {
    // 5 ms a report; two are missing after the twelfth
    const times = Array.from({ length: 20 }, (_, index) => 65_300 + 50 * (index + (index >= 12 ? 2 : 0)));
    const { samples, decoder } = decoded(clocked, ...times.map((time, index) => at(time % 65_536, index)));
    expect(samples.map(({ deviceTime }) => deviceTime)).toEqual(times);
    expect(samples.map(({ marks }) => marks)).toEqual(times.map((_, index) => index === 12 ? Mark.afterLoss : 0));
    expect(decoder.findings()).toEqual({ losses: { count: 2, method: 'device-clock' }, anomalies: { afterLoss: 1 } });
    expect(decoder.deviceClock).toEqual({ tickNs: 100_000, wrapsAfter: 65_536 });
  });
});

describe('the device clock of a pen that comes in several kinds of report', () => {
  const time = [...write.unit(0x1001), ...write.unitExponent(0x0c), ...number(DIGITIZER, 0x56, 16, 65_535)];
  const kind = (id: number, ...more: number[][]): number[] => pen(id, switches(0x42, 0x32), xy(1_000), number(DIGITIZER, 0x30, 16, 4_095), ...more);
  const at = (id: number, index: number, ...ticks: number[]): (number | number[])[] => [id, 3, word(index), word(1), word(5), ...ticks.map(word)];

  it('is one: it goes on counting where another kind has begun, over its end too', () => {
    const clocked = of(kind(7, time), kind(8, time));
    const times = Array.from({ length: 30 }, (_, index) => 65_000 + 50 * index);
    const { samples, decoder } = decoded(clocked, ...times.map((ticks, index) => at(index < 20 ? 7 : 8, index, ticks % 65_536)));
    expect(samples.map(({ deviceTime }) => deviceTime)).toEqual(times);
    expect(decoder.findings()).toEqual({ losses: { count: 0, method: 'device-clock' }, anomalies: {} });
  });

  it.each([
    { name: 'the same clock', other: time, ticks: (index: number) => [65_000 + 50 * index] },
    { name: 'none', other: [], ticks: () => [] },
  ])('takes the time in which another kind came, with $name, for no loss', ({ other, ticks }) => {
    const clocked = of(kind(7, time), kind(8, other));
    const ids = Array.from({ length: 90 }, (_, index) => index >= 30 && index < 60 ? 8 : 7);
    const { decoder } = decoded(clocked, ...ids.map((id, index) => at(id, index, ...(id === 7 ? [65_000 + 50 * index] : ticks(index)).map((one) => one % 65_536))));
    expect(decoder.findings()).toEqual({ losses: { count: 0, method: 'device-clock' }, anomalies: {} });
  });

  it('that is another one in another kind: it is said that their numbers cannot be compared', () => {
    const milliseconds = [...write.unit(0x1001), ...write.unitExponent(0x0d), ...number(DIGITIZER, 0x56, 16, 65_535)];
    const { decoder } = decoded(of(kind(7, time), kind(8, milliseconds)), at(7, 0, 10), at(8, 1, 10));
    expect(decoder.limits.at(-1)).toContain('cannot be compared');
    expect(decoded(of(kind(7, time), kind(8, time)), at(7, 0, 10), at(8, 1, 60)).decoder.limits).toEqual([]);
  });

  it('of reports without one, arrival is measured over all kinds', () => {
    const ids = Array.from({ length: 90 }, (_, index) => index >= 30 && index < 60 ? 8 : 7);
    const { decoder } = decoded(of(kind(7), kind(8)), ...ids.map((id, index) => at(id, index)));
    expect(decoder.findings().losses).toEqual({ count: 0, method: 'interval' });
    expect(decoder.findings().anomalies).toEqual({});
  });
});

/** Fields of a pen in any order, of any size, with any padding between them. */
const layout = fc.record({
  numbered: fc.boolean(),
  fields: fc.shuffledSubarray<Usage>([[DESKTOP, 0x30], [DESKTOP, 0x31], [DESKTOP, 0x32], [DIGITIZER, 0x30], [DIGITIZER, 0x31], [DIGITIZER, 0x3d], [DIGITIZER, 0x3e], [DIGITIZER, 0x3f], [DIGITIZER, 0x40], [DIGITIZER, 0x41], [DIGITIZER, 0x3b]], { minLength: 11 }),
  sizes: fc.array(fc.integer({ min: 1, max: 32 }), { minLength: 11, maxLength: 11 }),
  signed: fc.array(fc.boolean(), { minLength: 11, maxLength: 11 }),
  padding: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 11 }),
}).map(({ numbered, fields: usages, sizes, signed, padding }): ReportDescriptor => {
  let bit = 0;
  const collections = [{ type: 1, usage: [DIGITIZER, 0x02] as Usage }];
  const fields = usages.map((usage, index): Field => {
    const bitOffset = bit + padding[index]!;
    bit = bitOffset + sizes[index]!;
    return {
      bitOffset, bitSize: sizes[index]!, count: 1, usages: [usage], logicalMin: signed[index]! ? -1 : 0, logicalMax: 1, physicalMin: 0, physicalMax: 0,
      unit: 0, unitExponent: 0, flags: FieldFlag.variable, collections,
    };
  });
  return { numbered, applications: [[DIGITIZER, 0x02]], reports: [{ type: 'input', reportId: numbered ? 5 : 0, bitLength: bit, fields }] };
});

describe('any layout', () => {
  it('is read as the field table says, whatever is in the report', () => {
    const names = ['x', 'y', 'z', 'pressure', 'tangentialPressure', 'tiltX', 'tiltY', 'azimuth', 'altitude', 'twist', 'battery'] as const;
    const usages = [[1, 0x30], [1, 0x31], [1, 0x32], [13, 0x30], [13, 0x31], [13, 0x3d], [13, 0x3e], [13, 0x3f], [13, 0x40], [13, 0x41], [13, 0x3b]] as const;
    fc.assert(fc.property(layout, fc.uint8Array({ minLength: 70, maxLength: 70 }), (descriptor, bytes) => {
      const report = bytes.slice(0, Math.ceil(descriptor.reports[0]!.bitLength / 8) + (descriptor.numbered ? 1 : 0));
      if (descriptor.numbered) report[0] = 5;
      const rows = new SampleRows(1);
      expect(new PenDecoder(descriptor).decode(report, 0, rows)).toBe(true);
      const values = reportValues(descriptor, report);
      const [sample] = rows.toSamples();
      for (const [index, [page, id]] of usages.entries()) expect(sample![names[index]!]).toBe(values.find(([one, other]) => one === page && other === id)![2]);
    }), { numRuns: 500 });
  });
});

describe('any bytes', () => {
  it('become a sample of whole numbers, or none', () => {
    const { descriptor, reports } = circlingPen(1);
    const length = reports[0]!.bytes.length;
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: length + 2 }).map((bytes) => Uint8Array.of(7, ...bytes)), { maxLength: 20 }), (given) => {
      const decoder = new PenDecoder(descriptor);
      const rows = new SampleRows(given.length);
      const taken = given.filter((bytes, index) => decoder.decode(bytes, index, rows));
      const samples = rows.toSamples();
      expect(samples).toHaveLength(taken.length);
      for (const sample of samples) {
        for (const value of [sample.x, sample.y, sample.pressure, sample.tiltX, sample.tiltY]) expect(value === null || Number.isInteger(value)).toBe(true);
        expect(sample.switches & ~0b111_111).toBe(0);
      }
    }));
  });
});
