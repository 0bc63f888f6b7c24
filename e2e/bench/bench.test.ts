/** What `npm run bench` prints can be read by a program, and says what it claims to; no time is asserted. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { measurement, type Measurement } from './measurement.ts';
import { inTurns } from './rounds.ts';
import { median, percentile } from './statistics.ts';
import { table } from './table.ts';

const countersign = join(import.meta.dirname, '../../cli/countersign.js');

function bench(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [countersign, '--run', 'e2e/bench/main.ts', ...args], { encoding: 'utf8' });
}

test('--json prints one array of measurements and nothing else on standard output', () => {
  const { status, stdout, stderr } = bench('biometrics', '--json');
  expect(stderr).toContain('biometrics');
  expect(status).toBe(0);
  const measurements = JSON.parse(stdout) as Measurement[];
  expect(measurements.map(({ name }) => name)).toEqual(expect.arrayContaining(['seven channels, computed signature', 'host clock, computed signature', 'raw reports, computed signature', 'context and source, computed signature', 'encoding 2000 samples', 'decoding 2000 samples']));
  for (const one of measurements) {
    expect(Object.keys(one)).toEqual(['name', 'value', 'unit', 'peer', 'ratio']);
    expect(one.value).toBeGreaterThan(0);
    expect(one.ratio === null).toBe(one.peer === null);
    if (one.peer !== null) expect((one.ratio ?? NaN) * one.peer.value / one.value).toBeCloseTo(1, 1);
  }
  // sizes do not depend on the machine
  const seven = measurements.filter(({ name }) => name === 'seven channels, computed signature');
  expect(seven.map(({ peer }) => peer!.name)).toEqual(expect.arrayContaining(['source text', 'ISO/IEC 19794-7:2007']));
  for (const { value, ratio } of seven) {
    expect(value).toBeLessThanOrEqual(4.5);
    expect(ratio).toBeLessThan(0.8);
  }
});

test('without --json it is a table; an unknown group is refused with the names of those there are', () => {
  expect(table([measurement('drawing', 2, 'ms', { name: 'a peer', value: 4 }), measurement('demo', 12.345, 's')])).toBe(
    'drawing         2 ms\n beside         4 ms  a peer (ours is 0.5 of it)\ndemo         12.3 s\n',
  );
  const { status, stdout, stderr } = bench('drawings');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain('drawing, biometrics, driver, packet, loop, fields, print, start, demo');
});

test('percentiles are values that were measured', () => {
  const values = [5, 1, 4, 2, 3];
  expect([median(values), percentile(values, 0.95), percentile(values, 0)]).toEqual([3, 5, 1]);
  expect(() => median([])).toThrow('nothing was measured');
});

test('ours and the peer take turns, and the first round does not count', async () => {
  const order: string[] = [];
  const work = (who: string) => async () => order.push(who);
  expect(await inTurns(2, work('a'), work('b'))).toEqual({ ours: [3, 5], peer: [4, 6] });
  expect(order.join('')).toBe('ababab');
  expect((await inTurns(1, work('a'), null)).peer).toEqual([]);
});
