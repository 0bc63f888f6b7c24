/** `npm start` on a machine with a display: a window on the guest screen opens by itself, and leaves nothing behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findBrowser } from '#cli/browser/find-browser.ts';
import { electronBinary } from '#cli/browser/open-window.ts';
import { askStation } from '#cli/control.ts';
import { judge, needsHost } from '#fixtures/needs.ts';

const COUNTERSIGN = join(import.meta.dirname, '../cli/countersign.js');

for (const [how, listen] of [['over loopback', []], ['over TLS', ['--listen', '0.0.0.0']]] as const) {
  test(`the guest screen opens in a browser of its own ${how}, and its profile goes with it`, async (context) => {
    const xvfb = judge(context, 'Xvfb');
    if (findBrowser() === null) judge(context, 'chromium');
    if (electronBinary() !== null) needsHost(context, 'Electron is here, and goes before the browser');
    const folder = mkdtempSync(join(tmpdir(), 'countersign-window-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const home = join(folder, 'home');
    mkdirSync(home, { mode: 0o700 });
    // as if Electron had been tried before: its download is not what is tested here
    writeFileSync(join(home, 'electron-not-available'), '');

    const display = spawn(xvfb, ['-displayfd', '1', '-screen', '0', '1280x800x24'], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void display.kill());
    const number = String((await once(display.stdout, 'data'))[0]).trim();
    const start = spawn(process.execPath, [COUNTERSIGN, 'start', '--json', '--home', home, '--port', '0', '--printer-port', '0', ...listen], {
      stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, DISPLAY: `:${number}`, TMPDIR: folder },
    });
    onTestFinished(() => void start.kill('SIGKILL'));
    await once(start.stdout, 'data');

    const connected = async () => (await askStation(home, { command: 'status' }) as unknown as { tablets: { connected: boolean }[] }).tablets[0]?.connected;
    await expect.poll(connected, { timeout: 30_000 }).toBe(true);
    const profiles = () => readdirSync(folder).filter((name) => name.startsWith('countersign-window-'));
    expect(profiles()).toHaveLength(1);
    start.kill('SIGTERM');
    expect((await once(start, 'exit'))[0]).toBe(0);
    expect(profiles()).toEqual([]);
  }, 90_000);
}
