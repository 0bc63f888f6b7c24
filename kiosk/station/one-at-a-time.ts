/** Runs asynchronous work in the order it was asked for, each after the one before has ended, whichever way. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

export function oneAtATime(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => { /* told to its own caller */ });
    return mine;
  };
}
