import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryCapture } from '#fixtures/arbitrary-capture.ts';
import type { Capture, Channel } from './capture.ts';
import { findingsOf } from './findings.ts';
import { Switch, type Sample } from './sample.ts';

const [some] = fc.sample(arbitraryCapture().filter(({ samples }) => samples.length > 0), { numRuns: 1, seed: 6 });

const channel = (name: string): Channel => ({
  name: name as Channel['name'], unit: 'count', logicalMin: 0, logicalMax: name === 'pressure' ? 1023 : 20_000, physicalMin: null, physicalMax: null,
  unitExponent: null, perMm: name === 'pressure' ? null : 100, rotation: null, derived: false,
});

/** A faultless pen: pressure that trembles, tilt, in-air samples, nothing lost. */
function captureOf(change: (sample: Sample, index: number) => Partial<Sample> = () => ({}), more: Partial<Capture> = {}, length = 10): Capture {
  const samples = Array.from({ length }, (_, index): Sample => {
    const sample = { ...some!.samples[0]!, x: 1000 + index * index, y: 1000, marks: 0, pressure: 100 + 3 * index + (7 * index * index) % 9, tiltX: 10, tiltY: 10, hostTime: index * 5_000_000, switches: index === length - 1 ? Switch.inRange : Switch.tip | Switch.inRange };
    return { ...sample, ...change(sample, index) };
  });
  return {
    ...some!, samples, losses: { count: 0, method: 'sequence' }, anomalies: { repeated: 0 }, complete: true,
    source: { ...some!.source, instrument: 'pen', kind: 'hid', limits: [], deviceClock: null, channels: ['x', 'y', 'pressure'].map(channel) }, ...more,
  };
}

const warnings = (capture: Capture) => findingsOf(capture).filter(({ severity }) => severity === 'warning').map(({ code }) => code);
const message = (capture: Capture, code: string) => findingsOf(capture).find((finding) => finding.code === code)?.message;

describe('findings', () => {
  it('warn of nothing in a faultless capture', () => {
    expect(warnings(captureOf())).toEqual([]);
    expect(message(captureOf(), 'SIZE')).toBe('10 samples in 1 stroke; 1 of the samples in the air');
    expect(message(captureOf(), 'RATE')).toContain('5.0 ms');
    expect(message(captureOf(), 'PRESSURE_LEVELS')).toContain('9 different values of pressure occur of 1024');
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

  it('carry what was measured, with units in the names', () => {
    const values = (code: string) => findingsOf(captureOf()).find((finding) => finding.code === code)?.values;
    expect(values('RATE')).toEqual({ medianIntervalMs: 5, spreadMs: 0, jitterMs: 0, longestIntervalMs: 5, shortestIntervalMs: 5 });
    expect(values('DURATION')).toEqual({ durationMs: 45 });
    expect(values('PRESSURE_LEVELS')).toEqual({ usedLevels: 9, availableLevels: 1024 });
    expect(values('SIZE')).toEqual({ samples: 10, strokes: 1, inAirSamples: 1 });
  });

  it('are sentences, for one and for many', () => {
    const one = captureOf((_, index) => index === 3 ? { pressure: 1023 } : {}, { losses: { count: 1, method: 'sequence' }, anomalies: { repeated: 1 } });
    expect(['PRESSURE_CLIPPED', 'LOSSES', 'ANOMALY'].map((code) => message(one, code))).toEqual([
      '1 sample at the greatest pressure the device can tell: it may have been greater', '1 report is known to be missing (noticed by sequence)', 'repeated: seen 1 time',
    ]);
    expect(message(captureOf(undefined, { losses: { count: 3, method: 'sequence' } }), 'LOSSES')).toContain('3 reports are');
  });

  const scattered = (index: number) => index * 5_000_000 + Math.round(40_000 * Math.sin(index * index));
  it.each([
    ['PRESSURE_CLIPPED', captureOf((_, index) => index === 3 ? { pressure: 1023 } : {})],
    ['POSITION_CLIPPED', captureOf((_, index) => index === 3 ? { x: 20_000 } : {})],
    ['EVEN_TIMING', captureOf((_, index) => ({ hostTime: index * 5_000_001, x: 1000 + index % 7 }), {}, 60)],
    ['NO_NOISE', captureOf((_, index) => ({ hostTime: scattered(index), x: 1000 + 5 * index }), {}, 40)],
    ['SMOOTH_PRESSURE', captureOf((_, index) => ({ hostTime: scattered(index), x: 1000 + index % 7, pressure: Math.round(500 + 300 * Math.sin(index / 15)) }), {}, 90)],
    ['IMPOSSIBLE_SPEED', captureOf((_, index) => ({ hostTime: scattered(index), x: index % 2 === 0 ? 2000 : 4000 + index }), {}, 12)],
  ])('suspect %s, and only it', (code, capture) => {
    expect(warnings(capture)).toEqual([code]);
  });

  it('suspect no clock that is rightly even: rounded by a browser, the device\'s own, or made up by a recording', () => {
    const wavy = (_: Sample, index: number) => ({ x: 1000 + Math.round(100 * Math.sin(index)), hostTime: index * 5_000_000 });
    expect(warnings(captureOf(wavy, {}, 200))).toEqual([]);
    const ticking = captureOf((sample, index) => ({ ...wavy(sample, index), hostTime: scattered(index), deviceTime: index * 5 }), {}, 200);
    expect(warnings({ ...ticking, source: { ...ticking.source, deviceClock: { tickNs: 1_000_000, wrapsAfter: 65_536 } } })).toEqual([]);
    const recorded = captureOf((sample, index) => ({ ...wavy(sample, index), hostTime: index * 5_000_001 }), {}, 200);
    expect(warnings({ ...recorded, source: { ...recorded.source, kind: 'recorded' } })).toEqual([]);
  });

  it('suspect no pressure that trembles as pens\' does, nor that of a pen with few levels', () => {
    const trembling = (_: Sample, index: number) => ({ hostTime: scattered(index), x: 1000 + index % 7, pressure: Math.round(500 + 300 * Math.sin(index / 15) + 2 * Math.sin(index * index)) });
    expect(warnings(captureOf(trembling, {}, 90))).toEqual([]);
    const smooth = captureOf((_, index) => ({ hostTime: scattered(index), x: 1000 + index % 7, pressure: Math.round(100 + 60 * Math.sin(index / 15)) }), {}, 90);
    const channels = smooth.source.channels.map((each) => (each.name === 'pressure' ? { ...each, logicalMax: 255 } : each));
    expect(warnings({ ...smooth, source: { ...smooth.source, channels } })).toEqual([]);
  });

  it('suspect no steps that repeat by rounding, and no reports that arrive in bundles', () => {
    expect(warnings(captureOf((_, index) => ({ x: 1000 + index, hostTime: scattered(index) }), {}, 60))).toEqual([]);
    const bundled = (index: number) => Math.floor(index / 3) * 15_000_000 + index % 3 * 1000;
    expect(warnings(captureOf((_, index) => ({ x: 1000 + Math.round(300 * Math.sin(index / 9)), hostTime: bundled(index) }), {}, 60))).toEqual([]);
  });

  it('never fail, whatever was captured', () => {
    fc.assert(fc.property(arbitraryCapture(), (capture) => {
      expect(findingsOf(capture).map(({ code }) => code)).toEqual(expect.arrayContaining(['SOURCE', 'SIZE']));
    }));
  });
});
