/**
 * Loaded into the processes of a house by `event-loop.ts`: in the station's main thread it writes every turn of the event loop that
 * took long, as JSON lines `{ at, wall, cpu }`: the wall clock at its end, and ms. `cpu` is of that thread alone: what the turn would
 * take on a machine with nothing else to do.
 */
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env['COUNTERSIGN_BENCH_LOOP'];
const TOLD_FROM_MS = 5;

if (file !== undefined && isMainThread && /kiosk[\\/]station[\\/]main\.ts$/.test(process.argv[1] ?? '')) {
  let last = performance.now();
  let before = process.threadCpuUsage();
  setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    const now = performance.now();
    const [wall, cpu] = [now - last, (user + system) / 1_000];
    if (wall > TOLD_FROM_MS) appendFileSync(file, `${JSON.stringify({ at: performance.timeOrigin + now, wall, cpu })}\n`);
    last = performance.now();
    before = process.threadCpuUsage();
  }, 1).unref();
}
