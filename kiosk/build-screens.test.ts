import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildScreens } from './build-screens.ts';

test('built once, and not again while no source changes', async () => {
  const { directory } = await buildScreens();
  expect(await buildScreens()).toEqual({ directory, built: false });
});

test('the pages live under the station’s policy: nothing inline, nothing from elsewhere', async () => {
  const { directory } = await buildScreens();
  for (const page of ['guest', 'desk']) {
    const html = readFileSync(join(directory, page, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1]);
    expect(addresses.length).toBeGreaterThan(2);
    for (const address of addresses) expect(address).toMatch(/^(\/screens\/assets\/|data:,$)/);
  }
});

test('no script makes code out of text (CVE-2024-4367 did), and what pdf.js loads is beside it', async () => {
  const { directory } = await buildScreens();
  const assets = readdirSync(join(directory, 'assets')).filter((name) => /\.m?js$/.test(name));
  expect(assets.some((name) => name.startsWith('pdf.worker'))).toBe(true);
  for (const name of assets) expect(readFileSync(join(directory, 'assets', name), 'utf8'), name).not.toMatch(/new Function\(|[^.\w]eval\(/);
  for (const name of assets) expect(readFileSync(join(directory, 'assets', name), 'utf8'), 'React’s development build').not.toContain('react-devtools');
  for (const folder of ['cmaps', 'standard_fonts', 'wasm', 'iccs']) expect(readdirSync(join(directory, 'pdfjs', folder)).length, folder).toBeGreaterThan(0);
  expect(readdirSync(join(directory, 'pdfjs/wasm')).filter((name) => name.startsWith('quickjs'))).toEqual([]);
});

test('a build that was killed does not keep the next one waiting', async () => {
  const { directory } = await buildScreens();
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const lock = join(directory, '..', '.screens-lock');
  rmSync(join(directory, 'sources.sha256'));
  writeFileSync(lock, String(dead));
  expect(await buildScreens()).toEqual({ directory, built: true });
  expect(existsSync(lock)).toBe(false);
});
