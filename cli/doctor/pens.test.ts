/** What `countersign doctor` says of pens and pads: of made lists, and of emulated pads on real serial ports. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { testPicture } from '#driver/stu/image/test-picture.ts';
import { attachedPen } from '#fixtures/attached-pens.ts';
import { countersign, Program } from '#fixtures/program.ts';
import { openPty } from '#fixtures/pty.ts';
import { padOverSerial } from '#fixtures/stu-pad/pad-serial.ts';
import { StuPad } from '#fixtures/stu-pad/stu-pad.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import type { Finding } from './finding.ts';
import { pads } from './pads.ts';
import { pens } from './pens.ts';

const RULE = { code: 'PEN_FORBIDDEN', message: 'This user may not read /dev/hidraw3.', advice: 'sudo cp driver/udev/71-countersign-pens.rules …' } as const;
const PAD = attachedPen({ id: 'pad', kind: 'stu-hid', name: 'Wacom STU-540', pad: { width: 800, height: 480, colours: 16_777_216 } }, { tilt: 'none', pressureLevels: 1_024 });

describe('pens', () => {
  test('what is attached and what it gives', () => {
    expect(pens([attachedPen({ name: 'Intuos' })])).toEqual({ id: 'pens', state: 'ok', detail: 'Intuos (4,096 levels, tilt)', advice: '' });
    expect(pens([PAD])).toMatchObject({ state: 'ok', detail: 'a signature pad' });
  });

  test('one that may not be read is a warning with its rule, though another can', () => {
    const found = pens([attachedPen({ name: 'Intuos' }), attachedPen({ id: 'two', name: 'Cintiq', problem: RULE }), attachedPen({ id: 'three', name: 'One', problem: RULE })]);
    expect(found).toEqual({
      id: 'pens', state: 'warning', advice: RULE.advice,
      detail: 'Intuos (4,096 levels, tilt); Cintiq is not read: This user may not read /dev/hidraw3.; One is not read: This user may not read /dev/hidraw3.',
    });
  });

  test('none, or not known: what the guest screen does', () => {
    expect(pens([])).toMatchObject({ state: 'warning', advice: expect.stringContaining('Pointer Events') });
    expect(pens('the station did not answer')).toMatchObject({ state: 'unknown', detail: expect.stringContaining('did not answer') });
  });
});

describe('pads', () => {
  test('none is no fault, and nothing is asked of anyone', () => {
    expect(pads([attachedPen()])).toEqual({ id: 'pads', state: 'ok', detail: 'no signature pad is attached', advice: '' });
  });

  test('one that is there is to be looked at', () => {
    expect(pads([PAD])).toEqual({ id: 'pads', state: 'ok', detail: 'Wacom STU-540 (1,024 levels, no tilt)', advice: expect.stringContaining('--pad-test') });
    expect(pads([{ ...PAD, problem: RULE }])).toMatchObject({ state: 'warning', advice: RULE.advice });
  });
});

const folder = temporaryFolder();
let homes = 0;

interface Port { home: string; path: string; pad: StuPad }

/** A data folder whose settings name a port with an emulated STU-430V on it. */
async function padOnPort(context: TestContext, crcInitial: number, stu: object): Promise<Port> {
  const pty = await openPty(context);
  const pad = new StuPad('STU-430V');
  padOverSerial(pad, pty.far, { crcInitial });
  const home = join(folder, `home-${homes++}`);
  mkdirSync(home);
  writeFileSync(join(home, 'station.json'), JSON.stringify({ pens: { serial: [{ path: pty.path, protocol: 'stu' }], stu } }));
  return { home, path: pty.path, pad };
}

async function findings(home: string): Promise<Finding[]> {
  const { stdout, stderr } = await countersign('doctor', '--home', home, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Finding[];
}

test.for([
  [0x0000, {}, 'ok', ''], [0xffff, { crcInitial: 0xffff }, 'ok', ''],
  [0xffff, {}, 'warning', '"crcInitial": 65535'], [0x0000, { crcInitial: 0xffff }, 'warning', '"crcInitial": 0'],
] as const)('the checksum of a pad that begins with %d, with %o set', async ([crcInitial, stu, state, advice], context) => {
  const { home, path, pad } = await padOnPort(context, crcInitial, stu);
  const found = await findings(home);
  expect(found.find(({ id }) => id === 'pad-checksum')).toMatchObject({ state, advice: expect.stringContaining(advice) });
  expect(found.find(({ id }) => id === 'serial-pens')).toMatchObject({ state: 'ok', detail: `${path} (stu)` });
  expect(found.find(({ id }) => id === 'pads')).toMatchObject(state === 'ok' ? { state: 'ok', detail: expect.stringContaining('STU-430V') } : { state: 'warning' });
  // doctor changes nothing
  expect(pad.received).toEqual([]);
});

test('a port with nothing on it is not known', async (context) => {
  const pty = await openPty(context);
  const home = join(folder, `home-${homes++}`);
  mkdirSync(home);
  writeFileSync(join(home, 'station.json'), JSON.stringify({ pens: { serial: [{ path: pty.path, protocol: 'stu' }] } }));
  expect((await findings(home)).find(({ id }) => id === 'pad-checksum')).toMatchObject({ state: 'unknown', detail: expect.stringContaining('nothing with a checksum') });
});

test('--pad-test shows its picture, says what to look for, and leaves an empty screen', async (context) => {
  const { home, pad } = await padOnPort(context, 0, {});
  const { width, height } = pad.screen;
  const empty = pad.screen.rgba.slice();
  const testing = new Program(['doctor', '--pad-test', '--home', home]);
  await testing.printed((text) => text.includes('Press Enter'));
  // black and white: what is darker than the middle is black
  const shown = Array.from({ length: width * height }, (_, at) => pad.screen.rgba[4 * at] === 0);
  const { rgba } = testPicture(width, height);
  expect(shown).toEqual(Array.from({ length: width * height }, (_, at) => 0.299 * rgba[4 * at]! + 0.587 * rgba[4 * at + 1]! + 0.114 * rgba[4 * at + 2]! < 128));
  expect(testing.stdout).toContain('bitOrder');
  expect(await testing.end('SIGINT')).toBe(0);
  expect(pad.screen.rgba).toEqual(empty);
});

test('--pad-test without a pad shows nothing: 1', async () => {
  const home = join(folder, `home-${homes++}`);
  mkdirSync(home);
  expect(await countersign('doctor', '--pad-test', '--home', home)).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('no signature pad is attached') });
});
