/**
 * A whole house for end-to-end tests: `countersign start` as a user starts it, in processes of its own, on a data
 * folder of its own and on free ports. Screens and desks are the scripted ones of the demo.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askStation, type Reply } from '#cli/control.ts';
import { Desk } from '#cli/demo/desk.ts';
import { Guest } from '#cli/demo/guest.ts';
import type { Language } from '#kiosk/protocol/consent.ts';
import { PATIENT, type TestSettings } from '#kiosk/station/station-for-tests.ts';
import { printFile } from '#print-to-tab/client.ts';

const COUNTERSIGN = join(import.meta.dirname, '../cli/countersign.js');
/** Far beyond what any step takes: on a machine that does much else, a house, three processes, has taken more than 20 s to start. */
const PATIENCE_MS = 45_000;

/** The line of `start --json`. */
export interface Ready { ready: true; guest: string; desk: string; printer: string; home: string; pid: number; syncPid: number }

export interface HouseOptions {
  /** An existing folder; else one is made, and removed by `end`. */
  folder?: string;
  /** `station.json`; documents are released by the desk only, unless it says otherwise. */
  settings?: TestSettings;
  /** `sync.json` */
  sync?: object;
  env?: NodeJS.ProcessEnv;
  /** In place of the free ports. */
  args?: string[];
}

export interface TestHouse {
  /** Holds the data folder and, beside it, the custodian's. */
  folder: string;
  home: string;
  ready: Ready;
  child: ChildProcess;
  /** What it wrote to standard output and to standard error so far. */
  said: { out: string; err: string };
  desk(): Promise<Desk>;
  guest(tablet?: string, language?: Language): Promise<Guest>;
  print(bytes: Uint8Array, name: string, tablet?: string): ReturnType<typeof printFile>;
  ask(request: { command: string } & Record<string, unknown>): Promise<Extract<Reply, { ok: true }>>;
  /** Of the station now: another one after it was killed. */
  pid(): Promise<number>;
  /** SIGTERM, as a service manager stops it. @returns its exit code */
  stop(): Promise<number | null>;
  /** Stops it and removes its folder. */
  end(): Promise<void>;
}

export async function startHouse(options: HouseOptions = {}): Promise<TestHouse> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'countersign-e2e-'));
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  if (options.settings !== undefined) writeFileSync(join(home, 'station.json'), JSON.stringify({ autoRelease: false, ...options.settings, limits: { ...PATIENT, ...options.settings.limits } }));
  if (options.sync !== undefined) writeFileSync(join(home, 'sync.json'), JSON.stringify(options.sync));
  const args = options.args ?? ['--home', home, '--port', '0', '--printer-port', '0'];
  const child = spawn(process.execPath, [COUNTERSIGN, 'start', '--json', '--no-window', ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { said.out += chunk; });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { said.err += chunk; });
  await eventually('the line of `start --json`', () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said.err}`);
    return said.out.includes('\n');
  }).catch((error: unknown) => {
    // nobody else knows of it
    child.kill('SIGTERM');
    throw error;
  });
  return houseOf(folder, home, child, said);
}

function houseOf(folder: string, home: string, child: ChildProcess, said: TestHouse['said']): TestHouse {
  const ready = JSON.parse(said.out) as Ready;
  const ask: TestHouse['ask'] = async (request) => {
    let reply: Reply | null = null;
    // a station that was killed is back in a moment
    await eventually(`an answer to ${request.command}`, async () => (reply = await askStation(home, request).catch(() => null)) !== null);
    const answer = reply as Reply | null;
    if (answer?.ok !== true) throw new Error(`${request.command}: ${answer?.message}`);
    return answer;
  };
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    return (await exited)[0] as number | null;
  };
  return {
    folder, home, ready, child, said, ask, stop,
    desk: async () => Desk.open((await ask({ command: 'tokens' }))['desk'] as string),
    guest: async (tablet = 'front', language = 'en') => Guest.arrive((await ask({ command: 'tokens', tablet }))['guest'] as string, language),
    print: (bytes, name, tablet = 'front') => printFile(ready.printer.replace(/[^/]*$/, tablet), bytes, { name, user: 'reception' }),
    pid: async () => (await ask({ command: 'status' }))['pid'] as number,
    async end() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs one command to its end, as a user would. */
export async function countersign(args: string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [COUNTERSIGN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => { out += chunk; });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => { err += chunk; });
  const [code] = await once(child, 'close') as [number | null];
  return { code, out, err };
}

/** Waits until it is so. @throws Error naming what was waited for */
export async function eventually(what: string, isSo: () => boolean | Promise<boolean>, within = PATIENCE_MS): Promise<void> {
  for (const until = Date.now() + within; !await isSo(); await sleep(25)) {
    if (Date.now() > until) throw new Error(`waited ${within / 1000} s in vain for: ${what}`);
  }
}

/** Whether a process with this id is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
