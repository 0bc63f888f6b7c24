/**
 * Work that comes in bursts, as the pages that a guest leafs through: in its order, but only so much in one turn of the event loop, so
 * that all others on this station go on between.
 */

/** @returns takes work; does it at once where nothing waits and this turn has room. What the work throws is its own matter: it must not. */
export function fewAtATime(most: number): (work: () => void) => void {
  const waiting: (() => void)[] = [];
  let room = most;
  let next: NodeJS.Immediate | null = null;
  const turn = (): void => {
    next = null;
    room = most;
    for (const work of waiting.splice(0, most)) doNow(work);
  };
  const doNow = (work: () => void): void => {
    room--;
    next ??= setImmediate(turn);
    work();
  };
  return (work) => {
    if (room > 0 && waiting.length === 0) doNow(work);
    else waiting.push(work);
  };
}
