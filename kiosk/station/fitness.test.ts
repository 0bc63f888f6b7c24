import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Capture } from '#biometrics/capture.ts';
import { isDown, Switch, type Sample } from '#biometrics/sample.ts';
import { LIFTED, penSample } from '#fixtures/attached-pens.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import { positionAt, strokesThrough } from '#kiosk/sample/sigma-lognormal.ts';
import { exceptionAllowed, fitToKeep } from './fitness.ts';
import type { Decision } from './policy.ts';

const pen = recordedPen();
const PER_MM = 100;
const RATE = 200;

const withSamples = (samples: Sample[], source: Partial<Capture['source']> = {}): Capture => ({ ...pen, source: { ...pen.source, ...source }, samples });
const codeOf = (decision: Decision): string => (decision.accepted ? 'accepted' : decision.code);

interface Point { x: number; y: number }

/** Ink through these places, in mm, at even times over so many seconds; pressure rises and falls. */
function drawn(points: readonly Point[], seconds: number, pressure: (share: number) => number | null = (share) => Math.round(500 + 3_000 * Math.sin(share * Math.PI))): Capture {
  const last = points.length - 1;
  const samples = points.map(({ x, y }, at) => penSample(Math.round(at / last * seconds * 1e9), { x: Math.round(x * PER_MM), y: Math.round(y * PER_MM), pressure: pressure(at / last) }));
  return withSamples([...samples, penSample(Math.round(seconds * 1e9) + 5e6, LIFTED)], { deviceClock: null });
}

/** A name in small: letters of 3 mm on a line of 40 mm. */
const handwriting = (count: number): Point[] => Array.from({ length: count }, (_, at) => ({ x: 40 * at / count + 1.5 * Math.sin(at / 3), y: 1.5 * Math.cos(at / 3) }));
const straight = (count: number, length = 50): Point[] => Array.from({ length: count }, (_, at) => ({ x: length * at / (count - 1), y: 0.3 * length * at / (count - 1) }));

const seed = fc.integer({ min: 1, max: 2 ** 31 - 2 });
/** From -1 to 1, of a seed: an array of a hundred arbitrary numbers takes long to shrink. */
function shaking(from: number): () => number {
  let state = from;
  return () => {
    state = state * 48_271 % 2_147_483_647;
    return state / 2_147_483_647 * 2 - 1;
  };
}

describe('a signature', () => {
  test('of the recorded pen is fit', () => {
    expect(fitToKeep(pen, null)).toEqual({ accepted: true });
  });

  test('as the kinematic theory has it is fit: overlapping lognormal strokes that turn, in plausible time', () => {
    const target = fc.record({ dx: fc.double({ min: 1, max: 7, noNaN: true }), up: fc.double({ min: 3, max: 9, noNaN: true }), bend: fc.double({ min: 0.4, max: 2.4, noNaN: true }) });
    fc.assert(fc.property(fc.array(target, { minLength: 6, maxLength: 20 }), fc.double({ min: 0.07, max: 0.2, noNaN: true }), (turns, pace) => {
      let x = 0;
      const targets = turns.map(({ dx, up, bend }, at) => ({ x: x += dx, y: at % 2 === 0 ? up : 0, bend: at % 2 === 0 ? bend : -bend }));
      const strokes = strokesThrough({ x: 0, y: 0 }, targets, turns.map((_, at) => ({ start: at * pace, mu: -2, sigma: 0.2 })));
      const seconds = turns.length * pace + 0.2;
      const points = Array.from({ length: Math.round(seconds * RATE) }, (_, at) => positionAt({ x: 0, y: 0 }, strokes, at / RATE));
      expect(codeOf(fitToKeep(drawn(points, seconds), null))).toBe('accepted');
    }));
  });

  test.each<[string, Capture]>([
    ['as small as letters of 3 mm', drawn(handwriting(200), 1)],
    ['as a cross, of two straight strokes', withSamples([
      ...drawn(straight(40, 15), 0.3).samples,
      ...drawn(straight(40, 15).map(({ x, y }) => ({ x, y: 5 - y })), 0.3).samples.map((sample) => ({ ...sample, hostTime: sample.hostTime + 6e8 })),
    ])],
    ['as one arc', drawn(Array.from({ length: 80 }, (_, at) => ({ x: 20 * Math.cos(at / 40), y: 20 * Math.sin(at / 40) })), 0.6)],
    ['as a bow of 40 mm that is 4 mm high', drawn(Array.from({ length: 100 }, (_, at) => ({ x: 0.4 * at, y: 4 * Math.sin(Math.PI * at / 100) })), 0.5)],
    ['as two letters, in 0.31 s', drawn(handwriting(200).slice(0, 62), 0.31)],
    ['as a stroke there and back', drawn([...straight(40), ...straight(40).reverse()], 0.6)],
    ['by a source that measures no pressure', { ...drawn(handwriting(200), 1, () => null), source: { ...pen.source, channels: pen.source.channels.filter(({ name }) => name !== 'pressure') } }],
    ['by a finger, whose pressure is none', { ...drawn(handwriting(200), 1, () => 1), source: { ...pen.source, instrument: 'touch' } }],
    ['by a device whose clock stands still', withSamples(drawn(handwriting(200), 1).samples.map((sample) => ({ ...sample, deviceTime: 7 })))],
    ['that arrived in one bundle, by the device’s clock', withSamples(drawn(handwriting(200), 1).samples.map((sample, at) => ({ ...sample, hostTime: 0, deviceTime: at * 50 })))],
  ])('%s is fit', (_, capture) => {
    expect(codeOf(fitToKeep(capture, null))).toBe('accepted');
  });
});

describe('not a signature', () => {
  const down = pen.samples.filter(isDown);

  test.each<[string, Capture, string]>([
    ['no ink at all', withSamples(pen.samples.filter((sample) => !isDown(sample))), 'CAPTURE_TOO_SHORT'],
    ['one sample', withSamples(down.slice(0, 1)), 'CAPTURE_TOO_SHORT'],
    ['a pen resting on one dot', withSamples(Array.from({ length: 400 }, () => ({ ...down[0]! }))), 'CAPTURE_TOO_SHORT'],
    ['seven samples across the field', withSamples([0, 50, 100, 150, 200, 250, 300].map((at) => down[at]!)), 'CAPTURE_TOO_SHORT'],
    ['a dot on a screen, in CSS pixels', withSamples(Array.from({ length: 50 }, (_, at) => ({ ...down[0]!, x: 100 + at * 0.1, y: 100 })), { channels: [] }), 'CAPTURE_TOO_SHORT'],
    ['a line on a screen, in CSS pixels', withSamples(Array.from({ length: 100 }, (_, at) => penSample(at * 5e6, { x: 100 + at * 3, y: 100 + Math.round(at / 4) })), { channels: [], deviceClock: null }), 'CAPTURE_LINE'],
    ['a line of 3 mm with a hand that shakes by 0.2 mm', drawn(Array.from({ length: 120 }, (_, at) => ({ x: at / 40, y: 0.2 * Math.sin(at) })), 0.6), 'CAPTURE_LINE'],
    ['a line that the pen skips in', withSamples(drawn(straight(100), 0.6).samples.map((sample, at) => (at % 20 === 0 ? { ...sample, switches: Switch.inRange } : sample))), 'CAPTURE_LINE'],
    ['a flick', drawn(handwriting(60), 0.29), 'CAPTURE_TOO_FAST'],
    ['ink without pressure', drawn(handwriting(200), 1, () => 0), 'CAPTURE_NO_PRESSURE'],
    ['ink whose pressure is missing', withSamples(drawn(handwriting(200), 1).samples.map((sample) => ({ ...sample, pressure: null }))), 'CAPTURE_NO_PRESSURE'],
    ['ink of one pressure', drawn(handwriting(200), 1, () => 2_048), 'CAPTURE_NO_PRESSURE'],
    ['a quick line without pressure: first that it is a line', drawn(straight(60), 0.2, () => 0), 'CAPTURE_LINE'],
    ['quick ink without pressure: first that it is quick', drawn(handwriting(60), 0.2, () => 0), 'CAPTURE_TOO_FAST'],
  ])('%s', (_, capture, code) => {
    expect(codeOf(fitToKeep(capture, null))).toBe(code);
  });

  test('any dot, however long the pen shakes on it', () => {
    fc.assert(fc.property(seed, fc.integer({ min: 1, max: 600 }), (from, count) => {
      const shake = shaking(from);
      const points = Array.from({ length: count + 1 }, () => ({ x: 100 + 0.9 * shake(), y: 60 + 0.9 * shake() }));
      expect(codeOf(fitToKeep(drawn(points, count / RATE), null))).toBe('CAPTURE_TOO_SHORT');
    }));
  });

  test('any straight line, of any length, direction and pace, drawn with a hand that shakes', () => {
    const line = fc.record({ length: fc.double({ min: 4, max: 120, noNaN: true }), angle: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }), seconds: fc.double({ min: 0.3, max: 3, noNaN: true }), from: seed });
    fc.assert(fc.property(line, ({ length, angle, seconds, from }) => {
      const shake = shaking(from);
      const count = Math.round(seconds * RATE);
      const points = Array.from({ length: count + 1 }, (_, at) => ({ x: 200 + Math.cos(angle) * length * at / count + 0.1 * shake(), y: 200 + Math.sin(angle) * length * at / count + 0.1 * shake() }));
      expect(codeOf(fitToKeep(drawn(points, seconds), null))).toBe('CAPTURE_LINE');
    }));
  });
});

describe('the desk', () => {
  const unfit: [string, Capture][] = [
    ['a dot', drawn(Array.from({ length: 4 }, () => ({ x: 1, y: 1 })), 0.02)],
    ['a line', drawn(straight(100), 0.5)],
    ['a flick', drawn(handwriting(60), 0.1)],
    ['no pressure', drawn(handwriting(200), 1, () => 0)],
  ];

  test.each(unfit)('may take %s as a mark or of a hand that is helped; a finger is let through and must be fit', (_, capture) => {
    expect([fitToKeep(capture, 'mark'), fitToKeep(capture, 'assisted')]).toEqual([{ accepted: true }, { accepted: true }]);
    expect(fitToKeep(capture, 'finger')).toEqual(fitToKeep(capture, null));
  });

  test('takes no mark that is nothing at all', () => {
    expect(codeOf(fitToKeep(withSamples([]), 'mark'))).toBe('CAPTURE_TOO_SHORT');
  });

  test.each<[string[], boolean]>([
    [[], false], [['CAPTURE_LINE'], false], [['CAPTURE_LINE', 'CAPTURE_LINE'], true], [['CAPTURE_TOO_SHORT', 'DISK_FULL', 'CAPTURE_NO_PRESSURE'], true],
    [['CAPTURE_INCOMPLETE', 'CAPTURE_INCOMPLETE', 'CAPTURE_TOO_FAST'], false], [['INSTRUMENT_REFUSED', 'INSTRUMENT_REFUSED'], false],
  ])('after %j: %s', (refusals, allowed) => {
    expect(exceptionAllowed(refusals).accepted).toBe(allowed);
  });
});
