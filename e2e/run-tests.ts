/**
 * `npm test`: types, walls, unused code, then every test; then `N passed, N failed, N skipped`.
 *
 * A test may be skipped for want of an outside judge, of `../shared`, or of a host (see `fixtures/needs.ts`);
 * any other skip counts as a failure, and so does a judge's where COUNTERSIGN_JUDGES=required (as in `.ci/run`).
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { startVitest } from 'vitest/node';
import { buildPage } from '#examiner/build-page.ts';
import { buildScreens } from '#kiosk/build-screens.ts';
import { installBrowser } from './install-browser.ts';
import { keepCompiled } from './keep-compiled.ts';

const root = join(import.meta.dirname, '..');
const judgesRequired = process.env['COUNTERSIGN_JUDGES'] === 'required';

/** Checks that are programs of their own. Each counts as one test. */
const CHECKS: { name: string; program: string; args: string[] }[] = [
  { name: 'types', program: 'tsc', args: ['--noEmit'] },
  { name: 'walls and lint', program: 'oxlint', args: ['--deny-warnings'] },
  { name: 'unused code', program: 'knip', args: [] },
];

interface Tally { passed: number; failed: number; skipped: number }

/** @param argv `--long` runs `*.long.test.ts` instead; anything else is a filter on file names. */
export async function run(argv: string[]): Promise<number> {
  const long = argv.includes('--long');
  const filters = argv.filter((argument) => !argument.startsWith('--'));
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  keepCompiled();
  await installBrowser((line) => process.stdout.write(`${line}\n`));
  // once and before all: tests that run at the same time would wait for each other's build
  await buildScreens();
  await buildPage();
  if (!long && filters.length === 0) for (const check of CHECKS) runCheck(check, tally);
  await runTests(long, filters, tally);
  process.stdout.write(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped\n`);
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

function runCheck(check: (typeof CHECKS)[number], tally: Tally): void {
  const result = spawnSync(join(root, 'node_modules/.bin', check.program), check.args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
  const passed = result.status === 0;
  tally[passed ? 'passed' : 'failed']++;
  process.stdout.write(`${passed ? '✓' : '✗'} ${check.name}\n`);
  if (!passed) process.stdout.write(`${result.stdout}${result.stderr}${result.error?.message ?? ''}\n`);
}

async function runTests(long: boolean, filters: string[], tally: Tally): Promise<void> {
  const skips: { test: TestCase; reason: string }[] = [];
  const counter: Reporter = {
    onTestRunEnd(modules: readonly TestModule[], errors) {
      tally.failed += errors.length;
      for (const module of modules) {
        // A file that did not load has errors of its own and perhaps no tests.
        tally.failed += module.errors().length;
        for (const test of module.children.allTests()) {
          const result = test.result();
          if (result.state === 'skipped') skips.push({ test, reason: result.note ?? '' });
          else tally[result.state === 'passed' ? 'passed' : 'failed']++;
          if (test.diagnostic()?.flaky === true) process.stdout.write(`passed at the second try only  ${module.relativeModuleId} > ${test.fullName}\n`);
        }
      }
    },
  };
  const vitest = await startVitest('test', filters, {
    root, config: join(root, long ? 'vitest.long.config.ts' : 'vitest.config.ts'), watch: false, run: true, reporters: ['default', counter],
  });
  await vitest.close();
  for (const { test, reason } of skips) {
    const allowed = /^(data|host): /.test(reason) || (reason.startsWith('judge: ') && !judgesRequired);
    tally[allowed ? 'skipped' : 'failed']++;
    process.stdout.write(`${allowed ? 'skipped' : 'MUST NOT SKIP'}  ${test.module.relativeModuleId} > ${test.fullName}\n         ${reason === '' ? 'no reason given' : reason}\n`);
  }
}
