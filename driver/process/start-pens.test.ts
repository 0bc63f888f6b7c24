import { expect, test, type TestContext } from 'vitest';
import { PenEar } from '#fixtures/pen-listener.ts';
import { openPty } from '#fixtures/pty.ts';
import { Isdv4Tablet } from '#fixtures/serial-pens/isdv4-tablet.ts';
import { topazPacket } from '#fixtures/serial-pens/topaz-packet.ts';
import { padOverSerial } from '#fixtures/stu-pad/pad-serial.ts';
import { StuPad } from '#fixtures/stu-pad/stu-pad.ts';
import type { AttachedPen, Pens } from '../pens.ts';
import { startPens } from './index.ts';
import type { SerialPort, StuSettings } from './messages.ts';

test('an ISDv4 tablet is asked what it gives, read, and lost', async (context) => {
  const pty = await openPty(context);
  const tablet = new Isdv4Tablet(pty);
  const pens = await started(context, [{ path: pty.path, protocol: 'isdv4' }]);
  const pen = await listed(pens, ({ gives }) => gives !== null);
  expect(pen).toMatchObject({ kind: 'isdv4', bus: 'serial', layout: 'protocol', gives: { pressureLevels: 256, tilt: 'tilt' }, problem: null });
  const source = pens.source(pen.id);
  const ear = new PenEar();
  await source.open(ear);
  await tablet.until('sampling');
  tablet.draw(...Array.from({ length: 200 }, (_, index) => ({ x: 1_000 + index, y: 2_000, pressure: 100 })));
  await ear.count(200);
  expect(ear.heard.map(({ x }) => x)).toEqual(Array.from({ length: 200 }, (_, index) => 1_000 + index));
  expect(source.findings()).toMatchObject({ complete: true, reports: { length: 200 } });
  await pty.unplug();
  await ear.end();
  expect(ear.ends).toMatchObject([{ code: 'PEN_GONE' }]);
  expect(source.findings().complete).toBe(false);
  expect(await listed(pens, ({ problem }) => problem !== null)).toMatchObject({ id: pen.id, problem: { code: 'PEN_GONE' } });
});

test('a pen process that is killed while a tablet streams: the port is free again, and the tablet read', async (context) => {
  const pty = await openPty(context);
  const tablet = new Isdv4Tablet(pty);
  const log: string[] = [];
  const pens = await started(context, [{ path: pty.path, protocol: 'isdv4' }], {}, log);
  const { id } = await listed(pens, ({ gives }) => gives !== null);
  const source = pens.source(id);
  const ear = new PenEar();
  await source.open(ear);
  await tablet.until('sampling');
  let drawn = 0;
  const drawing = setInterval(() => { tablet.draw({ x: drawn++, pressure: 10 }, { x: drawn++, pressure: 11 }); }, 2);
  context.onTestFinished(() => { clearInterval(drawing); });
  await ear.count(200);
  process.kill((pens as unknown as { pid: number }).pid, 'SIGKILL');
  await ear.end();
  expect(ear.ends).toMatchObject([{ code: 'PEN_GONE' }]);
  expect(ear.heard.map(({ x }) => x)).toEqual(ear.heard.map((_, index) => index));
  expect(source.findings().complete).toBe(false);
  await listed(pens, (pen) => pen.id === id);
  const second = new PenEar();
  await pens.source(id).open(second);
  await second.count(50);
  const first = second.heard[0]!.x;
  expect(second.heard.map(({ x }) => x - first)).toEqual(second.heard.map((_, index) => index));
  expect(log).toEqual([expect.stringContaining('SIGKILL')]);
});

test('a Topaz pad gives position alone; a port without a device says so', async (context) => {
  const pty = await openPty(context);
  const pens = await started(context, [{ path: pty.path, protocol: 'topaz' }, { path: '/dev/ttyNone', protocol: 'isdv4' }]);
  const topaz = await listed(pens, ({ kind }) => kind === 'topaz');
  expect(topaz).toMatchObject({ gives: { pressureLevels: 0, tilt: 'none' }, problem: null });
  expect(pens.list().find(({ kind }) => kind === 'isdv4')).toMatchObject({ gives: null, problem: { code: 'PEN_GONE', message: expect.stringContaining('/dev/ttyNone') } });
  const ear = new PenEar();
  const source = pens.source(topaz.id);
  await source.open(ear);
  pty.far.write(topazPacket({ x: 123, y: 456 }));
  await ear.count(1);
  expect(ear.heard).toMatchObject([{ x: 123, y: 456, pressure: null }]);
  await source.close();
  expect(ear.ends).toEqual([null]);
});

test('a signature pad on a serial port shows a picture, and its settings reach it', async (context) => {
  const pty = await openPty(context);
  const pad = new StuPad('STU-430V', { bitOrder: 'lsb', whiteBit: 0 });
  padOverSerial(pad, pty.far, { crcInitial: 0xffff });
  const pens = await started(context, [{ path: pty.path, protocol: 'stu' }], { crcInitial: 0xffff, bitOrder: 'lsb', whiteBit: 0 });
  const pen = await listed(pens, ({ gives }) => gives !== null);
  expect(pen).toMatchObject({ kind: 'stu-serial', name: 'Wacom STU-430V', pad: { width: 320, height: 200 }, gives: { pressureLevels: 1_024, clock: 'both' } });
  const source = pens.source(pen.id);
  const ear = new PenEar();
  await source.open(ear);
  const { width, height } = source.pad!;
  const rgba = new Uint8Array(4 * width * height).fill(255);
  // one black pixel, the leftmost: with the wrong bit order it would be the eighth
  rgba.set([0, 0, 0, 255]);
  await source.pad!.show({ width, height, rgba, buttons: [], ink: null });
  expect([pad.screen.pixel(0, 0), pad.screen.pixel(7, 0)]).toEqual([[0, 0, 0], [255, 255, 255]]);
  pad.draw([{ x: 100, y: 200, pressure: 300 }]);
  await ear.count(1);
  expect(ear.heard).toMatchObject([{ x: 100, y: 200, pressure: 300 }]);
  await source.close();
});

async function started(context: TestContext, serial: SerialPort[], stu: StuSettings = {}, log: string[] = []): Promise<Pens> {
  const pens = await startPens({ serial, stu, log: (line) => { log.push(line); } });
  context.onTestFinished(() => pens.stop());
  return pens;
}

async function listed(pens: Pens, which: (pen: AttachedPen) => boolean): Promise<AttachedPen> {
  for (;;) {
    const pen = pens.list().find(which);
    if (pen !== undefined) return pen;
    await new Promise<void>((resolve) => { const end = pens.onChange(() => { end(); resolve(); }); });
  }
}
