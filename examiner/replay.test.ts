import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Capture } from '#biometrics/capture.ts';
import { strokesOf } from '#biometrics/ink.ts';
import { arbitraryCapture } from '#fixtures/arbitrary-capture.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';
import { momentAt, replayOf, type Moment } from './replay.ts';

describe('the recorded pen', () => {
  const capture = recordedPen();
  const replay = replayOf(capture);

  test('is replayed with every sample, in mm, by the device’s clock', () => {
    expect(replay.moments).toHaveLength(capture.samples.length);
    expect(replay).toMatchObject({ unit: 'mm', clock: 'device' });
    expect(replay.moments[1]?.time).toBeCloseTo(0.004);
    expect(replay.duration).toBeCloseTo((capture.samples.length - 1) * 0.004);
    expect(replay.moments[0]?.x).toBeCloseTo((capture.samples[0]?.x ?? 0) / 100);
  });

  test('has its strokes, with the way between them outside the ink', () => {
    expect(replay.strokes.map(({ from, to }) => to - from)).toEqual(strokesOf(capture).map((stroke) => stroke.length));
    expect(replay.runs.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(replay.moments.length);
    expect(replay.all.top).toBeLessThan(replay.ink.top);
  });

  test('has the speed that two samples show, and the lean in degrees', () => {
    const [before, after] = replay.moments.slice(100, 102) as [Moment, Moment];
    expect(after.speed).toBeCloseTo(Math.hypot(after.x - before.x, after.y - before.y) / 0.004, 6);
    expect(after.tilt?.x).toBeCloseTo((capture.samples[101]?.tiltX ?? 0) / 100);
  });
});

test('a clock that ran backwards stands still, and never divides by nothing', () => {
  const capture = recordedPen();
  const samples = capture.samples.slice(0, 4).map((sample, at) => ({ ...sample, deviceTime: [100, 140, 60, 180][at] as number }));
  const { moments } = replayOf({ ...capture, samples });
  expect(moments.map(({ time }) => Math.round(time * 1e4))).toEqual([0, 40, 40, 80]);
  expect(moments[2]?.speed).toBe(0);
});

test('Pointer Events have no resolution: their place on the page gives millimetres, y down', () => {
  const capture = recordedPen();
  const pixels: Capture = {
    ...capture,
    source: { ...capture.source, deviceClock: null, channels: [] },
    surface: { width: 800, height: 600, devicePixelRatio: 1, orientation: 0, toPage: [0.5, 0, 0, -0.5, 100, 700], calibration: null },
    samples: [{ ...recordedPen().samples[0]!, x: 0, y: 0, deviceTime: null }, { ...recordedPen().samples[1]!, x: 144, y: 288, deviceTime: null }],
  };
  const { moments: [first, second], unit, clock } = replayOf(pixels);
  expect({ unit, clock }).toEqual({ unit: 'mm', clock: 'host' });
  expect((second?.x ?? 0) - (first?.x ?? 0)).toBeCloseTo(25.4);
  expect((second?.y ?? 0) - (first?.y ?? 0)).toBeCloseTo(50.8);
  expect(replayOf({ ...pixels, surface: null }).unit).toBe('device units');
});

test('a capture without samples has nothing to replay', () => {
  expect(() => replayOf({ ...recordedPen(), samples: [] })).toThrow(expect.objectContaining({ code: 'NOTHING_TO_REPLAY' }));
});

test('of whatever a device reports: time never falls, every sample is there, and any time finds its sample', () => {
  fc.assert(fc.property(arbitraryCapture(), fc.double({ min: 0, max: 2, noNaN: true }), (capture, share) => {
    fc.pre(capture.samples.length > 0);
    const replay = replayOf(capture);
    expect(replay.moments.every((moment, at) => moment.time >= (replay.moments[at - 1]?.time ?? 0))).toBe(true);
    expect(replay.runs.at(-1)?.to).toBe(capture.samples.length);
    const time = replay.duration * share;
    const at = momentAt(replay, time);
    expect((replay.moments[at] as Moment).time).toBeLessThanOrEqual(time);
    expect(replay.moments[at + 1]?.time ?? Infinity).toBeGreaterThan(time);
  }), { numRuns: 50 });
});
