/** Packs the app around a stub of Electron: what is in it, what is unpacked for the packed Node, and the fuses. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildScreens } from '#kiosk/build-screens.ts';
import { needsHost } from '#fixtures/needs.ts';
import { makeStubElectron } from '#fixtures/stub-electron.ts';
import { buildShell } from './build-shell.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'countersign-package-'));
const resources = join(folder, 'out', 'linux-unpacked', 'resources');
const linux = process.platform === 'linux';

beforeAll(async () => {
  if (!linux) return;
  await makeStubElectron(join(folder, 'electron'));
  await buildScreens();
  await buildShell();
  execFileSync(join(root, 'node_modules/.bin/electron-builder'), [
    '--linux', 'dir', `-c.electronDist=${join(folder, 'electron')}`, `-c.directories.output=${join(folder, 'out')}`,
  ], { cwd: root, stdio: 'pipe' });
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packaged app', () => {
  it('holds the shell in its asar, and neither tests nor development tools', (context) => {
    if (!linux) needsHost(context, 'the stub is of Electron for Linux');
    const inside = listPackage(join(resources, 'app.asar'), { isPack: false });
    expect(inside).toContain('/dist/shell/main.cjs');
    expect(inside).toContain('/dist/shell/preload.cjs');
    expect(inside.filter((path) => /\.test\.tsx?$|^\/(fixtures|e2e)\/|^\/node_modules\/(typescript|vite|vitest|electron-builder)\//.test(path))).toEqual([]);
  });

  it('runs the services from files the packed Node can read', (context) => {
    if (!linux) needsHost(context, 'the stub is of Electron for Linux');
    const app = join(resources, 'app.asar.unpacked');
    const node = join(resources, 'node');
    expect(existsSync(join(app, 'kiosk/station/main.ts'))).toBe(true);
    expect(existsSync(join(app, 'sync-agent/main.ts'))).toBe(true);
    expect(existsSync(join(app, 'dist/screens'))).toBe(true);
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(/^v24\./);
    const loads = spawnSync(node, ['--input-type=module', '-e', `
      await import(${JSON.stringify(join(app, 'kiosk/station/index.ts'))});
      await import(${JSON.stringify(join(app, 'sync-agent/index.ts'))});
      const [{ default: { getHidapiVersion } }] = await Promise.all([import('node-hid'), import('@serialport/bindings-cpp')]);
      console.log('loaded, hidapi', getHidapiVersion());`], { cwd: app, encoding: 'utf8' });
    expect(loads.stdout.trim(), loads.stderr).toMatch(/^loaded, hidapi \d/);
    expect(existsSync(join(app, 'driver/process/main.ts'))).toBe(true);
    expect(existsSync(join(resources, '71-countersign-pens.rules'))).toBe(true);
  });

  it('has the fuses of electron-builder.yml blown', (context) => {
    if (!linux) needsHost(context, 'the stub is of Electron for Linux');
    const binary = join(folder, 'out', 'linux-unpacked', 'countersign');
    const fuses = stripVTControlCharacters(execFileSync(join(root, 'node_modules/.bin/electron-fuses'), ['read', '--app', binary], { encoding: 'utf8' }));
    expect(fuses).toMatch(/RunAsNode is Disabled/);
    expect(fuses).toMatch(/EnableCookieEncryption is Enabled/);
    expect(fuses).toMatch(/EnableNodeOptionsEnvironmentVariable is Disabled/);
    expect(fuses).toMatch(/EnableNodeCliInspectArguments is Disabled/);
    expect(fuses).toMatch(/EnableEmbeddedAsarIntegrityValidation is Enabled/);
    expect(fuses).toMatch(/OnlyLoadAppFromAsar is Enabled/);
    expect(fuses).toMatch(/GrantFileProtocolExtraPrivileges is Disabled/);
  });
});
