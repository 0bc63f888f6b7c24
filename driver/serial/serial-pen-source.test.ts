import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_REPORTS } from '#biometrics/limits.ts';
import { PenError } from '../errors.ts';
import { PenEar } from '#fixtures/pen-listener.ts';
import { penPacket, point, replyPacket, type PenPoint } from '#fixtures/serial-pens/isdv4-packets.ts';
import { TABLET } from '#fixtures/serial-pens/isdv4-tablet.ts';
import { topazPacket } from '#fixtures/serial-pens/topaz-packet.ts';
import { isdv4Source } from './isdv4/isdv4-source.ts';
import type { SerialLink } from './serial-link.ts';
import { topazSource } from './topaz/topaz-source.ts';

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
  for (let sent = 0; sent <= MAX_REPORTS; sent += 10_000) link.data(Buffer.from(chunk), at);
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

test('a port that went before a pad that is told nothing is opened makes opening fail, and is let go', async () => {
  const link = new MemoryLink();
  link.onEnd = (listener) => { listener('pulled out'); };
  await expect(topazSource(link).open(new PenEar())).rejects.toMatchObject({ code: 'PEN_GONE' });
  expect(link.closed).toBe(1);
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

const SOURCES = {
  isdv4: { source: (link: SerialLink) => isdv4Source(link, PEN), packet: packet({ x: 11_111, y: 9_999, pressure: 100 }), most: { x: 65_535, pressure: 1_023, tilt: 127 } },
  topaz: { source: (link: SerialLink) => topazSource(link), packet: topazPacket({ x: 1_111, y: 999 }), most: { x: 4_095, pressure: null, tilt: null } },
};

test.for(['isdv4', 'topaz'] as const)('whatever bytes come, in whatever chunks: %s throws nothing, and every number is one that the protocol has', async (kind) => {
  const { source: sourceOf, most } = SOURCES[kind];
  await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), async (chunks) => {
    const link = new MemoryLink();
    const source = sourceOf(link);
    const ear = new PenEar();
    await source.open(ear);
    const at = now();
    for (const [index, chunk] of chunks.entries()) link.data(chunk, at + index * MS);
    await source.close();
    for (const { x, y, pressure, tiltX, tiltY, hostTime } of ear.heard) {
      for (const value of [x, y, hostTime]) expect(Number.isInteger(value) && value >= 0).toBe(true);
      expect(Math.max(x, y)).toBeLessThanOrEqual(most.x);
      expect([pressure === null, tiltX === null, tiltY === null]).toEqual([most.pressure === null, most.tilt === null, most.tilt === null]);
      expect(pressure ?? 0).toBeLessThanOrEqual(most.pressure ?? 0);
      expect(Math.max(tiltX ?? 0, tiltY ?? 0)).toBeLessThanOrEqual(most.tilt ?? 0);
    }
    // every byte is in a report, or counted
    const { reports, anomalies } = source.findings();
    const kept = reports!.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(kept + (anomalies['strayBytes'] ?? 0)).toBe(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  }));
});

test.for(['isdv4', 'topaz'] as const)('100,000 packets of %s, some with bytes lost, changed or put in: every one that was not hit arrives', async (kind) => {
  const { source: sourceOf, packet: whole } = SOURCES[kind];
  const link = new MemoryLink();
  const ear = new PenEar();
  const source = sourceOf(link);
  await source.open(ear);
  const at = now();
  const random = seeded(20_261_126);
  let untouched = 0;
  for (let index = 0; index < 100_000; index++) {
    const bytes = [...whole];
    if (random(10) > 0) untouched++;
    else bytes.splice(random(bytes.length), random(3), ...Array.from({ length: random(3) }, () => random(256)));
    link.data(Uint8Array.from(bytes), at + index * MS);
  }
  const { x, y } = { x: kind === 'isdv4' ? 11_111 : 1_111, y: kind === 'isdv4' ? 9_999 : 999 };
  expect(ear.heard.filter((sample) => sample.x === x && sample.y === y).length).toBeGreaterThanOrEqual(untouched);
  expect(source.findings().anomalies['brokenPackets']).toBeGreaterThan(1_000);
  await source.close();
});

/** Whole numbers below a bound, the same at every run (Park and Miller, 1988). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
