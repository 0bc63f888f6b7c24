import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryCapture } from '#fixtures/arbitrary-capture.ts';
import { arbitrarySample } from '#fixtures/arbitrary-sample.ts';
import type { Channel, PenSourceInfo } from './capture.ts';
import type { ChannelName, Sample } from './sample.ts';
import { normalisedPressure, positionMm, tiltDegrees } from './units.ts';

const [blank] = fc.sample(arbitrarySample(), { numRuns: 1, seed: 1 });
const [some] = fc.sample(arbitraryCapture(), { numRuns: 1, seed: 1 });

function pen(kind: PenSourceInfo['kind'], ...channels: (Partial<Channel> & { name: ChannelName })[]): PenSourceInfo {
  const unknown = { unit: 'count', logicalMin: null, logicalMax: null, physicalMin: null, physicalMax: null, unitExponent: null, perMm: null, rotation: null, derived: false };
  return { ...some!.source, kind, channels: channels.map((channel) => ({ ...unknown, ...channel })) };
}

function sample(values: Partial<Sample>): Sample {
  return { ...blank!, tiltX: null, tiltY: null, azimuth: null, altitude: null, pressure: null, ...values };
}

const tilts = pen('pointer', { name: 'tiltX', unit: 'deg' }, { name: 'tiltY', unit: 'deg' });
const angles = pen('pointer', { name: 'azimuth', unit: 'rad' }, { name: 'altitude', unit: 'rad' });

describe('millimetres', () => {
  it('come from the resolution the device states, each axis its own', () => {
    const source = pen('hid', { name: 'x', perMm: 100 }, { name: 'y', perMm: 50 });
    expect(positionMm(sample({ x: 1234, y: 100 }), source)).toEqual({ x: 12.34, y: 2 });
  });

  it('are not guessed where it states none', () => {
    expect(positionMm(sample({ x: 1, y: 1 }), pen('pointer', { name: 'x' }, { name: 'y' }))).toBeNull();
  });
});

describe('pressure for drawing', () => {
  it('runs from 0 to 1 over the logical range, and not beyond', () => {
    const source = pen('hid', { name: 'pressure', logicalMin: 100, logicalMax: 1100 });
    expect([0, 100, 600, 1100, 9000].map((pressure) => normalisedPressure(sample({ pressure }), source))).toEqual([0, 0, 0.5, 1, 1]);
  });

  it('is one half where the device has none', () => {
    expect(normalisedPressure(sample({}), pen('hid'))).toBe(0.5);
  });
});

describe('tilt', () => {
  // The values of the conversion that the Pointer Events recommendation works out.
  it.each([
    { tiltX: 0, tiltY: 0, altitude: 90 },
    { tiltX: 45, tiltY: 0, azimuth: 0, altitude: 45 },
    { tiltX: 0, tiltY: 45, azimuth: 90, altitude: 45 },
    { tiltX: -45, tiltY: 0, azimuth: 180, altitude: 45 },
    { tiltX: 0, tiltY: -45, azimuth: 270, altitude: 45 },
    { tiltX: 45, tiltY: 45, azimuth: 45, altitude: 35.264389682754654 },
    { tiltX: 90, tiltY: 0, azimuth: 0, altitude: 0 },
  ])('$tiltX°, $tiltY° becomes azimuth $azimuth° and altitude $altitude°', ({ tiltX, tiltY, azimuth, altitude }) => {
    const found = tiltDegrees(sample({ tiltX, tiltY }), tilts)!;
    expect(found.derived).toBe('azimuth, altitude');
    expect(found.altitude).toBeCloseTo(altitude, 9);
    if (azimuth !== undefined) expect(found.azimuth).toBeCloseTo(azimuth, 9);
  });

  it('comes back from the angles it was turned into', () => {
    fc.assert(fc.property(fc.integer({ min: -89, max: 89 }), fc.integer({ min: -89, max: 89 }), (tiltX, tiltY) => {
      const { azimuth, altitude } = tiltDegrees(sample({ tiltX, tiltY }), tilts)!;
      const back = tiltDegrees(sample({ azimuth: azimuth * Math.PI / 180, altitude: altitude * Math.PI / 180 }), angles)!;
      expect(back.derived).toBe('tiltX, tiltY');
      expect(back.tiltX).toBeCloseTo(tiltX, 6);
      expect(back.tiltY).toBeCloseTo(tiltY, 6);
    }));
  });

  it('follows the physical range and exponent of a HID report', () => {
    const range = { unit: 'deg', logicalMin: -9000, logicalMax: 9000, physicalMin: -9000, physicalMax: 9000, unitExponent: -2 };
    const found = tiltDegrees(sample({ tiltX: 4500, tiltY: 0 }), pen('hid', { name: 'tiltX', ...range }, { name: 'tiltY', ...range }));
    expect(found!.tiltX).toBeCloseTo(45, 9);
    expect(found!.altitude).toBeCloseTo(45, 9);
  });

  it('counts a HID azimuth, which runs counter-clockwise, the way round of Pointer Events', () => {
    const hid = pen('hid', { name: 'azimuth', unit: 'deg' }, { name: 'altitude', unit: 'deg' });
    expect(tiltDegrees(sample({ azimuth: 90, altitude: 45 }), hid)).toMatchObject({ azimuth: 270, derived: 'tiltX, tiltY' });
  });

  it('is that of the tilt where a device gives an azimuth beside it and no altitude', () => {
    const hid = pen('hid', { name: 'tiltX', unit: 'deg' }, { name: 'tiltY', unit: 'deg' }, { name: 'azimuth', unit: 'deg' });
    expect(tiltDegrees(sample({ tiltX: 45, tiltY: 0, azimuth: 200 }), hid)).toMatchObject({ azimuth: 0, derived: 'azimuth, altitude' });
    const alone = pen('hid', { name: 'azimuth', unit: 'deg' });
    expect(tiltDegrees(sample({ azimuth: 200 }), alone)).toBeNull();
  });

  it('takes the logical range for the physical one where a HID report states none', () => {
    const hundredths = { unit: 'deg', logicalMin: -9000, logicalMax: 9000, unitExponent: -2 };
    expect(tiltDegrees(sample({ tiltX: 4500, tiltY: 0 }), pen('hid', { name: 'tiltX', ...hundredths }, { name: 'tiltY', ...hundredths }))!.tiltX).toBeCloseTo(45, 9);
  });

  it('is null beyond flat: no pen leans so far', () => {
    expect(tiltDegrees(sample({ tiltX: 90, tiltY: 0 }), tilts)).not.toBeNull();
    expect(tiltDegrees(sample({ tiltX: 91, tiltY: 0 }), tilts)).toBeNull();
  });

  it('is null where it was not measured, or not in an angle', () => {
    expect(tiltDegrees(sample({}), tilts)).toBeNull();
    expect(tiltDegrees(sample({ tiltX: 1, tiltY: 1 }), pen('hid', { name: 'tiltX' }, { name: 'tiltY' }))).toBeNull();
    expect(tiltDegrees(sample({ tiltX: 1 }), tilts)).toBeNull();
  });
});
