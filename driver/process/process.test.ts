import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test, vi, type TestContext } from 'vitest';
import type { Sample } from '#biometrics/sample.ts';
import { MADE_UP, sampleNumber } from '#fixtures/made-up-pens.ts';
import type { PenError } from '../errors.ts';
import type { AttachedPenSource } from '../pens.ts';
import { RemotePens } from './remote-pens.ts';

const entry = new URL('../../fixtures/made-up-pens-child.ts', import.meta.url);

/** The stand-in says nothing while it makes samples by the hundred thousand, which a busy machine takes seconds for; nobody is to end it for that. */
const PATIENT = 60;

interface Heard { samples: Sample[]; ended: Promise<PenError | null>; atLeast(count: number): Promise<void> }

test('the list is there when it is ready, and a pen nobody attached is unknown', async (context) => {
  const { pens } = await started(context);
  expect(pens.list().map(({ id }) => id)).toEqual(Object.values(MADE_UP));
  expect(() => pens.source('none')).toThrow(expect.objectContaining({ code: 'PEN_UNKNOWN' }));
});

test('samples, reports and findings cross unchanged and in order', async (context) => {
  const { pens } = await started(context);
  const source = pens.source(MADE_UP.steady);
  expect(source.info).toMatchObject({ kind: 'hid', device: { name: 'made-up steady pen' } });
  const heard = await open(source);
  expect(source.info).toMatchObject({ limits: ['made up'], descriptor: Uint8Array.of(1, 2, 3) });
  await heard.atLeast(500);
  await source.close();
  await source.close();
  expect(await heard.ended).toBeNull();
  expect(heard.samples).toEqual(heard.samples.map((_, index) => sampleNumber(index)));
  const { reports, anomalies, losses, complete } = source.findings();
  expect({ complete, losses, anomalies }).toEqual({ complete: true, losses: { count: 0, method: 'sequence' }, anomalies: { repeated: heard.samples.length } });
  expect(reports).toEqual(heard.samples.map((_, index) => ({ hostTime: index * 1e6, bytes: Uint8Array.of(index, index >> 8, index >> 16) })));
});

test('findings belong to the batch that is being handed over', async (context) => {
  const { pens } = await started(context, PATIENT);
  const source = pens.source(MADE_UP.burst);
  let count = 0;
  const kept: boolean[] = [];
  const all = Promise.withResolvers<void>();
  await source.open({
    samples: (samples) => {
      count += samples.length;
      kept.push(source.findings().reports!.length >= count);
      if (count === 200_000) all.resolve();
    },
    ended: () => undefined,
  });
  await all.promise;
  expect(kept.every(Boolean)).toBe(true);
});

test('a station that is busy for a while gets all of it', async (context) => {
  const { pens } = await started(context);
  const source = pens.source(MADE_UP.steady);
  const heard = await open(source);
  await heard.atLeast(10);
  const until = performance.now() + 1_500;
  while (performance.now() < until) { /* the event loop stands still */ }
  const before = heard.samples.length;
  await heard.atLeast(before + 1_000);
  await source.close();
  expect(await heard.ended).toBeNull();
  expect(heard.samples.map(({ x }) => x)).toEqual(heard.samples.map((_, index) => index));
});

test('more samples than a capture holds end the source, and say so', async (context) => {
  const { pens } = await started(context, PATIENT);
  const source = pens.source(MADE_UP.flood);
  const heard = await open(source);
  expect(await heard.ended).toMatchObject({ code: 'PEN_OVERFLOW' });
  expect(source.findings().complete).toBe(false);
});

test('an unplugged pen: what it gave, then its end', async (context) => {
  const { pens } = await started(context);
  const source = pens.source(MADE_UP.unplugged);
  const heard = await open(source);
  expect(await heard.ended).toMatchObject({ name: 'PenError', code: 'PEN_GONE' });
  expect(heard.samples).toHaveLength(10);
  expect(source.findings()).toMatchObject({ complete: false, reports: { length: 10 } });
});

test('after a sleep what was open has ended, with what it gave', async (context) => {
  const { pens } = await started(context);
  const other = pens.source(MADE_UP.steady);
  const heardOther = await open(other);
  const source = pens.source(MADE_UP.sleeper);
  const heard = await open(source);
  expect(await heard.ended).toMatchObject({ code: 'PEN_GONE' });
  expect(await heardOther.ended).toMatchObject({ code: 'PEN_GONE' });
  expect(heard.samples).toHaveLength(50);
  expect([source.findings().complete, other.findings().complete]).toEqual([false, false]);
});

test('a source is opened once, a pen by one source at a time', async (context) => {
  const { pens } = await started(context);
  const source = pens.source(MADE_UP.steady);
  await open(source);
  await expect(source.open({ samples: () => undefined, ended: () => undefined })).rejects.toMatchObject({ code: 'PEN_ALREADY_OPEN' });
  const second = pens.source(MADE_UP.steady);
  await expect(open(second)).rejects.toMatchObject({ code: 'PEN_CLAIMED' });
  await source.close();
  await open(pens.source(MADE_UP.steady));
  await expect(open(second)).rejects.toMatchObject({ code: 'PEN_ALREADY_OPEN' });
});

test('a pen that cannot be opened says why, and closing it is no error', async (context) => {
  const { pens } = await started(context);
  const source = pens.source(MADE_UP.forbidden);
  await expect(open(source)).rejects.toMatchObject({ name: 'PenError', code: 'PEN_FORBIDDEN', message: 'no right to read' });
  await source.close();
});

test('a source that is closed while it is being opened ends, whichever comes first', async (context) => {
  const { pens } = await started(context);
  const source = pens.source(MADE_UP.steady);
  const opening = open(source).then(({ ended }) => ended, (error: PenError) => error);
  await source.close();
  expect([null, 'PEN_GONE']).toContain((await opening as PenError | null)?.code ?? null);
  await open(pens.source(MADE_UP.steady));
});

test('a pad shows, refuses and reports buttons through the channel', async (context) => {
  const { pens } = await started(context);
  const source = pens.source(MADE_UP.pad);
  const picture = { width: 320, height: 200, rgba: Uint8Array.from({ length: 256_000 }, (_, at) => at), buttons: [{ id: 'done', area: { x1: 0, y1: 0, x2: 9, y2: 9 } }], ink: null };
  await expect(source.pad!.show(picture)).rejects.toMatchObject({ code: 'PEN_GONE' });
  await open(source);
  expect(source.pad).toMatchObject({ width: 320, height: 200, toPixels: [0.5, 0, 0, 0.5, 0, 0] });
  const pressed: string[] = [];
  source.pad!.onButton((id) => { pressed.push(id); });
  await source.pad!.show(picture);
  await source.pad!.clear();
  expect(pressed).toEqual(['done 5']);
  await expect(source.pad!.show({ ...picture, width: 1 })).rejects.toMatchObject({ code: 'PAD_PICTURE' });
  expect(pens.source(MADE_UP.steady).pad).toBeNull();
});

test('killed in mid-stroke: nothing delivered is lost, the source ends, the pens come back and can be read', async (context) => {
  const { pens, log } = await started(context);
  const source = pens.source(MADE_UP.steady);
  const heard = await open(source);
  await heard.atLeast(300);
  process.kill(pens.pid!, 'SIGKILL');
  expect(await heard.ended).toMatchObject({ code: 'PEN_GONE' });
  const { complete, reports } = source.findings();
  expect(complete).toBe(false);
  expect(heard.samples).toEqual(heard.samples.map((_, index) => sampleNumber(index)));
  expect(reports!.length).toBeGreaterThanOrEqual(heard.samples.length);
  expect(pens.list()).toEqual([]);
  expect(() => pens.source(MADE_UP.steady)).toThrow(expect.objectContaining({ code: 'PEN_UNKNOWN' }));
  await listed(pens);
  await (await open(pens.source(MADE_UP.steady))).atLeast(50);
  expect(log.join()).toContain('SIGKILL');
});

test('a native module that crashes costs a reconnect', async (context) => {
  const { pens } = await started(context);
  const heard = await open(pens.source(MADE_UP.crashing));
  expect(await heard.ended).toMatchObject({ code: 'PEN_GONE' });
  expect(heard.samples).toHaveLength(100);
  await listed(pens);
  await (await open(pens.source(MADE_UP.steady))).atLeast(50);
});

test('what a process had sent in the moment it died is heard', async (context) => {
  const { pens } = await started(context);
  const heard = await open(pens.source(MADE_UP.dying));
  expect(await heard.ended).toMatchObject({ code: 'PEN_GONE' });
  expect(heard.samples).toEqual(Array.from({ length: 500 }, (_, index) => sampleNumber(index)));
});

test('a native module that hangs is noticed, and costs a reconnect', async (context) => {
  const { pens, log } = await started(context, 3);
  const heard = await open(pens.source(MADE_UP.hanging));
  expect(await heard.ended).toMatchObject({ code: 'PEN_GONE' });
  expect(heard.samples).toHaveLength(20);
  await listed(pens);
  await (await open(pens.source(MADE_UP.steady))).atLeast(50);
  expect(log.join()).toContain('hung');
});

test('a station that heard nothing because it was busy itself does not take the process for hanging', async (context) => {
  const { pens, log } = await started(context, 3);
  const heard = await open(pens.source(MADE_UP.steady));
  await heard.atLeast(10);
  const until = performance.now() + 4_000;
  while (performance.now() < until) { /* the event loop stands still */ }
  await heard.atLeast(heard.samples.length + 1_000);
  expect(log).toEqual([]);
});

test('who signs again at once finds the device free, though letting it go takes a while', async (context) => {
  const { pens, log } = await started(context);
  const first = pens.source(MADE_UP.slow);
  await open(first);
  await first.close();
  const again = pens.source(MADE_UP.slow);
  await open(again);
  expect(log).toEqual(['pens: let go']);
  await again.close();
});

test('stopping waits for a device that is being let go', async (context) => {
  const { pens, log } = await started(context);
  const source = pens.source(MADE_UP.slow);
  await open(source);
  await source.close();
  await pens.stop();
  expect(log).toEqual(['pens: let go']);
});

test('a list that changes is told, until it is not listened to any more', async (context) => {
  const { pens } = await started(context);
  let told = 0;
  const end = pens.onChange(() => { told++; });
  process.kill(pens.pid!, 'SIGKILL');
  await gone(pens);
  await listed(pens);
  expect(told).toBe(2);
  end();
  process.kill(pens.pid!, 'SIGKILL');
  await gone(pens);
  expect(told).toBe(2);
});

test('stopping ends sources and process, and starts no other', async (context) => {
  const { pens } = await started(context);
  const heard = await open(pens.source(MADE_UP.steady));
  const { pid } = pens;
  await pens.stop();
  await pens.stop();
  expect(await heard.ended).toBeNull();
  expect(pens.pid).toBeNull();
  await sleep(300);
  expect(pens.pid).toBeNull();
  expect(running(pid!)).toBe(false);
});

test('when the station is killed the pen process ends by itself', async (context) => {
  const station = spawn(process.execPath, ['--no-warnings', fileURLToPath(new URL('../../fixtures/made-up-station-child.ts', import.meta.url))], { stdio: ['ignore', 'pipe', 'inherit'] });
  context.onTestFinished(() => { station.kill('SIGKILL'); });
  const [said] = await once(station.stdout, 'data') as [Buffer];
  const pid = Number(said.toString());
  expect(running(pid)).toBe(true);
  station.kill('SIGKILL');
  await vi.waitUntil(() => !running(pid), { timeout: 20_000 });
});

test('nothing of a sample is logged', async (context) => {
  const { pens, log } = await started(context);
  const heard = await open(pens.source(MADE_UP.crashing));
  await heard.ended;
  await listed(pens);
  expect(log.join('\n')).not.toMatch(/"x":|transducer|9223372036854775/);
});

function running(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function started(context: TestContext, silentLooks?: number): Promise<{ pens: RemotePens; log: string[] }> {
  const log: string[] = [];
  const pens = new RemotePens(entry, { serial: [], log: (line) => { log.push(line); } }, silentLooks);
  context.onTestFinished(() => pens.stop());
  await pens.ready();
  return { pens, log };
}

async function open(source: AttachedPenSource): Promise<Heard> {
  const samples: Sample[] = [];
  const ended = Promise.withResolvers<PenError | null>();
  const waiting: { count: number; resolve: () => void }[] = [];
  await source.open({
    samples: (some) => {
      for (const sample of some) samples.push(sample);
      for (const one of waiting) if (samples.length >= one.count) one.resolve();
    },
    ended: ended.resolve,
  });
  return { samples, ended: ended.promise, atLeast: (count) => new Promise((resolve) => { waiting.push({ count, resolve }); }) };
}

async function listed(pens: RemotePens): Promise<void> {
  while (pens.list().length === 0) await changed(pens);
}

async function gone(pens: RemotePens): Promise<void> {
  while (pens.list().length > 0) await changed(pens);
}

function changed(pens: RemotePens): Promise<void> {
  return new Promise((resolve) => { const end = pens.onChange(() => { end(); resolve(); }); });
}
