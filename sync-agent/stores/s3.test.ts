import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startS3Server, type S3Server } from '#fixtures/s3-server.ts';
import { sha256 } from '../sha256.ts';
import { openS3Store, type S3Options } from './s3.ts';

let s3: S3Server;
const running = new AbortController().signal;

beforeAll(async () => {
  s3 = await startS3Server();
});
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', s3.credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', s3.credentials.secretAccessKey);
  s3.objects.clear();
  s3.requests.length = 0;
  s3.faults.length = 0;
  s3.fault = null;
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => s3.close());

function store(options: Partial<S3Options> = {}) {
  return openS3Store({ bucket: s3.bucket, region: 'eu-north-1', endpoint: s3.endpoint, ...options });
}

function object(content = 'an envelope', key = 'nord/rīga/2026/11/r+1 (a).esdk') {
  const bytes = Buffer.from(content);
  return { key, bytes, sha256: sha256(bytes) };
}

describe('an S3 store', () => {
  it('puts the object once, with its hash, and asks never to replace', async () => {
    expect(await store().put(object(), running)).toMatchObject({
      store: 's3', location: 's3://packets/nord/rīga/2026/11/r+1 (a).esdk', sha256: object().sha256, alreadyThere: false,
    });
    const kept = s3.objects.get(object().key);
    expect(kept?.bytes.toString()).toBe('an envelope');
    expect(kept?.metadata).toEqual({ sha256: object().sha256 });
    expect(kept?.headers).toMatchObject({ 'if-none-match': '*', 'x-amz-checksum-sha256': Buffer.from(object().sha256, 'hex').toString('base64') });
    expect(kept?.headers).not.toHaveProperty('x-amz-server-side-encryption');
  });

  it('asks for the bucket’s own encryption where it is configured', async () => {
    const serverSideKmsKeyArn = 'arn:aws:kms:eu-north-1:111122223333:key/k';
    await store({ serverSideKmsKeyArn }).put(object(), running);
    expect(s3.objects.get(object().key)?.headers).toMatchObject({
      'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': serverSideKmsKeyArn,
      'x-amz-server-side-encryption-bucket-key-enabled': 'true',
    });
  });

  it('answers for the same object again, and never replaces it by another', async () => {
    await store().put(object(), running);
    expect(await store().put(object(), running)).toMatchObject({ alreadyThere: true });
    await expect(store().put(object('another'), running)).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    expect(s3.objects.get(object().key)?.bytes.toString()).toBe('an envelope');
  });

  it('lets one of many racers win, and tells the others that it is there', async () => {
    const receipts = await Promise.all(Array.from({ length: 8 }, () => store().put(object(), running)));
    expect(receipts.filter(({ alreadyThere }) => !alreadyThere)).toHaveLength(1);
    expect(s3.objects.size).toBe(1);
  });

  it('whose answer was lost finds the object there at the next try', async () => {
    s3.faults.push({ kind: 'lost-answer' });
    expect(await store().put(object(), running)).toMatchObject({ alreadyThere: true });
    expect(s3.requests.map((line) => line.split(' ')[0])).toEqual(['PUT', 'PUT', 'HEAD']);
  });

  it('gets over a busy server and a broken connection', async () => {
    s3.faults.push({ kind: 'slow-down' }, { kind: 'reset' });
    expect(await store().put(object(), running)).toMatchObject({ alreadyThere: false });
  });

  it('calls a server that stays busy, resets or hangs away, and does not wait for ever', async () => {
    for (const fault of [{ kind: 'slow-down' }, { kind: 'reset' }, { kind: 'hang' }] as const) {
      s3.fault = fault;
      await expect(store({ timeoutMs: 200 }).put(object(), running)).rejects.toMatchObject({ code: 'STORE_AWAY' });
    }
    expect(s3.objects.size).toBe(0);
  });

  it('ends at once when the agent stops', async () => {
    s3.fault = { kind: 'hang' };
    const stopping = new AbortController();
    const put = store().put(object(), stopping.signal);
    stopping.abort();
    await expect(put).rejects.toMatchObject({ code: 'STORE_AWAY' });
  });

  it('is refused with other credentials, another bucket, or no right', async () => {
    await expect(store({ bucket: 'other' }).put(object(), running)).rejects.toMatchObject({ code: 'STORE_REFUSED', message: expect.stringContaining('NoSuchBucket') });
    s3.fault = { kind: 'denied' };
    await expect(store().put(object(), running)).rejects.toMatchObject({ code: 'STORE_REFUSED', message: expect.stringContaining('AccessDenied') });
    s3.fault = null;
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another secret');
    await expect(store().put(object(), running)).rejects.toMatchObject({ code: 'STORE_REFUSED', message: expect.not.stringContaining('another secret') });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAOTHER');
    await expect(store().put(object(), running)).rejects.toMatchObject({ code: 'STORE_REFUSED', message: expect.stringContaining('InvalidAccessKeyId') });
    expect(s3.objects.size).toBe(0);
  });
});

describe('the stand-in for S3', () => {
  it('refuses a body that is not the one that was signed', async () => {
    const wrongHash = { ...object(), sha256: sha256(Buffer.from('other bytes')) };
    await expect(store().put(wrongHash, running)).rejects.toMatchObject({ code: 'STORE_REFUSED', message: expect.stringContaining('BadDigest') });
    const unsigned = await fetch(`${s3.endpoint}/${s3.bucket}/key`, { method: 'PUT', body: 'x' });
    expect([unsigned.status, await unsigned.text()]).toEqual([403, expect.stringContaining('AccessDenied')]);
  });
});
