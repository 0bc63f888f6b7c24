/** OpenSSL, and NSS behind certutil, judge what is issued here. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { describeCertificate, readCertificate } from './certificate.ts';
import { issueDemoKeys } from './demo-authority.ts';
import { makeKeyPair, privateKeyPem } from './key-pair.ts';
import { toPem } from './pem.ts';
import { issueCertificate } from './x509.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  const { root, device, seal } = await issueDemoKeys({ tenant: 'Nord Hotels', site: 'Riga', station: 'desk-1' });
  writeFileSync(file('root.pem'), toPem('CERTIFICATE', root));
  writeFileSync(file('device.pem'), toPem('CERTIFICATE', device.certificate));
  writeFileSync(file('device.key'), toPem('PRIVATE KEY', device.privateKey));
  writeFileSync(file('seal.pem'), toPem('CERTIFICATE', seal.certificate));
});

describe('a certificate of the demo authority', () => {
  it('is verified by OpenSSL under its strict rules, to the root', (context) => {
    const openssl = judge(context, 'openssl');
    const answer = execFileSync(openssl, ['verify', '-x509_strict', '-CAfile', file('root.pem'), file('device.pem'), file('seal.pem')], { encoding: 'utf8' });
    expect(answer).toBe(`${file('device.pem')}: OK\n${file('seal.pem')}: OK\n`);
  });

  it('signs what plain "openssl cms -verify" accepts', (context) => {
    const openssl = judge(context, 'openssl');
    writeFileSync(file('content'), 'what was signed');
    execFileSync(openssl, ['cms', '-sign', '-binary', '-nodetach', '-in', file('content'), '-signer', file('device.pem'),
      '-inkey', file('device.key'), '-outform', 'DER', '-out', file('cms')]);
    const verify = (root: string) => spawnSync(openssl, ['cms', '-verify', '-binary', '-inform', 'DER', '-in', file('cms'), '-CAfile', file(root)], { encoding: 'utf8' });
    expect(verify('root.pem')).toMatchObject({ status: 0, stdout: 'what was signed' });
    expect(verify('seal.pem').status).not.toBe(0);
  });

  it('is one that NSS, which reads PDFs for pdfsig, lets sign', (context) => {
    const certutil = judge(context, 'certutil');
    const database = file('nss');
    mkdirSync(database);
    const run = (...words: string[]) => execFileSync(certutil, ['-d', `sql:${database}`, ...words], { encoding: 'utf8' });
    run('-N', '--empty-password');
    run('-A', '-n', 'root', '-t', ',C,', '-i', file('root.pem'));
    run('-A', '-n', 'device', '-t', ',,', '-i', file('device.pem'));
    expect(run('-V', '-n', 'device', '-u', 'S', '-e')).toContain('certificate is valid');
  });

  it('says what it is for, in words OpenSSL prints', (context) => {
    const openssl = judge(context, 'openssl');
    const text = (name: string) => execFileSync(openssl, ['x509', '-in', file(name), '-noout', '-text'], { encoding: 'utf8' });
    expect(text('device.pem')).toMatch(/Key Usage: critical\s+Digital Signature, Non Repudiation\n/);
    expect(text('device.pem')).toMatch(/Basic Constraints: critical\s+CA:FALSE\n/);
    expect(text('device.pem')).toContain('Subject: O = Nord Hotels, OU = Riga, CN = DEMO device desk-1\n');
    expect(text('device.pem')).not.toContain('(Negative)');
    expect(text('root.pem')).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    expect(text('root.pem')).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0\n/);
  });
});

describe('a certificate', () => {
  it('carries its dates to the second, before and after 2050', async (context) => {
    const openssl = judge(context, 'openssl');
    const keys = await makeKeyPair('p256');
    for (const days of [1, 365 * 40]) {
      const certificate = await issueCertificate(
        { subject: { commonName: 'dates' }, publicKey: keys.publicKey, use: { kind: 'signing' }, days }, { name: { commonName: 'dates' }, keys },
      );
      const { notBefore, notAfter } = describeCertificate(certificate);
      expect(Date.parse(notAfter) - Date.parse(notBefore)).toBe(days * 86_400_000);
      const encoding = execFileSync(openssl, ['asn1parse', '-inform', 'DER'], { input: certificate, encoding: 'utf8' });
      expect(encoding.includes('GENERALIZEDTIME')).toBe(Date.parse(notAfter) >= Date.parse('2050-01-01'));
    }
  });

  it('of RSA is verified by OpenSSL too', async (context) => {
    const openssl = judge(context, 'openssl');
    const keys = await makeKeyPair('rsa');
    const name = { commonName: 'RSA examiner' };
    const certificate = await issueCertificate({ subject: name, publicKey: keys.publicKey, use: { kind: 'decryption' }, days: 10 }, { name, keys });
    writeFileSync(file('rsa.pem'), toPem('CERTIFICATE', certificate));
    const answer = execFileSync(openssl, ['verify', '-check_ss_sig', '-CAfile', file('rsa.pem'), file('rsa.pem')], { encoding: 'utf8' });
    expect(answer).toContain('OK');
    const modulus = (words: string[], input: string) => execFileSync(openssl, [...words, '-noout', '-modulus'], { input, encoding: 'utf8' });
    expect(modulus(['x509'], toPem('CERTIFICATE', certificate))).toBe(modulus(['rsa'], privateKeyPem(keys.privateKey)));
  });

  it('never has the serial number of another', async () => {
    const keys = await makeKeyPair('p256');
    const name = { commonName: 'serial' };
    const serials = await Promise.all(Array.from({ length: 20 }, async () => {
      const der = await issueCertificate({ subject: name, publicKey: keys.publicKey, use: { kind: 'signing' }, days: 1 }, { name, keys });
      return describeCertificate(readCertificate(der)).serial;
    }));
    expect(new Set(serials).size).toBe(20);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });
});
