/** The minimum, asked of the finished capture: of what it has, not of what was promised. */
import { describe, expect, test } from 'vitest';
import type { Capture } from '#biometrics/capture.ts';
import { attachedPen, FakePens, LIFTED, penSample } from '#fixtures/attached-pens.ts';
import { captureMeets, pageAccepted } from './pen-policy.ts';
import type { PenMinimum } from './pen-settings.ts';

const source = new FakePens([attachedPen()]).source('pen-1').info;
const whole: Pick<Capture, 'source' | 'samples' | 'reports'> = { source, samples: [penSample(1, {}), penSample(2, LIFTED)], reports: [{ hostTime: 1, bytes: Uint8Array.of(1) }] };
const without = (change: Partial<ReturnType<typeof penSample>>) => ({ ...whole, samples: whole.samples.map((sample) => ({ ...sample, ...change })) });
const pointer = { ...whole, source: { ...source, kind: 'pointer' as const }, reports: null };

describe('a finished capture', () => {
  test.each<[string, PenMinimum, typeof whole, boolean]>([
    ['has everything', { raw: true, pressure: 4_096, tilt: true, inAir: true }, whole, true],
    ['has one level too few', { pressure: 4_097 }, whole, false],
    ['has no pressure, whatever the device promised', { pressure: 1 }, without({ pressure: null }), false],
    ['has no tilt', { tilt: true }, without({ tiltX: null, tiltY: null }), false],
    ['has nothing above the surface', { inAir: true }, { ...whole, samples: whole.samples.slice(0, 1) }, false],
    ['has no clock', { deviceClock: true }, whole, false],
    ['has a clock', { deviceClock: true }, { ...without({ deviceTime: 7 }), source: { ...source, deviceClock: { tickNs: 100_000, wrapsAfter: null } } }, true],
    ['has no reports', { raw: true }, { ...whole, reports: null }, false],
    ['came from a browser', { raw: true }, pointer, false],
    ['came from a browser, of which less is asked', { pressure: 1_024, tilt: true }, pointer, true],
    ['came from a browser, of which more levels are asked than it can show', { pressure: 2_048 }, pointer, false],
    ['is nobody’s, for a demonstration', { raw: true, deviceClock: true }, { ...pointer, source: { ...source, kind: 'recorded' } }, true],
    ['is not asked for anything', {}, { ...whole, samples: [], reports: null }, true],
  ])('%s: %o', (_, minimum, capture, accepted) => {
    expect(captureMeets(minimum, capture)).toMatchObject(accepted ? { accepted } : { accepted, code: 'PEN_INSUFFICIENT' });
  });
});

test('a page is refused only where it said that it has no secure context', () => {
  expect([null, true, false].map((secure) => pageAccepted(secure).accepted)).toEqual([true, true, false]);
});
