/**
 * A thread for what takes long on documents that intake has accepted: the signed PDF, the page of the trail, the packet, its envelope
 * and the row of the outbox.
 * The station's own thread stays free for pens and screens, and its heap, collected after each signature, stays small.
 *
 * Before: `complete.ts`, `open-station.ts`. After: `signing-worker.ts`, in the thread. Neither a stroke nor a private key ever gets there:
 * ink comes without its dynamics, the record sealed, and what is to be signed comes back here. Bytes given are copied, piece by
 * piece, not taken.
 */
import type { Signer } from '#biometrics/signer.ts';
import { inSlices, roomFor } from '#keys/slices.ts';
import type { AuditFile } from '#packet/audit-file.ts';
import { PacketError, type PacketErrorCode } from '#packet/errors.ts';
import { SyncError, type SyncErrorCode } from '#sync-agent/errors.ts';
import type { SigningTasks } from './signing-worker.ts';
import { TaskThread, type Input, type Limits, type Output } from './task-thread.ts';
import type { Thrown } from './task-worker.ts';

export class SigningThread {
  readonly #thread: TaskThread<SigningTasks>;

  constructor(limits: Limits = {}) {
    this.#thread = new TaskThread({ worker: new URL('signing-worker.ts', import.meta.url), name: 'signing', limits, asThrown });
  }

  /** Loads all that later tasks need. */
  warm(): Promise<void> {
    return this.#do('warm', null);
  }

  /** As `signDocument`, but for a name in a script that no bundled font has: it is left out, it must not cost the guest the signature. */
  sign({ seal, ...document }: Input<SigningTasks, 'sign'> & { seal: Signer }): Promise<Output<SigningTasks, 'sign'>> {
    return this.#do('sign', document, seal);
  }

  /** As `raiseFresh`, but that the bytes given stay as they are. */
  raise({ seal, ...asked }: Input<SigningTasks, 'raise'> & { seal: Signer }): Promise<Output<SigningTasks, 'raise'>> {
    return this.#do('raise', asked, seal);
  }

  /** As `auditPage`. */
  page(trail: AuditFile, language: string | null = null): Promise<Output<SigningTasks, 'page'>> {
    return this.#do('page', { trail, language });
  }

  /** As `buildPacket`. */
  packet({ seal, ...contents }: Input<SigningTasks, 'packet'> & { seal: Signer }): Promise<Output<SigningTasks, 'packet'>> {
    return this.#do('packet', contents, seal);
  }

  /** As the `wrap` of `openWrapper`. */
  wrap(asked: Input<SigningTasks, 'wrap'>): Promise<Output<SigningTasks, 'wrap'>> {
    return this.#do('wrap', asked);
  }

  /** As `Outbox.put`. When it rejects, the thread has let go of the outbox: whether the row is there is then settled. */
  put(asked: Input<SigningTasks, 'put'>): Promise<void> {
    return this.#do('put', asked);
  }

  end(): Promise<void> {
    return this.#thread.end();
  }

  async #do<Name extends keyof SigningTasks>(task: Name, input: Input<SigningTasks, Name>, seal: Signer | null = null): Promise<Output<SigningTasks, Name>> {
    const { value, memory } = await copied(input);
    return this.#thread.do(task, value as Input<SigningTasks, Name>, seal, memory);
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

function asThrown({ name, code, message }: Thrown): Error {
  if (name === 'PacketError') return new PacketError(code as PacketErrorCode, message);
  if (name === 'SyncError') return new SyncError(code as SyncErrorCode, message);
  return Object.assign(new Error(message), { name, ...(code === null ? {} : { code }) });
}
