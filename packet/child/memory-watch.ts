/**
 * Runs on its own thread beside the work of a child process, so that it sees memory grow while the work
 * never yields. V8's own limit covers the heap only; decoded streams and typed arrays lie outside it.
 */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

const { limitBytes } = workerData as { limitBytes: number };
const everyMs = 50;

setInterval(() => {
  if (process.memoryUsage.rss() <= limitBytes) return;
  writeSync(2, 'out of memory: resident set above the limit\n');
  process.kill(process.pid, 'SIGKILL');
}, everyMs);
