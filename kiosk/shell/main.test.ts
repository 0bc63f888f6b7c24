/** The shell against a stand-in of Electron: what it asks of the window, and that every gate is wired to its decision. */
import { EventEmitter } from 'node:events';
import { beforeAll, describe, expect, it, vi } from 'vitest';

type Handler = (...given: unknown[]) => unknown;

const electron = vi.hoisted(() => ({
  windows: [] as { options: Record<string, unknown>; loaded: string[]; events: Map<string, Handler>; destroyed: boolean; menuRemoved: boolean }[],
  app: new Map<string, Handler>(), ipc: new Map<string, Handler>(),
  sandboxed: false, quit: false,
  requests: null as Handler | null, checks: null as Handler | null, partition: '',
}));

vi.mock('electron', () => ({
  app: {
    requestSingleInstanceLock: () => true,
    enableSandbox: () => { electron.sandboxed = true; },
    whenReady: () => Promise.resolve(),
    on: (name: string, handler: Handler) => electron.app.set(name, handler),
    getPath: () => '/home/desk', quit: () => { electron.quit = true; },
  },
  BrowserWindow: class {
    state: (typeof electron.windows)[number];
    constructor(options: Record<string, unknown>) {
      this.state = { options, loaded: [], events: new Map(), destroyed: false, menuRemoved: false };
      electron.windows.push(this.state);
    }
    on(name: string, handler: Handler) { this.state.events.set(name, handler); }
    once(name: string, handler: Handler) { this.state.events.set(name, handler); }
    removeMenu() { this.state.menuRemoved = true; }
    loadURL(url: string) { this.state.loaded.push(url); return Promise.resolve(); }
    destroy() { this.state.destroyed = true; }
  },
  ipcMain: { on: (name: string, handler: Handler) => electron.ipc.set(name, handler) },
  session: {
    fromPartition: (name: string) => {
      electron.partition = name;
      return {
        setPermissionRequestHandler: (handler: Handler) => { electron.requests = handler; },
        setPermissionCheckHandler: (handler: Handler) => { electron.checks = handler; },
      };
    },
  },
}));

const GUEST = 'http://127.0.0.1:4780/guest?token=once';

beforeAll(async () => {
  process.argv.push(`--guest=${GUEST}`);
  await import('./main.ts');
  await vi.waitFor(() => expect(electron.windows).toHaveLength(1), { timeout: 20_000 });
});

describe('the window', () => {
  it('is a sandboxed kiosk without Node, devtools or anything kept on disk', () => {
    const [window] = electron.windows;
    expect(electron.sandboxed).toBe(true);
    expect(window?.options).toMatchObject({
      kiosk: true,
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, devTools: false },
    });
    expect(electron.partition).not.toMatch(/^persist:/);
    expect(window?.menuRemoved).toBe(true);
    expect(window?.loaded).toEqual([GUEST]);
  });

  it('cannot be closed by a guest', () => {
    const preventDefault = vi.fn();
    electron.windows[0]?.events.get('close')?.({ preventDefault });
    expect(preventDefault).toHaveBeenCalled();
  });
});

describe('gates', () => {
  let openHandler: Handler | null = null;
  const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: (handler: Handler) => { openHandler = handler; } });
  beforeAll(() => void electron.app.get('web-contents-created')?.({}, contents));

  it.each(['will-navigate', 'will-redirect'])('%s leaves the guest screen for nothing', (name) => {
    const leave = { url: 'http://evil.example/', preventDefault: vi.fn() };
    const stay = { url: 'http://127.0.0.1:4780/guest/', preventDefault: vi.fn() };
    contents.emit(name, leave);
    contents.emit(name, stay);
    expect(leave.preventDefault).toHaveBeenCalled();
    expect(stay.preventDefault).not.toHaveBeenCalled();
  });

  it('opens no window, attaches no webview, passes no shortcut', () => {
    expect(openHandler?.()).toEqual({ action: 'deny' });
    const webview = { preventDefault: vi.fn() };
    const reload = { preventDefault: vi.fn() };
    contents.emit('will-attach-webview', webview);
    contents.emit('before-input-event', reload, { key: 'F5', control: false, alt: false, meta: false });
    expect(webview.preventDefault).toHaveBeenCalled();
    expect(reload.preventDefault).toHaveBeenCalled();
  });

  it('grants what the decision grants, and nothing else', () => {
    const answer = vi.fn();
    electron.requests?.(null, 'screen-wake-lock', answer, { requestingUrl: 'http://127.0.0.1:4780/guest/' });
    electron.requests?.(null, 'media', answer, { requestingUrl: 'http://127.0.0.1:4780/guest/' });
    expect(answer.mock.calls).toEqual([[true], [false]]);
    expect(electron.checks?.(null, 'hid', 'http://127.0.0.1:4780')).toBe(false);
  });
});

describe('"guest ended"', () => {
  const say = (url: string, parent: unknown) => electron.ipc.get('guest-ended')?.({ senderFrame: { url, parent } });

  it('is heard from the top frame of the guest screen only', () => {
    say('http://evil.example/', null);
    say('http://127.0.0.1:4780/guest/', {});
    expect(electron.windows).toHaveLength(1);
  });

  it('gives the next guest a window that never saw the last one', () => {
    say('http://127.0.0.1:4780/guest/', null);
    expect(electron.windows).toHaveLength(2);
    expect(electron.windows[1]?.loaded).toEqual(['http://127.0.0.1:4780/guest/']);
    electron.windows[1]?.events.get('ready-to-show')?.();
    expect(electron.windows[0]?.destroyed).toBe(true);
  });
});
