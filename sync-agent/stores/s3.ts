/**
 * An S3 bucket through the AWS SDK: one conditional PutObject per item, never an overwrite, never a delete.
 *
 * What the station needs in IAM is s3:PutObject; s3:GetObject only lets it see, after a lost answer, that the object
 * there is its own. Bytes are compared by our own SHA-256 in the metadata, for S3-like stores that ignore checksums.
 */
import { HeadObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { SyncError } from '../errors.ts';
import type { Receipt } from '../outbox.ts';
import type { Store, StoredObject } from './store.ts';

/** Credentials come from the SDK's own chain: environment, profile, instance. */
export interface S3Options {
  bucket: string;
  region: string;
  /** Where S3 listens, if not at AWS; addressed by path then. */
  endpoint?: string;
  /** ARN of a KMS key for the bucket's own encryption, a second layer. */
  serverSideKmsKeyArn?: string;
  /** For one attempt of a small object; large ones get one more second per 100 kB. */
  timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const CONNECTION_TIMEOUT_MS = 5_000;
const SLOWEST_BYTES_PER_MS = 100;
/** Never 1: the SDK corrects a wrong clock by the first answer's date and needs a second attempt. */
const MAX_ATTEMPTS = 3;

export function openS3Store(options: S3Options): Store {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const client = new S3Client({
    region: options.region,
    ...(options.endpoint !== undefined && { endpoint: options.endpoint, forcePathStyle: true }),
    maxAttempts: MAX_ATTEMPTS,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: Math.min(CONNECTION_TIMEOUT_MS, timeoutMs), requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });
  return {
    kind: 's3',
    async put(object, signal) {
      const requestTimeout = Math.ceil(timeoutMs + object.bytes.length / SLOWEST_BYTES_PER_MS);
      const abortSignal = AbortSignal.any([signal, AbortSignal.timeout((MAX_ATTEMPTS + 1) * requestTimeout)]);
      try {
        const alreadyThere = await putOnce(client, options, object, { abortSignal, requestTimeout });
        return receipt(object, options.bucket, alreadyThere);
      } catch (cause) {
        throw asSyncError(cause as Error, options.bucket, object.key);
      }
    },
  };
}

/** @returns whether the object was there before */
async function putOnce(client: S3Client, options: S3Options, object: StoredObject, limits: { abortSignal: AbortSignal; requestTimeout: number }): Promise<boolean> {
  const place = { Bucket: options.bucket, Key: object.key };
  try {
    await client.send(new PutObjectCommand({
      ...place,
      Body: Buffer.from(object.bytes.buffer, object.bytes.byteOffset, object.bytes.byteLength),
      ContentType: 'application/octet-stream',
      IfNoneMatch: '*',
      ChecksumSHA256: Buffer.from(object.sha256, 'hex').toString('base64'),
      Metadata: { sha256: object.sha256 },
      ...(options.serverSideKmsKeyArn !== undefined && {
        ServerSideEncryption: 'aws:kms', SSEKMSKeyId: options.serverSideKmsKeyArn, BucketKeyEnabled: true,
      }),
    }), limits);
    return false;
  } catch (error) {
    if (statusOf(error) !== 412) throw error;
  }
  const { Metadata, ContentLength } = await client.send(new HeadObjectCommand(place), limits);
  if (Metadata?.['sha256'] !== object.sha256 || ContentLength !== object.bytes.length) {
    throw new SyncError('STORE_CONFLICT', `s3://${options.bucket}/${object.key} is there with other bytes; it was not replaced. Compare it by hand.`);
  }
  return true;
}

function receipt(object: StoredObject, bucket: string, alreadyThere: boolean): Receipt {
  return { store: 's3', location: `s3://${bucket}/${object.key}`, sha256: object.sha256, at: new Date().toISOString(), alreadyThere };
}

/** Refused is what a person must set right; everything else passes with time. */
function asSyncError(cause: Error, bucket: string, key: string): SyncError {
  if (cause instanceof SyncError) return cause;
  const status = statusOf(cause);
  const said = `${cause.name} ${cause.message}`.trim();
  if (cause.name === 'CredentialsProviderError' || (status !== null && REFUSED.has(status))) {
    return new SyncError('STORE_REFUSED', `S3 refuses ${key} in bucket ${bucket}: ${said}. Check credentials, rights, bucket and clock.`, { cause });
  }
  return new SyncError('STORE_AWAY', `S3 bucket ${bucket} did not take ${key}: ${said}. It is tried again.`, { cause });
}

const REFUSED = new Set([301, 400, 401, 403, 404, 405]);

function statusOf(error: unknown): number | null {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode ?? null : null;
}
