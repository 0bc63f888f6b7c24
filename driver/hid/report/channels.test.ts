import { describe as suite, expect, it } from 'vitest';
import type { Channel } from '#biometrics/capture.ts';
import type { Sample } from '#biometrics/sample.ts';
import { positionMm, tiltDegrees } from '#biometrics/units.ts';
import type { Field } from '../descriptor/field.ts';
import { clockOf, describe } from './channels.ts';

type Range = Pick<Field, 'bitSize' | 'logicalMin' | 'logicalMax' | 'physicalMin' | 'physicalMax' | 'unit' | 'unitExponent'>;

function field(range: Partial<Range>): Field {
  return {
    bitOffset: 0, bitSize: 16, count: 1, usages: [], logicalMin: 0, logicalMax: 0, physicalMin: 0, physicalMax: 0, unit: 0, unitExponent: 0,
    flags: 2, collections: [], ...range,
  };
}

function channelsOf(...given: [Channel['name'], Partial<Range>][]): { channels: Channel[]; limits: string[] } {
  const described = given.map(([channel, range]) => describe({ channel, firstBit: 0, field: field(range) }));
  return { channels: described.map(({ channel }) => channel), limits: described.flatMap(({ limit }) => limit ?? []) };
}

const nothing = {
  x: 0, y: 0, z: null, pressure: null, tangentialPressure: null, tiltX: null, tiltY: null, azimuth: null, altitude: null, twist: null, battery: null,
  transducerSerial: null, deviceTime: null, hostTime: 0, switches: 0, marks: 0,
} satisfies Sample;

const DEGREE = 0x14;

/** The ways in which 241 real descriptors declare tilt, with a raw value and the degrees that it is. */
const TILTS: (Partial<Range> & { raw: number; degrees: number; said: RegExp | null })[] = [
  { logicalMin: -9000, logicalMax: 9000, physicalMin: -9000, physicalMax: 9000, unit: DEGREE, unitExponent: -2, raw: 3050, degrees: 30.5, said: null },
  { logicalMin: -90, logicalMax: 90, physicalMin: -90, physicalMax: 90, unit: DEGREE, raw: 30, degrees: 30, said: null },
  { logicalMin: -60, logicalMax: 60, physicalMin: -60, physicalMax: 60, unit: DEGREE, raw: -45, degrees: -45, said: null },
  { logicalMin: -127, logicalMax: 127, raw: 60, degrees: 60, said: /no unit .*one to each step/ },
  { logicalMin: -127, logicalMax: 127, physicalMin: 0, physicalMax: 2048, unit: 0x33, unitExponent: -3, raw: 60, degrees: 60, said: /0x33.*one to each step/ },
  { logicalMin: -61, logicalMax: 60, physicalMin: -61, physicalMax: 60, raw: 20, degrees: 20, said: /no unit .*degrees are taken\.$/ },
  { logicalMin: 0, logicalMax: 18_000, physicalMin: -9000, physicalMax: 9000, unit: DEGREE, unitExponent: -2, raw: 12_050, degrees: 30.5, said: null },
  { logicalMin: -63, logicalMax: 63, physicalMin: -63, physicalMax: 63, unit: DEGREE, raw: 63, degrees: 63, said: null },
  { logicalMin: -9000, logicalMax: 9000, unit: DEGREE, unitExponent: -2, raw: -9000, degrees: -90, said: null },
];

suite('tilt', () => {
  it.each(TILTS)('declared $logicalMin to $logicalMax as $physicalMin to $physicalMax, unit $unit, exponent $unitExponent: $raw is $degrees°', ({ raw, degrees, said, ...range }) => {
    const { channels, limits } = channelsOf(['tiltX', range], ['tiltY', range]);
    const found = tiltDegrees({ ...nothing, tiltX: raw, tiltY: raw }, { kind: 'hid', channels })!;
    expect(found.tiltX).toBeCloseTo(degrees, 9);
    expect(found.tiltY).toBeCloseTo(degrees, 9);
    expect(found.derived).toBe('azimuth, altitude');
    if (said === null) expect(limits).toEqual([]);
    else for (const limit of limits) expect(limit).toMatch(said);
    expect(channels.map(({ logicalMin, logicalMax }) => [logicalMin, logicalMax])).toEqual([[range.logicalMin, range.logicalMax], [range.logicalMin, range.logicalMax]]);
  });

  it('in radians is radians', () => {
    const range = { logicalMin: -157, logicalMax: 157, physicalMin: -157, physicalMax: 157, unit: 0x12, unitExponent: -2 };
    const { channels } = channelsOf(['tiltX', range], ['tiltY', range]);
    expect(tiltDegrees({ ...nothing, tiltX: 100, tiltY: 0 }, { kind: 'hid', channels })!.tiltX).toBeCloseTo(57.29578, 4);
  });

  it('further than flat is none', () => {
    const { channels } = channelsOf(['tiltX', { logicalMin: -127, logicalMax: 127 }], ['tiltY', { logicalMin: -127, logicalMax: 127 }]);
    expect(tiltDegrees({ ...nothing, tiltX: 127, tiltY: 0 }, { kind: 'hid', channels })).toBeNull();
  });

  it('is derived from azimuth and altitude, counter-clockwise as HID counts them', () => {
    const { channels } = channelsOf(
      ['azimuth', { logicalMax: 36_000, physicalMax: 36_000, unit: DEGREE, unitExponent: -2 }],
      ['altitude', { logicalMax: 9_000, physicalMax: 9_000, unit: DEGREE, unitExponent: -2 }],
    );
    // away from the user: a quarter of a turn counter-clockwise from the right
    const found = tiltDegrees({ ...nothing, azimuth: 9_000, altitude: 4_500 }, { kind: 'hid', channels })!;
    expect(found).toMatchObject({ azimuth: 270, altitude: 45, derived: 'tiltX, tiltY' });
    expect(found.tiltX).toBeCloseTo(0, 9);
    expect(found.tiltY).toBeCloseTo(-45, 9);
  });
});

suite('millimetres', () => {
  it.each([
    { name: 'centimetres, exponent -3', unit: 0x11, unitExponent: -3, logicalMax: 20_966, physicalMax: 20_966, mm: 209.66, said: 0 },
    { name: 'centimetres, exponent -1', unit: 0x11, unitExponent: -1, logicalMax: 3_840, physicalMax: 294, mm: 294, said: 0 },
    { name: 'inches, exponent -3', unit: 0x13, unitExponent: -3, logicalMax: 32_000, physicalMax: 8_000, mm: 203.2, said: 0 },
    { name: 'cubic inches, which mean inches', unit: 0x33, unitExponent: -3, logicalMax: 12_544, physicalMax: 12_544, mm: 318.6176, said: 1 },
    { name: 'a physical range of 0 to 0, which is the logical one', unit: 0x13, unitExponent: -3, logicalMax: 8_000, physicalMax: 0, mm: 203.2, said: 0 },
  ])('from $name', ({ unit, unitExponent, logicalMax, physicalMax, mm, said }) => {
    const { channels, limits } = channelsOf(['x', { unit, unitExponent, logicalMax, physicalMax }], ['y', { unit, unitExponent, logicalMax, physicalMax }]);
    const found = positionMm({ ...nothing, x: logicalMax, y: 0 }, { kind: 'hid', channels })!;
    expect(found.x).toBeCloseTo(mm, 9);
    expect(found.y).toBe(0);
    expect(limits).toHaveLength(2 * said);
  });

  it('are not known without a unit, nor from a range that is no size', () => {
    for (const range of [{ logicalMax: 32_767 }, { logicalMax: 32_767, physicalMax: 2_048, unit: 0x33, unitExponent: -3 }, { logicalMax: 0, physicalMax: 0, unit: 0x11 }]) {
      const { channels } = channelsOf(['x', range], ['y', range]);
      expect(positionMm({ ...nothing, x: 1 }, { kind: 'hid', channels })).toBeNull();
      expect(channels[0]!.unit).toBe('count');
    }
  });
});

suite('pressure', () => {
  it.each([{ unit: 0x33, physicalMax: 2_048 }, { unit: 0x11, physicalMax: 255 }, { unit: 0xe111, physicalMax: 4_016 }])('is a count, whatever unit stands there ($unit)', (range) => {
    const { channels: [channel], limits } = channelsOf(['pressure', { logicalMax: 4_095, ...range }]);
    expect(channel).toMatchObject({ unit: 'count', logicalMin: 0, logicalMax: 4_095, physicalMin: null, physicalMax: null });
    expect(limits).toHaveLength(range.unit === 0xe111 ? 1 : 0);
  });
});

suite('the device clock', () => {
  const clock = (range: Partial<Range>) => clockOf({ reportId: 0, length: 2, numbers: [{ channel: 'deviceTime', firstBit: 0, field: field(range) }], switches: [], serial: [], asMouse: false, tipIsButton: false });

  it.each([
    { name: 'in seconds, exponent -4', range: { logicalMax: 65_535, physicalMax: 65_535, unit: 0x1001, unitExponent: -4 }, tickNs: 100_000, wrapsAfter: 65_536 },
    { name: 'in seconds, exponent -3', range: { logicalMax: 65_535, physicalMax: 65_535, unit: 0x1001, unitExponent: -3 }, tickNs: 1_000_000, wrapsAfter: 65_536 },
    { name: 'without a physical range', range: { logicalMax: 0x7fff_ffff, bitSize: 32, unit: 0x1001, unitExponent: -4 }, tickNs: 100_000, wrapsAfter: 2 ** 31 },
    { name: 'without a unit: the 100 µs of the usage tables', range: { logicalMax: 65_535 }, tickNs: 100_000, wrapsAfter: 65_536 },
    { name: 'without a range: what the bits hold', range: { bitSize: 16 }, tickNs: 100_000, wrapsAfter: 65_536 },
  ])('$name', ({ range, tickNs, wrapsAfter }) => {
    expect(clock(range)).toEqual({ tickNs, wrapsAfter });
  });
});
