/** What one of the design's eight promises came to in this demo. */
export interface PromiseResult {
  id: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
  name: string;
  held: boolean;
  /** How it was checked just now; says so where it could be checked in small only. */
  how: string;
}

export const PROMISES: Record<PromiseResult['id'], string> = {
  1: 'What the guest saw is what was signed',
  2: 'Samples are kept as the device gave them',
  3: '"Thank you" survives a power cut',
  4: 'A declined signing leaves only the fact of it',
  5: 'A stolen tablet reveals no signing and no stroke',
  6: 'It works offline and catches up, once',
  7: 'Anyone can check it without us',
  8: 'Everything is on the audit trail, and alteration shows',
};

/** @param failures what did not hold, in words; empty if it held. */
export function promise(id: PromiseResult['id'], failures: readonly (string | false)[], how: string): PromiseResult {
  const broken = failures.filter((failure) => failure !== false);
  return { id, name: PROMISES[id], held: broken.length === 0, how: broken.length === 0 ? how : `NOT HELD: ${broken.join('; ')}` };
}
