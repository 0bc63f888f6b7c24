import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startKmsServer, type KmsServer } from '#fixtures/kms-server.ts';
import { makeKeyPair, privateKeyPem, publicKeyDer, type KeyPair } from '#keys/key-pair.ts';
import { readEnvelopeHeader } from './envelope-header.ts';
import { rsaKeyId, type KmsKey } from './keyrings.ts';
import { openEnvelope } from './open-envelope.ts';
import { wrapForKms, wrapForKmsPublicKey, wrapForPublicKey } from './wrap.ts';

const bytes = new Uint8Array(Buffer.from('a packet'));
const context = { tenant: 'nord', site: 'riga', purpose: 'packet' };

let store: KeyPair;
let spki: Uint8Array;
let privateKey: { privateKeyPem: string };
let kms: KmsServer;
let key: KmsKey;

beforeAll(async () => {
  store = await makeKeyPair('rsa');
  spki = publicKeyDer(store.publicKey);
  privateKey = { privateKeyPem: privateKeyPem(store.privateKey) };
  kms = await startKmsServer();
});
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', kms.credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', kms.credentials.secretAccessKey);
  kms.fault = null;
  kms.requests.length = 0;
  key = { kmsKeyArn: kms.createKey('SYMMETRIC_DEFAULT'), region: kms.region, endpoint: kms.endpoint };
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => kms.close());

describe('wrapped for a public key', () => {
  it('opens with the private half only, context and all', async () => {
    const envelope = await wrapForPublicKey(spki).wrap(bytes, context);
    expect(await openEnvelope(envelope, privateKey)).toEqual({ bytes, context });
    const other = await makeKeyPair('rsa');
    await expect(openEnvelope(envelope, { privateKeyPem: privateKeyPem(other.privateKey) })).rejects.toMatchObject({
      code: 'ENVELOPE_OTHER_KEY', message: expect.stringContaining(rsaKeyId(spki)),
    });
  });

  it('is of the committing suite, in frames, with one key, and shows nothing of the content', async () => {
    const envelope = await wrapForPublicKey(spki).wrap(bytes, context);
    expect(readEnvelopeHeader(envelope)).toEqual({
      suite: 0x0478, context, keys: [{ provider: 'countersign-store', name: rsaKeyId(spki) }], frameLength: 262_144,
    });
    expect(Buffer.from(envelope).includes('a packet')).toBe(false);
  });

  it('is never the same twice, and any length comes back', async () => {
    const wrapper = wrapForPublicKey(spki);
    const [one, two] = [await wrapper.wrap(bytes, context), await wrapper.wrap(bytes, context)];
    expect(Buffer.from(one).equals(two)).toBe(false);
    for (const length of [0, 1, 262_143, 262_144, 262_145, 1_000_000]) {
      const content = new Uint8Array(length).fill(7);
      expect((await openEnvelope(await wrapper.wrap(content, {}), privateKey)).bytes).toEqual(content);
    }
  });
});

describe('wrapped under a KMS key', () => {
  it('is opened by KMS, asked once for the data key', async () => {
    const envelope = await wrapForKms(key, null).wrap(bytes, context);
    expect(kms.requests).toEqual(['GenerateDataKey']);
    expect(readEnvelopeHeader(envelope).keys).toEqual([{ provider: 'aws-kms', name: key.kmsKeyArn }]);
    expect(await openEnvelope(envelope, key)).toEqual({ bytes, context });
  });

  it('does not open under another tenant’s name: KMS itself refuses the context', async () => {
    const envelope = Buffer.from(await wrapForKms(key, null).wrap(bytes, context));
    envelope.write('west', envelope.indexOf('nord'));
    await expect(openEnvelope(envelope, key)).rejects.toMatchObject({ code: 'ENVELOPE_CHANGED', message: expect.stringContaining('InvalidCiphertextException') });
  });

  it('does not open once its key is disabled or to be deleted', async () => {
    const envelope = await wrapForKms(key, null).wrap(bytes, context);
    for (const [state, name] of [['Disabled', 'DisabledException'], ['PendingDeletion', 'KMSInvalidStateException']] as const) {
      kms.setState(key.kmsKeyArn, state);
      await expect(openEnvelope(envelope, key)).rejects.toThrow(name);
    }
  });

  it('refused by KMS is an error, whatever other key is at hand', async () => {
    const wrapper = wrapForKms(key, wrapForPublicKey(spki));
    kms.fault = 'denied';
    await expect(wrapper.wrap(bytes, context)).rejects.toMatchObject({ code: 'KMS_REFUSED', message: expect.stringContaining('AccessDeniedException') });
    kms.fault = null;
    kms.setState(key.kmsKeyArn, 'Disabled');
    await expect(wrapper.wrap(bytes, context)).rejects.toMatchObject({ code: 'KMS_REFUSED' });
    const unknown = { ...key, kmsKeyArn: key.kmsKeyArn.replace(/[^/]+$/, '00000000-0000-0000-0000-000000000000') };
    await expect(wrapForKms(unknown, wrapForPublicKey(spki)).wrap(bytes, context)).rejects.toMatchObject({ code: 'KMS_REFUSED' });
  });

  for (const fault of ['hang', 'reset', 'internal', 'throttle'] as const) {
    it(`falls back to the public key while KMS is away (${fault})`, async () => {
      kms.fault = fault;
      const envelope = await wrapForKms(key, wrapForPublicKey(spki)).wrap(bytes, context);
      expect(readEnvelopeHeader(envelope).keys).toEqual([{ provider: 'countersign-store', name: rsaKeyId(spki) }]);
      expect(await openEnvelope(envelope, privateKey)).toEqual({ bytes, context });
    });
  }

  it('says so where KMS is away and there is no public key', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await expect(wrapForKms({ ...key, endpoint: `http://127.0.0.1:${port}` }, null).wrap(bytes, context))
      .rejects.toMatchObject({ code: 'KMS_AWAY', message: expect.stringContaining('offlinePublicKey') });
  });

  it('counts wrong credentials as away: the guest is not to wait for them', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong');
    await expect(wrapForKms(key, null).wrap(bytes, context)).rejects.toMatchObject({ code: 'KMS_AWAY' });
    const envelope = await wrapForKms(key, wrapForPublicKey(spki)).wrap(bytes, context);
    expect(await openEnvelope(envelope, privateKey)).toEqual({ bytes, context });
  });
});

describe('wrapped offline for an RSA key in KMS', () => {
  it('needs no network to wrap, and KMS to open', async () => {
    const arn = kms.createKey('RSA_3072');
    const rsa = { ...key, kmsKeyArn: arn };
    const { KMS } = await import('@aws-crypto/client-node');
    const { PublicKey } = await new KMS({ region: key.region, endpoint: kms.endpoint }).getPublicKey({ KeyId: arn });
    kms.requests.length = 0;
    const envelope = await wrapForKmsPublicKey(PublicKey as Uint8Array, arn).wrap(bytes, context);
    expect(kms.requests).toEqual([]);
    expect(readEnvelopeHeader(envelope).keys).toEqual([{ provider: 'aws-kms-rsa', name: arn }]);
    expect(await openEnvelope(envelope, rsa)).toEqual({ bytes, context });
    expect(kms.requests).toEqual(['Decrypt']);
    const moved = Buffer.from(envelope);
    moved.write('west', moved.indexOf('nord'));
    await expect(openEnvelope(moved, rsa)).rejects.toMatchObject({ code: 'ENVELOPE_CHANGED', message: expect.stringContaining('another encryption context') });
  });
});
