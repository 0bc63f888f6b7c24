/**
 * A device clock that starts again at zero, made into one that does not: HID Scan Time (100 µs, 16 bit), the time count
 * of a signature pad (1 ms, 16 bit).
 *
 * The nearest continuation is taken: less than half a turn back counts as the clock having run backwards (real devices do),
 * anything else as having gone on. A gap of more than half a turn is bridged by the host's clock.
 */
export class UnwrappedClock {
  readonly #turn: number;
  readonly #tickNs: number;
  #raw: number | null = null;
  #ticks = 0;
  #hostTime = 0;

  /** @param turn number of different values. @param tickNs nanoseconds of one tick */
  constructor(turn: number, tickNs: number) {
    this.#turn = turn;
    this.#tickNs = tickNs;
  }

  /** @param raw 0 to turn - 1. @param hostTime arrival, ns. @returns ticks, counted on from the first raw value */
  next(raw: number, hostTime: number): number {
    if (this.#raw === null) this.#ticks = raw;
    else {
      const forward = (raw - this.#raw + this.#turn) % this.#turn;
      const elapsed = Math.max(0, (hostTime - this.#hostTime) / this.#tickNs);
      // of all turns, the one that lands closest to what the host saw go by
      const turns = Math.round((elapsed - forward) / this.#turn);
      this.#ticks += forward + turns * this.#turn;
    }
    this.#raw = raw;
    this.#hostTime = hostTime;
    return this.#ticks;
  }
}
