/**
 * What one stroke of 2,000 points costs the page, written in the 10 s that it takes: the time in scripts, and all that
 * its main thread does, input and painting included. Processor time, so that a busy machine changes it little.
 */
import { drawInRealTime } from '#fixtures/browser.ts';
import { PEER, type DrawingSurface } from './drawing-surfaces.ts';
import { loops } from './handwriting.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { medianPeer } from './rounds.ts';
import { median } from './statistics.ts';

const POINTS = 2_000;
const ROUNDS = 2;

/** Names of Chromium's own counters, in seconds. */
const COUNTERS = { ScriptDuration: 'scripts', TaskDuration: 'main thread, all told' } as const;
type Cost = Record<keyof typeof COUNTERS, number>;

export async function drawingCost(ours: DrawingSurface, peer: DrawingSurface, tell: Tell): Promise<Measurement[]> {
  tell(`  a stroke of ${POINTS} points, ${ROUNDS} times each`);
  const costs: { ours: Cost[]; peer: Cost[] } = { ours: [], peer: [] };
  for (let round = 0; round < ROUNDS; round++) {
    costs.ours.push(await costOn(ours));
    costs.peer.push(await costOn(peer));
  }
  return (Object.keys(COUNTERS) as (keyof Cost)[]).map((counter) => {
    const [own, its] = [costs.ours, costs.peer].map((rounds) => rounds.map((cost) => cost[counter] * 1_000)) as [number[], number[]];
    return measurement(`drawing 2,000 points, ${COUNTERS[counter]}`, median(own), 'ms', medianPeer(PEER, its));
  });
}

async function costOn({ page, box, clear }: DrawingSurface): Promise<Cost> {
  await page.bringToFront();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async (): Promise<Cost> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value])) as Cost;
  };
  const before = await spent();
  await drawInRealTime(page, loops(box, POINTS));
  const after = await spent();
  await session.detach();
  await clear();
  return { ScriptDuration: after.ScriptDuration - before.ScriptDuration, TaskDuration: after.TaskDuration - before.TaskDuration };
}
