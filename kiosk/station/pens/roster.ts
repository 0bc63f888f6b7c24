/**
 * The pens attached to this machine, followed from start to stop, and which tablet each belongs to.
 *
 * Before: `driver/process`, where devices are read. After: `choose-pen.ts` chooses, `attempts.ts` opens. A station runs without
 * any: where the pen process cannot be started the list stays empty, and `state` says so.
 */
import { PenError } from '#driver/errors.ts';
import type { AttachedKind, AttachedPen, AttachedPenSource, PenProblem, Pens } from '#driver/pens.ts';
import type { PensOptions } from '#driver/process/index.ts';
import type { Candidate } from './choose-pen.ts';
import type { PensSettings, SerialPenSettings } from './pen-settings.ts';

export type StartPens = (options: PensOptions) => Promise<Pens>;

/** `starting`: the first list is not there yet. `failed`: it will not come. */
export type RosterState = 'starting' | 'running' | 'failed';

/** A pen that could not be read is left alone this long, or until it is plugged in anew: whoever held it may have let go. */
const LEFT_ALONE_MS = 60_000;
const LEFT_ALONE = 'Close the program that uses it, or plug it in again; it is tried again in a minute.';

export class Roster {
  readonly #settings: PensSettings;
  readonly #owner: string;
  readonly #log: (line: string) => void;
  readonly #listeners = new Set<() => void>();
  /** By id: what could not be read when it was tried, though the list had nothing against it. */
  readonly #unreadable = new Map<string, { problem: PenProblem; until: NodeJS.Timeout }>();
  #pens: Pens | null = null;
  #state: RosterState = 'starting';
  #stopped = false;

  /** @param owner the tablet that has what is attached, where nothing says otherwise */
  constructor(settings: PensSettings, owner: string, log: (line: string) => void) {
    this.#settings = settings;
    this.#owner = settings.tablet ?? owner;
    this.#log = log;
  }

  get state(): RosterState {
    return this.#state;
  }

  /** Resolves when the first list is there, or will not come. Never rejects. */
  async start(startPens: StartPens): Promise<void> {
    try {
      const pens = await startPens({ serial: this.#settings.serial.map(({ path, protocol, baudRate }) => ({ path, protocol, baudRate })), stu: this.#settings.stu, log: this.#log });
      if (this.#stopped) return await pens.stop();
      this.#pens = pens;
      this.#state = 'running';
      pens.onChange(() => this.#changed());
    } catch (error) {
      this.#state = 'failed';
      this.#log(`pens cannot be read by this station: ${(error as Error).message}`);
    }
    this.#changed();
  }

  /** In a stable order. */
  list(): Candidate[] {
    return (this.#pens?.list() ?? []).map((pen) => ({ pen: { ...pen, problem: pen.problem ?? this.#unreadable.get(pen.id)?.problem ?? null }, tablet: this.#ownerOf(pen) }));
  }

  has(id: string): boolean {
    return this.list().some(({ pen }) => pen.id === id);
  }

  /** @throws PenError `PEN_UNKNOWN` */
  source(id: string): AttachedPenSource {
    if (this.#pens === null) throw new PenError('PEN_UNKNOWN', 'No pen is attached.');
    return this.#pens.source(id);
  }

  /**
   * Opening succeeded or seemed possible, and reading failed: Windows keeps the pen, another program has the port, the pad does not
   * answer. The next attempt takes what is second best.
   */
  couldNotRead(id: string, { code, message }: PenError): void {
    this.#forget(id);
    const until = setTimeout(() => {
      this.#forget(id);
      this.#changed();
    }, LEFT_ALONE_MS);
    until.unref();
    this.#unreadable.set(id, { problem: { code, message, advice: LEFT_ALONE }, until });
    this.#changed();
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#listeners.clear();
    for (const id of this.#unreadable.keys()) this.#forget(id);
    await this.#pens?.stop();
  }

  #forget(id: string): void {
    clearTimeout(this.#unreadable.get(id)?.until);
    this.#unreadable.delete(id);
  }

  #changed(): void {
    for (const id of this.#unreadable.keys()) if (this.#pens?.list().some((pen) => pen.id === id) !== true) this.#forget(id);
    for (const listener of this.#listeners) listener();
  }

  #ownerOf(pen: AttachedPen): string {
    const protocol = PROTOCOLS[pen.kind];
    const ports = this.#settings.serial.filter((port) => port.protocol === protocol);
    return portOf(pen, ports)?.tablet ?? this.#owner;
  }
}

const PROTOCOLS: Partial<Record<AttachedKind, SerialPenSettings['protocol']>> = { isdv4: 'isdv4', 'stu-serial': 'stu', topaz: 'topaz' };

/** A pad with a serial number of its own is known by that: which of several ports it is at is then not told. */
function portOf({ id }: AttachedPen, ports: readonly SerialPenSettings[]): SerialPenSettings | undefined {
  return ports.find(({ path }) => id.endsWith(path)) ?? (ports.length === 1 ? ports[0] : undefined);
}
