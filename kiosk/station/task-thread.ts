/**
 * A thread that does one kind of work for the station, whose own stays free for pens and screens: started with the first task, one for
 * all that follow, another where it has ended.
 *
 * Before: `record-thread.ts`, `signing-thread.ts`. After: `task-worker.ts`, in the thread. No private key ever gets there: what is to be signed comes back here.
 */
import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { Signer } from '#biometrics/signer.ts';
import { clearsFreedHeap } from '#driver/process/heap.ts';
import type { FromWorker, Thrown, ToWorker, WorkerData } from './task-worker.ts';

/** What a thread can do: each takes what can be sent to it, and somebody to sign for it. */
export type Tasks<Of> = { [Name in keyof Of]: (input: never, signer: Signer) => Promise<unknown> };
export type Input<Of extends Tasks<Of>, Name extends keyof Of> = Parameters<Of[Name]>[0];
export type Output<Of extends Tasks<Of>, Name extends keyof Of> = Awaited<ReturnType<Of[Name]>>;

/** What takes more fails, and all that is done beside it; the station goes on. */
export interface Limits {
  /** For one task. */
  deadlineMs?: number;
  /** For the thread; V8's own for this machine without it. Bytes of documents lie outside. */
  heap?: ResourceLimits;
}

export interface TaskThreadOptions {
  /** What runs there. */
  worker: URL;
  /** For messages: "signing". */
  name: string;
  limits?: Limits;
  /** Classes do not survive the way between threads: the error as it was thrown. */
  asThrown: (error: Thrown) => Error;
}

interface Call { worker: Worker; signer: Signer | null; /** The signer's own error, which the thread knows by its message only. */ failure: unknown; resolve(value: unknown): void; reject(error: unknown): void; deadline: NodeJS.Timeout }

/** Minutes for what takes seconds at 200 MB: a thread or a key that hangs must not keep every later guest of this station waiting. */
const DEADLINE_MS = 120_000;

export class TaskThread<Of extends Tasks<Of>> {
  readonly #options: TaskThreadOptions;
  readonly #deadlineMs: number;
  readonly #calls = new Map<number, Call>();
  #worker: Worker | null = null;
  #last = 0;

  constructor(options: TaskThreadOptions) {
    this.#options = options;
    this.#deadlineMs = options.limits?.deadlineMs ?? DEADLINE_MS;
  }

  /**
   * @param input is copied, but for shared memory, and for that of `taken`, which is handed over
   * @throws what the task throws; Error where the thread ends or takes too long
   */
  do<Name extends keyof Of & string>(task: Name, input: Input<Of, Name>, signer: Signer | null = null, taken: ArrayBuffer[] = []): Promise<Output<Of, Name>> {
    return new Promise<unknown>((resolve, reject) => {
      const worker = this.#worker ??= this.#start();
      const call = ++this.#last;
      // throws where something cannot be sent, and nothing was begun
      worker.postMessage({ is: 'task', call, task, input, signer: signer && publicHalf(signer) } satisfies ToWorker, taken);
      const deadline = setTimeout(() => { void this.#giveUp(worker, call); }, this.#deadlineMs);
      this.#calls.set(call, { worker, signer, failure: undefined, resolve, reject, deadline });
      worker.ref();
    }) as Promise<Output<Of, Name>>;
  }

  /** What it was doing fails; a later task starts another. */
  async end(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#leave(worker);
    await worker.terminate();
  }

  async #giveUp(worker: Worker, call: number): Promise<void> {
    const late = this.#calls.get(call);
    this.#calls.delete(call);
    this.#leave(worker);
    // first: what a thread still does after its task has failed, nobody would know of
    await worker.terminate();
    late?.reject(new Error(`A task of the ${this.#options.name} thread took too long (more than ${this.#deadlineMs / 1_000} s).`));
  }

  #start(): Worker {
    const { worker: script, name, limits } = this.#options;
    const worker = new Worker(script, { name, resourceLimits: limits?.heap ?? {}, workerData: { clearsFreedHeap: clearsFreedHeap() } satisfies WorkerData });
    worker.unref();
    worker.on('message', (message: FromWorker) => void this.#receive(worker, message));
    let why = new Error(`The ${name} thread has ended.`);
    const failed = (error: unknown): void => {
      why = new Error(`The ${name} thread failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
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
    else call.reject(call.failure ?? this.#options.asThrown(message.error));
  }
}

function publicHalf({ certificate, chain, algorithm }: Signer): Omit<Signer, 'sign'> {
  return { certificate: own(certificate), chain: chain.map(own), algorithm };
}

/** Without what else lies in the memory that Node cuts small buffers from: sending it would send all of it. */
export function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

async function signed(call: Call, data: Uint8Array): Promise<{ signature: Uint8Array | null }> {
  try {
    return { signature: own(await (call.signer as Signer).sign(data)) };
  } catch (error) {
    call.failure = error;
    return { signature: null };
  }
}
