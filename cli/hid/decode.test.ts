import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { recordingHeader, recordingReport, recordingSwitch } from '#driver/hid/recording/write.ts';
import { descriptor } from '#fixtures/hid/descriptor-builder.ts';
import { sharedData } from '#fixtures/needs.ts';
import { desktopTablet } from '#fixtures/hid/pens.ts';
import { decode } from './decode.ts';

interface Decoded { reports: { values: [number, number, number][]; sample: Record<string, unknown> | null }[] }

const asJson = (text: string): Decoded => JSON.parse([...decode(text, true)].join('')) as Decoded;

const pen = { index: 0, name: 'Pen', phys: '', bus: 3, vendorId: 0x256c, productId: 0x6e, descriptor: desktopTablet };
const knob = { index: 4, name: '', phys: '', bus: 5, vendorId: 1, productId: 2, descriptor: descriptor([0x05, 0x0c, 0x09, 0xe0, 0x15, 0x00, 0x25, 0x64, 0x75, 0x08, 0x95, 0x01, 0x81, 0x02]) };
/** X 25400, Y 12700, pressure 4096, tilt -3 and 4, tip and in range. */
const stroke = Uint8Array.of(7, 0b0001_0001, 0x38, 0x63, 0x9c, 0x31, 0x00, 0x10, 0xfd, 0x04);
const two = recordingHeader(pen) + recordingHeader(knob)
  + recordingSwitch(0) + recordingReport({ timeUs: 0, bytes: stroke })
  + recordingSwitch(4) + recordingReport({ timeUs: 2500, bytes: Uint8Array.of(55) })
  + recordingSwitch(0) + recordingReport({ timeUs: 5000, bytes: stroke });

test('each report by the descriptor of its own device: values raw, and a sample where it is a pen', () => {
  const { reports } = asJson(two);
  expect(reports.map(({ values }) => values)).toEqual([
    [[13, 0x42, 1], [13, 0x44, 0], [13, 0x45, 0], [13, 0x3c, 0], [13, 0x32, 1], [1, 0x30, 25_400], [1, 0x31, 12_700], [13, 0x30, 4096], [13, 0x3d, -3], [13, 0x3e, 4]],
    [[12, 0xe0, 55]],
    reports[0]!.values,
  ]);
  expect(reports[1]!.sample).toBeNull();
  // 50,800 units on 10 inches: 200 on a millimetre
  expect(reports[0]!.sample).toMatchObject({
    x: 25_400, y: 12_700, mm: { x: 127, y: 63.5 }, pressure: 4096, pressureRange: [0, 8191], tiltX: -3, tiltY: 4, hostTime: 0, marks: [],
    switches: { tip: true, inRange: true, eraser: false },
  });
  expect(reports[2]!.sample).toMatchObject({ hostTime: 5_000_000, marks: ['repeated'] });
});

test('for people: devices, a line for each report, what was odd', () => {
  const lines = [...decode(two, false)].join('').split('\n');
  expect(lines).toContain(`Device 0: Pen, 256c:006e on bus 3, descriptor of ${desktopTablet.length} bytes`);
  expect(lines).toContain('      0.000000  0       x 25400  y 12700  pressure 4096  tiltX -3  tiltY 4  = 127.00, 63.50 mm  tip  inRange');
  expect(lines).toContain('      0.002500  4       Consumer 0xe0 55');
  expect(lines).toContain('Device 0: odd: repeated 1');
  expect(lines).toContain('Device 4 is no pen.');
});

test('a file that is no recording, or whose descriptor is broken, is refused', () => {
  expect(() => decode('', true)).toThrow(expect.objectContaining({ code: 'RECORDING_MALFORMED' }));
  expect(() => decode('R: 2 a1 01', true)).toThrow(expect.objectContaining({ code: 'DESCRIPTOR_MALFORMED' }));
});

test('71 real captures: every value of every report is what hid-tools reads', (context) => {
  const streams = sharedData(context, 'hid', 'streams');
  const expected = sharedData(context, 'hid', 'expected-streams');
  const names = readdirSync(streams).filter((name) => name.endsWith('.hid')).map((name) => name.slice(0, -'.hid'.length));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const { reports } = JSON.parse(gunzipSync(readFileSync(join(expected, `${name}.hidtools.json.gz`))).toString()) as { reports: unknown };
    const ours = asJson(readFileSync(join(streams, `${name}.hid`), 'utf8')).reports;
    expect({ name, reports: ours.map(({ values }) => values) }).toEqual({ name, reports });
  }
});
