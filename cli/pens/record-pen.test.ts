import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRecording } from '#driver/hid/recording/read.ts';
import { aReport, aSample, INFO, PEN } from '#fixtures/stand-in-pen.ts';
import { StandInPens } from '#fixtures/stand-in-pens.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { recordPen, type Recorded } from './record-pen.ts';

const folder = temporaryFolder();
let files = 0;
const newFile = (): string => join(folder, `pen-${files++}.hid`);

type Reports = readonly { hostTime: number; bytes: Uint8Array }[];

/** Records these reports; the pen is pulled out after them, or the recording stopped. */
async function recorded(path: string, reports: Reports, { lose = false, force = false, info = INFO, pen = PEN } = {}): Promise<Recorded> {
  const pens = new StandInPens();
  const stop = new AbortController();
  pens.plug(pen, info);
  const recording = recordPen(pens, pen, path, { force, stop: stop.signal, progress: () => undefined });
  // refused before it was opened
  while (!pens.open.has(pen.id)) if (await Promise.race([recording.then(() => true, () => true), soon()])) return recording;
  for (const { hostTime, bytes } of reports) pens.open.get(pen.id)!.give(bytes, hostTime, null);
  if (lose) pens.unplug(pen.id);
  else stop.abort();
  return recording;
}

const soon = (): Promise<boolean> => new Promise((resolve) => { setTimeout(() => resolve(false), 1); });

test('any reports come out of the file as they came from the pen, with their times from the first one on', async () => {
  const report = fc.record({ gapNs: fc.nat(1e10), bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }) });
  await fc.assert(fc.asyncProperty(fc.array(report, { maxLength: 30 }), fc.nat(1e12), async (given, first) => {
    let hostTime = first;
    const reports = given.map(({ gapNs, bytes }) => ({ hostTime: hostTime += gapNs, bytes }));
    const path = newFile();
    expect(await recorded(path, reports)).toMatchObject({ reports: reports.length, cut: null });
    const { devices, reports: read } = readRecording(readFileSync(path, 'utf8'));
    expect(devices).toEqual([{ index: 0, name: PEN.name, phys: '', bus: 3, vendorId: PEN.vendorId, productId: PEN.productId, descriptor: INFO.descriptor }]);
    const zero = reports[0]?.hostTime ?? 0;
    expect(read).toEqual(reports.map((each) => ({ device: 0, timeUs: Math.floor((each.hostTime - zero) / 1_000), bytes: each.bytes })));
  }), { numRuns: 25 });
});

test('only its owner can read it', async () => {
  const path = newFile();
  await recorded(path, []);
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a file that is there is left alone, unless it is to be replaced; a link is replaced and not followed', async () => {
  const path = newFile();
  writeFileSync(path, 'mine', { mode: 0o644 });
  await expect(recorded(path, [])).rejects.toThrow('--force');
  expect(readFileSync(path, 'utf8')).toBe('mine');
  const link = newFile();
  symlinkSync(path, link);
  await recorded(link, [], { force: true });
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect(readFileSync(link, 'utf8')).toMatch(/^D: 0\nR: /);
});

test('a pen that is pulled out cuts the recording, and what came before is in it', async () => {
  const path = newFile();
  const sample = aSample({ x: 7, hostTime: 5_000 });
  expect(await recorded(path, [{ hostTime: 5_000, bytes: aReport(sample) }], { lose: true })).toEqual({ reports: 1, seconds: 0, cut: 'the pen was pulled out.' });
  expect(readRecording(readFileSync(path, 'utf8')).reports).toHaveLength(1);
});

test('what has no report descriptor is not recorded, and no file is made', async () => {
  const path = newFile();
  await expect(recorded(path, [], { pen: { ...PEN, kind: 'isdv4' } })).rejects.toThrow('no HID pen');
  await expect(recorded(path, [], { info: { ...INFO, descriptor: null } })).rejects.toThrow('Record on Linux');
  expect(() => statSync(path)).toThrow('ENOENT');
});

test('a name with a line break adds no line to the file', async () => {
  const path = newFile();
  await recorded(path, [], { pen: { ...PEN, name: 'Pen\nE: 000000.000000 1 00' } });
  expect(readRecording(readFileSync(path, 'utf8')).reports).toEqual([]);
});
