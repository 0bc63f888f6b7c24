import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryCapture } from '#fixtures/arbitrary-capture.ts';
import type { Capture } from './capture.ts';
import { findingsOf } from './findings.ts';
import { Switch, type Sample } from './sample.ts';

const [some] = fc.sample(arbitraryCapture().filter(({ samples }) => samples.length > 0), { numRuns: 1, seed: 6 });

/** A faultless pen: pressure, tilt, in-air samples, nothing lost. */
function captureOf(change: (sample: Sample, index: number) => Partial<Sample> = () => ({}), more: Partial<Capture> = {}): Capture {
  const samples = Array.from({ length: 10 }, (_, index): Sample => {
    const sample = { ...some!.samples[0]!, pressure: 100 + index, tiltX: 10, tiltY: 10, hostTime: index * 5_000_000, switches: index === 9 ? Switch.inRange : Switch.tip | Switch.inRange };
    return { ...sample, ...change(sample, index) };
  });
  return {
    ...some!, samples, losses: { count: 0, method: 'sequence' }, anomalies: { repeated: 0 }, complete: true,
    source: { ...some!.source, instrument: 'pen', limits: [] }, ...more,
  };
}

const warnings = (capture: Capture) => findingsOf(capture).filter(({ severity }) => severity === 'warning').map(({ code }) => code);
const message = (capture: Capture, code: string) => findingsOf(capture).find((finding) => finding.code === code)?.message;

describe('findings', () => {
  it('warn of nothing in a faultless capture', () => {
    expect(warnings(captureOf())).toEqual([]);
    expect(message(captureOf(), 'SIZE')).toBe('10 samples in 1 strokes, 1 of them in the air');
    expect(message(captureOf(), 'RATE')).toContain('5.0 ms');
    expect(message(captureOf(), 'PRESSURE_LEVELS')).toContain('9 different values');
  });

  it.each([
    ['NO_PRESSURE', captureOf(() => ({ pressure: null }))],
    ['CONSTANT_PRESSURE', captureOf(() => ({ pressure: 512 }))],
    ['NO_TILT', captureOf(() => ({ tiltX: null, tiltY: null, azimuth: null }))],
    ['NO_IN_AIR', captureOf(() => ({ switches: Switch.tip }))],
    ['INCOMPLETE', captureOf(undefined, { complete: false })],
    ['LOSSES', captureOf(undefined, { losses: { count: 3, method: 'sequence' } })],
    ['ANOMALY', captureOf(undefined, { anomalies: { clockBackwards: 2 } })],
    ['NOT_A_PEN', captureOf(undefined, { source: { ...captureOf().source, instrument: 'mouse' } })],
  ])('warn of %s, and only of it', (code, capture) => {
    expect(warnings(capture)).toEqual([code]);
  });

  it('never fail, whatever was captured', () => {
    fc.assert(fc.property(arbitraryCapture(), (capture) => {
      expect(findingsOf(capture).map(({ code }) => code)).toEqual(expect.arrayContaining(['SOURCE', 'SIZE']));
    }));
  });
});
