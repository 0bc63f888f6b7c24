/**
 * The at-rest key: AES-256-GCM (NIST SP 800-38D) over waiting documents and the desk's copies.
 *
 * Layout: version byte 1, 12-byte random nonce, ciphertext, 16-byte tag. The caller's label is authenticated with it,
 * so that a file moved to another request's place does not open.
 * It hides neither length nor time of a file, and protects nothing from a thief who also has the key: see `Protection`.
 * Random nonces bound one key to 2^32 files.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type DecipherGCM } from 'node:crypto';
import { KeyError } from './errors.ts';
import { inSlices, roomFor } from './slices.ts';

export interface AtRestKey {
  /** @param label what the bytes are for, e.g. `document <request id>`; not secret, not stored */
  encrypt(bytes: Uint8Array, label: string): Uint8Array;
  /** @throws KeyError `AT_REST_DECRYPT` */
  decrypt(bytes: Uint8Array, label: string): Uint8Array;
  /** The same, giving way now and then: for whole documents. */
  encryptLarge(bytes: Uint8Array, label: string): Promise<Uint8Array>;
  /** @throws KeyError `AT_REST_DECRYPT` */
  decryptLarge(bytes: Uint8Array, label: string): Promise<Uint8Array>;
}

const VERSION = Uint8Array.of(1);
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const HEADER_LENGTH = VERSION.length + NONCE_LENGTH;

export const AT_REST_KEY_LENGTH = 32;

/** @param secret 32 random bytes */
export function createAtRestKey(secret: Uint8Array): AtRestKey {
  const key = createSecretKey(secret);
  const cipherFor = (nonce: Uint8Array, label: string) => createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH }).setAAD(associatedData(label));
  const decipherFor = (bytes: Uint8Array, label: string): DecipherGCM => {
    if (bytes[0] !== VERSION[0]) throw new Error('unknown version');
    return createDecipheriv('aes-256-gcm', key, bytes.subarray(VERSION.length, HEADER_LENGTH), { authTagLength: TAG_LENGTH })
      .setAAD(associatedData(label)).setAuthTag(bytes.subarray(Math.max(HEADER_LENGTH, bytes.length - TAG_LENGTH)));
  };
  return {
    encrypt(bytes, label) {
      const nonce = randomBytes(NONCE_LENGTH);
      const cipher = cipherFor(nonce, label);
      return new Uint8Array(Buffer.concat([VERSION, nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]));
    },
    decrypt(bytes, label) {
      try {
        const decipher = decipherFor(bytes, label);
        return new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(HEADER_LENGTH, -TAG_LENGTH)), decipher.final()]));
      } catch (cause) {
        throw doesNotOpen(label, cause);
      }
    },
    async encryptLarge(bytes, label) {
      const nonce = randomBytes(NONCE_LENGTH);
      const cipher = cipherFor(nonce, label);
      const out = roomFor(HEADER_LENGTH + bytes.length + TAG_LENGTH);
      out.set(VERSION);
      out.set(nonce, VERSION.length);
      await through(cipher, bytes, out, HEADER_LENGTH);
      out.set(cipher.getAuthTag(), HEADER_LENGTH + bytes.length);
      return out;
    },
    async decryptLarge(bytes, label) {
      try {
        const decipher = decipherFor(bytes, label);
        const content = bytes.subarray(HEADER_LENGTH, -TAG_LENGTH);
        const out = roomFor(content.length);
        await through(decipher, content, out, 0);
        return out;
      } catch (cause) {
        throw doesNotOpen(label, cause);
      }
    },
  };
}

/** A mode of counters: as many bytes come out as go in. */
async function through(cipher: { update(bytes: Uint8Array): Uint8Array; final(): Uint8Array }, bytes: Uint8Array, out: Uint8Array, start: number): Promise<void> {
  let at = start;
  for await (const slice of inSlices(bytes)) {
    out.set(cipher.update(slice), at);
    at += slice.length;
  }
  cipher.final();
}

function doesNotOpen(label: string, cause: unknown): KeyError {
  return new KeyError('AT_REST_DECRYPT', `The stored ${label} does not open: it was changed, moved, or written under another key.`, { cause });
}

function associatedData(label: string): Buffer {
  return Buffer.concat([VERSION, Buffer.from(label, 'utf8')]);
}
