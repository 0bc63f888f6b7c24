/** One attempt against a source that a test moves: what is told, how often, and that nothing is left. */
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Sample } from '#biometrics/sample.ts';
import { MAX_BATCH } from '#biometrics/samples.ts';
import { PenError } from '#driver/errors.ts';
import { attachedPen, FakePens, penSample } from '#fixtures/attached-pens.ts';
import type { FakeSource } from '#fixtures/attached-pens.ts';
import { readCapture } from '../capture-bytes.ts';
import { Attempt, type AttemptOptions, type PenBegin } from './attempt.ts';

const PLACE = { left: 0, top: 0, width: 1_000, height: 500 };
const begin: PenBegin = {
  type: 'pen-begin', request: 'r', attempt: 1, language: 'en', surface: PLACE, screen: { ...PLACE, devicePixelRatio: 1, orientation: 0 }, toPage: [1, 0, 0, 1, 0, 0],
};

function attemptOn(source: FakeSource): { attempt: Attempt; lost: string[] } {
  const lost: string[] = [];
  const options: AttemptOptions = {
    begin, source,
    screen: { send() { /* what is told is in `lost` */ } },
    lay: () => ({ calibration: { toScreen: [0.05, 0, 0, 0.05, 0, 0], method: 'whole-range', measuredAt: null, residual: null }, begins: () => true }),
    drawn() { /* nobody looks */ },
    alive() { /* nor waits */ },
    lost: ({ code }) => { lost.push(code); },
  };
  return { attempt: new Attempt(options), lost };
}

const source = (): FakeSource => new FakePens([attachedPen()]).source('pen-1') as FakeSource;

test('a device that goes while it is being opened is told once, not once more by the opening', async () => {
  const device = source();
  vi.spyOn(device, 'open').mockImplementation((listener) => {
    listener.ended(new PenError('PEN_GONE', 'pulled out'));
    return Promise.reject(new PenError('PEN_GONE', 'pulled out'));
  });
  const { attempt, lost } = attemptOn(device);
  await expect(attempt.open()).resolves.toBeUndefined();
  expect(lost).toEqual(['PEN_GONE']);
  expect(await attempt.finish()).toBeNull();
});

test('a device that cannot be opened is told by the opening', async () => {
  const device = source();
  vi.spyOn(device, 'open').mockRejectedValue(new PenError('PEN_CLAIMED', 'somebody has it'));
  const { attempt, lost } = attemptOn(device);
  await expect(attempt.open()).rejects.toMatchObject({ code: 'PEN_CLAIMED' });
  expect([lost, attempt.destroyed]).toEqual([[], true]);
});

test('a pen that writes for longer than a capture may last costs the attempt: told once, and nothing is left', async () => {
  const device = source();
  const listening = vi.spyOn(device, 'open');
  const { attempt, lost } = attemptOn(device);
  await attempt.open();
  const { samples: give } = listening.mock.calls[0]![0];
  const sample: Sample = penSample(1, { x: 4_000, y: 4_000 });
  const batch = Array<Sample>(100_000).fill(sample);
  for (let given = 0; given <= MAX_BATCH - batch.length; given += batch.length) give(batch);
  expect(lost).toEqual([]);
  give([sample, ...batch]);
  give([penSample(2, {})]);
  expect(lost).toEqual(['PEN_OVERFLOW']);
  expect(sample).toMatchObject({ x: 0, y: 0, pressure: null });
  expect(await attempt.finish()).toBeNull();
});

test('"Done" once more, as after a full disk, gives the same again, whatever became of the device meanwhile', async () => {
  const pens = new FakePens([attachedPen()]);
  const device = pens.source('pen-1') as FakeSource;
  const { attempt, lost } = attemptOn(device);
  await attempt.open();
  device.move({ x: 4_000, y: 4_000 }, { x: 5_000, y: 4_000 });
  const first = await attempt.finish();
  const capture = readCapture(first!);
  pens.unplug('pen-1');
  expect(readCapture((await attempt.finish())!)).toEqual(capture);
  expect(capture.samples.map(({ x }) => x)).toEqual([4_000, 5_000]);
  expect(capture.reports).toHaveLength(2);
  expect(lost).toEqual([]);
  await attempt.destroy();
  expect(await attempt.finish()).toBeNull();
  const kept = [...first!.samples, ...first!.reports!.flatMap(({ times, bytes }) => [times, bytes])];
  expect(kept.map((bytes) => bytes.every((byte) => byte === 0))).toEqual([true, true, true]);
});

test.each([['Done', true], ['an ending', false]])('a device that does not close holds up %s for a moment only, and nothing is left', async (_, finishes) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => { vi.useRealTimers(); });
  const device = source();
  vi.spyOn(device, 'close').mockReturnValue(new Promise(() => {}));
  const { attempt, lost } = attemptOn(device);
  await attempt.open();
  const [sample] = device.move({ x: 4_000, y: 4_000 });
  const over = finishes ? attempt.finish() : attempt.destroy();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await over ?? null).toBeNull();
  expect(lost).toEqual(finishes ? ['PEN_GONE'] : []);
  expect([attempt.destroyed, sample!.x]).toEqual([true, 0]);
});
