import { Duplex, duplexPair } from 'node:stream';
import { expect, test, type TestContext } from 'vitest';
import type { Sample } from '#biometrics/sample.ts';
import { openPty } from '#fixtures/pty.ts';
import type { PadModelName } from '#fixtures/stu-pad/pad-models.ts';
import { frame, padOverSerial, type PadOverSerial, type SerialPadOptions } from '#fixtures/stu-pad/pad-serial.ts';
import { padStroke, StuPad, type StuPadOptions } from '#fixtures/stu-pad/stu-pad.ts';
import type { PenError } from '../errors.ts';
import { openSerial } from '../serial/open-serial.ts';
import type { SerialLink } from '../serial/serial-link.ts';
import type { StuLink } from './stu-link.ts';
import { Encoding } from './image/encode-picture.ts';
import { testPicture } from './image/test-picture.ts';
import { probePad } from './probe-pad.ts';
import { crcInitialSeen, serialStuLink, STU_SERIAL } from './serial-stu-link.ts';
import { stuSource } from './stu-source.ts';

const SERIAL_MODELS: PadModelName[] = ['STU-500', 'STU-430V', 'STU-530', 'STU-540'];
const FITTING: SerialPadOptions = { crcInitial: 0x0000 };
const pause = async (): Promise<void> => undefined;

/** A line in memory. */
function line(model: PadModelName, serial: SerialPadOptions = FITTING, options: StuPadOptions = {}): { pad: StuPad; link: SerialLink; far: PadOverSerial; unplug: () => void } {
  const [near, other] = duplexPair();
  const pad = new StuPad(model, options);
  let onEnd: (why: string) => void = () => undefined;
  return { pad, link: linkOver(near, (listener) => { onEnd = listener; }), far: padOverSerial(pad, other, serial), unplug: () => { onEnd('unplugged'); } };
}

function linkOver(near: Duplex, onEnd: SerialLink['onEnd']): SerialLink {
  return {
    path: 'line', onEnd,
    onData: (listener) => { near.removeAllListeners('data').on('data', (bytes: Buffer) => { listener(bytes, Number(process.hrtime.bigint())); }); },
    write: async (bytes) => { near.write(bytes); },
    setBaudRate: async () => undefined,
    close: async () => { near.end(); },
  };
}

/** A port of the kernel. */
async function port(context: TestContext, model: PadModelName, serial: SerialPadOptions = FITTING): Promise<{ pad: StuPad; link: StuLink; far: PadOverSerial; unplug: () => Promise<void> }> {
  const pty = await openPty(context);
  const pad = new StuPad(model);
  const far = padOverSerial(pad, pty.far, serial);
  const link = serialStuLink(await openSerial(pty.path, STU_SERIAL));
  context.onTestFinished(() => link.close());
  return { pad, link, far, unplug: () => pty.unplug() };
}

test.for(SERIAL_MODELS)('%s on a real port: asked, shown a picture, signed on, encrypted, and left', async (model, context) => {
  const { pad, link, far } = await port(context, model, { ...FITTING, extraByte: true });
  const probed = await probePad(link);
  expect(probed).toMatchObject({ model: { name: model }, attached: { kind: 'stu-serial', bus: 'serial' } });
  const source = stuSource(link, probed, { pause });
  const samples: Sample[] = [];
  const ends: (PenError | null)[] = [];
  const stroke = padStroke([1_000, 900], [5_000, 2_000], 197);
  const all = new Promise<void>((resolve) => {
    void source.open({ samples: (batch) => { if (samples.push(...batch) === stroke.length) resolve(); }, ended: (error) => { ends.push(error); } })
      .then(() => source.pad!.show(testPicture(...pad.model.screen))).then(() => { pad.draw(stroke); });
  });
  await all;
  expect(samples.map(({ x, y, pressure }) => [x, y, pressure])).toEqual(stroke.map(({ x, y, pressure = 0 }) => [x, y, pressure]));
  expect(source.info.kind).toBe('stu-serial');
  expect(pad.screen.pixel(2, 2)).toEqual([255, 255, 255]);
  expect(pad.screen.pixel(10, 10)).toEqual([0, 0, 0]);
  expect(source.findings()).toMatchObject({ losses: { count: 0 }, complete: true, anomalies: {} });
  await source.close();
  expect(ends).toEqual([null]);
  expect(far.wrongChecksums()).toBe(0);
});

test('a port that is pulled out in mid-stroke ends the source', async (context) => {
  const { pad, link, unplug } = await port(context, 'STU-430V');
  const source = stuSource(link, await probePad(link), { pause, encryption: false });
  const ended = new Promise<PenError | null>((resolve) => { void source.open({ samples: () => { void unplug(); }, ended: resolve }).then(() => { pad.draw(padStroke([0, 0], [900, 900], 20)); }); });
  expect((await ended)?.code).toBe('PEN_GONE');
  expect(source.findings().complete).toBe(false);
});

test('a port that went before anybody listened for it is told to be gone', async () => {
  const { link, unplug } = line('STU-430V');
  const stu = serialStuLink(link);
  const probed = await probePad(stu);
  unplug();
  await expect(stuSource(stu, probed, { pause }).open({ samples: () => undefined, ended: () => undefined })).rejects.toMatchObject({ code: 'PEN_GONE' });
});

test('a 430V tells how large blocks may be, and takes them; the others get the small ones', async () => {
  for (const [model, blockSize] of [['STU-430V', 1_000], ['STU-540', 253]] as const) {
    const { pad, link } = line(model, FITTING, { blockSize: 1_000 });
    const probed = await probePad(serialStuLink(link));
    expect(probed.blockSize).toBe(blockSize);
    const source = stuSource(serialStuLink(line(model, FITTING).link), probed, { pause, encoding: Encoding.mono });
    await source.pad!.show(testPicture(...pad.model.screen));
  }
});

test('garbage on the line is counted, and the report after it is read', async () => {
  const { pad, link, far } = line('STU-430V');
  const stu = serialStuLink(link);
  const source = stuSource(stu, await probePad(stu), { pause });
  const samples: Sample[] = [];
  await source.open({ samples: (batch) => { samples.push(...batch); }, ended: () => undefined });
  pad.draw([{ x: 1, y: 1, pressure: 50 }]);
  const damaged = frame(Uint8Array.of(0x34, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), FITTING);
  damaged[5]! ^= 0x01;
  for (const bytes of [Uint8Array.of(0x12, 0x34, 0x56), damaged.slice(0, 7), damaged, Uint8Array.of(0xff, 0x7f, 0x01)]) far.garbage(bytes);
  pad.draw([{ x: 2, y: 2, pressure: 50 }, { x: 3, y: 3, pressure: 50, lost: true }, { x: 4, y: 4, pressure: 50 }]);
  await expect.poll(() => samples.map(({ x }) => x)).toEqual([1, 2, 4]);
  expect(source.findings()).toMatchObject({ losses: { count: 1, method: 'sequence' } });
  expect(source.findings().anomalies['damagedFrame']).toBeGreaterThanOrEqual(4);
});

test('a request that arrives garbled is refused by the pad, in words', async () => {
  const { pad, link } = line('STU-500');
  pad.refusals.set(0x21, 0x03);
  await expect(serialStuLink(link).setReport(Uint8Array.of(0x21, 1))).rejects.toMatchObject({ code: 'PAD_REFUSED', message: expect.stringContaining('checksum of what it received was wrong (0x03)') as string });
});

test('a report that the pad does not have is refused at once, not waited for', async () => {
  const { link } = line('STU-500');
  await expect(serialStuLink(link).getReport(0x0b, 11)).rejects.toMatchObject({ code: 'PAD_REFUSED', message: expect.stringContaining('no such report (0x01)') as string });
});

test.each([[0x0000, 0xffff], [0xffff, 0x0000]] as const)('set to %i and the pad uses %i: nothing is taken, and the error says what to set', async (set, used) => {
  const { link, far } = line('STU-430V', { crcInitial: used });
  const stu = serialStuLink(link, { crcInitial: set, timeoutMs: 50 });
  const words = `station.json "pens": { "stu": { "crcInitial": ${used} } }`;
  await expect(probePad(stu)).rejects.toMatchObject({ code: 'PEN_SILENT', message: expect.stringContaining(words) as string });
  expect(far.wrongChecksums()).toBe(1);
  expect(await crcInitialSeen(link, set, 50)).toBe(used);
  expect(await crcInitialSeen(link, used, 50)).toBe(used);
});

test.each([[0x0000, 0xffff], [0xffff, 0x0000]] as const)('set to %i and the pad uses %i, and leaves unanswered what it takes for damaged: found all the same', async (set, used) => {
  const { link, far } = line('STU-430V', { crcInitial: used, deaf: true });
  const stu = serialStuLink(link, { crcInitial: set, timeoutMs: 50 });
  await expect(probePad(stu)).rejects.toMatchObject({ code: 'PEN_SILENT', message: expect.stringContaining(`may begin with ${used} and not with ${set}: "npx countersign doctor"`) as string });
  expect(await crcInitialSeen(link, set, 50)).toBe(used);
  expect(far.wrongChecksums()).toBe(2);
});

test('a pad that sends no checksums is read, and says nothing about them', async () => {
  const { link } = line('STU-500', { crcInitial: null });
  const stu = serialStuLink(link);
  expect((await probePad(stu)).model.name).toBe('STU-500');
  expect(await crcInitialSeen(link, 0x0000, 50)).toBeNull();
});

test('a line where nobody answers', async () => {
  const [near, other] = duplexPair();
  other.resume();
  const link = linkOver(near, () => undefined);
  const stu = serialStuLink(link, { timeoutMs: 20 });
  await expect(probePad(stu)).rejects.toMatchObject({ code: 'PEN_SILENT', message: expect.stringContaining('0x08 within 20 ms') as string });
  expect(await crcInitialSeen(link, 0xffff, 20)).toBeNull();
});

test('what is asked when the port goes is answered with its end', async () => {
  const [near, other] = duplexPair();
  other.resume();
  let gone: (why: string) => void = () => undefined;
  const stu = serialStuLink(linkOver(near, (listener) => { gone = listener; }));
  const asked = stu.getReport(0x03, 5);
  await Promise.resolve();
  await Promise.resolve();
  gone('hung up');
  await expect(asked).rejects.toMatchObject({ code: 'PEN_GONE' });
});
