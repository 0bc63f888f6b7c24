/**
 * A thread for what takes long on documents that intake has accepted: the signed PDF, the page of the trail, the packet, its envelope
 * and the row of the outbox.
 * The station's own thread stays free for pens and screens, and its heap, collected after each signature, stays small.
 *
 * Before: `complete.ts`, `open-station.ts`. After: `signing-worker.ts`, in the thread. Neither a stroke nor a private key ever gets there:
 * ink comes without its dynamics, the record sealed, and what is to be signed comes back here. Bytes given are copied, piece by
 * piece, not taken.
 */
import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { Signer } from '#biometrics/signer.ts';
import { inSlices, roomFor } from '#keys/slices.ts';
import type { AuditFile } from '#packet/audit-file.ts';
import { PacketError, type PacketErrorCode } from '#packet/errors.ts';
import { SyncError, type SyncErrorCode } from '#sync-agent/errors.ts';
import type { FromWorker, Tasks, ToWorker } from './signing-worker.ts';

type Input<Name extends keyof Tasks> = Parameters<Tasks[Name]>[0];
type Output<Name extends keyof Tasks> = Awaited<ReturnType<Tasks[Name]>>;

interface Call { worker: Worker; seal: Signer | null; /** The signer's own error, which the thread knows by its message only. */ failure: unknown; resolve(value: unknown): void; reject(error: unknown): void; deadline: NodeJS.Timeout }

/** Minutes for what takes seconds at 200 MB: a thread or a key that hangs must not keep every later guest of this station waiting. */
const DEADLINE_MS = 120_000;

export class SigningThread {
  #worker: Worker | null = null;
  readonly #calls = new Map<number, Call>();
  #last = 0;
  readonly #deadlineMs: number;
  readonly #heap: ResourceLimits;

  /**
   * What takes more fails, and all that is done beside it; the station goes on.
   * @param limits `deadlineMs` for one task; `heap` for the thread, V8's own for this machine without it (bytes of documents lie outside)
   */
  constructor({ deadlineMs = DEADLINE_MS, heap = {} }: { deadlineMs?: number; heap?: ResourceLimits } = {}) {
    this.#deadlineMs = deadlineMs;
    this.#heap = heap;
  }

  /** Loads all that later tasks need. */
  warm(): Promise<void> {
    return this.#do('warm', null, null);
  }

  /** As `signDocument`, but for a name in a script that no bundled font has: it is left out, it must not cost the guest the signature. */
  sign(options: Input<'sign'>): Promise<Output<'sign'>> {
    return this.#do('sign', options, options.seal);
  }

  /** As `raiseFresh`, but that the bytes given stay as they are. */
  raise(asked: Input<'raise'>): Promise<Output<'raise'>> {
    return this.#do('raise', asked, asked.seal);
  }

  /** As `auditPage`. */
  page(trail: AuditFile, language: string | null = null): Promise<Output<'page'>> {
    return this.#do('page', { trail, language }, null);
  }

  /** As `buildPacket`. */
  packet(contents: Input<'packet'>): Promise<Output<'packet'>> {
    return this.#do('packet', contents, contents.seal);
  }

  /** As the `wrap` of `openWrapper`. */
  wrap(asked: Input<'wrap'>): Promise<Output<'wrap'>> {
    return this.#do('wrap', asked, null);
  }

  /** As `Outbox.put`. When it rejects, the thread has let go of the outbox: whether the row is there is then settled. */
  put(asked: Input<'put'>): Promise<void> {
    return this.#do('put', asked, null);
  }

  /** What it was doing fails; a later task starts another. */
  async end(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#leave(worker);
    await worker.terminate();
  }

  async #do<Name extends keyof Tasks>(task: Name, input: Input<Name>, seal: Signer | null): Promise<Output<Name>> {
    const { value, memory } = await copied(seal === null ? input : { ...input, seal: publicHalf(seal) });
    return new Promise<unknown>((resolve, reject) => {
      const worker = this.#worker ??= this.#start();
      const call = ++this.#last;
      // throws where something cannot be sent, and nothing was begun
      worker.postMessage({ is: 'task', call, task, input: value } satisfies ToWorker, memory);
      const deadline = setTimeout(() => { void this.#giveUp(worker, call); }, this.#deadlineMs);
      this.#calls.set(call, { worker, seal, failure: undefined, resolve, reject, deadline });
      worker.ref();
    }) as Promise<Output<Name>>;
  }

  async #giveUp(worker: Worker, call: number): Promise<void> {
    const late = this.#calls.get(call);
    this.#calls.delete(call);
    this.#leave(worker);
    // first: what a thread still does after its task has failed, nobody would know of
    await worker.terminate();
    late?.reject(new Error(`A task of the signing thread took too long (more than ${this.#deadlineMs / 1_000} s).`));
  }

  #start(): Worker {
    const worker = new Worker(new URL('signing-worker.ts', import.meta.url), { name: 'signing', resourceLimits: this.#heap });
    worker.unref();
    worker.on('message', (message: FromWorker) => void this.#receive(worker, message));
    let why = new Error('The signing thread has ended.');
    const failed = (error: unknown): void => {
      why = new Error(`The signing thread failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      this.#leave(worker);
    };
    // thrown there and caught by nobody, or out of memory; the exit follows
    worker.on('error', failed);
    // which task it was of cannot be told
    worker.on('messageerror', (error) => {
      failed(error);
      void worker.terminate();
    });
    worker.on('exit', () => {
      this.#leave(worker);
      for (const [number, { reject, deadline }] of this.#callsOf(worker)) {
        this.#calls.delete(number);
        clearTimeout(deadline);
        reject(why);
      }
    });
    return worker;
  }

  /** A thread that is about to end gets no further task: the next one starts another. */
  #leave(worker: Worker): void {
    if (this.#worker === worker) this.#worker = null;
  }

  #callsOf(worker: Worker): [number, Call][] {
    return [...this.#calls].filter(([, call]) => call.worker === worker);
  }

  async #receive(worker: Worker, message: FromWorker): Promise<void> {
    const call = this.#calls.get(message.call);
    if (call === undefined) return;
    if (message.is === 'sign') {
      const answer = await signed(call, message.data);
      return worker.postMessage({ is: 'signed', number: message.number, ...answer } satisfies ToWorker);
    }
    this.#calls.delete(message.call);
    clearTimeout(call.deadline);
    if (this.#callsOf(worker).length === 0) worker.unref();
    if (message.is === 'done') call.resolve(message.value);
    else call.reject(call.failure ?? asThrown(message.error));
  }
}

/** One for the process: whoever needs it shares its fonts. */
export const signingThread = new SigningThread();

/** The same with bytes of its own, whose memory is handed over: a hundred megabytes copied while they are sent would stop every pen for that long. */
async function copied(given: unknown): Promise<{ value: unknown; memory: ArrayBuffer[] }> {
  const copies: { from: Uint8Array; to: Uint8Array<ArrayBuffer> }[] = [];
  const value = changed(given, (from) => {
    const to = roomFor(from.length);
    copies.push({ from, to });
    return to;
  });
  for (const { from, to } of copies) {
    let at = 0;
    for await (const slice of inSlices(from)) {
      to.set(slice, at);
      at += slice.length;
    }
  }
  return { value, memory: copies.map(({ to }) => to.buffer) };
}

/** The same, with these in the place of its bytes. */
function changed(value: unknown, bytesFor: (bytes: Uint8Array) => Uint8Array): unknown {
  if (value instanceof Uint8Array) return bytesFor(value);
  if (Array.isArray(value)) return value.map((item) => changed(item, bytesFor));
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, changed(item, bytesFor)]));
}

function publicHalf({ certificate, chain, algorithm }: Signer): Omit<Signer, 'sign'> {
  return { certificate, chain, algorithm };
}

async function signed(call: Call, data: Uint8Array): Promise<{ signature: Uint8Array | null }> {
  try {
    // without what else lies in the memory that Node cuts small buffers from: sending it would send all of it
    return { signature: new Uint8Array(await (call.seal as Signer).sign(data)) };
  } catch (error) {
    call.failure = error;
    return { signature: null };
  }
}

/** Classes do not survive the way between threads. */
function asThrown({ name, code, message }: { name: string; code: string | null; message: string }): Error {
  if (name === 'PacketError') return new PacketError(code as PacketErrorCode, message);
  if (name === 'SyncError') return new SyncError(code as SyncErrorCode, message);
  return Object.assign(new Error(message), { name, ...(code === null ? {} : { code }) });
}
