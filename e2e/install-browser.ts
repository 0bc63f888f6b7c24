/**
 * The browser the end-to-end tests need: an installed Chromium, Chrome or Edge; else the system's package
 * manager when root; else Playwright's own download, given 60 s. Without any of them the tests skip and say so.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { findBrowser } from '#cli/browser/find-browser.ts';
import { findProgram } from '#fixtures/needs.ts';

const root = join(import.meta.dirname, '..');
const PLAYWRIGHT_MS = 60_000;
const PACKAGE_MANAGER_MS = 300_000;

export async function installBrowser(tell: (line: string) => void): Promise<void> {
  if (findBrowser() !== null) return;
  if (process.getuid?.() === 0 && findProgram('apt-get') !== null) {
    tell('Installing Chromium for the end-to-end tests (apt-get)…');
    const options = { stdio: 'ignore' as const, timeout: PACKAGE_MANAGER_MS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
    if (findBrowser() !== null) return;
  }
  tell('Fetching a Chromium for the end-to-end tests (Playwright, a minute at most)…');
  spawnSync(process.execPath, [join(root, 'node_modules/playwright-core/cli.js'), 'install', 'chromium'], { stdio: 'ignore', timeout: PLAYWRIGHT_MS });
}
