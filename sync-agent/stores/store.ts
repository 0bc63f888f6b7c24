/**
 * The contract of a store: a place that keeps objects under keys and never lets one be replaced.
 */
import type { Receipt } from '../outbox.ts';

export interface StoredObject {
  /** `<tenant>/<site>/<yyyy>/<mm>/<name>`: segments without dots at the front, slashes between. */
  key: string;
  bytes: Uint8Array;
  /** Of the bytes, lower-case hex. */
  sha256: string;
}

export interface Store {
  readonly kind: 'folder' | 's3';
  /**
   * Resolves only when the store keeps the object durably. An object with the same bytes under that key is success;
   * with others it is an error, and stays as it is.
   * @param signal ends the attempt when the agent stops
   * @throws SyncError `STORE_AWAY`, `STORE_REFUSED`, `STORE_FULL`, `STORE_CONFLICT`, `KEY_INVALID`
   */
  put(object: StoredObject, signal: AbortSignal): Promise<Receipt>;
}
