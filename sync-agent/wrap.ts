/**
 * Wrapping: bytes become one AWS Encryption SDK message (message format 2.0, suite 0x0478: AES-256-GCM with HKDF and key
 * commitment, unsigned), in memory, under a data key of its own.
 *
 * Unsigned, because what is wrapped already carries the station's seal. The encryption context is authenticated but
 * stands in clear in the envelope: no guest's name ever goes into it. An envelope does not hide the length of its content.
 */
import type { KeyringNode } from '@aws-crypto/client-node';
import type { OfflineKey, SyncConfiguration } from './configuration.ts';
import { SyncError } from './errors.ts';
import { kmsRsaKeyring } from './kms-rsa-keyring.ts';
import { kmsKeyring, publicKeyring, type KmsKey } from './keyrings.ts';
import { loadSdk } from './sdk.ts';

export interface Wrapper {
  /** `rsa`, `kms` or `kms-rsa`. */
  readonly kind: string;
  /**
   * @param context authenticated, not secret; keys must not begin with `aws-crypto-`
   * @throws SyncError `KMS_REFUSED`, `KMS_AWAY`
   */
  wrap(bytes: Uint8Array, context: Record<string, string>): Promise<Uint8Array>;
}

/** Frames of 256 KiB: the SDK's own 4 KiB costs four times the time, and one frame bounds what an opener must hold. */
const FRAME_LENGTH = 256 * 1024;
/** A guest waits at the desk: KMS has this long to answer before the public key takes its place. */
const KMS_DEADLINE_MS = 2_000;

/** KMS errors that another attempt, or another key, must not paper over. */
const REFUSALS = new Set([
  'AccessDeniedException', 'DisabledException', 'InvalidKeyUsageException', 'KMSInvalidStateException', 'NotFoundException',
]);

/**
 * The wrapper that the configuration asks for.
 * @param kms null: wrap for `storeSpki`
 * @param storeSpki the station's own store key, SubjectPublicKeyInfo DER
 */
export function openWrapper(kms: SyncConfiguration['kms'], storeSpki: Uint8Array): Wrapper {
  return kms === null ? wrapForPublicKey(storeSpki) : wrapForKms(kms, kms.offline === null ? null : wrapOffline(kms.offline));
}

function wrapOffline({ spki, kmsKeyArn }: OfflineKey): Wrapper {
  return kmsKeyArn === null ? wrapForPublicKey(spki) : wrapForKmsPublicKey(spki, kmsKeyArn);
}

/** Wraps for the public half of an RSA key: this machine cannot unwrap it. @param spki DER */
export function wrapForPublicKey(spki: Uint8Array): Wrapper {
  return { kind: 'rsa', wrap: async (bytes, context) => encrypt(await publicKeyring(spki), bytes, context) };
}

/** Wraps, without asking KMS, for an RSA key whose private half only KMS has. */
export function wrapForKmsPublicKey(spki: Uint8Array, kmsKeyArn: string): Wrapper {
  return { kind: 'kms-rsa', wrap: async (bytes, context) => encrypt(await kmsRsaKeyring({ kmsKeyArn, spki }), bytes, context) };
}

/**
 * Wraps under a KMS key, which makes and keeps the data key's wrapping.
 * @param offline takes over while KMS is away, never when KMS refuses
 */
export function wrapForKms(key: KmsKey, offline: Wrapper | null): Wrapper {
  return {
    kind: 'kms',
    async wrap(bytes, context) {
      try {
        return await within(KMS_DEADLINE_MS, encrypt(await kmsKeyring(key, KMS_DEADLINE_MS), bytes, context));
      } catch (cause) {
        const { name, message } = cause as Error;
        if (REFUSALS.has(name)) throw new SyncError('KMS_REFUSED', `KMS refuses ${key.kmsKeyArn}: ${name} ${message}`, { cause });
        if (offline !== null) return offline.wrap(bytes, context);
        throw new SyncError('KMS_AWAY',
          `KMS does not answer for ${key.kmsKeyArn} (${message}). Check the network, or configure wrap.offlinePublicKey.`, { cause });
      }
    },
  };
}

async function encrypt(keyring: KeyringNode, bytes: Uint8Array, context: Record<string, string>): Promise<Uint8Array> {
  const sdk = await loadSdk();
  const { encrypt: encryptMessage } = sdk.buildClient(sdk.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const { result } = await encryptMessage(keyring, bytes, {
    suiteId: sdk.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
    frameLength: FRAME_LENGTH,
    encryptionContext: context,
  });
  return new Uint8Array(result);
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}
