/**
 * Opens an envelope: only where the private key is, which is never the station.
 *
 * The SDK checks commitment, header and every frame; this file adds the limits, and that the content is the one whose
 * SHA-256 the context names. It does not say who made the envelope: the seal inside does.
 */
import type { KeyringNode } from '@aws-crypto/client-node';
import { MAX_KEYS, readEnvelopeHeader } from './envelope-header.ts';
import { SyncError } from './errors.ts';
import { kmsKeyring, kmsRsaOpeningKeyring, privateKeyId, privateKeyring, type KmsKey } from './keyrings.ts';
import { KMS_RSA_PROVIDER } from './kms-rsa-keyring.ts';
import { loadSdk } from './sdk.ts';
import { sha256 } from './sha256.ts';

/** The RSA private key in PKCS#8 PEM, or a KMS key this machine may decrypt with. */
export type OpeningKey = { privateKeyPem: string } | KmsKey;

export interface OpenedEnvelope {
  bytes: Uint8Array;
  /** Authenticated with the content. */
  context: Record<string, string>;
}

/** Above the largest packet: 200 MB of document and its evidence. */
const MAX_ENVELOPE_BYTES = 512 * 1024 * 1024;
const KMS_TIMEOUT_MS = 10_000;

/**
 * @throws SyncError `ENVELOPE_MALFORMED`, `ENVELOPE_OTHER_KEY`, `ENVELOPE_CHANGED`
 */
export async function openEnvelope(envelope: Uint8Array, key: OpeningKey): Promise<OpenedEnvelope> {
  if (envelope.length > MAX_ENVELOPE_BYTES) {
    throw new SyncError('ENVELOPE_MALFORMED', `The envelope has ${envelope.length} bytes; at most ${MAX_ENVELOPE_BYTES} are opened.`);
  }
  const header = readEnvelopeHeader(envelope);
  const name = 'kmsKeyArn' in key ? key.kmsKeyArn : privateKeyId(key.privateKeyPem);
  const wrapped = header.keys.find((each) => each.name === name);
  if (wrapped === undefined) {
    throw new SyncError('ENVELOPE_OTHER_KEY',
      `The envelope is for ${header.keys.map((each) => `${each.provider} ${each.name}`).join(', ')}; the key given is ${name}.`);
  }
  const opened = await decrypt(await keyringFor(key, wrapped.provider), envelope, header.frameLength);
  const { sha256: named } = opened.context;
  if (named !== undefined && named !== sha256(opened.bytes)) {
    throw new SyncError('ENVELOPE_CHANGED', 'The content is not the one whose SHA-256 stands in the envelope’s context.');
  }
  return opened;
}

async function keyringFor(key: OpeningKey, provider: string): Promise<KeyringNode> {
  if ('privateKeyPem' in key) return privateKeyring(key.privateKeyPem);
  return provider === KMS_RSA_PROVIDER ? kmsRsaOpeningKeyring(key, KMS_TIMEOUT_MS) : kmsKeyring(key, KMS_TIMEOUT_MS);
}

async function decrypt(keyring: KeyringNode, envelope: Uint8Array, frameLength: number): Promise<OpenedEnvelope> {
  const { buildClient, CommitmentPolicy } = await loadSdk();
  const { decrypt: decryptMessage } = buildClient({
    commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT, maxEncryptedDataKeys: MAX_KEYS,
  });
  try {
    const { plaintext, messageHeader } = await decryptMessage(keyring, envelope, { maxBodySize: frameLength });
    return { bytes: new Uint8Array(plaintext), context: { ...messageHeader.encryptionContext } };
  } catch (cause) {
    throw new SyncError('ENVELOPE_CHANGED', `The envelope does not open: it was changed or cut off (${(cause as Error).message}).`, { cause });
  }
}
