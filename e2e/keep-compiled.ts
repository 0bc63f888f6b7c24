/**
 * What Node compiles is kept under `.cache/compiled` between the hundreds of stations, threads and commands that the tests
 * start: each starts on about 0.3 s of processor less. For tests only: a folder from which Node takes code is one more
 * place to guard, and a station starts once a day. Not for the children that read foreign bytes (`packet/child/run.ts`): they may write
 * nothing, and Node takes nothing from a folder it may not write to.
 *
 * Before: `run-tests.ts`. After: every process that inherits its environment.
 */
import { join } from 'node:path';

export function keepCompiled(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '..', '.cache', 'compiled');
}
