import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { issueDemoKeys } from './demo-authority.ts';
import { makeKeyPair, privateKeyPem } from './key-pair.ts';
import { readPrivateKey } from './certificate.ts';
import { toPem } from './pem.ts';
import { createSoftwareSigner } from './software-signer.ts';

const folder = temporaryFolder();
let issued: Awaited<ReturnType<typeof issueDemoKeys>>;

beforeAll(async () => {
  issued = await issueDemoKeys({ tenant: 'T', site: 'S', station: 'D' });
});

describe('a software signer', () => {
  it('signs what OpenSSL verifies with the certificate', async (context) => {
    const openssl = judge(context, 'openssl');
    const signer = createSoftwareSigner(issued.device.privateKey, issued.device.certificate, [issued.root]);
    const [certFile, keyFile, signatureFile] = ['cert', 'key', 'signature'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(certFile, toPem('CERTIFICATE', signer.certificate));
    writeFileSync(keyFile, spawnSync(openssl, ['x509', '-in', certFile, '-noout', '-pubkey']).stdout);
    writeFileSync(signatureFile, await signer.sign(Buffer.from('data')));
    const verify = (data: string) => spawnSync(openssl, ['dgst', '-sha256', '-verify', keyFile, '-signature', signatureFile], { input: data, encoding: 'utf8' }).stdout;
    expect(verify('data')).toBe('Verified OK\n');
    expect(verify('dat4')).not.toContain('OK');
    expect(signer.chain).toEqual([issued.root]);
  });

  it('is not made of a key and another key’s certificate, nor of RSA', async () => {
    const rsa = readPrivateKey(Buffer.from(privateKeyPem((await makeKeyPair('rsa')).privateKey)));
    for (const key of [issued.seal.privateKey, rsa]) {
      expect(() => createSoftwareSigner(key, issued.device.certificate, [])).toThrow(expect.objectContaining({ code: 'PRIVATE_KEY_MALFORMED' }));
    }
  });
});
