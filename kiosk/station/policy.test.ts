import { describe, expect, test } from 'vitest';
import type { Capture } from '#biometrics/capture.ts';
import { Switch } from '#biometrics/sample.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import { autoReleased, captureAccepted, instrumentsFor, sourceAccepted } from './policy.ts';

describe('instruments', () => {
  test.each([
    [true, 'pointer', 'mouse', true], [true, 'recorded', 'pen', true], [true, 'pointer', 'touch', true],
    [false, 'pointer', 'pen', true], [false, 'hid', 'pen', true],
    [false, 'pointer', 'mouse', 'INSTRUMENT_REFUSED'], [false, 'pointer', 'touch', 'INSTRUMENT_REFUSED'], [false, 'recorded', 'pen', 'DEMO_ONLY'],
  ] as const)('demo %s, %s %s: %s', (demo, kind, instrument, expected) => {
    const decision = sourceAccepted(demo, { kind, instrument });
    expect(decision.accepted ? true : decision.code).toBe(expected);
  });

  test('screens are told the same', () => {
    expect([instrumentsFor(true, {}), instrumentsFor(false, {})]).toEqual(['any', 'pen']);
    // a finger gives no tilt: it may not begin what Done would refuse
    expect(instrumentsFor(true, { tilt: true })).toBe('pen');
  });
});

describe('a capture', () => {
  const pen = recordedPen();
  const down = pen.samples.filter(({ switches }) => (switches & Switch.tip) !== 0);
  const withSamples = (samples: Capture['samples']): Capture => ({ ...pen, samples });

  test('of a signature is accepted', () => {
    expect(captureAccepted(pen)).toEqual({ accepted: true });
  });

  test.each([
    ['without any ink', withSamples(pen.samples.filter(({ switches }) => (switches & Switch.tip) === 0))],
    ['of one sample', withSamples(down.slice(0, 1))],
    ['of a pen resting on one dot', withSamples(Array.from({ length: 400 }, () => ({ ...down[0]! })))],
    ['of seven samples across the field', withSamples([down[0]!, down[50]!, down[100]!, down[150]!, down[200]!, down[250]!, down[300]!])],
    ['of a dot on a screen, in CSS pixels', { ...pen, source: { ...pen.source, channels: [] }, samples: Array.from({ length: 50 }, (_, i) => ({ ...down[0]!, x: 100 + i * 0.1, y: 100 })) }],
  ])('%s is too short', (_, capture) => {
    expect(captureAccepted(capture)).toMatchObject({ accepted: false, code: 'CAPTURE_TOO_SHORT' });
  });

  test('with a lost part is refused as incomplete', () => {
    expect(captureAccepted({ ...pen, complete: false })).toMatchObject({ accepted: false, code: 'CAPTURE_INCOMPLETE' });
  });
});

describe('release by itself', () => {
  const free = { connected: true, busy: false, idleMs: 10_000 };
  const one = { id: 'a', field: 0, timesShown: 0 };
  test.each([
    ['the only document of a free tablet', free, [one], 'a'],
    ['nothing waits', free, [], null],
    ['two wait: the desk decides', free, [one, { ...one, id: 'b' }], null],
    ['several lines and none picked', free, [{ ...one, field: null }], null],
    ['a guest already walked away from it', free, [{ ...one, timesShown: 1 }], null],
    ['somebody was there a moment ago', { ...free, idleMs: 9_999 }, [one], null],
    ['another document is on it', { ...free, busy: true }, [one], null],
    ['the tablet is away', { ...free, connected: false }, [one], null],
  ])('%s', (_, tablet, waiting, expected) => {
    expect(autoReleased(tablet, waiting, 10_000)).toBe(expected);
  });
});
