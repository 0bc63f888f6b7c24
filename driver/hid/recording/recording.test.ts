import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharedData } from '#fixtures/needs.ts';
import { readRecording } from './read.ts';
import type { HidRecording, RecordedDevice } from './recording.ts';
import { recordingHeader, recordingReport, recordingSwitch } from './write.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 80 });
const word = fc.string({ unit: fc.constantFrom(...'abc XYZ:#0/.-äß漢'), maxLength: 20 }).map((text) => text.trim());
const device = (index: number): fc.Arbitrary<RecordedDevice> => fc.record({
  index: fc.constant(index), name: word, phys: word, bus: fc.integer({ min: 0, max: 0xffff }),
  vendorId: fc.integer({ min: 0, max: 0xffff }), productId: fc.integer({ min: 0, max: 0xffff }), descriptor: bytes,
});
const recording: fc.Arbitrary<HidRecording> = fc.record({
  devices: fc.tuple(device(0), device(1), device(7)),
  reports: fc.array(fc.record({ device: fc.constantFrom(0, 1, 7), timeUs: fc.integer({ min: 0, max: 999_999_999_999_999 }), bytes })),
});

function written({ devices, reports }: HidRecording): string {
  return devices.map(recordingHeader).join('') + reports.map((report) => recordingSwitch(report.device) + recordingReport(report)).join('');
}

test('what is written is read again, whatever the devices and reports', () => {
  fc.assert(fc.property(recording, (given) => {
    expect(readRecording(written(given))).toEqual(given);
    // a file that went through Windows
    expect(readRecording(written(given).replaceAll('\n', '\r\n'))).toEqual(given);
  }));
});

test('a line as hid-recorder writes it', () => {
  const tablet: RecordedDevice = { index: 0, name: 'Huion 580', phys: '', bus: 3, vendorId: 0x256c, productId: 0x6e, descriptor: Uint8Array.of(5, 13) };
  expect(recordingHeader(tablet)).toBe('D: 0\nR: 2 05 0d\nN: Huion 580\nP: \nI: 3 256c 006e\n');
  expect(recordingReport({ timeUs: 1_552_096, bytes: Uint8Array.of(9, 0, 255) })).toBe('E: 000001.552096 3 09 00 ff\n');
});

test('a device cannot write lines of its own through its name', () => {
  const header = recordingHeader({ index: 0, name: 'pen\nE: 000000.000000 1 00', phys: '\r\nD: 3', bus: 3, vendorId: 1, productId: 2, descriptor: Uint8Array.of(1) });
  expect(readRecording(header)).toMatchObject({ devices: [{ name: 'pen E: 000000.000000 1 00', phys: 'D: 3' }], reports: [] });
});

test('without D: it is device 0; comments, blank lines and unknown letters say nothing', () => {
  const { devices, reports } = readRecording('# made by hand\n\nR: 1 c0\nB: 12 something\nN: pen\nE: 000000.000001  1 7f\n# end');
  expect(devices).toMatchObject([{ index: 0, name: 'pen' }]);
  expect(reports).toEqual([{ device: 0, timeUs: 1, bytes: Uint8Array.of(0x7f) }]);
});

test.each([
  ['E: 000000.000000 1 00', 1, 'before its descriptor'],
  ['R: 2 05', 1, '2 bytes and 1 follow'],
  ['R: 1 05 0d', 1, '1 bytes and 2 follow'],
  ['R: 0', 1, 'length of 0'],
  ['R: 1 5', 1, '"5" is no byte'],
  ['R: x 05', 1, '"x" is not a length'],
  ['R: 1 c0\nR: 1 c0', 2, 'already'],
  ['R: 1 c0\nE: 1.5 1 00', 2, 'no time'],
  ['R: 1 c0\nE: 0.000000 3 00', 2, '3 bytes and 1 follow'],
  ['R: 1 c0\n\nE: 0.000000 1 0g', 3, '"0g" is no byte'],
  ['R: 1 c0\nE:', 2, 'no time'],
  ['D: -1', 1, 'not a device number'],
  ['I: 3 256c', 1, 'three hexadecimal numbers'],
  ['I: 3 256c 123456789', 1, 'three hexadecimal numbers'],
  ['{"json": true}', 1, 'no line of a hid-recorder file'],
])('%j is refused, with its line', (text, line, says) => {
  expect(() => readRecording(text)).toThrow(expect.objectContaining({ code: 'RECORDING_MALFORMED', message: expect.stringMatching(`in line ${line}: .*`) }));
  expect(() => readRecording(text)).toThrow(says);
});

test('a damaged file is read or refused, never anything else', () => {
  const damage = fc.tuple(fc.nat(), fc.constantFrom('', '\n', ' ', '0', 'E:', 'D: 1', 'R: 3', '\u0000', '-', 'zz'), fc.nat({ max: 5 }));
  fc.assert(fc.property(recording, fc.array(damage, { minLength: 1, maxLength: 4 }), (given, damages) => {
    const text = damages.reduce((all, [at, put, cut]) => all.slice(0, at % (all.length + 1)) + put + all.slice((at % (all.length + 1)) + cut), written(given));
    try {
      for (const { bytes, timeUs } of readRecording(text).reports) expect([bytes.length > 0, Number.isInteger(timeUs)]).toEqual([true, true]);
    } catch (error) {
      expect(error).toMatchObject({ code: 'RECORDING_MALFORMED', message: expect.stringMatching(/line \d+/) });
    }
  }), { numRuns: 2000 });
});

test('real captures are read and written again byte for byte', (context) => {
  const folder = sharedData(context, 'hid', 'streams');
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.hid'))) {
    const text = readFileSync(join(folder, name), 'utf8');
    const { devices, reports } = readRecording(text);
    expect(devices).toHaveLength(1);
    const lines = text.split('\n').filter((line) => !line.startsWith('#'));
    expect((recordingHeader(devices[0]!) + reports.map(recordingReport).join('')).split('\n').filter((line) => !line.startsWith('P:'))).toEqual(lines);
  }
});
