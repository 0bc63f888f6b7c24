/** A key in AWS KMS, against a stand-in that speaks the protocol; OpenSSL judges what it signs. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildSignedData, verifySignedData } from '#biometrics/cms.ts';
import { startKmsServer, type KmsServer } from '#fixtures/kms-server.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { makeKeyPair } from '../key-pair.ts';
import { toPem } from '../pem.ts';
import { issueCertificate } from '../x509.ts';
import { openKmsKey } from './kms-key.ts';
import { signerWith } from './signing-key.ts';

const folder = temporaryFolder();
const content = new TextEncoder().encode('what was sealed');
let kms: KmsServer;

beforeAll(async () => { kms = await startKmsServer(); });
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', kms.credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', kms.credentials.secretAccessKey);
  kms.fault = null;
  kms.signsWrongly = false;
  kms.signed.length = 0;
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => kms.close());

const open = (keyArn: string, timeoutMs?: number) => openKmsKey({ keyArn, endpoint: kms.endpoint, ...(timeoutMs !== undefined && { timeoutMs }) });

describe('a key in KMS', () => {
  it.for(['ECC_NIST_P256', 'RSA_2048'] as const)('of %s seals what OpenSSL verifies, and gives away a digest only', async (spec, context) => {
    const openssl = judge(context, 'openssl');
    const key = await open(kms.createSigningKey(spec));
    const authority = { name: { commonName: 'CA' }, keys: await makeKeyPair('p256') };
    const root = await issueCertificate({ subject: authority.name, publicKey: authority.keys.publicKey, use: { kind: 'authority' }, days: 9 }, authority);
    const certificate = await issueCertificate({ subject: { commonName: 'Seal' }, publicKey: key.publicKey, use: { kind: 'signing' }, days: 9 }, authority);
    const cms = await buildSignedData({ content, signer: signerWith(key, certificate, [root]) });

    expect(kms.signed).toEqual([{ message: expect.any(Buffer), type: 'DIGEST' }]);
    expect(kms.signed[0]!.message).toHaveLength(32);
    expect(await verifySignedData(cms)).toMatchObject({ valid: true, problems: [] });
    const [signed, trusted] = [join(folder, `${spec}.der`), join(folder, 'root.pem')];
    writeFileSync(signed, cms);
    writeFileSync(trusted, toPem('CERTIFICATE', root));
    expect(spawnSync(openssl, ['cms', '-verify', '-binary', '-cades', '-inform', 'DER', '-in', signed, '-CAfile', trusted], { encoding: 'utf8' }))
      .toMatchObject({ status: 0, stdout: 'what was sealed' });
    const algorithms = spawnSync(openssl, ['cms', '-cmsout', '-print', '-noout', '-inform', 'DER', '-in', signed], { encoding: 'utf8' }).stdout;
    expect(algorithms).toMatch(spec === 'RSA_2048'
      ? /signatureAlgorithm: \n\s+algorithm: sha256WithRSAEncryption .*\n\s+parameter: NULL\n\s+signature:/
      : /signatureAlgorithm: \n\s+algorithm: ecdsa-with-SHA256 .*\n\s+parameter: <ABSENT>\n\s+signature:/);
  });

  it('of another use, or unknown, or named by an alias, is refused before anything is sealed', async () => {
    await expect(open(kms.createKey('SYMMETRIC_DEFAULT'))).rejects.toMatchObject({ code: 'SIGNER_KEY_UNFIT' });
    await expect(open(kms.createKey('RSA_3072'))).rejects.toMatchObject({ code: 'SIGNER_KEY_UNFIT', message: expect.stringContaining('SIGN_VERIFY') });
    await expect(open('arn:aws:kms:eu-north-1:111122223333:key/0')).rejects.toMatchObject({ code: 'SIGNER_KEY_UNKNOWN' });
    await expect(open('arn:aws:kms:eu-north-1:111122223333:alias/seal')).rejects.toMatchObject({ code: 'KEY_REFERENCE_INVALID' });
  });

  it('says who must act: a person where it is refused, nobody where it is away', async () => {
    const arn = kms.createSigningKey('ECC_NIST_P256');
    const key = await open(arn);
    const codeOf = (attempt: Promise<unknown>) => attempt.then(() => 'signed', ({ code }: { code: string }) => code);
    kms.fault = 'denied';
    expect([await codeOf(open(arn)), await codeOf(key.sign(content))]).toEqual(['SIGNER_REFUSED', 'SIGNER_REFUSED']);
    kms.fault = null;
    kms.setState(arn, 'Disabled');
    await expect(key.sign(content)).rejects.toMatchObject({ code: 'SIGNER_REFUSED', message: expect.stringContaining('disabled') });
    kms.setState(arn, 'PendingDeletion');
    await expect(key.sign(content)).rejects.toMatchObject({ code: 'SIGNER_REFUSED', message: expect.stringContaining('to be deleted') });
    kms.setState(arn, 'Enabled');
    for (const fault of ['throttle', 'internal', 'reset'] as const) {
      kms.fault = fault;
      expect([fault, await codeOf(key.sign(content))]).toEqual([fault, 'SIGNER_AWAY']);
    }
    kms.fault = 'hang';
    expect(await codeOf(open(arn, 100))).toBe('SIGNER_AWAY');
    kms.fault = null;
    expect(await codeOf(key.sign(content))).toBe('signed');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another');
    await expect(open(arn)).rejects.toMatchObject({ code: 'SIGNER_REFUSED', message: expect.not.stringContaining('another') });
  });

  it('whose answer is not of its public key signs nothing', async () => {
    const key = await open(kms.createSigningKey('ECC_NIST_P256'));
    kms.signsWrongly = true;
    await expect(key.sign(content)).rejects.toMatchObject({ code: 'SIGN_FAILED' });
  });
});
