/**
 * Notices when the wall clock of this machine is set while the station runs: it is compared with the monotonic clock, which
 * nobody can set (clock_gettime(2): CLOCK_REALTIME against CLOCK_MONOTONIC).
 *
 * Before: `upkeep.ts` looks once a second. After: each record and the audit trail name the steps. A machine that slept shows a
 * step forward, because its monotonic clock stood still meanwhile. A clock that is slewed slowly (NTP: 0.5 ms a second at most)
 * is not noticed, and need not be.
 */

/** Less than this between two looks is the jitter of a busy machine. */
const LEAST_STEP_MS = 250;
/** The latest that a record keeps. */
const STEPS_KEPT = 64;

export interface ClockStep {
  /** When it was noticed, RFC 3339 UTC, by the clock as it is after the step. */
  at: string;
  /** Positive: forward. */
  ms: number;
}

export class ClockSteps {
  readonly #wall: () => number;
  readonly #monotonic: () => number;
  #offset: number;
  #steps: ClockStep[] = [];

  /** Both clocks in ms. */
  constructor(wall = () => Date.now(), monotonic = () => performance.now()) {
    this.#wall = wall;
    this.#monotonic = monotonic;
    this.#offset = wall() - monotonic();
  }

  /** @returns the step since the last look, or null */
  look(): ClockStep | null {
    const before = this.#monotonic();
    const wall = this.#wall();
    const between = this.#monotonic() - before;
    // Put aside by the system between the two: the difference would be its doing. The next look tells.
    if (between >= LEAST_STEP_MS / 2) return null;
    const ms = Math.round(wall - before - this.#offset);
    this.#offset += ms;
    if (Math.abs(ms) < LEAST_STEP_MS) return null;
    const step = { at: new Date(wall).toISOString(), ms };
    this.#steps = [...this.#steps, step].slice(-STEPS_KEPT);
    return step;
  }

  /** All steps since the station started, the latest 64, in order. */
  get all(): readonly ClockStep[] {
    return this.#steps;
  }
}
