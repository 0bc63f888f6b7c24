/**
 * Notices that the machine slept. Whatever was read across a sleep has a hole in it that no clock of ours shows, and devices
 * come back reset or under another path (Electron's own events do not come on every machine: issues 8560, 32576).
 *
 * Two signs, because systems differ in which clocks go on: time since start, which counts sleep, ran ahead of the monotonic
 * clock, which on Linux and macOS does not; or this process did not run for long by its own clock (Windows). On Linux neither
 * clock follows the wall clock when that is set; on macOS the first one does, and setting it forward looks like sleep: what is
 * open then is lost and found again.
 */
import { uptime } from 'node:os';

export interface Clocks {
  /** Seconds since start, sleep included. */
  uptime(): number;
  /** Milliseconds, monotonic. */
  monotonic(): number;
}

const LOOK_MS = 1_000;
/** The clocks are read one after the other, and uptime may be in whole seconds. */
const DRIFT_MS = 3_000;
/** A process that is only starved runs again before. */
const PAUSE_MS = 30_000;

export const systemClocks: Clocks = { uptime, monotonic: () => performance.now() };

/** Judges two readings of the clocks. */
export function slept(before: { uptimeMs: number; monotonicMs: number }, now: { uptimeMs: number; monotonicMs: number }): boolean {
  const ran = now.monotonicMs - before.monotonicMs;
  return now.uptimeMs - before.uptimeMs - ran > DRIFT_MS || ran > PAUSE_MS;
}

/** @returns a function that ends the watch */
export function watchSleep(woke: () => void, clocks: Clocks = systemClocks): () => void {
  const read = (): { uptimeMs: number; monotonicMs: number } => ({ uptimeMs: clocks.uptime() * 1_000, monotonicMs: clocks.monotonic() });
  let before = read();
  const timer = setInterval(() => {
    const now = read();
    const was = before;
    before = now;
    if (slept(was, now)) woke();
  }, LOOK_MS);
  timer.unref();
  return () => { clearInterval(timer); };
}
