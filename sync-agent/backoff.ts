/** Retry schedule: doubling from one second to ten minutes, the later half of each step at random so that stations do not knock together. */
const FIRST_MS = 1_000;
const LONGEST_MS = 10 * 60_000;

/**
 * Milliseconds to wait after the given number of failed attempts (1 or more).
 * @param random from 0 to 1
 */
export function retryDelay(attempts: number, random: () => number = Math.random): number {
  const step = Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS);
  return Math.round(step / 2 + random() * step / 2);
}
