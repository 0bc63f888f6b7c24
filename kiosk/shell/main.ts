/**
 * The Electron shell: one locked window on the guest screen. The only place that imports Electron.
 *
 * Before: `countersign start` gives the address of a running station (`--guest=…`), or, in a packaged app,
 * `kiosk/supervisor.ts` starts one here, under the Node binary that was packed. After: `kiosk/screens/guest`.
 */
import { join } from 'node:path';
import { app, BrowserWindow, ipcMain, session, type WebContents } from 'electron';
import { type House, startHouse } from '#kiosk/supervisor.ts';
import { ipcSender, keyPress, navigation, newWindow, permission } from './policy.ts';

const GUEST_SESSION = 'guest'; // no "persist:": nothing of a guest is written to disk
const given = process.argv.find((argument) => argument.startsWith('--guest='))?.slice('--guest='.length);

// A second shell would be a second set of ears on one pen.
if (app.requestSingleInstanceLock()) void run();
else app.quit();

async function run(): Promise<void> {
  app.enableSandbox();
  await app.whenReady();
  const house = given === undefined ? await startPackedHouse() : null;
  const address = given ?? (house as House).guest;
  app.on('web-contents-created', (_event, contents) => lock(contents, address));
  grantOnlyWhatIsNeeded(address);
  let window = open(address);
  ipcMain.on('guest-ended', (event) => {
    const frame = event.senderFrame;
    if (!ipcSender(frame === null ? null : { url: frame.url, isMainFrame: frame.parent === null }, address).allow) return;
    const old = window;
    window = open(new URL('/guest/', address).href);
    window.once('ready-to-show', () => old.destroy());
  });
  app.on('before-quit', () => void house?.stop());
}

function open(address: string): BrowserWindow {
  const window = new BrowserWindow({
    kiosk: true, autoHideMenuBar: true, backgroundColor: '#ffffff',
    webPreferences: {
      partition: GUEST_SESSION, preload: join(__dirname, 'preload.cjs'),
      sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, devTools: false, spellcheck: false,
    },
  });
  // Closing is for staff, through the station, not for the cross of a window.
  window.on('close', (event) => event.preventDefault());
  window.removeMenu();
  void window.loadURL(address);
  return window;
}

/** Every page, wherever it came from, passes the same gates. */
function lock(contents: WebContents, address: string): void {
  contents.on('will-navigate', (event) => { if (!navigation(event.url, address).allow) event.preventDefault(); });
  contents.on('will-redirect', (event) => { if (!navigation(event.url, address).allow) event.preventDefault(); });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: newWindow().allow ? 'allow' : 'deny' }));
  contents.on('before-input-event', (event, input) => { if (!keyPress(input).allow) event.preventDefault(); });
}

function grantOnlyWhatIsNeeded(address: string): void {
  const guest = session.fromPartition(GUEST_SESSION);
  guest.setPermissionRequestHandler((_contents, name, answer, details) => answer(permission(name, details.requestingUrl, address).allow));
  guest.setPermissionCheckHandler((_contents, name, origin) => permission(name, `${origin}/guest`, address).allow);
}

/** Under the packed Node: Electron's own must not run our services (fuse RunAsNode is off), nor could it read them from an asar. */
function startPackedHouse(): Promise<House> {
  return startHouse({
    home: process.env['COUNTERSIGN_HOME'] ?? join(app.getPath('home'), '.countersign'), port: 0, printerPort: 8631,
    node: join(process.resourcesPath, process.platform === 'win32' ? 'node.exe' : 'node'),
    root: join(process.resourcesPath, 'app.asar.unpacked'),
    log: (line: string) => process.stderr.write(`${line}\n`),
  });
}
