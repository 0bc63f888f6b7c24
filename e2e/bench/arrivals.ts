/**
 * When each packet of an emulated tablet got to its end: by the number that is in its x and y, so that one that is lost, comes
 * twice or comes out of turn is seen. Times are monotonic ns, which are the same in every process of a machine (on Linux).
 */
const NS_PER_MS = 1e6;
/** What is still under way when the last packet was written. */
const PATIENCE_MS = 5_000;

export class Arrivals {
  /** ns; 0: it did not come. */
  readonly at: Float64Array;
  /** Came twice, after a later one, or with a number that was never sent. */
  outOfTurn = 0;
  #next = 0;

  constructor(count: number) {
    this.at = new Float64Array(count);
  }

  /** @returns its number */
  take(x: number, y: number, at = monotonicNs()): number {
    const number = x + y * 65_536;
    if (number < this.#next || number >= this.at.length) this.outOfTurn++;
    this.at[number] = at;
    this.#next = number + 1;
    return number;
  }

  get missing(): number {
    return this.at.reduce((missing, at) => missing + (at === 0 ? 1 : 0), 0);
  }
}

/** Waits until every packet arrived, or for a while in vain. @throws Error where one came twice or out of turn */
export async function settled(...all: readonly Arrivals[]): Promise<void> {
  const missing = (): boolean => all.some(({ at }) => at.includes(0));
  for (const until = performance.now() + PATIENCE_MS; missing() && performance.now() < until;) await new Promise((resolve) => { setTimeout(resolve, 50); });
  const outOfTurn = all.reduce((sum, arrivals) => sum + arrivals.outOfTurn, 0);
  if (outOfTurn > 0) throw new Error(`${outOfTurn} samples came twice or out of turn`);
}

/** @returns ms, of those that have a time */
export function delays(written: Float64Array, times: Float64Array): number[] {
  return [...written].flatMap((at, index) => (times[index] === 0 ? [] : [(times[index]! - at) / NS_PER_MS]));
}

export function monotonicNs(): number {
  return Number(process.hrtime.bigint());
}
