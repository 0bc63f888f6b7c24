import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { Calibrations } from './calibrations.ts';

const DISPLAY = { width: 1_280, height: 800, orientation: 0 };
const MEASURED = { toDisplay: [0.1, 0, 0, 0.1, 3, 4] as [number, number, number, number, number, number], measuredAt: '2026-11-26T12:00:00.000Z', residual: 1.25 };

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'countersign-calibrations-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
});

test('is kept for one device on one display, through a restart, for this user alone', () => {
  new Calibrations(home).keep('pen-1', DISPLAY, MEASURED);
  const again = new Calibrations(home);
  expect(again.problem).toBeNull();
  expect(again.of('pen-1', DISPLAY)).toMatchObject(MEASURED);
  expect(again.of('pen-2', DISPLAY)).toBeNull();
  expect(again.of('pen-1', { ...DISPLAY, orientation: 180 })).toBeNull();
  expect(again.of('pen-1', { ...DISPLAY, width: 1_024 })).toBeNull();
  expect(statSync(join(home, 'calibrations.json')).mode & 0o777).toBe(0o600);
});

test('measured anew replaces, reset forgets', () => {
  const calibrations = new Calibrations(home);
  calibrations.keep('pen-1', DISPLAY, MEASURED);
  calibrations.keep('pen-1', DISPLAY, { ...MEASURED, residual: 0.5 });
  expect(new Calibrations(home).of('pen-1', DISPLAY)).toMatchObject({ residual: 0.5 });
  expect(calibrations.forget('pen-1', DISPLAY)).toBe(true);
  expect(calibrations.forget('pen-1', DISPLAY)).toBe(false);
  expect(new Calibrations(home).of('pen-1', DISPLAY)).toBeNull();
});

test.each([
  ['no JSON', '{'], ['another version', '{"version":2,"calibrations":[]}'], ['nothing', ''],
  ['a map that flattens everything', JSON.stringify({ version: 1, calibrations: [{ device: 'a', display: DISPLAY, ...MEASURED, toDisplay: [0, 0, 0, 0, 0, 0] }] })],
])('a file with %s is ignored and named', (_, content) => {
  writeFileSync(join(home, 'calibrations.json'), content);
  const calibrations = new Calibrations(home);
  expect(calibrations.problem).toContain('calibrations.json');
  expect(calibrations.of('a', DISPLAY)).toBeNull();
  calibrations.keep('pen-1', DISPLAY, MEASURED);
  expect(new Calibrations(home).problem).toBeNull();
});

test('what cannot be written changes nothing', () => {
  const calibrations = new Calibrations(home);
  mkdirSync(join(home, 'calibrations.json.new'));
  expect(() => calibrations.keep('pen-1', DISPLAY, MEASURED)).toThrow('EISDIR');
  expect(calibrations.of('pen-1', DISPLAY)).toBeNull();
});
