/**
 * A signing key in AWS KMS (`ECC_NIST_P256` or `RSA_*`, use `SIGN_VERIFY`; AWS KMS API reference, Sign and GetPublicKey). Only a
 * SHA-256 digest leaves this machine, never the document. Credentials come from the AWS SDK's own chain.
 *
 * It protects the key, not what is signed with it: whoever has the credentials can have any digest signed.
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import type { SignerAlgorithm } from '#biometrics/signer.ts';
import { KeyError, type KeyErrorCode } from '../errors.ts';
import { algorithmOf, checkedKey, type SigningKey } from './signing-key.ts';

export interface KmsKeyPlace {
  /** Of a key; an alias would let somebody exchange the key behind it. */
  keyArn: string;
  /** Where KMS listens, if not at AWS. */
  endpoint?: string;
  /** For all attempts of one operation together. */
  timeoutMs?: number;
}

export const KMS_KEY_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]{1,128}$/;

const DEFAULT_TIMEOUT_MS = 15_000;
const CONNECTION_TIMEOUT_MS = 5_000;
/** Never 1: the SDK corrects a wrong clock by the first answer's date and needs a second attempt. */
const MAX_ATTEMPTS = 3;

const SPEC: Record<SignerAlgorithm, SigningAlgorithmSpec> = { 'ecdsa-p256-sha256': 'ECDSA_SHA_256', 'rsa-pkcs1-sha256': 'RSASSA_PKCS1_V1_5_SHA_256' };

/** @throws KeyError `KEY_REFERENCE_INVALID`, `SIGNER_AWAY`, `SIGNER_REFUSED`, `SIGNER_KEY_UNKNOWN`, `SIGNER_KEY_UNFIT` */
export async function openKmsKey({ keyArn, endpoint, timeoutMs = DEFAULT_TIMEOUT_MS }: KmsKeyPlace): Promise<SigningKey> {
  const region = KMS_KEY_ARN.exec(keyArn)?.[1];
  if (region === undefined) throw new KeyError('KEY_REFERENCE_INVALID', `${keyArn} is not the ARN of a KMS key. Expected arn:aws:kms:REGION:ACCOUNT:key/ID, not an alias.`);
  // loaded when first used: nothing that starts a station needs it
  const { GetPublicKeyCommand, KMSClient, SignCommand } = await import('@aws-sdk/client-kms');
  const client = new KMSClient({
    region, ...(endpoint !== undefined && { endpoint }), maxAttempts: MAX_ATTEMPTS,
    requestHandler: { connectionTimeout: Math.min(CONNECTION_TIMEOUT_MS, timeoutMs), requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });
  const inTime = () => ({ abortSignal: AbortSignal.timeout(timeoutMs) });

  const found = await client.send(new GetPublicKeyCommand({ KeyId: keyArn }), inTime()).catch((cause: Error) => { throw asKeyError(cause, keyArn); });
  const publicKey = publicKeyOf(found.PublicKey, keyArn);
  const algorithm = SPEC[algorithmOf(publicKey, `The KMS key ${keyArn}`)];
  if (found.KeyUsage !== 'SIGN_VERIFY' || found.SigningAlgorithms?.includes(algorithm) !== true) {
    throw new KeyError('SIGNER_KEY_UNFIT', `The KMS key ${keyArn} is for ${found.KeyUsage}, not for ${algorithm}. Make one whose use is SIGN_VERIFY.`);
  }
  return checkedKey(publicKey, `The KMS key ${keyArn}`, async (data) => {
    const request = new SignCommand({ KeyId: keyArn, Message: createHash('sha256').update(data).digest(), MessageType: 'DIGEST', SigningAlgorithm: algorithm });
    const { Signature } = await client.send(request, inTime()).catch((cause: Error) => { throw asKeyError(cause, keyArn); });
    return new Uint8Array(Signature ?? []);
  }, async () => client.destroy());
}

function publicKeyOf(spki: Uint8Array | undefined, keyArn: string): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki ?? []), format: 'der', type: 'spki' });
  } catch (cause) {
    throw new KeyError('SIGNER_KEY_UNFIT', `The public half that KMS gives of the key ${keyArn} cannot be read.`, { cause });
  }
}

/** What only a person can set right, by the names of the API reference; whatever else goes wrong passes with time. */
const LASTING: Record<string, [KeyErrorCode, string]> = {
  AccessDeniedException: ['SIGNER_REFUSED', 'Allow kms:GetPublicKey and kms:Sign on this key to the credentials in use'],
  DisabledException: ['SIGNER_REFUSED', 'It is disabled: enable it, or seal with another'],
  KMSInvalidStateException: ['SIGNER_REFUSED', 'Perhaps it is to be deleted: cancel that, or seal with another'],
  CredentialsProviderError: ['SIGNER_REFUSED', 'No credentials were found: set a profile, or the environment of the AWS SDK'],
  UnrecognizedClientException: ['SIGNER_REFUSED', 'Check the credentials'],
  ExpiredTokenException: ['SIGNER_REFUSED', 'The credentials have ended: get new ones'],
  InvalidSignatureException: ['SIGNER_REFUSED', 'Check the credentials and this machine’s clock'],
  NotFoundException: ['SIGNER_KEY_UNKNOWN', 'Check account, region and key'],
  InvalidKeyUsageException: ['SIGNER_KEY_UNFIT', 'Make one whose use is SIGN_VERIFY'],
  UnsupportedOperationException: ['SIGNER_KEY_UNFIT', 'Make an asymmetric one whose use is SIGN_VERIFY'],
};

function asKeyError(cause: Error, keyArn: string): KeyError {
  const [code, advice] = LASTING[cause.name] ?? ['SIGNER_AWAY', 'Try again later'];
  return new KeyError(code, `KMS did not answer for the key ${keyArn} (${`${cause.name} ${cause.message}`.trim()}). ${advice}.`, { cause });
}
