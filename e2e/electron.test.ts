/** The shell in Electron itself: runs where its binary is (`npx install-electron`), and needs a display. */
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { electronBinary, hasDisplay } from '#cli/browser/open-window.ts';
import { needsHost } from '#fixtures/needs.ts';
import { buildShell } from '#kiosk/shell/build-shell.ts';
import { startHouse } from './house.ts';

test('Electron shows the guest screen, and nothing leads out of it', async (context) => {
  const executablePath = electronBinary() ?? needsHost(context, 'Electron’s binary is not here; fetch it with: npx install-electron');
  if (!hasDisplay()) needsHost(context, 'Electron needs a display');
  const house = await startHouse();
  onTestFinished(() => house.end());
  const shell = join(await buildShell(), 'main.cjs');
  const electron = await _electron.launch({ executablePath, args: [shell, `--guest=${house.ready.guest}`] });
  onTestFinished(() => electron.close());

  const page = await electron.firstWindow();
  await page.getByText('Your document will appear here').waitFor();
  expect(await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isKiosk())).toBe(true);
  expect(await page.evaluate(() => [typeof Reflect.get(window, 'require'), typeof Reflect.get(window, 'process')])).toEqual(['undefined', 'undefined']);
  expect(await page.evaluate(() => window.open('https://example.invalid/'))).toBeNull();
  await page.evaluate(() => { location.href = '/desk'; });
  await page.waitForTimeout(500);
  expect(new URL(page.url()).pathname).toMatch(/^\/guest/);
});
