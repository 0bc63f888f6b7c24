/** The bundle as Electron would load it: CommonJS, with `electron` from outside. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildShell } from './build-shell.ts';

const standIn = join(import.meta.dirname, '../../fixtures/stand-in-electron.cjs');
let folder = '';
beforeAll(async () => { folder = await buildShell(); });

describe('the bundled shell', () => {
  it('loads, and opens the guest screen it was given', () => {
    const guest = 'http://127.0.0.1:4780/guest?token=once';
    const said = execFileSync(process.execPath, ['--require', standIn, join(folder, 'main.cjs'), `--guest=${guest}`], { encoding: 'utf8' });
    const { url, preload } = JSON.parse(said) as { url: string; preload: string };
    expect(url).toBe(guest);
    expect(existsSync(preload)).toBe(true);
  });

  it('has a preload of one file that needs nothing but Electron, as a sandbox demands', () => {
    const required = [...readFileSync(join(folder, 'preload.cjs'), 'utf8').matchAll(/require\(['"]([^'"]+)['"]\)/g)].map(([, name]) => name);
    expect(required).toEqual(['electron']);
  });
});
