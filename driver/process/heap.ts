/**
 * Keeps what strokes leave behind on the heap of JavaScript short-lived: numbers that were read, compared and copied on the way lie in
 * objects that nobody can overwrite. After `clearFreedHeap` the engine overwrites with zeros what it frees, and `freeHeap` makes it
 * free what is no longer used, and give emptied pages back to the system, soon instead of some time.
 *
 * Before: what holds strokes, the pen process, the station and its record thread. It does not reach buffers outside the heap, which their
 * owners overwrite, nor what the engine keeps in registers, on its stack or in code. That nothing is left is seen in tests
 * (`e2e/leftovers.test.ts`), but no engine promises it.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** When what works on strokes has ended, with all that it held; and once more for what was still held then. */
const AFTER_MS = [100, 2000];
/** Options of V8's gc extension: every collection that frees anything, and no emptied page is kept. */
const ALL = { type: 'major', execution: 'sync', flavor: 'last-resort' };
/** Far more than the fonts and the modules of a thread. */
const LARGE = 96 * 1024 * 1024;

let collect: ((options: typeof ALL) => void) | null = null;
let waiting: NodeJS.Timeout[] = [];

/**
 * Flags of V8; the first is in force from the next collection on. They are the whole process's: one thread that took the second back
 * would take it from another that is just about to use it. What it leaves is a function `gc` in contexts made later, and there are none.
 */
export function clearFreedHeap(): void {
  setFlagsFromString('--clear-free-memory');
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc') as typeof collect;
}

/** For a thread that is started by one where `clearFreedHeap` was called. */
export function clearsFreedHeap(): boolean {
  return collect !== null;
}

/** Soon; all stands still meanwhile, in a station for some 20 ms. Nothing where `clearFreedHeap` was not called: tests share one process. */
export function freeHeap(): void {
  if (collect === null) return;
  waiting.forEach(clearTimeout);
  waiting = AFTER_MS.map((after) => setTimeout(() => { collect?.(ALL); }, after).unref());
}

/** The same for a thread that holds no strokes, where large buffers lie about: they wait for long otherwise, since its heap hardly grows. */
export function freeLargeBuffers(): void {
  waiting.forEach(clearTimeout);
  waiting = [setTimeout(() => { if (process.memoryUsage().external > LARGE) collect?.(ALL); }, AFTER_MS[0]).unref()];
}
