/**
 * Opens the guest screen in a window of its own: Electron if its binary is there, else a browser of the
 * Chromium family in kiosk mode with a throw-away profile, else nothing (the address was printed).
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { findBrowser } from './find-browser.ts';

const root = join(import.meta.dirname, '..', '..');
const shell = join(root, 'dist', 'shell', 'main.cjs');
const electronFolder = join(root, 'node_modules', 'electron');
/** One attempt, and not a long one: the browser's window is there meanwhile. */
const DOWNLOAD_MS = 20_000;

export interface OpenedWindow {
  /** Resolves when the window is gone, and its profile with it. */
  close(): Promise<void>;
}

/** @returns null where no window could be opened; `log` was told why. */
export async function openWindow(address: string, home: string, log: (line: string) => void): Promise<OpenedWindow | null> {
  if (!hasDisplay()) {
    log('No display here: open the guest screen in a browser.');
    return null;
  }
  const electron = electronBinary();
  if (electron !== null) return launch(electron, [shell, `--guest=${address}`], null);
  downloadElectron(home, log);
  const browser = findBrowser();
  if (browser === null) {
    log('No Chromium, Chrome or Edge was found: open the guest screen in a browser.');
    return null;
  }
  const profile = mkdtempSync(join(tmpdir(), 'countersign-window-'));
  return launch(browser, browserArguments(address, profile, await stationKeyHash(address)), profile);
}

/** What makes a browser a kiosk: nothing remembered, nothing fetched, no way out of the page. */
export function browserArguments(address: string, profile: string, keyHash: string | null, root = process.getuid?.() === 0): string[] {
  return [
    '--kiosk', `--app=${address}`, `--user-data-dir=${profile}`,
    '--no-first-run', '--no-default-browser-check', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--disable-translate', '--disable-pinch', '--overscroll-history-navigation=0',
    // The station's own certificate, by its very key: this profile trusts no other authority for it.
    ...(keyHash === null ? [] : [`--ignore-certificate-errors-spki-list=${keyHash}`]),
    // Chromium refuses its sandbox to root; a station in production does not run as root.
    ...(root ? ['--no-sandbox'] : []),
  ];
}

/** Base64 SHA-256 of the public key with which the station answers over TLS; null for a station without TLS. */
async function stationKeyHash(address: string): Promise<string | null> {
  const { protocol, hostname, port } = new URL(address);
  if (protocol !== 'https:') return null;
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  socket.destroy();
  return key === undefined ? null : createHash('sha256').update(key).digest('base64');
}

export function hasDisplay(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): boolean {
  return platform !== 'linux' || Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']);
}

/** Electron's npm package leaves the name of its binary in `path.txt` once it was downloaded. */
export function electronBinary(): string | null {
  const pathFile = join(electronFolder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = join(electronFolder, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(binary) ? binary : null;
}

function downloadElectron(home: string, log: (line: string) => void): void {
  const remembered = join(home, 'electron-not-available');
  const installer = join(electronFolder, 'install.js');
  if (existsSync(remembered) || !existsSync(installer)) return;
  const child = spawn(process.execPath, [installer], { stdio: 'ignore', timeout: DOWNLOAD_MS });
  child.on('exit', (code) => {
    if (code === 0) return log('Electron was downloaded; the next start uses it.');
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(remembered, 'The download of Electron failed once. Delete this file to try again.\n');
    log(`Electron could not be downloaded; the browser's window serves as well. (Delete ${remembered} to try again.)`);
  });
}

function launch(program: string, args: string[], profile: string | null): OpenedWindow {
  const child = spawn(program, args, { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  }).then(() => {
    // helper processes of the browser may write for a moment longer
    if (profile !== null) rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  return {
    close() {
      child.kill();
      return gone;
    },
  };
}
