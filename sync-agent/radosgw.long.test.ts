/** The S3 store against a real object store, which also holds the stand-in to the truth. */
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, expect, it, vi } from 'vitest';
import { needsRadosgw, startRadosgw, type Radosgw } from '#fixtures/radosgw.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { sha256 } from './sha256.ts';
import { openS3Store } from './stores/s3.ts';

const folder = temporaryFolder();
const running = new AbortController().signal;
let gateway: Radosgw | null = null;

afterAll(async () => gateway?.stop());

function object(content: string | Buffer, key = 'nord/rīga/2026/11/r+1 (a).esdk') {
  const bytes = Buffer.from(content);
  return { key, bytes, sha256: sha256(bytes) };
}

it('puts once, never replaces, lets one racer win, and is refused with a wrong secret', { timeout: 300_000 }, async (context) => {
  needsRadosgw(context);
  gateway = await startRadosgw(folder);
  const { endpoint, credentials } = gateway;
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  const client = new S3Client({ region: 'default', endpoint, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: 'packets' }));
  const open = () => openS3Store({ bucket: 'packets', region: 'default', endpoint });
  const kept = async (key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'packets', Key: key }));
    return Buffer.from(await Body?.transformToByteArray() ?? []);
  };

  const first = object('an envelope');
  expect(await open().put(first, running)).toMatchObject({ alreadyThere: false });
  expect(await open().put(first, running)).toMatchObject({ alreadyThere: true });
  await expect(open().put(object('another'), running)).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
  expect(await kept(first.key)).toEqual(first.bytes);

  const large = object(Buffer.alloc(20_000_000, 7), 'large');
  const receipts = await Promise.all(Array.from({ length: 4 }, () => open().put(large, running)));
  expect(receipts.filter(({ alreadyThere }) => !alreadyThere)).toHaveLength(1);
  expect(sha256(await kept('large'))).toBe(large.sha256);

  await expect(openS3Store({ bucket: 'none', region: 'default', endpoint }).put(first, running)).rejects.toMatchObject({ code: 'STORE_REFUSED', message: expect.stringContaining('NoSuchBucket') });
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another secret');
  await expect(open().put(first, running)).rejects.toMatchObject({ code: 'STORE_REFUSED', message: expect.stringContaining('SignatureDoesNotMatch') });
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
  await gateway.stop();
  await expect(open().put(object('later', 'later'), running)).rejects.toMatchObject({ code: 'STORE_AWAY' });
  vi.unstubAllEnvs();
});
