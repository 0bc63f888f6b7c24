/** The last few of a row of numbers, and what is typical of them: no allocation, a sort of a few numbers now and then. */

const KEPT = 64;
/** Below this many nothing can be said. */
const ENOUGH = 8;
/** A number above this many medians is a gap and says nothing about what is usual; one poll that came for nothing is usual. */
const USUAL = 2.25;

export class Recent {
  readonly #ring = new Float64Array(KEPT);
  readonly #sorted = new Float64Array(KEPT);
  #length = 0;
  #next = 0;
  /** New ones until what is typical is looked at again. */
  #untilLook = ENOUGH;
  /** NaN while there are too few. In an array, because a number in a field of its own is allocated anew each time. */
  readonly #typical = new Float64Array(1).fill(Number.NaN);

  add(value: number): void {
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % KEPT;
    this.#length = Math.min(KEPT, this.#length + 1);
    if (--this.#untilLook === 0) this.#look();
  }

  /**
   * The mean of all that are no gap, or NaN while there are too few. The mean and not the median: where arrivals are
   * rounded to frames, the period lies between the two intervals that are seen.
   */
  get typical(): number {
    return this.#typical[0]!;
  }

  #look(): void {
    const length = this.#length;
    this.#untilLook = length;
    const sorted = this.#sorted;
    for (let index = 0; index < length; index++) {
      const value = this.#ring[index]!;
      let at = index;
      for (; at > 0 && sorted[at - 1]! > value; at--) sorted[at] = sorted[at - 1]!;
      sorted[at] = value;
    }
    const limit = sorted[length >> 1]! * USUAL;
    let sum = 0;
    let usual = 0;
    for (; usual < length && sorted[usual]! <= limit; usual++) sum += sorted[usual]!;
    this.#typical[0] = sum / usual;
  }
}
