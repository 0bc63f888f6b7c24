import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type TestContext } from 'vitest';
import { openPty } from '#fixtures/pty.ts';
import { openSerial } from './open-serial.ts';
import { openingError } from './opening-error.ts';
import type { SerialLink, SerialOptions } from './serial-link.ts';

const RATE: SerialOptions = { baudRate: 38_400 };

test('bytes go both ways, all 256 of them, stamped when they came', async (context) => {
  const { pty, link } = await opened(context);
  const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const before = Number(process.hrtime.bigint());
  pty.far.write(every);
  const { bytes, times } = await received(link, 256);
  expect(bytes).toEqual([...every]);
  expect(times[0]).toBeGreaterThanOrEqual(before);
  expect(times.at(-1)).toBeLessThanOrEqual(Number(process.hrtime.bigint()));
  const heard = once(pty.far, 'data');
  await link.write(every);
  expect([...(await heard)[0] as Buffer]).toEqual([...every]);
});

test('what came between opening and the first listener is not lost', async (context) => {
  const { pty, link } = await opened(context);
  pty.far.write('first');
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  pty.far.write('then');
  expect(Buffer.from((await received(link, 9)).bytes).toString()).toBe('firstthen');
});

test('of a device that sends all the time while nobody listens, only the last is kept', async (context) => {
  const { pty, link } = await opened(context);
  for (let block = 0; block < 200; block++) if (!pty.far.write(Buffer.alloc(1_000, block))) await once(pty.far, 'drain');
  await new Promise((resolve) => { setTimeout(resolve, 200); });
  pty.far.write(Uint8Array.of(255));
  const bytes: number[] = [];
  await new Promise<void>((resolve) => { link.onData((chunk) => { bytes.push(...chunk); if (bytes.at(-1) === 255) resolve(); }); });
  expect(bytes.length).toBeGreaterThan(50_000);
  expect(bytes.length).toBeLessThanOrEqual(65_537);
  // in their order, without a gap
  expect(bytes.toSorted((a, b) => a - b)).toEqual(bytes);
});

test('the baud rate is set, changed, and may be an unusual one', async (context) => {
  const { pty, link } = await opened(context);
  expect(await pty.baudRate()).toBe(38_400);
  await link.setBaudRate(19_200);
  expect(await pty.baudRate()).toBe(19_200);
  await link.setBaudRate(128_000);
  pty.far.write('x');
  expect((await received(link, 1)).bytes).toEqual([120]);
});

test('a port that another program has locked is claimed, and free again after that closed it', async (context) => {
  const { pty, link } = await opened(context);
  await expect(openSerial(pty.path, RATE)).rejects.toMatchObject({ name: 'PenError', code: 'PEN_CLAIMED' });
  await link.close();
  await link.close();
  const again = await openSerial(pty.path, RATE);
  pty.far.write('again');
  expect((await received(again, 5)).bytes).toHaveLength(5);
  await again.close();
});

test('modem lines that a port does not have do not keep it from being opened', async (context) => {
  const pty = await openPty(context);
  const link = await openSerial(pty.path, { ...RATE, dtr: false, rts: true });
  await link.close();
});

test('a port that is pulled out says so once, takes nothing any more, and closes', async (context) => {
  const { pty, link } = await opened(context);
  const ends: string[] = [];
  const ended = new Promise<void>((resolve) => { link.onEnd((why) => { ends.push(why); resolve(); }); });
  await pty.unplug();
  await ended;
  await expect(link.write(Uint8Array.of(48))).rejects.toMatchObject({ code: 'PEN_GONE' });
  await expect(link.setBaudRate(19_200)).rejects.toMatchObject({ code: 'PEN_GONE' });
  await link.close();
  await link.close();
  expect(ends).toHaveLength(1);
});

test('a port that is pulled out while bytes stream ends every time', async (context) => {
  for (let round = 0; round < 12; round++) {
    const { pty, link } = await opened(context);
    link.onData(() => undefined);
    const ended = new Promise<string>((resolve) => { link.onEnd(resolve); });
    const writing = setInterval(() => { for (let index = 0; index < 20; index++) pty.far.write('streaming'); }, 1);
    await new Promise((resolve) => { setTimeout(resolve, 20 + round); });
    await pty.unplug();
    await ended;
    clearInterval(writing);
    await link.close();
  }
});

test('closing is no loss: nothing is told', async (context) => {
  const { link } = await opened(context);
  let told = false;
  link.onEnd(() => { told = true; });
  await link.close();
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  expect(told).toBe(false);
});

test('two ports at once do not mix', async (context) => {
  const [one, other] = [await opened(context), await opened(context)];
  one.pty.far.write('1'.repeat(1_000));
  other.pty.far.write('2'.repeat(1_000));
  const [ones, others] = await Promise.all([received(one.link, 1_000), received(other.link, 1_000)]);
  expect(new Set(ones.bytes)).toEqual(new Set([49]));
  expect(new Set(others.bytes)).toEqual(new Set([50]));
});

test('a path without a port, and a file that is none, are told apart', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  context.onTestFinished(() => { rmSync(folder, { recursive: true }); });
  writeFileSync(join(folder, 'file'), '');
  await expect(openSerial(join(folder, 'none'), RATE)).rejects.toMatchObject({ code: 'PEN_GONE' });
  await expect(openSerial(join(folder, 'file'), RATE)).rejects.toMatchObject({ code: 'PEN_SILENT' });
});

test.each([
  ['linux', 'Error: Permission denied, cannot open /dev/ttyUSB0', 'PEN_FORBIDDEN', 'dialout'],
  ['linux', 'Error Resource temporarily unavailable Cannot lock port', 'PEN_CLAIMED', 'Another program'],
  ['linux', 'Error: Device or resource busy, cannot open /dev/ttyUSB0', 'PEN_CLAIMED', 'Another program'],
  ['darwin', 'Error: Permission denied, cannot open /dev/tty.usb', 'PEN_FORBIDDEN', 'read and write access'],
  ['win32', 'Opening COM3: Access denied', 'PEN_CLAIMED', 'Another program'],
  ['win32', 'Opening COM3: File not found', 'PEN_GONE', 'Plug the pen in'],
  ['linux', 'Error: Input/output error, cannot open /dev/ttyS9', 'PEN_SILENT', 'could not be opened'],
] as const)('on %s, "%s" is %s', (platform, said, code, advice) => {
  const error = openingError('/dev/ttyUSB0', new Error(said), platform, []);
  expect(error.code).toBe(code);
  expect(error.message).toContain(advice);
});

test('where the port is not there, those that are there are named', () => {
  const missing = new Error('Error: No such file or directory, cannot open /dev/ttyUSB0');
  expect(openingError('/dev/ttyUSB0', missing, 'linux', ['/dev/ttyUSB1', '/dev/ttyS4']).message).toContain('There are /dev/ttyUSB1, /dev/ttyS4.');
  expect(openingError('/dev/ttyUSB0', missing, 'linux', []).message).toContain('There is none on this machine.');
});

async function opened(context: TestContext): Promise<{ pty: Awaited<ReturnType<typeof openPty>>; link: SerialLink }> {
  const pty = await openPty(context);
  const link = await openSerial(pty.path, RATE);
  context.onTestFinished(() => link.close());
  return { pty, link };
}

function received(link: SerialLink, count: number): Promise<{ bytes: number[]; times: number[] }> {
  return new Promise((resolve) => {
    const [bytes, times]: [number[], number[]] = [[], []];
    link.onData((chunk, hostTime) => {
      bytes.push(...chunk);
      times.push(hostTime);
      if (bytes.length >= count) resolve({ bytes, times });
    });
  });
}
