/**
 * Work that can be set aside between its steps: it is written once, as a generator, and done at once by readers and tools, or with
 * pauses by a station, where a capture of ten minutes would keep all other pens and screens waiting.
 * Before: `record.ts`, `dynamics-free-ink.ts`, `assessment.ts`.
 */

/** Each `yield` ends a step; what is returned is the result. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** As much is done before the next pause, ms: a short capture needs none. */
const BETWEEN_PAUSES_MS = 4;

/** @throws what the work throws */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** @param pause lets others go on, as `setImmediate` of `node:timers/promises` does. @throws what the work throws, and what `pause` throws */
export async function withPauses<Result>(steps: Steps<Result>, pause: () => Promise<unknown>): Promise<Result> {
  for (let since = performance.now(); ;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < BETWEEN_PAUSES_MS) continue;
    await pause();
    since = performance.now();
  }
}
