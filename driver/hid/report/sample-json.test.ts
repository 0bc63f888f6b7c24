import { expect, test } from 'vitest';
import { Mark, Switch } from '#biometrics/sample.ts';
import { circlingPen } from '#fixtures/hid/captures.ts';
import { SampleRows } from '../../sample-rows.ts';
import { PenDecoder } from './pen-decoder.ts';
import { sampleJson } from './sample-json.ts';

test('a sample has its raw channels, and beside them millimetres, degrees, and names for its bits', () => {
  const { descriptor, reports } = circlingPen(1);
  const decoder = new PenDecoder(descriptor);
  const rows = new SampleRows(1);
  decoder.decode(reports[0]!.bytes, 12_345, rows);
  const [sample] = rows.toSamples();
  const json = sampleJson({ ...sample!, marks: Mark.repeated | Mark.outOfRange, transducerSerial: 0xfedc_ba98_7654_3210n }, { kind: 'hid', channels: decoder.channels });
  expect(JSON.parse(JSON.stringify(json))).toEqual({
    x: 24_000, y: 10_000, z: null, pressure: 4_000, tangentialPressure: null, tiltX: 40, tiltY: -10, azimuth: null, altitude: null, twist: null,
    battery: null, deviceTime: null, hostTime: 12_345, transducerSerial: 'fedcba9876543210',
    mm: { x: expect.closeTo(152.4, 9), y: expect.closeTo(63.5, 9) }, pressureRange: [0, 8191],
    tilt: { tiltX: 40, tiltY: -10, azimuth: expect.closeTo(348.1326, 3), altitude: expect.closeTo(49.3894, 3), derived: 'azimuth, altitude' },
    switches: { tip: true, inRange: true, barrel: false, secondaryBarrel: false, eraser: false, invert: false },
    marks: ['outOfRange', 'repeated'],
  });
  expect(sample!.switches).toBe(Switch.tip | Switch.inRange);
});
