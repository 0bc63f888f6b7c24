/**
 * The pens of this machine as the station sees them, read by a process of its own.
 * Before it: `PenProcess`. After it: `kiosk/station/pens/`, `cli/pens.ts`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PenError } from '../errors.ts';
import type { AttachedPen, AttachedPenSource, Pens } from '../pens.ts';
import type { News, PenSettings } from './messages.ts';
import { PenProcess } from './pen-process.ts';
import { RemoteSource } from './remote-source.ts';

export interface PensOptions extends PenSettings {
  /** One line a time; never of samples, coordinates or serial numbers. */
  log: (line: string) => void;
  /** Node binary that runs the pen process; this one's where it is not given. */
  node?: string;
}

/** How long the first list is waited for. After that the station goes on without, and hears of a list by `onChange`. */
const FIRST_LIST_MS = 10_000;

export class RemotePens implements Pens {
  readonly #process: PenProcess;
  readonly #sources = new Map<number, RemoteSource>();
  readonly #listeners = new Set<() => void>();
  readonly #log: (line: string) => void;
  readonly #firstList = Promise.withResolvers<void>();
  #pens: readonly AttachedPen[] = [];
  #lastSource = 0;
  #stopped: Promise<void> | null = null;

  /** @param silentLooks as `PenProcessOptions` */
  constructor(entry: URL, { log, node, serial, stu, leavePads }: PensOptions, silentLooks?: number) {
    this.#log = log;
    this.#process = new PenProcess({
      entry, settings: { serial, stu, leavePads }, log, node, silentLooks,
      news: (news) => { this.#hear(news); },
      gone: () => { this.#processGone(); },
    });
  }

  /** Of the pen process; null between two of them. */
  get pid(): number | null {
    return this.#process.pid;
  }

  /** Resolves with the first list, or when it is not worth waiting for any longer. */
  async ready(): Promise<void> {
    const patience = new AbortController();
    await Promise.race([this.#firstList.promise, sleep(FIRST_LIST_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
  }

  list(): readonly AttachedPen[] {
    return this.#pens;
  }

  onChange(listener: () => void): () => void {
    // twice the same function is two listeners
    const own = (): void => { listener(); };
    this.#listeners.add(own);
    return () => { this.#listeners.delete(own); };
  }

  source(id: string): AttachedPenSource {
    const pen = this.#pens.find((one) => one.id === id);
    if (pen === undefined) throw new PenError('PEN_UNKNOWN', `No attached pen has the id "${id}"; \`npx countersign pens\` lists what there is.`);
    const number = ++this.#lastSource;
    const source = new RemoteSource(number, pen, {
      send: (order) => this.#process.send(order),
      forget: (gone) => { this.#sources.delete(gone); },
    });
    this.#sources.set(number, source);
    return source;
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    // a device that hangs must not keep the station from stopping: the process is killed in the end
    await Promise.race([Promise.all([...this.#sources.values()].map((source) => source.close())), sleep(2_000, undefined, { ref: false })]);
    await this.#process.stop();
    this.#listeners.clear();
  }

  #hear(news: Exclude<News, { type: 'alive' | 'filling' }>): void {
    if (news.type === 'log') this.#log(`pens: ${news.line}`);
    else if (news.type === 'pens') this.#changed(news.pens);
    else this.#sources.get(news.source)?.hear(news);
  }

  #changed(pens: readonly AttachedPen[]): void {
    this.#pens = pens;
    this.#firstList.resolve();
    for (const listener of this.#listeners) listener();
  }

  #processGone(): void {
    for (const source of this.#sources.values()) source.processGone();
    if (this.#pens.length > 0) this.#changed([]);
    this.#firstList.resolve();
  }
}
