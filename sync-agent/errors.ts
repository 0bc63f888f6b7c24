/**
 * The one error class of this folder. Callers branch on `code`, never on the message.
 */
export class SyncError extends Error {
  readonly code: SyncErrorCode;
  constructor(code: SyncErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SyncError';
    this.code = code;
  }
}

export type SyncErrorCode =
  /** `sync.json` cannot be used; the message names the setting and what it should be. */
  | 'CONFIGURATION'
  /** The disk has no room for the outbox: nothing was kept, the caller must not say "done". */
  | 'OUTBOX_FULL'
  /** The outbox cannot be read or written; the message holds the database's reason. */
  | 'OUTBOX_FAILED'
  /** The outbox was written by a newer version of this program. */
  | 'OUTBOX_NEWER'
  /** An item of that id is there with other content. */
  | 'OUTBOX_CONFLICT'
  /** KMS refuses this station or this key: disabled, to be deleted, unknown, or not allowed. */
  | 'KMS_REFUSED'
  /** KMS does not answer in time, and no public key for that case is configured. */
  | 'KMS_AWAY'
  /** Not an envelope that `open-envelope.ts` reads, or above its limits. */
  | 'ENVELOPE_MALFORMED'
  /** An envelope for other keys than the one given; the message names them. */
  | 'ENVELOPE_OTHER_KEY'
  /** An envelope that was changed, or was cut off. */
  | 'ENVELOPE_CHANGED'
  /** The store does not answer, answers with a fault of its own, or took too long. */
  | 'STORE_AWAY'
  /** The store refuses this station: credentials, rights, bucket. */
  | 'STORE_REFUSED'
  /** The store's disk is full. */
  | 'STORE_FULL'
  /** Another object lies under that key. */
  | 'STORE_CONFLICT'
  /** An object key that could leave the store's folder. */
  | 'KEY_INVALID'
  /** Another agent works on this data folder. */
  | 'AGENT_RUNNING';
