/**
 * Lets a few children run at once and the others wait: a burst of print jobs must not multiply the memory
 * limit. Waiting does not count towards a child's deadline.
 */
const atOnce = 2;

let running = 0;
const waiting: (() => void)[] = [];

export async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running === atOnce) await new Promise<void>((resolve) => { waiting.push(resolve); });
  else running++;
  try {
    return await work();
  } finally {
    // The place passes on to the next without being free in between.
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
