/**
 * The cipher of encrypted pen reports: AES, one block a report, no chaining, no integrity (NIST SP 800-38A section 6.1, ECB).
 *
 * It keeps ink from whoever listens on the USB cable. It does not protect from whoever can write on it: blocks can be
 * repeated and swapped, and nothing authenticates the pad.
 */
import { createDecipheriv } from 'node:crypto';

export interface PenCipher {
  /** @param block 16 bytes. @returns 16 bytes */
  decrypt(block: Uint8Array): Uint8Array;
}

/** @param key 16 bytes (v1) or 32 bytes (v2) */
export function penCipher(key: Uint8Array): PenCipher {
  const decipher = createDecipheriv(`aes-${key.length * 8}-ecb`, key, null);
  decipher.setAutoPadding(false);
  return { decrypt: (block) => decipher.update(block) };
}
