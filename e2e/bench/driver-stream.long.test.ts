/** The bench of a serial pen beside a busy station, for two seconds: no time is asserted, but that nothing is lost. */
import { expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { driverStream } from './driver-stream.ts';

test('at 1,000 reports a second, from a port, through the pen process, while the station signs: not one sample is lost', async (context) => {
  judge(context, 'socat');
  judge(context, 'stty');
  const told: string[] = [];
  const measured = await driverStream((line) => told.push(line), 2);
  expect(measured[0]).toMatchObject({ name: expect.stringContaining('samples lost of 2000'), value: 0, unit: 'samples' });
  expect(told.join()).toMatch(/[1-9]\d* signings meanwhile/);
  for (const { unit, peer } of measured.slice(1)) expect([unit, peer?.name]).toEqual(['ms', expect.stringContaining('@serialport/stream')]);
});
