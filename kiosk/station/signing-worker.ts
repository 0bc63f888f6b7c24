/**
 * What runs in the thread of `signing-thread.ts`, which says what that is for. One long-lived thread: pdf-lib, the fonts and the
 * envelope's library are loaded once, before the first guest.
 */
import { parentPort } from 'node:worker_threads';
import type { Signer } from '#biometrics/signer.ts';
import type { AuditFile } from '#packet/audit-file.ts';
import type { PacketContents } from '#packet/container.ts';
import type { SignDocumentOptions, SignedDocument } from '#packet/sign-document.ts';
import type { FreshSignature, Raised, RaiseOptions } from '#packet/upgrade/raise-fresh.ts';
import type { SyncConfiguration } from '#sync-agent/configuration.ts';
import type { OutboxItem } from '#sync-agent/outbox.ts';

export type ToWorker =
  | { is: 'task'; call: number; task: keyof Tasks; input: unknown }
  /** Null: it could not be signed, and why is known there. */
  | { is: 'signed'; number: number; signature: Uint8Array | null };

export type FromWorker =
  | { is: 'sign'; call: number; number: number; data: Uint8Array }
  | { is: 'done'; call: number; value: unknown }
  | { is: 'failed'; call: number; error: { name: string; code: string | null; message: string } };

/** As `openWrapper` takes them. */
export interface WrappedFor { kms: SyncConfiguration['kms']; spki: Uint8Array }

export interface Tasks {
  warm(input: null): Promise<void>;
  sign(options: SignDocumentOptions): Promise<SignedDocument>;
  raise(asked: FreshSignature & { how: RaiseOptions }): Promise<Raised>;
  page(asked: { trail: AuditFile; language: string | null }): Promise<Uint8Array>;
  packet(contents: PacketContents): Promise<Uint8Array>;
  wrap(asked: WrappedFor & { bytes: Uint8Array; context: Record<string, string> }): Promise<Uint8Array>;
  put(asked: WrappedFor & { outbox: string; item: OutboxItem }): Promise<void>;
}

const tasks: Tasks = {
  async warm() {
    await Promise.all([import('#packet/sign-document.ts'), import('#packet/upgrade/raise-fresh.ts'), import('#packet/container.ts'), import('#sync-agent/outbox.ts')]);
    const { auditPage } = await import('#packet/audit-page.ts');
    // draws once, so that the fonts are open
    await auditPage({ request: '', signedAt: new Date(0).toISOString(), demo: true, station: null, place: null, disclosed: [], consent: { sha256: '', language: 'en', version: '' }, events: [] });
    const { loadSdk } = await import('#sync-agent/sdk.ts');
    await loadSdk();
  },

  async sign(options) {
    const { signDocument } = await import('#packet/sign-document.ts');
    try {
      return await signDocument(options);
    } catch (error) {
      if (options.signerName === null || (error as { code?: unknown }).code !== 'NO_GLYPH') throw error;
      return signDocument({ ...options, signerName: null });
    }
  },

  raise: async ({ how, ...signature }) => (await import('#packet/upgrade/raise-fresh.ts')).raiseFresh(signature, how),

  page: async ({ trail, language }) => (await import('#packet/audit-page.ts')).auditPage(trail, language),

  packet: async (contents) => (await import('#packet/container.ts')).buildPacket(contents),

  wrap: async ({ kms, spki, bytes, context }) => (await import('#sync-agent/wrap.ts')).openWrapper(kms, spki).wrap(bytes, context),

  // a connection for each: what this thread leaves behind, however it ends, is a committed row or none
  async put({ kms, spki, outbox: path, item }) {
    const [{ Outbox }, { openWrapper }] = await Promise.all([import('#sync-agent/outbox.ts'), import('#sync-agent/wrap.ts')]);
    const outbox = Outbox.open(path, { wrap: openWrapper(kms, spki) });
    try {
      await outbox.put(item);
    } finally {
      outbox.close();
    }
  },
};

const awaited = new Map<number, PromiseWithResolvers<Uint8Array>>();
let last = 0;

function send(message: FromWorker, taken: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, taken);
}

/** Of a result, the memory that nobody here needs any more: handed over, not copied. */
function handedOver(value: unknown): ArrayBuffer[] {
  const all: unknown[] = typeof value === 'object' && value !== null && !(value instanceof Uint8Array) ? Object.values(value) : [value];
  return all.flatMap((each) => (each instanceof Uint8Array && each.buffer instanceof ArrayBuffer && each.byteLength === each.buffer.byteLength ? [each.buffer] : []));
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

async function perform({ call, task, input }: Extract<ToWorker, { is: 'task' }>): Promise<void> {
  try {
    const given = input as { seal?: Omit<Signer, 'sign'> } | null;
    const work = tasks[task] as (input: unknown) => Promise<unknown>;
    const value = await work(given?.seal === undefined ? given : { ...given, seal: signerOf(call, given.seal) });
    send({ is: 'done', call, value }, handedOver(value));
  } catch (error) {
    const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown };
    send({ is: 'failed', call, error: { name: String(name ?? 'Error'), code: typeof code === 'string' ? code : null, message: String(message ?? error) } });
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
