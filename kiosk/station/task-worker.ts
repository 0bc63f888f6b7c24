/** The other side of `task-thread.ts`, in the thread: waits for tasks, does them, and has signed what is to be signed. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Signer } from '#biometrics/signer.ts';
import { clearFreedHeap } from '#driver/process/heap.ts';
import type { Tasks } from './task-thread.ts';

export type ToWorker =
  | { is: 'task'; call: number; task: string; input: unknown; signer: Omit<Signer, 'sign'> | null }
  /** Null: it could not be signed, and why is known there. */
  | { is: 'signed'; number: number; signature: Uint8Array | null };

export type FromWorker =
  | { is: 'sign'; call: number; number: number; data: Uint8Array }
  | { is: 'done'; call: number; value: unknown }
  | { is: 'failed'; call: number; error: Thrown };

export interface WorkerData { clearsFreedHeap: boolean }

/** What is left of an error on its way between threads. */
export interface Thrown { name: string; code: string | null; message: string }

/** @param after a task, whichever way it ended */
export function serveTasks<Of extends Tasks<Of>>(tasks: Of, after: () => void = () => {}): void {
  if ((workerData as WorkerData).clearsFreedHeap) clearFreedHeap();
  const awaited = new Map<number, PromiseWithResolvers<Uint8Array>>();
  let last = 0;

  function send(message: FromWorker, taken: ArrayBuffer[] = []): void {
    parentPort?.postMessage(message, taken);
  }

  /** Its key stays in the station's thread. */
  function signerOf(call: number, half: Omit<Signer, 'sign'>): Signer {
    return {
      ...half,
      async sign(data) {
        const answer = Promise.withResolvers<Uint8Array>();
        awaited.set(++last, answer);
        send({ is: 'sign', call, number: last, data });
        return answer.promise;
      },
    };
  }

  async function perform({ call, task, input, signer }: Extract<ToWorker, { is: 'task' }>): Promise<void> {
    try {
      const work = tasks[task as keyof Of] as unknown as (input: unknown, signer: Signer | null) => Promise<unknown>;
      const value = await work(input, signer && signerOf(call, signer));
      send({ is: 'done', call, value }, handedOver(value));
    } catch (error) {
      const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
      send({ is: 'failed', call, error: { name: String(name ?? 'Error'), code: typeof code === 'string' ? code : null, message: String(message ?? error) } });
    } finally {
      after();
    }
  }

  parentPort?.on('message', (message: ToWorker) => {
    if (message.is === 'task') return void perform(message);
    const answer = awaited.get(message.number);
    awaited.delete(message.number);
    if (message.signature === null) answer?.reject(new Error('It could not be signed.'));
    else answer?.resolve(message.signature);
  });

  // a task or a signature that cannot be read: without its number nobody could be told, so this thread ends, and all that waits for it is told why
  parentPort?.on('messageerror', (error) => { throw error; });
}

/** Of a result, the memory that nobody here needs any more: handed over, not copied. */
function handedOver(value: unknown): ArrayBuffer[] {
  const all: unknown[] = typeof value === 'object' && value !== null && !(value instanceof Uint8Array) ? Object.values(value) : [value];
  return all.flatMap((each) => (each instanceof Uint8Array && each.buffer instanceof ArrayBuffer && each.byteLength === each.buffer.byteLength ? [each.buffer] : []));
}
