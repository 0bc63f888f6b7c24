/**
 * The locked key: an examiner's PKCS#8 under AES-256-GCM (NIST SP 800-38D), 12-byte nonce, 16-byte tag. What says to
 * which splitting and which certificate it belongs is associated data, so that it cannot be given to another.
 *
 * The key above it is random and used once, so that the nonce cannot repeat. It is no secret by itself, but without it
 * the shares are worth nothing: keep several copies.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KeyError } from '../errors.ts';
import type { SplitSet } from './share.ts';

export interface LockedKey extends SplitSet {
  nonce: Uint8Array;
  /** Ciphertext, and the tag behind it. */
  encrypted: Uint8Array;
}

const FORMAT = 'countersign-locked-key-1';
const TAG = 16;

/** @param key 32 bytes, random, for this one use */
export function lockKey(pkcs8: Uint8Array, key: Uint8Array, set: SplitSet): LockedKey {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated(set));
  const encrypted = Buffer.concat([cipher.update(pkcs8), cipher.final(), cipher.getAuthTag()]);
  return { ...set, nonce, encrypted };
}

/** @returns PKCS#8, DER, or null where key and file do not belong together */
export function unlockKey(locked: LockedKey, key: Uint8Array): Buffer | null {
  const { nonce, encrypted } = locked;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(associated(locked)).setAuthTag(encrypted.subarray(-TAG));
  try {
    return Buffer.concat([decipher.update(encrypted.subarray(0, -TAG)), decipher.final()]);
  } catch {
    return null;
  }
}

/** JSON; bytes as base64. */
export function writeLockedKey({ set, threshold, shares, certificateSha256, nonce, encrypted }: LockedKey): string {
  const file = { format: FORMAT, set, threshold, shares, certificateSha256, nonce: base64(nonce), encrypted: base64(encrypted) };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** @throws KeyError `LOCKED_KEY_DAMAGED` */
export function readLockedKey(text: string): LockedKey {
  const file = parse(text);
  const { set, threshold, shares, certificateSha256 } = file;
  const [nonce, encrypted] = [bytesOf(file['nonce']), bytesOf(file['encrypted'])];
  if (file['format'] !== FORMAT || typeof set !== 'string' || typeof threshold !== 'number' || typeof shares !== 'number'
    || typeof certificateSha256 !== 'string' || nonce?.length !== 12 || encrypted === null || encrypted.length <= TAG) {
    throw new KeyError('LOCKED_KEY_DAMAGED', `This is not a locked key, or it is damaged. Expected JSON with "format": "${FORMAT}".`);
  }
  return { set, threshold, shares, certificateSha256, nonce, encrypted };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
  } catch {
    return {};
  }
}

function associated({ set, threshold, shares, certificateSha256 }: SplitSet): Buffer {
  return Buffer.from([FORMAT, set, threshold, shares, certificateSha256].join('\n'));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function bytesOf(value: unknown): Buffer | null {
  return typeof value === 'string' ? Buffer.from(value, 'base64') : null;
}
