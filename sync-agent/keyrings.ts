/**
 * The AWS Encryption SDK's keyrings that this product uses: the raw RSA keyring (OAEP, SHA-256) for a key of the
 * tenant's own, and the KMS keyring.
 */
import { createPublicKey } from 'node:crypto';
import type { KeyringNode, KMS } from '@aws-crypto/client-node';
import { kmsRsaKeyring } from './kms-rsa-keyring.ts';
import { loadSdk } from './sdk.ts';
import { sha256 } from './sha256.ts';

export interface KmsKey {
  /** ARN of a symmetric key, `arn:aws:kms:eu-north-1:…:key/…`. */
  kmsKeyArn: string;
  region: string;
  /** Where KMS listens, if not at AWS. */
  endpoint?: string;
}

/** Names our RSA keys among the providers in an envelope. */
export const RSA_NAMESPACE = 'countersign-store';

/** SHA-256 of the SubjectPublicKeyInfo, lower-case hex: by this an envelope names the RSA key it is for. */
export function rsaKeyId(spki: Uint8Array): string {
  return sha256(spki);
}

/** @param spki RSA SubjectPublicKeyInfo, DER */
export async function publicKeyring(spki: Uint8Array): Promise<KeyringNode> {
  const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({ type: 'spki', format: 'pem' });
  return rsaKeyring(rsaKeyId(spki), { publicKey });
}

/** @param privateKey RSA PKCS#8, PEM */
export async function privateKeyring(privateKey: string): Promise<KeyringNode> {
  return rsaKeyring(privateKeyId(privateKey), { privateKey });
}

/** `rsaKeyId` of the public half. */
export function privateKeyId(privateKey: string): string {
  return rsaKeyId(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }));
}

async function rsaKeyring(keyName: string, rsaKey: { publicKey?: string | Buffer; privateKey?: string }): Promise<KeyringNode> {
  const { RawRsaKeyringNode } = await loadSdk();
  return new RawRsaKeyringNode({ keyNamespace: RSA_NAMESPACE, keyName, rsaKey, oaepHash: 'sha256' });
}

/** Both makes data keys and opens them, as far as KMS lets this machine. @param timeoutMs for one request */
export async function kmsKeyring(key: KmsKey, timeoutMs: number): Promise<KeyringNode> {
  const { KmsKeyringNode } = await loadSdk();
  const client = await kmsClient(key, timeoutMs);
  return new KmsKeyringNode({ generatorKeyId: key.kmsKeyArn, clientProvider: () => client });
}

/** Opens what was wrapped offline for the RSA key of that ARN. */
export async function kmsRsaOpeningKeyring(key: KmsKey, timeoutMs: number): Promise<KeyringNode> {
  const client = await kmsClient(key, timeoutMs);
  return kmsRsaKeyring({
    kmsKeyArn: key.kmsKeyArn,
    decrypt: async (CiphertextBlob) => {
      const { Plaintext } = await client.decrypt({ KeyId: key.kmsKeyArn, CiphertextBlob, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' });
      return Plaintext ?? new Uint8Array();
    },
  });
}

async function kmsClient(key: KmsKey, timeoutMs: number): Promise<KMS> {
  const { KMS: Client } = await loadSdk();
  return new Client({
    region: key.region,
    ...(key.endpoint !== undefined && { endpoint: key.endpoint }),
    maxAttempts: 2,
    requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });
}
