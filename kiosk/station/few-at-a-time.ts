/**
 * Work that comes in bursts, as the pages that a guest leafs through: in its order, but only for so long in one turn of the event loop,
 * so that all others on this station go on between. Each piece writes to the disk, and disks differ more than counting could allow for.
 */

/**
 * @param mostMs after this no other piece is begun in the same turn
 * @returns takes work; does it at once where nothing waits and this turn has time. What the work throws is its own matter: it must not.
 */
export function fewAtATime(mostMs: number): (work: () => void) => void {
  const waiting: (() => void)[] = [];
  let spentMs = 0;
  let next: NodeJS.Immediate | null = null;
  const hasTime = (): boolean => spentMs < mostMs;
  const turn = (): void => {
    next = null;
    spentMs = 0;
    let work: (() => void) | undefined;
    while (hasTime() && (work = waiting.shift()) !== undefined) doNow(work);
  };
  const doNow = (work: () => void): void => {
    next ??= setImmediate(turn);
    const begun = performance.now();
    work();
    spentMs += performance.now() - begun;
  };
  return (work) => {
    if (hasTime() && waiting.length === 0) doNow(work);
    else waiting.push(work);
  };
}
