/** `countersign hid` as it is typed: its words, its JSON, its exit codes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordingHeader, recordingReport } from '#driver/hid/recording/write.ts';
import { desktopTablet, laptopPen } from '#fixtures/hid/pens.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { typed } from '#fixtures/typed.ts';
import { hidInChild } from './hid/in-child.ts';

const folder = temporaryFolder();
const save = (name: string, content: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const device = { index: 0, name: 'Laptop pen', phys: '', bus: 0x18, vendorId: 1, productId: 2, descriptor: laptopPen };
const capture = `# Microsoft®\n${recordingHeader(device)}${recordingReport({ timeUs: 0, bytes: new Uint8Array(37).fill(6, 0, 1) })}`;
const files = {
  binary: save('pen.bin', laptopPen),
  capture: save('pen.hid', capture),
};

const countersign = (...args: string[]) => typed('hid', ...args);

interface Described { reports: { type: string; reportId: number; fields: Record<string, unknown>[] }[] }

test('describe --json: the fields of every report, bits counted after the id byte', async () => {
  const { code, stdout } = await countersign('describe', files.binary, '--json');
  expect(code).toBe(0);
  const { reports } = JSON.parse(stdout) as Described;
  expect(reports.map(({ type, reportId }) => `${type} ${reportId}`)).toEqual(['input 6', 'input 1', 'input 3', 'output 3', 'feature 11']);
  expect(reports[0]!.fields[1]).toEqual({
    bitOffset: 8, bitSize: 24, count: 1, usages: [[1, 0x30]], logicalMin: 0, logicalMax: 29_376, physicalMin: 0, physicalMax: 29_376,
    unitExponent: -3, unit: 0x11, flags: ['Variable', 'Absolute'],
  });
  expect(reports[4]!.fields[0]!['usages']).toHaveLength(7487);
});

test.each<[string, string]>([
  ['digits only', hex(laptopPen)],
  ['C', `/* made\n   by hand */ {` + [...laptopPen].map((byte) => `\n  0x${byte.toString(16)}, // 🖊 ß`).join('') + '\n};'],
  ['lines of spaced bytes, with comments', `# pen\r\n${hex(laptopPen).replaceAll(/../g, '$& ').replaceAll(/(.{48})/g, '$1\r\n')}`],
  ['a hid-recorder file', capture],
])('a descriptor as %s is the same descriptor', async (name, text) => {
  const path = save(`${name}.txt`, text);
  expect((await countersign('describe', path, '--json')).stdout).toBe((await countersign('describe', files.binary, '--json')).stdout);
});

test('describe, for people: reports, collections, ranges with units, names', async () => {
  const { code, stdout } = await countersign('describe', files.binary);
  expect(code).toBe(0);
  expect(stdout).toContain('For: Pen, Touch Screen, Keyboard\n');
  expect(stdout).toContain('Input report 6 (0x6): ');
  expect(stdout).toContain('  Pen (application) > Stylus (logical)\n');
  expect(stdout).toMatch(/8 +24 +0\.\.29376 +0\.\.29376 +10\^-3 cm +X\n/);
  expect(stdout).toMatch(/-9000\.\.9000 +-9000\.\.9000 +10\^-2 deg +X Tilt\n/);
  expect(stdout).toContain('Tip Switch, Barrel Switch, Eraser, Invert, Secondary Barrel Switch, In Range');
  expect(stdout).toMatch(/7487 × 8 .*0xff00:0xc5/);
  expect(stdout).toContain('… (256 usages)');
});

test('--device: another device of a hid-recorder file', async () => {
  const both = save('both.hid', recordingHeader(device) + recordingHeader({ ...device, index: 3, descriptor: desktopTablet }));
  expect(JSON.parse((await countersign('describe', both, '--device', '3', '--json')).stdout)).toMatchObject({ reports: [{ reportId: 7 }] });
  expect(await countersign('describe', both, '--device', '4')).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('no device 4. It has: 0, 3.') });
});

test('decode --json: one entry for each report', async () => {
  const { code, stdout } = await countersign('decode', files.capture, '--json');
  expect(code).toBe(0);
  const { reports } = JSON.parse(stdout) as { reports: { values: unknown[]; sample: unknown }[] };
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({ values: expect.arrayContaining([[13, 0x42, 0], [1, 0x30, 0], [13, 0x56, 0]]), sample: { x: 0, y: 0, pressure: 0, twist: 0, deviceTime: 0 } });
});

test('what is malformed: 2, and where', async () => {
  expect(await countersign('describe', save('short.bin', laptopPen.subarray(0, 9)))).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/malformed at byte 8 \(0x8\): the item 0x09 wants 1 data bytes and 0 are left/) });
  expect(await countersign('describe', save('words.txt', '05 0d\nnot hex'))).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Line 2: "not" is no hexadecimal byte, after 2 bytes') });
  expect(await countersign('decode', save('bad.hid', `${capture}E: 1.5 0`))).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/malformed in line \d+: "1\.5" is no time/) });
});

test('what cannot be done: 2, and why', async () => {
  expect(await countersign('describe', join(folder, 'missing'))).toMatchObject({ code: 2, stderr: expect.stringContaining('ENOENT') });
  expect(await countersign('read', files.binary)).toMatchObject({ code: 2, stderr: expect.stringContaining('countersign hid describe FILE') });
  expect(await countersign('decode', files.capture, '--device', '1')).toMatchObject({ code: 2, stderr: expect.stringContaining('--device') });
  expect(await countersign('decode', save('large.hid', Buffer.alloc(33 * 2 ** 20, '\n')))).toMatchObject({ code: 2, stderr: expect.stringContaining('more than 32 MiB') });
});

test('a reading that takes too long or too much is ended', async () => {
  const work = { verb: 'decode', device: null, json: true } as const;
  const long = Buffer.from(capture + recordingReport({ timeUs: 0, bytes: new Uint8Array(37).fill(6, 0, 1) }).repeat(100_000));
  await expect(hidInChild(long, work, { deadlineMs: 50, memoryMb: 1024 })).rejects.toThrow('longer than 0.05 s');
  await expect(hidInChild(long, work, { deadlineMs: 60_000, memoryMb: 64 })).rejects.toThrow('more memory');
});
