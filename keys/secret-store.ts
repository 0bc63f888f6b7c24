/**
 * Where a station keeps its secrets. The contract that DPAPI, Keychain, Secret Service and the plain file share;
 * `file-secret-store.ts` is the one that works everywhere and protects least.
 */

/** What the machine does for the secrets. Shown by `start`, `doctor` and `demo`, word for word. */
export interface Protection {
  /** `memory`: the at-rest key is on no disk at all, and gone with the power. */
  kind: 'file' | 'dpapi' | 'keychain' | 'secret-service' | 'memory';
  /** True only where a thief of the disk cannot read the secrets. */
  held: boolean;
  /** What to do where it is not held; empty where it is. */
  advice: string;
}

export interface SecretStore {
  readonly protection: Protection;
  /**
   * @returns the bytes, or null where no secret of that name was ever written.
   * @throws KeyError `SECRET_EXPOSED`, `SECRET_STORE`
   */
  read(name: string): Uint8Array | null;
  /**
   * Durable on return, and whole or not at all after a power cut; replaces a secret of that name.
   * @throws KeyError `SECRET_STORE`
   */
  write(name: string, bytes: Uint8Array): void;
}
