import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { makeKeyPair, publicKeyDer } from '#keys/key-pair.ts';
import { readConfiguration } from './configuration.ts';

const folder = temporaryFolder();
const arn = 'arn:aws:kms:eu-north-1:111122223333:key/0f4d2c1e-aaaa-bbbb-cccc-000000000001';

function homeWith(content: unknown): string {
  const home = mkdtempSync(join(folder, 'home-'));
  writeFileSync(join(home, 'sync.json'), typeof content === 'string' ? content : JSON.stringify(content));
  return home;
}

describe('sync.json', () => {
  it('is not needed: a folder in the data folder, and no KMS', () => {
    expect(readConfiguration(folder)).toEqual({ store: { kind: 'folder', path: join(folder, 'store') }, kms: null });
    const home = homeWith({});
    expect(readConfiguration(home)).toEqual({ store: { kind: 'folder', path: join(home, 'store') }, kms: null });
  });

  it('names a bucket, in Stockholm unless it says otherwise', () => {
    expect(readConfiguration(homeWith({ store: { kind: 's3', bucket: 'nord-packets' } })).store)
      .toEqual({ kind: 's3', bucket: 'nord-packets', region: 'eu-north-1' });
    const whole = { kind: 's3', bucket: 'nord-packets', region: 'eu-west-1', endpoint: 'https://s3.example', serverSideKmsKeyArn: arn, timeoutMs: 5000 };
    expect(readConfiguration(homeWith({ store: whole })).store).toEqual(whole);
  });

  it('names a folder, from the data folder on unless absolute', () => {
    const home = homeWith({ store: { kind: 'folder', path: 'elsewhere' } });
    expect(readConfiguration(home).store).toEqual({ kind: 'folder', path: join(home, 'elsewhere') });
    expect(readConfiguration(homeWith({ store: { kind: 'folder', path: '/mnt/packets' } })).store).toEqual({ kind: 'folder', path: '/mnt/packets' });
  });

  it('names a KMS key and the public key for when KMS is away', async () => {
    const { publicKey } = await makeKeyPair('rsa');
    const home = homeWith({ kms: { kmsKeyArn: arn, offlinePublicKey: 'offline.pem', offlineKmsKeyArn: arn } });
    writeFileSync(join(home, 'offline.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    expect(readConfiguration(home).kms).toEqual({
      kmsKeyArn: arn, region: 'eu-north-1', offline: { spki: publicKeyDer(publicKey), kmsKeyArn: arn },
    });
    expect(readConfiguration(homeWith({ kms: { kmsKeyArn: arn } })).kms).toEqual({ kmsKeyArn: arn, region: 'eu-north-1', offline: null });
  });

  it.each([
    ['{', 'JSON'],
    [[], 'the file should be an object'],
    [{ shop: {} }, 'shop'],
    [{ store: { kind: 'tape' } }, 'store.kind should be folder or s3'],
    [{ store: { kind: 's3' } }, 'store.bucket should be a bucket name'],
    [{ store: { kind: 's3', bucket: 'No Bucket' } }, 'store.bucket'],
    [{ store: { kind: 's3', bucket: 'b-1', region: 'Stockholm' } }, 'store.region should be an AWS region'],
    [{ store: { kind: 's3', bucket: 'b-1', endpoint: 'http://s3.example' } }, 'store.endpoint should be an https:// address'],
    [{ store: { kind: 's3', bucket: 'b-1', timeoutMs: 10 } }, 'store.timeoutMs should be a whole number from 1000'],
    [{ store: { kind: 's3', bucket: 'b-1', secretAccessKey: 'hunter2' } }, 'store.secretAccessKey'],
    [{ kms: { kmsKeyArn: 'alias/packets' } }, 'kms.kmsKeyArn should be the ARN'],
    [{ kms: { kmsKeyArn: arn, region: 'eu-west-1' } }, 'kms.kmsKeyArn should be a key in eu-west-1'],
    [{ kms: { kmsKeyArn: arn, offlinePublicKey: 'nowhere.pem' } }, 'kms.offlinePublicKey should be a PEM file'],
    [{ kms: { kmsKeyArn: arn, offlineKmsKeyArn: arn } }, 'kms.offlinePublicKey'],
  ])('that is wrong says where and what is expected: %j', (content, expected) => {
    expect(() => readConfiguration(homeWith(content))).toThrow(expect.objectContaining({
      code: 'CONFIGURATION', message: expect.stringContaining(expected),
    }));
    expect(() => readConfiguration(homeWith(content))).not.toThrow('hunter2');
  });
});
