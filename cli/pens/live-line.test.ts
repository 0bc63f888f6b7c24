import { expect, test } from 'vitest';
import type { Channel, PenSourceInfo } from '#biometrics/capture.ts';
import { Switch, type Sample } from '#biometrics/sample.ts';
import { liveLine, type Seen } from './live-line.ts';
import { Rate } from './rate.ts';

const channel = (name: Channel['name'], rest: Partial<Channel>): Channel => ({
  name, unit: 'count', logicalMin: 0, logicalMax: null, physicalMin: null, physicalMax: null, unitExponent: null, perMm: null, rotation: null, derived: false, ...rest,
});

const SOURCE: PenSourceInfo = {
  kind: 'hid', instrument: 'pen', device: { name: 'a pen', vendorId: null, productId: null, serialNumber: null, firmware: null, bus: null },
  driver: { name: 'test', version: '1' }, host: 'test', deviceClock: null, limits: [], descriptor: null, openedAt: '2026-01-01T00:00:00Z',
  channels: [channel('x', { perMm: 100 }), channel('y', { perMm: 100 }), channel('pressure', { logicalMax: 4_095 }),
    channel('tiltX', { unit: 'deg', logicalMin: -90, logicalMax: 90 }), channel('tiltY', { unit: 'deg', logicalMin: -90, logicalMax: 90 })],
};

const SAMPLE: Sample = {
  x: 1_234, y: 5_678, z: null, pressure: 2_048, tangentialPressure: null, tiltX: 10, tiltY: -20, azimuth: null, altitude: null, twist: null, battery: null,
  transducerSerial: null, deviceTime: null, hostTime: 0, switches: Switch.tip | Switch.inRange | Switch.barrel, marks: 0,
};

const SEEN: Seen = { sample: SAMPLE, source: SOURCE, rate: 200, losses: { count: 3, method: 'device-clock' }, anomalies: { repeated: 12, clockBackwards: 0 } };

test('position in millimetres and raw, pressure with its range, tilt in degrees, switches by name', () => {
  expect(liveLine(SEEN)).toBe('x 12.34 y 56.78 mm (1234, 5678)  pressure 2048/4095  tilt 10.0° -20.0°  tip+inRange+barrel  200/s  lost 3  odd: repeated 12');
});

test('nothing is made up: no unit without a resolution, no degrees without an angle, no count of losses that nothing could notice', () => {
  const bare = { ...SOURCE, channels: SOURCE.channels.map((each) => ({ ...each, perMm: null, unit: 'count', logicalMax: null })) };
  expect(liveLine({ ...SEEN, source: bare, losses: { count: 0, method: 'unknown' }, anomalies: {} }))
    .toBe('x 1234 y 5678  pressure 2048  tilt 10 -20 (raw)  tip+inRange+barrel  200/s  losses cannot be noticed');
  expect(liveLine({ ...SEEN, sample: { ...SAMPLE, pressure: null, tiltX: null, tiltY: null, switches: 0 } })).toContain('no pressure  away  ');
});

test('the rate is what came in the last second, and falls to nothing', () => {
  const rate = new Rate();
  for (let report = 0; report < 400; report++) rate.add(1, report * 5);
  expect(rate.perSecond(1_995)).toBe(200);
  expect(rate.perSecond(2_495)).toBe(100);
  expect(rate.perSecond(4_000)).toBe(0);
});
