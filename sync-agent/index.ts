/**
 * The sync-agent: packets leave the station wrapped, survive a power cut, and reach the store once.
 *
 * Before it: `kiosk/station` puts a finished packet into the outbox; the commit is the moment of completion.
 * After it: a folder or an S3 bucket keeps the envelopes; `openEnvelope` opens them where the private key is.
 *
 * `wrap.ts` → `outbox.ts` ┊ process wall ┊ `agent.ts` → `stores/`
 */
export { startAgent, type Agent, type AgentOptions } from './agent.ts';
export { readConfiguration, type SyncConfiguration } from './configuration.ts';
export { readEnvelopeHeader, type EnvelopeHeader } from './envelope-header.ts';
export { SyncError, type SyncErrorCode } from './errors.ts';
export { lockForAgent } from './lock.ts';
export { openEnvelope, type OpeningKey } from './open-envelope.ts';
export { Outbox, type OutboxItem, type OutboxStatus, type Receipt } from './outbox.ts';
export { openStore } from './stores/open.ts';
export type { Store, StoredObject } from './stores/store.ts';
export { openWrapper, type Wrapper } from './wrap.ts';
