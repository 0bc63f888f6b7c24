/**
 * Keeps the pen process running: started with the station, started again with growing pauses when it dies. One that hangs (in a
 * native module, or over what a device sent) says nothing any more, and is ended: it would keep its pens and its sources for ever.
 *
 * Before it: `start-pens.ts`. After it: `main.ts` in the child. What was open in a process that died is lost to its sources;
 * what they had given is not (`remote-source.ts`).
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { News, Order, PenSettings } from './messages.ts';

/** Pauses before the first, second, … restart. The last one stands for all after it. */
const PAUSES_MS = [100, 500, 2_000, 5_000, 15_000, 30_000];
/** A process that lived this long is well again: the next pause is the first one. */
const WELL_AFTER_MS = 60_000;
const STOP_WITHIN_MS = 3_000;
/** How often it is looked whether the process said anything. It says that it is alive every `ALIVE_MS`. */
const LOOK_MS = 1_000;
/** Looks without a word until it is taken to hang: while it starts, and afterwards. Looks and not time, because a station that
 * was busy or asleep itself has not listened. */
const SILENT_LOOKS = { starting: 60, running: 10 };
/** Of V8's heap: 600,000 samples that wait for a busy station and their reports fit. */
const HEAP_MB = 1_024;
/** Of what a dying process says, this much of its end goes to the log. */
const LAST_WORDS = 1_500;

export interface PenProcessOptions {
  /** Module that runs as the child. */
  entry: URL;
  settings: PenSettings;
  log: (line: string) => void;
  node?: string;
  /** All but that it is alive, and what fills the channel. */
  news: (news: Exclude<News, { type: 'alive' | 'filling' }>) => void;
  /** The process is gone, and all that it had sent was heard; another one follows unless it was stopped. */
  gone: () => void;
  /** Looks without a word until a process that runs is taken to hang, one a second; 10 where it is not given. */
  silentLooks?: number;
}

export class PenProcess {
  readonly #options: PenProcessOptions;
  #child: ChildProcess | null = null;
  #restarts = 0;
  #stopping = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PenProcessOptions) {
    this.#options = options;
    this.#start();
  }

  /** Of the process that runs now. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** @returns false where no process runs */
  send(order: Order): boolean {
    if (this.#child?.connected !== true) return false;
    this.#child.send(order, () => { /* a process that died is told by its exit */ });
    return true;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise<void>((resolve) => { child.once('close', () => { resolve(); }); });
    this.send({ type: 'stop' });
    const late = setTimeout(() => { child.kill('SIGKILL'); }, STOP_WITHIN_MS);
    await ended;
    clearTimeout(late);
  }

  #start(): void {
    const { entry, node, settings, news } = this.#options;
    const child = fork(fileURLToPath(entry), [], {
      execPath: node ?? process.execPath, execArgv: [`--max-old-space-size=${HEAP_MB}`, '--no-warnings'], serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env: environment(),
    });
    const startedAt = performance.now();
    let words = '';
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => { words = (words + text).slice(-LAST_WORDS); });
    const watchdog = this.#watch(child);
    child.on('message', (message: News) => {
      watchdog.heard();
      if (this.#child === child && message.type !== 'alive' && message.type !== 'filling') news(message);
    });
    const ended = (how: string): void => {
      watchdog.stop();
      this.#ended(child, startedAt, how, words);
    };
    child.on('error', (error) => { words += error.message; if (child.pid === undefined) ended('could not be started'); });
    // not 'exit': that may come before the last messages were read
    child.on('close', (code, signal) => { ended(watchdog.bit ? 'hung and was ended' : signal === null ? `ended with status ${code}` : `was ended by ${signal}`); });
    this.send({ type: 'start', settings });
  }

  /** Kills a process that has not said anything for too long. */
  #watch(child: ChildProcess): { readonly bit: boolean; heard(): void; stop(): void } {
    const { silentLooks = SILENT_LOOKS.running } = this.#options;
    let left = SILENT_LOOKS.starting;
    let bit = false;
    const timer = setInterval(() => {
      left--;
      if (left > 0) return;
      clearInterval(timer);
      bit = true;
      child.kill('SIGKILL');
    }, LOOK_MS);
    timer.unref();
    return { get bit() { return bit; }, heard: () => { left = silentLooks; }, stop: () => { clearInterval(timer); } };
  }

  #ended(child: ChildProcess, startedAt: number, how: string, words: string): void {
    if (this.#child !== child) return;
    this.#child = null;
    this.#options.gone();
    if (this.#stopping) return;
    if (performance.now() - startedAt > WELL_AFTER_MS) this.#restarts = 0;
    const pause = PAUSES_MS[Math.min(this.#restarts, PAUSES_MS.length - 1)]!;
    this.#restarts++;
    this.#options.log(`pens: the pen process ${how}; it is started again in ${pause} ms.${words === '' ? '' : ` Its last words: ${words.trim()}`}`);
    this.#timer = setTimeout(() => { this.#start(); }, pause);
    this.#timer.unref();
  }
}

/** What a program needs to start, and that freed memory is overwritten (glibc); nothing of the station's own. */
function environment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'LD_LIBRARY_PATH', 'LANG', 'TMPDIR', 'TEMP', 'GLIBC_TUNABLES'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}
