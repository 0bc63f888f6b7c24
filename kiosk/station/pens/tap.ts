/**
 * Finds taps on a cross among the samples of a pen: one contact that stays where it is, as the mean of its raw positions.
 *
 * Before: the source's samples. After: `calibrate.ts`. A contact of a single report, or one that wanders like a stroke, is no tap.
 */
import { isDown, type Sample } from '#biometrics/sample.ts';

/** Fewer reports than this in contact are a bounce. */
const LEAST_SAMPLES = 3;

export class TapFinder {
  readonly #most: number;
  #contact: { x: number; y: number }[] = [];

  /** @param most farthest, in raw units, that the pen may wander while it taps */
  constructor(most: number) {
    this.#most = most;
  }

  /** @returns the taps that ended in these samples */
  add(samples: readonly Sample[]): { x: number; y: number }[] {
    const taps: { x: number; y: number }[] = [];
    for (const sample of samples) {
      if (isDown(sample)) this.#contact.push({ x: sample.x, y: sample.y });
      else {
        const tap = this.#lifted();
        if (tap !== null) taps.push(tap);
      }
    }
    return taps;
  }

  #lifted(): { x: number; y: number } | null {
    const contact = this.#contact;
    this.#contact = [];
    if (contact.length < LEAST_SAMPLES) return null;
    const [xs, ys] = [contact.map(({ x }) => x), contact.map(({ y }) => y)];
    return spread(xs) > this.#most || spread(ys) > this.#most ? null : { x: mean(xs), y: mean(ys) };
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spread(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity) - values.reduce((least, value) => Math.min(least, value), Infinity);
}
