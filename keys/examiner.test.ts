import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { describeCertificate } from './certificate.ts';
import { createExaminer, listExaminers } from './examiner.ts';

const folder = temporaryFolder();

describe('an examiner', () => {
  for (const [type, keyType] of [['p256', 'P-256'], ['rsa', 'RSA-3072']] as const) {
    it(`of ${keyType} opens with stock OpenSSL what was encrypted to the certificate`, async (context) => {
      const openssl = judge(context, 'openssl');
      const { keyPath, certPath, certificate } = await createExaminer(join(folder, type), { name: `Dr. Ēva Ozola (${type})`, type });
      expect(describeCertificate(certificate)).toMatchObject({ subject: `CN=Dr. Ēva Ozola (${type})`, keyType });
      expect(statSync(keyPath).mode & 0o777).toBe(0o600);
      expect(readFileSync(keyPath, 'latin1')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
      const padding = type === 'rsa' ? ['-keyopt', 'rsa_padding_mode:oaep', '-keyopt', 'rsa_oaep_md:sha256'] : ['-keyopt', 'ecdh_kdf_md:sha256'];
      const sealed = execFileSync(openssl, ['cms', '-encrypt', '-binary', '-aes-256-gcm', '-outform', 'DER', '-recip', certPath, ...padding], { input: 'strokes' });
      const opened = execFileSync(openssl, ['cms', '-decrypt', '-binary', '-inform', 'DER', '-recip', certPath, '-inkey', keyPath], { input: sealed, encoding: 'utf8' });
      expect(opened).toBe('strokes');
    });
  }

  it('is never overwritten, nor is a key whose certificate was moved away', async () => {
    const place = join(folder, 'kept');
    await createExaminer(place, { name: 'Notary', type: 'p256' });
    const before = readFileSync(join(place, 'notary.key.pem'));
    await expect(createExaminer(place, { name: 'NOTARY', type: 'p256' })).rejects.toMatchObject({ code: 'EXAMINER_EXISTS' });
    expect(readFileSync(join(place, 'notary.key.pem'))).toEqual(before);
    writeFileSync(join(place, 'lone.key.pem'), 'somebody’s key');
    await expect(createExaminer(place, { name: 'lone', type: 'p256' })).rejects.toMatchObject({ code: 'EXAMINER_EXISTS' });
    expect(existsSync(join(place, 'lone.cert.pem'))).toBe(false);
  });

  it('keeps to the folder whatever the name, and leaves its mode alone', async () => {
    const place = join(folder, 'outside', 'inside');
    mkdirSync(place, { recursive: true, mode: 0o755 });
    const { keyPath } = await createExaminer(place, { name: '../../etc/passwd', type: 'p256' });
    expect(keyPath).toBe(join(place, 'etc-passwd.key.pem'));
    expect(statSync(place).mode & 0o777).toBe(0o755);
    await expect(createExaminer(place, { name: '../..', type: 'p256' })).rejects.toMatchObject({ code: 'NAME_INVALID' });
  });

  it('is listed by certificate, private keys unread', async () => {
    const place = join(folder, 'listed');
    const { certificate, keyPath } = await createExaminer(place, { name: 'B', type: 'p256' });
    await createExaminer(place, { name: 'A', type: 'p256' });
    writeFileSync(keyPath, 'not a key');
    expect(listExaminers(place).map(({ name, description }) => [name, description.keyType])).toEqual([['a', 'P-256'], ['b', 'P-256']]);
    expect(listExaminers(place)[1]?.certificate).toEqual(certificate);
    expect(listExaminers(join(folder, 'nowhere'))).toEqual([]);
  });
});
