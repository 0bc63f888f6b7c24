import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { captureFromJson } from '#biometrics/capture-json.ts';
import { isDown, Switch } from '#biometrics/sample.ts';
import { makeRecordedPen } from './make-recorded-pen.ts';
import { recordedPen } from './recorded-pen.ts';

const { source, samples, losses, surface } = recordedPen();

test('the file is what the script makes', () => {
  expect(captureFromJson(readFileSync(new URL('recorded-pen.json', import.meta.url), 'utf8'))).toEqual(makeRecordedPen());
});

test('it says of itself that nobody wrote it', () => {
  expect(source.kind).toBe('recorded');
  expect(source.limits.join(' ')).toMatch(/synthetic/);
  expect(surface).toBeNull();
});

test('it is sampled like a good pen: above 200 reports a second, several strokes, and the way between them', () => {
  const seconds = ((samples.at(-1)?.deviceTime ?? 0) - (samples[0]?.deviceTime ?? 0)) * (source.deviceClock?.tickNs ?? 0) * 1e-9;
  expect(seconds).toBeGreaterThan(2);
  expect(samples.length / seconds).toBeGreaterThan(200);
  const strokes = samples.filter((sample, at) => isDown(sample) && !isDown(samples[at - 1] ?? { ...sample, switches: 0 }));
  expect(strokes.length).toBeGreaterThanOrEqual(4);
  const inAir = samples.filter((sample) => !isDown(sample));
  expect(inAir.length).toBeGreaterThan(50);
  expect(inAir.every((sample) => sample.pressure === 0 && (sample.switches & Switch.inRange) !== 0)).toBe(true);
});

test('every value is inside the range its channel states, and clocks run forwards', () => {
  for (const { name, logicalMin, logicalMax } of source.channels) {
    const values = samples.map((sample) => sample[name]);
    expect(values.every((value) => value !== null && value >= (logicalMin ?? -Infinity) && value <= (logicalMax ?? Infinity)), name).toBe(true);
  }
  for (const clock of ['deviceTime', 'hostTime'] as const) {
    expect(samples.every((sample, at) => at === 0 || (sample[clock] ?? 0) > (samples[at - 1]?.[clock] ?? 0)), clock).toBe(true);
  }
  expect(losses).toEqual({ count: 0, method: 'device-clock' });
});

test('pressure uses thousands of levels and tilt moves in both axes', () => {
  const pressures = samples.filter(isDown).map((sample) => sample.pressure ?? 0);
  expect(Math.min(...pressures)).toBeGreaterThan(0);
  expect(Math.max(...pressures)).toBeGreaterThan(4096);
  expect(new Set(samples.map((sample) => sample.tiltX)).size).toBeGreaterThan(100);
  expect(new Set(samples.map((sample) => sample.tiltY)).size).toBeGreaterThan(100);
});
