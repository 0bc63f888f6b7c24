/**
 * The house: starts station and sync-agent as processes of their own, starts them again when they die, and
 * stops them. Without Electron, so that `cli` and `kiosk/shell` run the very same services.
 *
 * Before: `cli/start.ts`, `kiosk/shell/main.ts`. After: `kiosk/station/main.ts`, `sync-agent/main.ts`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { noCoreDumps } from './no-core-dumps.ts';

export interface HouseOptions {
  home: string;
  /** 0 takes a free one. */
  port: number;
  printerPort: number;
  listen?: string;
  log: (line: string) => void;
  /** 32 bytes that only this process keeps: what lies under them cannot be read once the power is gone. A file, without it. */
  atRestKey?: Uint8Array;
  /** The Node binary; the one that runs this, without it. */
  node?: string;
  /** The folder that holds `kiosk/` and `sync-agent/`. Bundled into the shell, this file does not know it. */
  root?: string;
}

export interface House {
  /** With one-time tokens. */
  guest: string;
  desk: string;
  printer: string;
  home: string;
  /** Of the station, and of the sync-agent. They change when one of them is started again. */
  readonly pid: number;
  readonly syncPid: number;
  /** Resolves with the reason when the house cannot go on; never after `stop`. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

interface Ready { ready: true; guest: string; desk: string; printer: string; home: string; pid: number }
interface NotReady { ready: false; code: string; message: string }

/** Why a station did not start: `code` and `message` are its own. */
export class HouseError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'HouseError';
    this.code = code;
  }
}

/** A process that could not run says so with this code, and trying again would not help. */
const CANNOT_RUN = 2;
const FIRST_WAIT = 200;
const LONGEST_WAIT = 10_000;
/** A process that ran this long starts again at once when it dies. */
const HEALTHY = 30_000;
/** Dying this often in a row without a healthy run is a fault that a restart does not cure. */
const MOST_RESTARTS = 8;
/**
 * The C library overwrites what is given back to it: samples on the way between processes, bodies of requests, records on the way to
 * their seal. glibc only ("Memory Allocation Tunables" in its manual; the byte is any but 0). What a thread keeps for itself to use
 * again, pieces of up to 1,032 bytes, it would not overwrite, so no thread keeps any.
 */
export const OVERWRITE_FREED = { GLIBC_TUNABLES: 'glibc.malloc.perturb=165:glibc.malloc.tcache_count=0' };
/** After this, a process that was asked to stop is killed. */
const STOP_WITHIN = 10_000;

/** Resolves when the station is ready. @throws HouseError if it cannot run */
export async function startHouse(options: HouseOptions): Promise<House> {
  noCoreDumps();
  const ended = Promise.withResolvers<string>();
  let { port, printerPort } = options;
  let stopping = false;

  const station = keepRunning({
    name: 'station',
    start: () => service(options, 'kiosk/station/main.ts', [
      '--port', String(port), '--printer-port', String(printerPort), ...(options.listen === undefined ? [] : ['--listen', options.listen]),
      ...(options.atRestKey === undefined ? [] : ['--at-rest-key', 'stdin']),
    ], 'pipe', options.atRestKey),
    log: options.log,
    ended: ended.resolve,
  });
  const first = station.process();
  // keeps its ports when it is started again
  const ready = await readiness(first).catch(async (error: unknown) => {
    await station.stop();
    throw error;
  });
  port = Number(new URL(ready.guest).port);
  printerPort = Number(new URL(ready.printer.replace(/^ipp/, 'http')).port);

  const agent = keepRunning({
    name: 'sync-agent',
    start: () => service(options, 'sync-agent/main.ts', [], 'ignore'),
    log: options.log,
    ended: (why) => options.log(`${why} Packets wait in the outbox; nothing is lost.`),
  });
  station.onMessage(() => agent.process().send('look', () => { /* it looks by itself soon */ }));

  return {
    guest: ready.guest, desk: ready.desk, printer: ready.printer, home: ready.home,
    get pid() { return station.process().pid ?? 0; },
    get syncPid() { return agent.process().pid ?? 0; },
    ended: ended.promise,
    async stop() {
      if (stopping) return;
      stopping = true;
      await Promise.all([station.stop(), agent.stop()]);
    },
  };
}

function service({ home, node, root = join(import.meta.dirname, '..') }: HouseOptions, script: string, args: string[], stdout: 'pipe' | 'ignore', input?: Uint8Array): ChildProcess {
  const child = spawn(node ?? process.execPath, [join(root, script), '--home', home, ...args], { cwd: root, stdio: [input === undefined ? 'ignore' : 'pipe', stdout, 'inherit', 'ipc'], env: { ...process.env, ...OVERWRITE_FREED } });
  child.stdin?.on('error', () => { /* it died before it read; its exit is told */ });
  child.stdin?.end(input);
  return child;
}

/** The station's one line on standard output. */
async function readiness(child: ChildProcess): Promise<Ready> {
  if (child.stdout === null) throw new TypeError('the station must be started with a pipe');
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Ready | NotReady;
    if (said.ready) {
      // nobody reads on, and a full pipe would stop the process
      setImmediate(() => child.stdout?.resume());
      return said;
    }
    throw new HouseError(said.code, said.message);
  }
  throw new HouseError('INTERNAL', 'The station ended before it was ready; its log says why.');
}

interface Kept {
  process(): ChildProcess;
  onMessage(listener: () => void): void;
  stop(): Promise<void>;
}

/** Starts a process, and again with growing pauses whenever it dies. */
function keepRunning({ name, start, log, ended }: { name: string; start: () => ChildProcess; log: (line: string) => void; ended: (why: string) => void }): Kept {
  const listeners: (() => void)[] = [];
  let stopping = false;
  let inARow = 0;
  let timer: NodeJS.Timeout | undefined;
  let child = run();

  function run(): ChildProcess {
    const startedAt = Date.now();
    const started = start();
    started.on('message', () => listeners.forEach((listener) => listener()));
    started.on('error', (error) => log(`${name}: ${error.message}`));
    started.once('exit', (code, signal) => {
      if (stopping) return;
      if (code === CANNOT_RUN) return ended(`The ${name} cannot run; its log says why.`);
      inARow = Date.now() - startedAt > HEALTHY ? 0 : inARow + 1;
      if (inARow > MOST_RESTARTS) return ended(`The ${name} died ${inARow} times in a row and is not started again.`);
      const wait = Math.min(FIRST_WAIT * 2 ** Math.max(0, inARow - 1), LONGEST_WAIT);
      log(`The ${name} ended unexpectedly (${signal ?? `code ${code}`}); it starts again in ${wait} ms.`);
      timer = setTimeout(() => {
        child = run();
        child.stdout?.resume();
      }, wait);
    });
    return started;
  }

  return {
    process: () => child,
    onMessage: (listener) => { listeners.push(listener); },
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      const overdue = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN);
      child.kill('SIGTERM');
      await exited;
      clearTimeout(overdue);
    },
  };
}
