/** Finds a browser of the Chromium family: the host of the guest screen where Electron's binary is not there. */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const LINUX = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable', 'microsoft-edge'];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const WINDOWS = ['Google\\Chrome\\Application\\chrome.exe', 'Chromium\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];

/** Path of a Chromium, Chrome or Edge, or of the one Playwright downloaded; null where there is none. */
export function findBrowser(): string | null {
  const installed = candidates().find(runnable);
  return installed ?? playwrightChromium();
}

function candidates(): string[] {
  const environment = process.env;
  if (process.platform === 'darwin') return MAC;
  if (process.platform === 'win32') {
    const folders = [environment['PROGRAMFILES'], environment['PROGRAMFILES(X86)'], environment['LOCALAPPDATA']];
    return folders.filter((folder) => folder !== undefined).flatMap((folder) => WINDOWS.map((path) => join(folder, path)));
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return LINUX.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** Playwright keeps its downloads in a cache folder of the user's, one folder per revision; the newest wins. */
function playwrightChromium(): string | null {
  const cache = {
    darwin: join(homedir(), 'Library/Caches/ms-playwright'),
    win32: join(process.env['LOCALAPPDATA'] ?? '', 'ms-playwright'),
  }[process.platform as string] ?? join(homedir(), '.cache/ms-playwright');
  if (!existsSync(cache)) return null;
  const inside = ['chrome-linux/chrome', 'chrome-linux64/chrome', 'chrome-win/chrome.exe', 'chrome-win64/chrome.exe',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium', 'chrome-mac-arm64/Chromium.app/Contents/MacOS/Chromium'];
  const revisions = readdirSync(cache).filter((name) => name.startsWith('chromium-')).sort().reverse();
  return revisions.flatMap((revision) => inside.map((path) => join(cache, revision, path))).find(runnable) ?? null;
}

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
