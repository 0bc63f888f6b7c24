/**
 * The AWS KMS RSA keyring (aws-kms-rsa-keyring.md of the AWS Encryption SDK's specification), which the JavaScript SDK
 * lacks: wrapping needs only the public half and no network, unwrapping asks KMS. SDKs that have it open what it wraps.
 *
 * Anyone with the public half can wrap; only the seal inside says who did.
 */
import { constants, createHash, createPublicKey, publicEncrypt, randomBytes, timingSafeEqual } from 'node:crypto';
import type { EncryptedDataKey, KeyringNode, NodeDecryptionMaterial, NodeEncryptionMaterial } from '@aws-crypto/client-node';
import { loadSdk } from './sdk.ts';

export interface KmsRsaKey {
  kmsKeyArn: string;
  /** Wraps with it. SubjectPublicKeyInfo, DER. */
  spki?: Uint8Array;
  /** Unwraps with it: KMS Decrypt under RSAES_OAEP_SHA_256. */
  decrypt?: (encrypted: Uint8Array) => Promise<Uint8Array>;
}

export const KMS_RSA_PROVIDER = 'aws-kms-rsa';

/** SHA-384 of the context precedes the data key inside the RSA encryption. */
const DIGEST_LENGTH = 48;

export async function kmsRsaKeyring({ kmsKeyArn, spki, decrypt }: KmsRsaKey): Promise<KeyringNode> {
  const sdk = await loadSdk();
  const trace = (flags: number) => ({ keyNamespace: KMS_RSA_PROVIDER, keyName: kmsKeyArn, flags });

  class KmsRsaKeyring extends sdk.KeyringNode {
    override async _onEncrypt(material: NodeEncryptionMaterial): Promise<NodeEncryptionMaterial> {
      if (spki === undefined) throw new TypeError('This keyring has no public key to wrap with.');
      const dataKey = randomBytes(material.suite.keyLengthBytes);
      const encrypted = publicEncrypt({
        key: createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }),
        padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256',
      }, Buffer.concat([contextDigest(material.encryptionContext), dataKey]));
      const wrapped = new sdk.EncryptedDataKey({ providerId: KMS_RSA_PROVIDER, providerInfo: kmsKeyArn, encryptedDataKey: encrypted });
      return material
        .setUnencryptedDataKey(dataKey, trace(sdk.KeyringTraceFlag.WRAPPING_KEY_GENERATED_DATA_KEY))
        .addEncryptedDataKey(wrapped, sdk.KeyringTraceFlag.WRAPPING_KEY_ENCRYPTED_DATA_KEY);
    }

    override async _onDecrypt(material: NodeDecryptionMaterial, wrapped: EncryptedDataKey[]): Promise<NodeDecryptionMaterial> {
      const ours = wrapped.find(({ providerId, providerInfo }) => providerId === KMS_RSA_PROVIDER && providerInfo === kmsKeyArn);
      if (decrypt === undefined || ours === undefined) return material;
      const opened = await decrypt(ours.encryptedDataKey);
      const digest = contextDigest(material.encryptionContext);
      if (opened.length <= DIGEST_LENGTH || !timingSafeEqual(opened.subarray(0, DIGEST_LENGTH), digest)) {
        throw new Error('the data key belongs to another encryption context');
      }
      return material.setUnencryptedDataKey(opened.slice(DIGEST_LENGTH), trace(sdk.KeyringTraceFlag.WRAPPING_KEY_DECRYPTED_DATA_KEY));
    }
  }
  return new KmsRsaKeyring();
}

/** SHA-384 of the context as the message header writes it: count, then pairs sorted by the bytes of their key. */
function contextDigest(context: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(context)
    .map(([key, value]) => [Buffer.from(key), Buffer.from(value)] as const)
    .sort(([a], [b]) => Buffer.compare(a, b));
  const parts = pairs.flatMap(([key, value]) => [uint16(key.length), key, uint16(value.length), value]);
  return createHash('sha384').update(Buffer.concat(parts.length === 0 ? [] : [uint16(pairs.length), ...parts])).digest();
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
