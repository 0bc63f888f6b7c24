import { readFileSync, statSync, writeFileSync } from 'node:fs';
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
import { readFormInChild } from './import/in-child.ts';
import { FORMS, readForm, type Form } from './import/read-form.ts';

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

const exported = async (form: string): Promise<Uint8Array> => {
  writeFileSync(at('record'), encodeRecord(pen, context));
  expect(await exporting.run([at('record'), '--to', form, '--out', at('file')])).toBe(0);
  return readFileSync(at('file'));
};
const NOW = '2026-11-27T02:30:00Z';

test.each(FORMS)('what export wrote as %s, import reads, as a recording that claims nothing of the device', async (form) => {
  const { recording, limits } = readForm(await exported(form), form, NOW);
  expect(told).toContain('stay in the record.');
  const { source, samples } = captureFromJson(recording);
  expect(samples.map(({ switches }) => switches & 1)).toEqual(pen.samples.map(({ switches }) => switches & 1));
  expect(samples.map(({ pressure }) => pressure)).toEqual(pen.samples.map(({ pressure }) => pressure));
  expect(source).toMatchObject({ kind: 'recorded', device: { name: 'unknown', vendorId: null }, limits, openedAt: NOW });
  expect(limits[0]).toContain('nothing is known of the device');
});

test('JSON and CSV bring every channel back as it was', async () => {
  for (const form of ['json', 'csv'] as const) expect(captureFromJson(readForm(await exported(form), form, NOW).recording).samples).toEqual(pen.samples);
});

test('the command writes a recording that others cannot read, and tells what it assumed', async () => {
  await exported('svc');
  told = '';
  expect(await importing.run([at('file'), '--from', 'svc', '--out', at('pen.json')])).toBe(0);
  expect(captureFromJson(readFileSync(at('pen.json'), 'utf8')).samples).toHaveLength(pen.samples.length);
  expect(statSync(at('pen.json')).mode & 0o777).toBe(0o600);
  expect(told).toContain('SVC');
});

test('the command names file and place of what it refuses, and reads no file without end', async () => {
  writeFileSync(at('file'), 'x,y,time [ms]\n1,2,3\n1,2\n');
  await expect(importing.run([at('file'), '--from', 'csv'])).rejects.toThrow(`${at('file')}: line 3: 2 values`);
  await expect(importing.run([at('file'), '--from', 'bmp'])).rejects.toThrow('--from json or --from csv');
  await expect(importing.run(['/dev/zero', '--from', 'csv'])).rejects.toThrow('more than 64 MiB');
});

test('a reading that takes too long or too much memory is ended', async () => {
  const work = { from: 'csv', at: NOW } as const;
  await expect(readFormInChild(new Uint8Array(10), work, { deadlineMs: 1, memoryMb: 2048 })).rejects.toThrow('longer than 0.001 s');
  await expect(readFormInChild(new Uint8Array(60_000_000).fill(0x2c), work, { deadlineMs: 60_000, memoryMb: 64 })).rejects.toThrow('more memory');
});

const ink = (inside: string): string => `<ink xmlns="http://www.w3.org/2003/InkML">${inside}</ink>`;
const FORMAT = '<traceFormat><channel name="X"/><channel name="Y"/><channel name="T" units="ms"/></traceFormat>';
const MANY = 2_000_000;

test.each<[string, Form, string, string]>([
  ['a word for a number', 'csv', 'x,y,time [ms]\n1,b,3\n', 'line 2: y: "b" is no number'],
  ['no time', 'csv', 'x,y\n1,2\n', 'no time'],
  ['half a quotation', 'csv', 'x,"y,time\n', 'line 1: quotes'],
  ['no text', 'csv', '\xff'.repeat(3), 'not text in UTF-8'],
  ['a header without end', 'csv', ','.repeat(MANY), 'line 1: longer'],
  ['a line without end', 'csv', `x,y,time\n${'"'.repeat(MANY)}`, 'line 2: longer'],
  ['too many lines', 'csv', `x,y,time\n${'1,2,3\n'.repeat(600_001)}`, 'at most 600000 samples'],
  ['a short row', 'json', '{"channels":[{"name":"x","unit":"count","min":null,"max":null}],"samples":[[1,2]]}', 'samples[0]'],
  ['brackets without end', 'json', '['.repeat(MANY), 'not JSON'],
  ['a row without end', 'json', `{"channels":[],"samples":[[${'1,'.repeat(MANY)}1]]}`, 'samples[0]: 2000001 entries'],
  ['an infinite number', 'json', '{"channels":[{"name":"x","unit":"count","min":null,"max":null}],"samples":[[1e999]]}', 'samples[0][0]: should be a finite number'],
  ['half a header', 'iso19794-7', 'SDI', 'byte 3'],
  ['a count above the limit', 'iso19794-7', 'SDI\0 10\0\xc1\0\0\0\0\0\0\xff\xff\xff', '16777215 sample points, at most 600000'],
  ['a count that lies', 'iso19794-7', 'SDI\0 10\0\xc1\0\0\0\0\0\0\x01\0\0', 'byte 15: 65536 sample points do not fit'],
  ['a count that lies', 'svc', '3\n1 2 3 1 5 6 7\n', 'line 1: says 3 points, and 1 lines follow'],
  ['a line without end', 'svc', `1\n${'1 '.repeat(MANY)}`, 'line 2: should be seven numbers'],
  ['too many lines', 'svc', '\n'.repeat(MANY), 'line 1: should be the number'],
  ['entities of entities', 'inkml', '<!DOCTYPE ink [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><ink>&b;</ink>', 'line 1: neither'],
  ['an outside document type', 'inkml', '<!DOCTYPE ink SYSTEM "file:///etc/passwd"><ink/>', 'line 1: neither'],
  ['a processing instruction', 'inkml', '<?xml version="1.0"?><?php ?><ink/>', 'line 1: neither'],
  ['CDATA', 'inkml', '<ink><![CDATA[<a/>]]></ink>', 'line 1: neither'],
  ['a strange entity', 'inkml', ink('&lol;'), 'line 1: an entity'],
  ['a character that is none', 'inkml', ink('&#0;'), 'line 1: an entity'],
  ['depth without end', 'inkml', '<a>'.repeat(MANY), 'too deep'],
  ['elements without end', 'inkml', ink('<b/>'.repeat(MANY)), 'too many'],
  ['attributes without end', 'inkml', `<a ${'b="" '.repeat(MANY)}/>`, 'line 1: neither'],
  ['as many attributes as a tag holds', 'inkml', `<a ${'b="" '.repeat(200_000)}/>`, 'line 1: an attribute twice'],
  ['a tag without end', 'inkml', `<a${' '.repeat(MANY)}`, 'line 1: neither'],
  ['a point without end', 'inkml', ink(`${FORMAT}<trace>${'1 '.repeat(MANY)}</trace>`), 'a point of 4 or more'],
  ['too many points', 'inkml', ink(`${FORMAT}<trace>${'1 2 3,'.repeat(600_000)}1 2 3</trace>`), 'more than 600000 points'],
  ['a number above all', 'inkml', ink(`${FORMAT}<trace>1 2 ${'9'.repeat(400)}</trace>`), 'is no explicit decimal number'],
])('refuses %s (%s)', (_what, form, text, message) => {
  const bytes = Buffer.from(text, 'latin1');
  expect(() => readForm(bytes, form, NOW)).toThrow(expect.objectContaining({ name: 'RecordError', message: expect.stringContaining(message) as string }));
});

test('explains itself, exit codes included', () => {
  expect(importing.help).toContain('Exit codes');
});
