/** What `countersign doctor` says of pens and pads: of made lists, and of emulated pads on real serial ports. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { hidStuLink } from '#driver/stu/hid-stu-link.ts';
import { Encoding } from '#driver/stu/image/encode-picture.ts';
import { testPicture } from '#driver/stu/image/test-picture.ts';
import { probePad } from '#driver/stu/probe-pad.ts';
import type { StuLink } from '#driver/stu/stu-link.ts';
import { stuSource } from '#driver/stu/stu-source.ts';
import { DEFAULT_PENS } from '#kiosk/station/pens/pen-settings.ts';
import { attachedPen } from '#fixtures/attached-pens.ts';
import { countersign, Program } from '#fixtures/program.ts';
import { openPty } from '#fixtures/pty.ts';
import { padOverHid } from '#fixtures/stu-pad/pad-hid.ts';
import { padOverSerial } from '#fixtures/stu-pad/pad-serial.ts';
import { StuPad, type StuPadOptions } from '#fixtures/stu-pad/stu-pad.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import type { Finding } from './finding.ts';
import { padPictures } from './pad-test.ts';
import { pads } from './pads.ts';
import { pens } from './pens.ts';
import { serialPens } from './serial-pens.ts';

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

interface Port { home: string; path: string; pad: StuPad; unplug: () => Promise<void> }

/** A data folder whose settings name a port with an emulated STU-430V on it. */
async function padOnPort(context: TestContext, crcInitial: number, stu: object, options: StuPadOptions = {}): Promise<Port> {
  const pty = await openPty(context);
  const pad = new StuPad('STU-430V', options);
  padOverSerial(pad, pty.far, { crcInitial });
  const home = join(folder, `home-${homes++}`);
  mkdirSync(home);
  writeFileSync(join(home, 'station.json'), JSON.stringify({ pens: { serial: [{ path: pty.path, protocol: 'stu' }], stu } }));
  return { home, path: pty.path, pad, unplug: () => pty.unplug() };
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

test('a port that is named and not there is a warning', async () => {
  const settings = { ...DEFAULT_PENS, serial: [{ path: '/dev/null', protocol: 'isdv4' as const }, { path: '/dev/ttyNone', protocol: 'stu' as const }] };
  expect(await serialPens(settings)).toMatchObject({ state: 'warning', detail: '/dev/null (isdv4), /dev/ttyNone (stu) IS NOT THERE', advice: expect.stringContaining('station.json') });
  expect(await serialPens({ ...settings, serial: [settings.serial[0]!] })).toEqual({ id: 'serial-pens', state: 'ok', detail: '/dev/null (isdv4)', advice: '' });
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
  expect(Buffer.from(pad.screen.rgba).equals(Buffer.from(testPicture(width, height, 'black and white').rgba))).toBe(true);
  expect(testing.stdout).toMatch(/"bitOrder": "lsb"[^]*"whiteBit": 0/);
  expect(await testing.end('SIGINT')).toBe(0);
  expect(pad.screen.rgba).toEqual(empty);
});

test.for([['while its picture is drawn', 'drawing', 40], ['while it is looked at', 'Press Enter', 1]] as const)('--pad-test: a pad that is pulled out %s is said to be gone', async ([, printed, busyPolls], context) => {
  const { home, unplug } = await padOnPort(context, 0, {}, { busyPolls });
  const testing = new Program(['doctor', '--pad-test', '--home', home]);
  await testing.printed((text) => text.includes(printed));
  await unplug();
  expect(await testing.end()).toBe(2);
  expect(testing.stderr).toMatch(/^countersign[^\n]* is gone[^\n]*\n$/);
});

test.each([
  ['STU-430', 'stu-hid', [[Encoding.mono, 'bitOrder']]], ['STU-540', 'stu-serial', [[Encoding.monoZlib, 'bitOrder']]],
  ['STU-520', 'stu-hid', [[Encoding.mono, 'bitOrder'], [Encoding.rgb565, 'byteOrder']]], ['STU-540', 'stu-hid', [[Encoding.mono, 'bitOrder'], [Encoding.bgr24, 'red, green, blue']]],
] as const)('a %s (%s) is shown every encoding that a station sends it', async (model, kind, expected) => {
  const pad = new StuPad(model);
  const link: StuLink = { ...hidStuLink(padOverHid(pad)), transport: kind === 'stu-hid' ? 'hid' : 'serial' };
  const probed = await probePad(link);
  const source = stuSource(link, probed);
  const pictures = padPictures(kind, probed.attached.pad!);
  for (const { picture } of pictures) await source.pad!.show(picture);
  expect(pad.encodings).toEqual(expected.map(([encoding]) => encoding));
  pictures.forEach(({ lookFor }, index) => expect(lookFor).toContain(expected[index]![1]));
});

test('--pad-test without a pad shows nothing: 1', async () => {
  const home = join(folder, `home-${homes++}`);
  mkdirSync(home);
  expect(await countersign('doctor', '--pad-test', '--home', home)).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('no signature pad is attached') });
});
