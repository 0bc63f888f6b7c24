import { expect, test } from 'vitest';
import { MAX_REPORTS } from '#biometrics/limits.ts';
import { PenError } from '#driver/errors.ts';
import { PenEar } from '#fixtures/pen-listener.ts';
import { penPacket, point, replyPacket, type PenPoint } from '#fixtures/serial-pens/isdv4-packets.ts';
import { TABLET } from '#fixtures/serial-pens/isdv4-tablet.ts';
import { isdv4Source } from './isdv4/isdv4-source.ts';
import type { SerialLink } from './serial-link.ts';

/** A link in memory, where a test says when bytes arrive: what a real port cannot do on time. */
class MemoryLink implements SerialLink {
  readonly path = '/dev/memory';
  data: (bytes: Uint8Array, hostTime: number) => void = () => undefined;
  end: (why: string) => void = () => undefined;
  onWrite: (bytes: Uint8Array) => Promise<void> = () => Promise.resolve();
  closed = 0;

  onData(listener: this['data']): void { this.data = listener; }
  onEnd(listener: this['end']): void { this.end = listener; }
  write(bytes: Uint8Array): Promise<void> { return this.onWrite(bytes); }
  setBaudRate(): Promise<void> { return Promise.resolve(); }
  close(): Promise<void> { this.closed++; return Promise.resolve(); }
}

const PEN = { baudRate: 38_400, reply: TABLET, touchLength: null };
const MS = 1e6;
const now = (): number => Number(process.hrtime.bigint());
const packet = (values: Partial<PenPoint> = {}): Uint8Array => penPacket(point(values));

async function opened() {
  const link = new MemoryLink();
  const source = isdv4Source(link, PEN);
  const ear = new PenEar();
  await source.open(ear);
  return { link, source, ear, at: now() };
}

test('packets that never came are guessed from the gap, damaged ones are known, and none is counted twice', async () => {
  const { link, source, at } = await opened();
  for (let index = 0; index < 40; index++) {
    // 20 to 22 never come, 30 comes damaged; the pen rests now and then, and is heard to
    if (index >= 20 && index <= 22) continue;
    link.data(index === 30 ? packet().slice(0, 5) : packet({ x: Math.floor(index / 3) }), at + index * 8 * MS);
  }
  expect(source.findings().losses).toEqual({ count: 4, method: 'interval' });
});

test('time counts from opening; what arrived before it is not part of the capture', async () => {
  const { link, source, ear, at } = await opened();
  link.data(packet({ x: 1 }), at - 1_000 * MS);
  link.data(packet({ x: 2 }), at + 5 * MS);
  expect(ear.heard.map(({ x }) => x)).toEqual([2]);
  expect(ear.heard[0]!.hostTime).toBeGreaterThanOrEqual(5 * MS);
  expect(ear.heard[0]!.hostTime).toBeLessThanOrEqual(at + 5 * MS);
  expect(Date.parse(source.info.openedAt)).toBeLessThanOrEqual(Date.now());
  expect(source.findings().reports!.map(({ hostTime }) => hostTime)).toEqual([ear.heard[0]!.hostTime]);
});

test('many packets in one chunk are all handed over, in order', async () => {
  const { link, ear, at } = await opened();
  link.data(Buffer.concat(Array.from({ length: 5_000 }, (_, index) => packet({ x: index }))), at);
  expect(ear.heard.map(({ x }) => x)).toEqual(Array.from({ length: 5_000 }, (_, index) => index));
});

test('more packets than a capture may hold end the source instead of being dropped', async () => {
  const { link, source, ear, at } = await opened();
  const chunk = Buffer.concat(Array.from({ length: 10_000 }, () => packet()));
  for (let sent = 0; sent <= MAX_REPORTS; sent += 10_000) link.data(chunk, at);
  expect(ear.ends.map((error) => error?.code)).toEqual(['PEN_OVERFLOW']);
  expect(source.findings().complete).toBe(false);
  expect(link.closed).toBeGreaterThan(0);
});

test('a port that vanishes while the source is opened makes opening fail, and nothing is told afterwards', async () => {
  const link = new MemoryLink();
  const gone = new PenError('PEN_GONE', 'gone');
  link.onWrite = () => { link.end('pulled out'); return Promise.reject(gone); };
  const ear = new PenEar();
  await expect(isdv4Source(link, PEN).open(ear)).rejects.toBe(gone);
  const quiet = new MemoryLink();
  quiet.onWrite = () => { quiet.end('pulled out'); return Promise.resolve(); };
  await expect(isdv4Source(quiet, PEN).open(ear)).rejects.toMatchObject({ code: 'PEN_GONE' });
  expect(ear.ends).toEqual([]);
});

test('an answer to a query in the stream is no sample, and bytes after the end are nothing', async () => {
  const { link, source, ear, at } = await opened();
  link.data(replyPacket(TABLET), at);
  await source.close();
  link.data(packet(), at);
  link.end('later');
  expect(ear.heard).toEqual([]);
  expect(ear.ends).toEqual([null]);
});
