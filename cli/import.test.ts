import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { captureFromJson } from '#biometrics/capture-json.ts';
import type { RecordContext } from '#biometrics/context.ts';
import { encodeRecord } from '#biometrics/record.ts';
import fc from 'fast-check';
import { arbitraryContext } from '#fixtures/arbitrary-capture.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';
import * as exporting from './export.ts';
import * as importing from './import.ts';

const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const pen = recordedPen();
const [context] = fc.sample(arbitraryContext(), { numRuns: 1, seed: 5 }) as [RecordContext];
let told = '';

beforeEach(() => {
  told = '';
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => { told += String(text); return true; });
});
afterEach(() => vi.restoreAllMocks());

test.each(['json', 'csv', 'iso19794-7', 'inkml', 'svc'])('what export wrote as %s, import reads, as a recording that claims nothing of the device', async (form) => {
  writeFileSync(at('record'), encodeRecord(pen, context));
  expect(await exporting.run([at('record'), '--to', form, '--out', at('file')])).toBe(0);
  expect(told).toContain('stay in the record.');
  expect(await importing.run([at('file'), '--from', form, '--out', at('pen.json')])).toBe(0);
  const { source, samples } = captureFromJson(readFileSync(at('pen.json'), 'utf8'));
  expect(samples.map(({ switches }) => switches & 1)).toEqual(pen.samples.map(({ switches }) => switches & 1));
  expect(samples.map(({ pressure }) => pressure)).toEqual(pen.samples.map(({ pressure }) => pressure));
  expect(source).toMatchObject({ kind: 'recorded', device: { name: 'unknown', vendorId: null } });
  expect(source.limits[0]).toContain('nothing is known of the device');
});

test('JSON and CSV bring every channel back as it was', async () => {
  writeFileSync(at('record'), encodeRecord(pen, context));
  for (const form of ['json', 'csv']) {
    await exporting.run([at('record'), '--to', form, '--out', at('file')]);
    await importing.run([at('file'), '--from', form, '--out', at('pen.json')]);
    expect(captureFromJson(readFileSync(at('pen.json'), 'utf8')).samples).toEqual(pen.samples);
  }
});

test.each([
  ['csv', 'x,y,time [ms]\n1,2,3\n1,2\n', 'line 3: 2 values'],
  ['csv', 'x,y,time [ms]\n1,b,3\n', 'line 2: y: "b" is no number'],
  ['csv', 'x,y\n1,2\n', 'no time'],
  ['csv', 'x,"y,time\n', 'line 1: quotes'],
  ['json', '{"channels":[{"name":"x","unit":"count","min":null,"max":null}],"samples":[[1,2]]}', 'samples[0]'],
  ['iso19794-7', 'SDI', 'byte 3'],
  ['bmp', '', '--from json or --from csv'],
])('refuses %s that is not: %j', async (form, text, message) => {
  writeFileSync(at('file'), text);
  await expect(importing.run([at('file'), '--from', form])).rejects.toThrow(message);
});

test('explains itself, exit codes included', () => {
  expect(importing.help).toContain('Exit codes');
});
