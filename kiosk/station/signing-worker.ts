/**
 * What runs in the thread of `signing-thread.ts`, which says what that is for. One long-lived thread: pdf-lib, the fonts and the
 * envelope's library are loaded once, before the first guest.
 */
import type { Signer } from '#biometrics/signer.ts';
import { freeLargeBuffers } from '#driver/process/heap.ts';
import type { AuditFile } from '#packet/audit-file.ts';
import type { PacketContents } from '#packet/container.ts';
import type { SignDocumentOptions, SignedDocument } from '#packet/sign-document.ts';
import type { FreshSignature, Raised, RaiseOptions } from '#packet/upgrade/raise-fresh.ts';
import type { SyncConfiguration } from '#sync-agent/configuration.ts';
import type { OutboxItem } from '#sync-agent/outbox.ts';
import { inkFromNumbers, type InkNumbers } from './ink-numbers.ts';
import { serveTasks } from './task-worker.ts';

/** As `openWrapper` takes them. */
export interface WrappedFor { kms: SyncConfiguration['kms']; spki: Uint8Array }

/** As `signDocument` takes it, but for the ink. */
type ToSign = Omit<SignDocumentOptions, 'ink' | 'seal' | 'fillings'> & { ink: InkNumbers; fillings?: readonly ToFill[] };
export type ToFill = Exclude<Filling, { ink: unknown }> | (Omit<Extract<Filling, { ink: unknown }>, 'ink'> & { ink: InkNumbers });
type Filling = NonNullable<SignDocumentOptions['fillings']>[number];

export interface SigningTasks {
  warm(input: null): Promise<void>;
  sign(options: ToSign, seal: Signer): Promise<SignedDocument>;
  raise(asked: Omit<FreshSignature, 'seal'> & { how: RaiseOptions }, seal: Signer): Promise<Raised>;
  page(asked: { trail: AuditFile; language: string | null }): Promise<Uint8Array>;
  packet(contents: Omit<PacketContents, 'seal'>, seal: Signer): Promise<Uint8Array>;
  wrap(asked: WrappedFor & { bytes: Uint8Array; context: Record<string, string> }): Promise<Uint8Array>;
  put(asked: WrappedFor & { outbox: string; item: OutboxItem }): Promise<void>;
}

serveTasks<SigningTasks>({
  async warm() {
    await Promise.all([import('#packet/sign-document.ts'), import('#packet/upgrade/raise-fresh.ts'), import('#packet/container.ts'), import('#sync-agent/outbox.ts')]);
    const { auditPage } = await import('#packet/audit-page.ts');
    // draws once, so that the fonts are open
    await auditPage({ request: '', signedAt: new Date(0).toISOString(), demo: true, station: null, place: null, disclosed: [], consent: { sha256: '', language: 'en', version: '' }, events: [] });
    const { loadSdk } = await import('#sync-agent/sdk.ts');
    await loadSdk();
  },

  async sign({ ink, fillings = [], ...document }, seal) {
    const { signDocument } = await import('#packet/sign-document.ts');
    const options = { ...document, seal, ink: inkFromNumbers(ink), fillings: fillings.map((filling) => ('ink' in filling ? { ...filling, ink: inkFromNumbers(filling.ink) } : filling)) };
    try {
      return await signDocument(options);
    } catch (error) {
      if (options.signerName === null || (error as { code?: unknown }).code !== 'NO_GLYPH') throw error;
      return signDocument({ ...options, signerName: null });
    }
  },

  raise: async ({ how, ...signature }, seal) => (await import('#packet/upgrade/raise-fresh.ts')).raiseFresh({ ...signature, seal }, how),

  page: async ({ trail, language }) => (await import('#packet/audit-page.ts')).auditPage(trail, language),

  packet: async (contents, seal) => (await import('#packet/container.ts')).buildPacket({ ...contents, seal }),

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
}, freeLargeBuffers);
