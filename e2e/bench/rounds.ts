/**
 * Ours and the peer in turn, A B A B, so that whatever else the machine does meets both alike.
 * The first round of each warms up and is not counted.
 */
import type { Peer } from './measurement.ts';
import { median } from './statistics.ts';

export interface Results<Result> {
  ours: Result[];
  /** Empty where there is no peer. */
  peer: Result[];
}

export async function inTurns<Result>(rounds: number, ours: () => Promise<Result>, peer: (() => Promise<Result>) | null): Promise<Results<Result>> {
  const results: Results<Result> = { ours: [], peer: [] };
  for (let round = 0; round <= rounds; round++) {
    const one = await ours();
    const other = peer === null ? null : await peer();
    if (round === 0) continue;
    results.ours.push(one);
    if (other !== null) results.peer.push(other);
  }
  return results;
}

/** The peer's median, or null where it was not there. */
export function medianPeer(name: string, values: readonly number[]): Peer | null {
  return values.length === 0 ? null : { name, value: median(values) };
}

/** @returns ms that the work took */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
