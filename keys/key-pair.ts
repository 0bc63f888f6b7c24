/**
 * The two kinds of key pair made here: P-256 for signing, TLS and examiners; RSA-3072 for examiners and the store.
 * Both are of about 128 bits of strength (NIST SP 800-57 part 1, table 2); neither outlasts a large quantum computer.
 */
import { generateKeyPair, KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

export type KeyKind = 'p256' | 'rsa';

export interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export async function makeKeyPair(kind: KeyKind): Promise<KeyPair> {
  return kind === 'p256'
    ? promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
    : promisify(generateKeyPair)('rsa', { modulusLength: 3072 });
}

/** PKCS#8 PEM, the form in which every private key of this folder is kept. */
export function privateKeyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** SubjectPublicKeyInfo, DER. */
export function publicKeyDer(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ type: 'spki', format: 'der' }));
}
