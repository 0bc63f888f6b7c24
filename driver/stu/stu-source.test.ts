import { afterEach, expect, test } from 'vitest';
import { Mark, Switch, type Sample } from '#biometrics/sample.ts';
import { MAX_BATCH } from '#biometrics/samples.ts';
import { padOverHid, type PadOverHid } from '#fixtures/stu-pad/pad-hid.ts';
import { PAD_MODELS, type PadModelName } from '#fixtures/stu-pad/pad-models.ts';
import { padStroke, StuPad, type StuPadOptions } from '#fixtures/stu-pad/stu-pad.ts';
import type { PenError } from '../errors.ts';
import type { PadPicture } from '../pad.ts';
import type { AttachedPenSource } from '../pens.ts';
import { hidStuLink } from './hid-stu-link.ts';
import { testPicture } from './image/test-picture.ts';
import { NonVolatileWrites } from './non-volatile.ts';
import { probePad } from './probe-pad.ts';
import type { PadOptions } from './pad-operation.ts';
import { stuSource } from './stu-source.ts';

const MODELS = Object.keys(PAD_MODELS) as PadModelName[];
const V2: PadModelName[] = ['STU-430', 'STU-430V', 'STU-530', 'STU-540'];
const V1: PadModelName[] = ['STU-300', 'STU-500', 'STU-520'];

interface Attached { pad: StuPad; link: PadOverHid; source: AttachedPenSource; samples: Sample[]; ends: (PenError | null)[] }

const sources: AttachedPenSource[] = [];
afterEach(async () => {
  for (const source of sources.splice(0)) await source.close();
});

async function attached(model: PadModelName, padOptions: StuPadOptions = {}, options: PadOptions = {}): Promise<Attached> {
  const pad = new StuPad(model, padOptions);
  const link = padOverHid(pad);
  const stu = hidStuLink(link);
  const source = stuSource(stu, await probePad(stu, pad.model.productId), { pause: async () => undefined, writes: new NonVolatileWrites(), ...options });
  sources.push(source);
  return { pad, link, source, samples: [], ends: [] };
}

async function opened(model: PadModelName, padOptions: StuPadOptions = {}, options: PadOptions = {}): Promise<Attached> {
  const all = await attached(model, padOptions, options);
  await all.source.open({ samples: (samples) => { all.samples.push(...samples); }, ended: (error) => { all.ends.push(error); } });
  return all;
}

const OK_BUTTON = { id: 'ok', area: { x1: 200, y1: 150, x2: 299, y2: 189 } };
const CLEAR_BUTTON = { id: 'clear', area: { x1: 20, y1: 150, x2: 119, y2: 189 } };

function blank(pad: StuPad, buttons: PadPicture['buttons'] = []): PadPicture {
  const [width, height] = pad.model.screen;
  return { width, height, rgba: new Uint8Array(4 * width * height).fill(255), buttons, ink: null };
}

/** The middle of a button in the pad's own units. */
function inside(pad: StuPad, { area: { x1, y1, x2, y2 } }: PadPicture['buttons'][number]): { x: number; y: number } {
  const [width, height] = pad.model.screen;
  return { x: Math.round(((x1 + x2) / 2) * (pad.model.max[0] / width)), y: Math.round(((y1 + y2) / 2) * (pad.model.max[1] / height)) };
}

test.each(MODELS)('%s: a stroke arrives sample for sample, encrypted, and the record knows what it is from', async (model) => {
  const { pad, source, samples, ends } = await opened(model, { sequence: 65_530 });
  const stroke = padStroke([1_000, 900], [5_000, 2_000], 97);
  pad.draw(stroke);
  expect(pad.capture).not.toBeNull();
  expect(samples.map(({ x, y, pressure }) => ({ x, y, pressure }))).toEqual(stroke.map(({ x, y, pressure = 0 }) => ({ x, y, pressure })));
  expect(samples.map(({ switches }) => switches)).toEqual(stroke.map(({ pressure = 0, inRange = true }) => (pressure > 0 ? Switch.tip : 0) | (inRange ? Switch.inRange : 0)));
  expect(samples.every(({ tiltX, tiltY, azimuth, altitude, twist }) => [tiltX, tiltY, azimuth, altitude, twist].every((angle) => angle === null))).toBe(true);
  await source.close();
  expect(ends).toEqual([null]);
  const { info } = source;
  expect(info).toMatchObject({ kind: 'stu-hid', instrument: 'pen', device: { name: `Wacom ${model}`, vendorId: 0x056a, productId: pad.model.productId, firmware: pad.model.firmware.join('.') } });
  expect(info.channels.find(({ name }) => name === 'pressure')).toMatchObject({ logicalMin: 0, logicalMax: pad.model.max[2] });
  expect(info.channels.find(({ name }) => name === 'x')?.perMm).toBe(pad.model.resolution === 0 ? null : 100);
  expect(info.limits.join('\n')).toMatch(/no tilt[^]*from pressure 21 [^]*17/);
  expect(info.limits.join('\n')).toContain(V1.includes(model) ? '128-bit Diffie-Hellman exchange, which is no protection' : 'AES-256, RSA-2048');
  expect(source.findings()).toMatchObject({ complete: true, losses: { count: 0 } });
});

test.each(MODELS)('%s: the same without encryption, which the record says', async (model) => {
  const { pad, source, samples } = await opened(model, {}, { encryption: false });
  const stroke = padStroke([1_000, 900], [5_000, 2_000], 50);
  pad.draw(stroke);
  expect(pad.capture).toBeNull();
  expect(samples.map(({ x, y }) => [x, y])).toEqual(stroke.map(({ x, y }) => [x, y]));
  expect(source.info.limits).toContain('between pad and host the samples were not encrypted: it was switched off');
});

test.each([
  ['STU-540', 'sequence', true], ['STU-530', 'sequence', true], ['STU-430', 'sequence', true], ['STU-500', 'sequence', false], ['STU-520', 'device-clock', true], ['STU-300', 'interval', false],
] as const)('%s: losses by %s, clock of its own: %s', async (model, method, clock) => {
  const { pad, source, samples } = await opened(model);
  pad.draw(padStroke([0, 0], [2_000, 2_000], 20));
  expect(source.findings().losses.count).toBe(0);
  expect(source.info.deviceClock).toEqual(clock ? { tickNs: 1_000_000, wrapsAfter: 65_536 } : null);
  expect(samples.every(({ deviceTime }) => (deviceTime === null) === !clock)).toBe(true);
  if (model !== 'STU-300') expect(source.findings().losses.method).toBe(method);
});

test('what a pad counted and the host did not get is lost, and the sample after it says so', async () => {
  const { pad, source, samples } = await opened('STU-540', { sequence: 65_533 });
  const stroke = padStroke([0, 0], [4_000, 2_000], 30).map((point, index) => (index === 4 || (index >= 10 && index < 13) ? { ...point, lost: true } : point));
  pad.draw(stroke);
  expect(samples).toHaveLength(stroke.length - 4);
  expect(source.findings()).toMatchObject({ losses: { count: 4, method: 'sequence' }, anomalies: { afterLoss: 2 } });
  expect(samples.flatMap(({ marks }, index) => ((marks & Mark.afterLoss) !== 0 ? [index] : []))).toEqual([4, 9]);
});

test('a 520 has no numbers: its clock shows what is missing while the pen touches', async () => {
  const { pad, source } = await opened('STU-520');
  pad.draw(padStroke([0, 0], [4_000, 2_000], 60).map((point, index) => ({ ...point, lost: index === 40 || index === 41 })));
  expect(source.findings().losses).toEqual({ count: 2, method: 'device-clock' });
});

test('a report without a time among those that have one is no loss', async () => {
  const { pad, link, source, samples } = await opened('STU-520', {}, { encryption: false });
  pad.draw(padStroke([0, 0], [4_000, 2_000], 20));
  link.garbage(Uint8Array.of(0x01, 0x90, 50, 0, 1, 0, 1));
  pad.draw(padStroke([0, 0], [4_000, 2_000], 20));
  expect([source.findings().losses.count, samples.length]).toEqual([0, 47]);
});

test('the clock of the pad goes on past its turn', async () => {
  const { pad, samples } = await opened('STU-430', { time: 65_520 });
  pad.draw(padStroke([0, 0], [1_000, 1_000], 10));
  const times = samples.map(({ deviceTime }) => deviceTime);
  expect(times).toEqual(times.map((_, index) => 65_520 + 5 * index));
});

test('contact that begins in a button is a press where it lifts inside, and ink nowhere', async () => {
  const { pad, source, samples } = await opened('STU-430');
  const pressed: string[] = [];
  source.pad!.onButton((id) => { pressed.push(id); });
  await source.pad!.show(blank(pad, [OK_BUTTON, CLEAR_BUTTON]));
  const [ok, clear, paper] = [inside(pad, OK_BUTTON), inside(pad, CLEAR_BUTTON), { x: 4_000, y: 1_000 }];
  const tap = (point: { x: number; y: number }) => [{ ...point }, { ...point, pressure: 80 }, { ...point, pressure: 90 }, { ...point }];
  pad.draw(tap(ok));
  expect([pressed, samples.length]).toEqual([['ok'], 2]);
  // slipped off, and from the paper across a button
  pad.draw([{ ...clear, pressure: 80 }, { ...paper, pressure: 80 }, { ...paper }]);
  pad.draw([{ ...paper, pressure: 80 }, { ...ok, pressure: 80 }, { ...ok }]);
  expect(pressed).toEqual(['ok']);
  pad.draw([{ ...clear, pressure: 80 }, { ...clear, inRange: false }]);
  expect(pressed).toEqual(['ok', 'clear']);
  expect(samples.filter(({ switches }) => (switches & Switch.tip) !== 0).map(({ x }) => x)).toEqual([paper.x, ok.x]);
  expect(source.findings().losses.count).toBe(0);
  const kept = source.findings().reports!;
  expect(kept).toHaveLength(samples.length);
});

test('the pad draws no ink on its buttons', async () => {
  const { pad, source } = await opened('STU-430');
  await source.pad!.show(blank(pad, [OK_BUTTON, CLEAR_BUTTON]));
  expect(pad.displayArea).toEqual({ x1: 0, y1: 0, x2: 319, y2: 149 });
  pad.draw([{ ...inside(pad, OK_BUTTON), pressure: 200 }, { x: 10, y: 10, pressure: 200 }]);
  expect(pad.screen.inked).toBe(1);
});

test.each(['STU-430', 'STU-500', 'STU-540'] as const)('%s: clear takes the ink off, the picture stays, and samples go on', async (model) => {
  const { pad, source, samples } = await opened(model);
  await source.pad!.show(testPicture(...pad.model.screen));
  const before = pad.screen.rgba.slice();
  pad.draw(padStroke([500, 500], [2_000, 1_500], 40));
  expect(pad.screen.inked).toBeGreaterThan(0);
  await source.pad!.clear();
  expect(pad.screen.rgba).toEqual(before);
  samples.length = 0;
  pad.draw(padStroke([500, 500], [2_000, 1_500], 40));
  expect(samples).toHaveLength(43 - (model === 'STU-500' ? 1 : 0));
  expect(source.findings()).toMatchObject({ complete: true, losses: { count: 0 } });
});

test('where only the pad\'s own background is under the ink it is cleared without a picture, else with one', async () => {
  for (const [background, expected] of [[[255, 255, 255], [0x23]], [[10, 20, 30], [0x24, 0x26, 0x27]]] as const) {
    const { pad, source } = await opened('STU-540', {}, { encryption: false, settings: { background } });
    const picture = { ...blank(pad, [OK_BUTTON]), ink: { x1: 0, y1: 200, x2: 799, y2: 479 } };
    picture.rgba.fill(7, 0, 4 * 800 * 100);
    await source.pad!.show(picture);
    const before = pad.screen.rgba.slice();
    pad.draw(padStroke([3_000, 4_000], [6_000, 5_000], 40));
    expect(pad.screen.inked).toBeGreaterThan(0);
    pad.received.length = 0;
    await source.pad!.clear();
    expect(pad.received).toEqual(expected);
    expect(Buffer.compare(pad.screen.rgba, before)).toBe(0);
    await source.close();
  }
});

test('closed while a picture is sent, it is given up and the pad left at rest', async () => {
  const { pad, source } = await opened('STU-540');
  const take = pad.handleSetReport.bind(pad);
  let closing: Promise<void> | null = null;
  let blocks = 0;
  pad.handleSetReport = (report) => {
    if (report[0] === 0x26 && ++blocks === 50) closing = source.close();
    return take(report);
  };
  await expect(source.pad!.show(testPicture(800, 480))).rejects.toMatchObject({ code: 'PEN_GONE', message: expect.stringContaining('closed while a picture') as string });
  await closing;
  expect(blocks).toBe(50);
  expect([pad.inking, pad.capture, pad.handleGetReport(0x03)![1]]).toEqual([false, null, 0]);
  expect(pad.screen.rgba.every((byte) => byte === 255)).toBe(true);
});

test('when it ends, nothing of the guest stays on the pad', async () => {
  const { pad, source, link } = await opened('STU-530');
  await source.pad!.show(testPicture(800, 480));
  await source.close();
  await source.close();
  expect(pad.screen.rgba.every((byte) => byte === 255)).toBe(true);
  expect([pad.inking, pad.capture, pad.option, link.closed]).toEqual([false, null, 0, true]);
});

test.each([0x21, 0x2a, 0x32])('a pad that refuses %i while it is left shows nothing of the guest all the same', async (refused) => {
  const { pad, source } = await opened('STU-430');
  await source.pad!.show(testPicture(320, 200));
  const take = pad.handleSetReport.bind(pad);
  pad.handleSetReport = (report) => take(report[0] === refused ? Uint8Array.of(0x77) : report);
  await source.close();
  expect(pad.screen.rgba.every((byte) => byte === 255)).toBe(true);
});

test('a pad that is pulled out in mid-stroke ends the source once, and what came is incomplete', async () => {
  const { pad, link, source, samples, ends } = await opened('STU-540');
  pad.draw(padStroke([0, 0], [4_000, 2_000], 30).slice(0, 12));
  link.unplug();
  expect(ends.map((error) => error?.code)).toEqual(['PEN_GONE']);
  expect(samples).toHaveLength(12);
  expect(source.findings().complete).toBe(false);
  await expect(source.pad!.clear()).rejects.toMatchObject({ code: 'PEN_GONE' });
  await source.close();
  expect(ends).toHaveLength(1);
});

test('a pad that is pulled out while a picture is sent says so', async () => {
  const { link, source, ends } = await opened('STU-530');
  link.unplugAfter(100);
  await expect(source.pad!.show(testPicture(800, 480))).rejects.toMatchObject({ code: 'PEN_GONE' });
  expect(ends.map((error) => error?.code)).toEqual(['PEN_GONE']);
});

test('opened twice is an error, also after it was closed', async () => {
  const { source } = await opened('STU-430');
  const listener = { samples: () => undefined, ended: () => undefined };
  await expect(source.open(listener)).rejects.toMatchObject({ code: 'PEN_ALREADY_OPEN' });
  await source.close();
  await expect(source.open(listener)).rejects.toMatchObject({ code: 'PEN_ALREADY_OPEN' });
});

test('a pad that another program left capturing, or with half a picture, is brought to rest', async () => {
  const { pad, source } = await attached('STU-430');
  pad.handleSetReport(Uint8Array.of(0x25, 0x00));
  await source.open({ samples: () => undefined, ended: () => undefined });
  expect(pad.received.slice(0, 2)).toEqual([0x25, 0x27]);
});

test('a pad that stays busy is reset; one that stays busy even so is refused with its status', async () => {
  const { pad, source } = await attached('STU-520');
  pad.stickIn(3);
  await source.open({ samples: () => undefined, ended: () => undefined });
  expect(pad.received[0]).toBe(0x04);
  const other = await attached('STU-520');
  other.pad.stickIn(5);
  other.pad.refusals.set(0x04, 0x02);
  await expect(other.source.open({ samples: () => undefined, ended: () => undefined })).rejects.toMatchObject({ code: 'PAD_REFUSED', message: expect.stringContaining('writing its memory (0x05)') as string });
  expect(other.link.closed).toBe(true);
});

test('a command that the pad refuses is told in words, with its number', async () => {
  const { pad, source } = await attached('STU-430');
  pad.refusals.set(0x21, 0x04);
  await expect(source.open({ samples: () => undefined, ended: () => undefined })).rejects.toMatchObject({ code: 'PAD_REFUSED', message: expect.stringMatching(/0x21.*not allowed \(0x04\).*ready \(0x00\)/) as string });
});

test.each([
  ['STU-300', 0x13], ['STU-540', 0x40], ['STU-430', 0x15],
] as const)('%s that refuses to encrypt (%i) gives samples in clear, and the record says why', async (model, report) => {
  const { pad, source, samples } = await attached(model);
  pad.refusals.set(report, 0x02);
  await source.open({ samples: (batch) => { samples.push(...batch); }, ended: () => undefined });
  pad.draw(padStroke([0, 0], [900, 900], 5));
  expect(samples).toHaveLength(8);
  expect(source.info.limits.at(-1)).toMatch(/^between pad and host the samples were not encrypted: The pad refused/);
});

test('a pad without a prime has its encryption switched off', async () => {
  const { source } = await opened('STU-500', { encryptionOff: true });
  expect(source.info.limits.at(-1)).toContain('its encryption is switched off');
});

test('a pad that has begun to capture although it said that it had not is stopped: nothing comes that nobody can read', async () => {
  const { pad, link, source, samples } = await attached('STU-540');
  const take = pad.handleSetReport.bind(pad);
  pad.handleSetReport = (report) => {
    const result = take(report);
    // taken, and the answer is lost on the way
    if (report[0] === 0x15) pad.handleGetReport(0x77);
    return result;
  };
  await source.open({ samples: (batch) => { samples.push(...batch); }, ended: () => undefined });
  expect(pad.capture).toBeNull();
  pad.draw(padStroke([0, 0], [900, 900], 5));
  expect([samples.length, link.closed]).toEqual([8, false]);
  expect(source.info.limits.at(-1)).toContain('were not encrypted');
});

test('reports in clear after encryption was agreed on are kept, counted and told', async () => {
  const { pad, source, samples } = await opened('STU-540');
  pad.draw(padStroke([0, 0], [900, 900], 5));
  // the pad lost its power for a moment
  pad.handleSetReport(Uint8Array.of(0x04, 0));
  pad.draw(padStroke([0, 0], [900, 900], 5));
  expect(samples).toHaveLength(16);
  expect(source.findings().anomalies).toMatchObject({ inClear: 8 });
  expect(source.info.limits.at(-1)).toContain('in clear although encryption had been agreed on');
  // the next picture finds it at rest, tells it everything again, and encrypts
  await source.pad!.show(testPicture(800, 480));
  samples.length = 0;
  pad.draw(padStroke([0, 0], [900, 900], 5));
  expect([pad.option, samples.length, source.findings().anomalies['inClear']]).toEqual([3, 8, 8]);
  expect(pad.capture).not.toBeNull();
});

test('on Windows there is room for the longest report in every question', async () => {
  const asked: number[] = [];
  const link = padOverHid(new StuPad('STU-540'));
  const getFeature = async (id: number, length: number): Promise<Uint8Array> => {
    asked.push(length);
    // and the answer fills it
    const whole = new Uint8Array(length);
    whole.set(await link.getFeature(id, length));
    return whole;
  };
  expect((await probePad(hidStuLink({ ...link, getFeature }, 'win32'))).serialNumber).toBe('9KQS0B1000042');
  expect(new Set(asked)).toEqual(new Set([2_560]));
});

test('what is drawn while a picture is sent is no signature: not taken, but counted', async () => {
  const { pad, source, samples } = await opened('STU-430', {}, { encryption: false });
  const showing = source.pad!.show(blank(pad, [OK_BUTTON]));
  pad.draw([{ x: 1, y: 1, pressure: 60 }, { x: 2, y: 2, pressure: 60 }]);
  await showing;
  expect([samples.length, source.findings().anomalies]).toEqual([0, { duringPicture: 2 }]);
  // a pen that rested there from before presses nothing, and what it draws is ink
  const pressed: string[] = [];
  source.pad!.onButton((id) => { pressed.push(id); });
  pad.draw([{ ...inside(pad, OK_BUTTON), pressure: 60 }, { ...inside(pad, OK_BUTTON) }]);
  expect([samples.length, pressed]).toEqual([2, []]);
});

test('a pad that goes before it is opened says so when it is', async () => {
  const { link, source } = await attached('STU-430');
  link.unplug();
  await expect(source.open({ samples: () => undefined, ended: () => undefined })).rejects.toMatchObject({ code: 'PEN_GONE', message: expect.stringContaining('unplugged') as string });
  expect(source.findings().complete).toBe(false);
});

test.each(['STU-430', 'STU-500'] as const)('a %s closed while it is opened does not open, and is left at rest', async (model) => {
  const { source, link, pad } = await attached(model);
  const opening = source.open({ samples: () => undefined, ended: () => undefined });
  const closing = source.close();
  await expect(opening).rejects.toMatchObject({ code: 'PEN_GONE' });
  await closing;
  expect([link.closed, pad.capture, pad.inking, pad.option]).toEqual([true, null, false, 0]);
});

test('a pad that refuses to be opened is left at rest', async () => {
  const { pad, source, link } = await attached('STU-530');
  // ink is on by then
  const get = pad.handleGetReport.bind(pad);
  pad.handleGetReport = (id) => (id === 0x22 ? Uint8Array.of(0x22, 1) : get(id));
  await expect(source.open({ samples: () => undefined, ended: () => undefined })).rejects.toMatchObject({ code: 'PEN_SILENT' });
  expect([link.closed, pad.inking, pad.option]).toEqual([true, false, 0]);
});

test('more samples than a record holds end the source', async () => {
  const { link, source, ends } = await opened('STU-300', {}, { encryption: false });
  const report = Uint8Array.of(0x01, 0x90, 50, 0, 1, 0, 1);
  for (let count = 0; count < MAX_BATCH && ends.length === 0; count++) link.garbage(report);
  expect(ends.map((error) => error?.code)).toEqual(['PEN_OVERFLOW']);
  expect(source.findings().complete).toBe(false);
});

test('garbage between the reports is counted and gives no sample', async () => {
  const { pad, link, source, samples } = await opened('STU-540');
  pad.draw([{ x: 1, y: 2, pressure: 30 }]);
  for (const report of [[], [0x77, 1, 2, 3], [0x34, 0x80, 1], [0x33, ...Array.from({ length: 16 }, () => 9)], [0x10, ...Array.from({ length: 16 }, () => 7)]]) link.garbage(Uint8Array.from(report));
  pad.draw([{ x: 3, y: 4, pressure: 30 }]);
  expect(samples.map(({ x }) => x)).toEqual([1, 3]);
  expect(source.findings()).toMatchObject({ anomalies: { foreignReport: 2, shortReport: 1, unreadableReport: 2 }, losses: { count: 0 } });
});

test('settings that wear out the pad are written where they differ, once, and a second time is refused', async () => {
  const writes = new NonVolatileWrites();
  const settings = { brightness: 2, contrast: 2, background: [255, 255, 255] as const };
  const { pad } = await opened('STU-540', {}, { writes, settings });
  expect([...pad.nonVolatileWrites]).toEqual([[0x2b, 1]]);
  const again = await attached('STU-540', {}, { writes, settings: { brightness: 1 } });
  await expect(again.source.open({ samples: () => undefined, ended: () => undefined })).rejects.toMatchObject({ code: 'PAD_REFUSED', message: expect.stringContaining('wears out') as string });
  expect(again.pad.nonVolatileWrites.size).toBe(0);
});

test.each(MODELS)('%s: nothing that is not asked for is written for good, in ten signings', async (model) => {
  const { pad, source } = await opened(model);
  for (let round = 0; round < 10; round++) await source.pad!.clear();
  await source.close();
  expect(pad.nonVolatileWrites.size).toBe(0);
});

test('a picture of the wrong size is refused before anything is sent', async () => {
  const { pad, source } = await opened('STU-430');
  const before = pad.received.length;
  await expect(source.pad!.show(testPicture(800, 480))).rejects.toMatchObject({ code: 'PAD_PICTURE', message: expect.stringContaining('320 × 200') as string });
  for (const area of [{ x1: 0, y1: 0, x2: 320, y2: 10 }, { x1: 5, y1: 0, x2: 4, y2: 10 }, { x1: 0, y1: 0.5, x2: 4, y2: 10 }]) {
    await expect(source.pad!.show(blank(pad, [{ id: 'ok', area }]))).rejects.toMatchObject({ code: 'PAD_PICTURE', message: expect.stringContaining('not on it') as string });
    await expect(source.pad!.show({ ...blank(pad), ink: area })).rejects.toMatchObject({ code: 'PAD_PICTURE' });
  }
  expect(pad.received).toHaveLength(before);
});

test('the pad\'s numbers are those of the model it is', async () => {
  for (const model of [...V1, ...V2]) {
    const { source } = await attached(model);
    expect([source.pad!.width, source.pad!.height]).toEqual([...PAD_MODELS[model].screen]);
  }
});
