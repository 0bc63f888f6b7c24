/** The driver group where there is no pseudo-terminal: what can be measured is, and what is left out is said. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Measurement } from './measurement.ts';

const countersign = join(import.meta.dirname, '../../cli/countersign.js');

test('without socat the decoding is measured, the serial pens are left out, and both are said', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [countersign, '--run', 'e2e/bench/main.ts', 'driver', '--json'], { encoding: 'utf8', env: { ...process.env, PATH: '' } });
  expect(stderr).toMatch(/decoding [1-9]\d* reports/);
  expect(stderr).toContain('socat is missing; install it with: apt-get install socat');
  expect(status).toBe(0);
  const measured = JSON.parse(stdout) as Measurement[];
  expect(measured.map(({ name, unit }) => [name, unit])).toEqual([['HID reports decoded', 'reports/s'], ['heap grown by decoding', 'B/report']]);
  const [rate] = measured;
  expect(rate!.value).toBeGreaterThan(0);
  expect(rate!.ratio! * rate!.peer!.value / rate!.value).toBeCloseTo(1, 1);
});
