/**
 * What Node compiles is kept under `.cache/compiled` between the hundreds of stations, threads and commands that the tests
 * start: each starts on about 0.3 s of processor less. For tests only: a folder from which Node takes code is one more
 * place to guard, and a station starts once a day.
 *
 * Before: `run-tests.ts`. After: every process that inherits its environment.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');

/** What runs in processes that may write nothing (`packet/child/run.ts`), and so cannot keep it themselves. */
const RUN_IN_CHILDREN = [
  'packet/child/index.ts', 'packet/intake/normalise.ts', 'packet/fields/search.ts', 'packet/viewer.ts',
  'packet/verify/verify.ts', 'packet/verify/sighted-records.ts', 'packet/upgrade/asked-download.ts',
];

/** @throws Error where one of them is no longer there */
export function keepCompiled(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(root, '.cache', 'compiled');
  const program = RUN_IN_CHILDREN.map((path) => `await import('${pathToFileURL(join(root, path)).href}');`).join('\n');
  const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '--eval', program], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`What the tests’ children run could not be compiled: ${stderr}`);
}
