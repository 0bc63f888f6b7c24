/** The bench of station-read ink, for half a second at each rate: no time is asserted, but that all of the ink arrives. */
import { expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { inkDelay } from './ink-delay.ts';

test('from a port, through the pen process and a station of its own, to the guest’s socket: every sample’s ink arrives', async (context) => {
  judge(context, 'socat');
  judge(context, 'stty');
  const measured = await inkDelay(() => undefined, 0.5);
  expect(measured.filter(({ unit }) => unit === 'samples')).toEqual([
    expect.objectContaining({ name: expect.stringContaining('200 reports/s, samples without ink of 100'), value: 0 }),
    expect.objectContaining({ name: expect.stringContaining('1000 reports/s, samples without ink of 500'), value: 0 }),
  ]);
  const beside = measured.filter(({ peer }) => peer !== null);
  expect(beside.map(({ name, unit }) => [/(\d+) reports\/s.*p(\d+)/.exec(name)?.slice(1).join(' '), unit])).toEqual([['200 50', 'ms'], ['200 99', 'ms'], ['1000 50', 'ms'], ['1000 99', 'ms']]);
  for (const { value, peer, ratio } of beside) expect([value > 0, peer!.value > 0, ratio! > 0]).toEqual([true, true, true]);
});
