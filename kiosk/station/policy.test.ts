import { describe, expect, test } from 'vitest';
import { EXCEPTION_REASONS } from '#kiosk/protocol/states.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import { autoReleased, captureAccepted, exceptionUsed, instrumentsFor, minimumFor, sourceAccepted } from './policy.ts';

describe('instruments', () => {
  test.each([
    [true, 'pointer', 'mouse', null, true], [true, 'recorded', 'pen', null, true], [true, 'pointer', 'touch', null, true],
    [false, 'pointer', 'pen', null, true], [false, 'hid', 'pen', null, true],
    [false, 'pointer', 'mouse', null, 'INSTRUMENT_REFUSED'], [false, 'pointer', 'touch', null, 'INSTRUMENT_REFUSED'], [false, 'recorded', 'pen', null, 'DEMO_ONLY'],
    [false, 'pointer', 'touch', 'finger', true], [false, 'pointer', 'pen', 'finger', true],
    [false, 'pointer', 'mouse', 'finger', 'INSTRUMENT_REFUSED'], [false, 'recorded', 'pen', 'finger', 'DEMO_ONLY'],
    [false, 'pointer', 'touch', 'mark', 'INSTRUMENT_REFUSED'], [false, 'pointer', 'touch', 'assisted', 'INSTRUMENT_REFUSED'],
  ] as const)('demo %s, %s %s, exception %s: %s', (demo, kind, instrument, exception, expected) => {
    const decision = sourceAccepted(demo, { kind, instrument }, exception);
    expect(decision.accepted ? true : decision.code).toBe(expected);
  });

  test('screens are told the same', () => {
    expect([instrumentsFor(true, {}, null), instrumentsFor(false, {}, null)]).toEqual(['any', 'pen']);
    // a finger gives no tilt: it may not begin what Done would refuse
    expect(instrumentsFor(true, { tilt: true }, null)).toBe('pen');
    expect([instrumentsFor(false, {}, 'finger'), instrumentsFor(true, { tilt: true }, 'finger'), instrumentsFor(false, {}, 'mark')]).toEqual(['touch', 'touch', 'pen']);
  });

  test('what a pen must give is not asked of a finger that was let through, and of everything else it is', () => {
    const minimum = { tilt: true } as const;
    expect(minimumFor(minimum, { kind: 'pointer', instrument: 'touch' }, 'finger')).toEqual({});
    expect(minimumFor(minimum, { kind: 'pointer', instrument: 'pen' }, 'finger')).toBe(minimum);
    expect(minimumFor(minimum, { kind: 'pointer', instrument: 'touch' }, 'mark')).toBe(minimum);
  });
});

test.each([
  ['finger', 'pen', false], ['finger', 'touch', true], ['finger', 'mouse', false], ['mark', 'pen', true], ['assisted', 'pen', true], ['mark', 'touch', true],
] as const)('an exception %s with a %s is in the record: %s', (reason, instrument, there) => {
  const exception = { reason, by: 'Front desk' };
  expect(exceptionUsed(exception, { instrument })).toEqual(there ? exception : null);
  expect(exceptionUsed(null, { instrument })).toBeNull();
});

describe('a capture', () => {
  test('of a signature is accepted', () => {
    expect(captureAccepted(recordedPen(), null)).toEqual({ accepted: true });
  });

  test.each([null, ...EXCEPTION_REASONS])('with a lost part is refused as incomplete, whatever the desk says (%s)', (exception) => {
    expect(captureAccepted({ ...recordedPen(), complete: false }, exception)).toMatchObject({ accepted: false, code: 'CAPTURE_INCOMPLETE' });
  });
});

describe('release by itself', () => {
  const free = { connected: true, busy: false, idleMs: 10_000 };
  const one = { id: 'a', settled: true, timesShown: 0 };
  test.each([
    ['the only document of a free tablet', free, [one], 'a'],
    ['nothing waits', free, [], null],
    ['two wait: the desk decides', free, [one, { ...one, id: 'b' }], null],
    ['it is not known who signs where', free, [{ ...one, settled: false }], null],
    ['a guest already walked away from it', free, [{ ...one, timesShown: 1 }], null],
    ['somebody was there a moment ago', { ...free, idleMs: 9_999 }, [one], null],
    ['another document is on it', { ...free, busy: true }, [one], null],
    ['the tablet is away', { ...free, connected: false }, [one], null],
  ])('%s', (_, tablet, waiting, expected) => {
    expect(autoReleased(tablet, waiting, 10_000)).toBe(expected);
  });
});
