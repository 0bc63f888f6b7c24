import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testRoot } from '#fixtures/test-certificates.ts';
import { describeCertificate, readCertificate, readPrivateKey, serialOf } from './certificate.ts';
import { fromPem, toPem } from './pem.ts';

const folder = temporaryFolder();

describe('a private key', () => {
  it('is read in every form that OpenSSL writes', (context) => {
    const openssl = judge(context, 'openssl');
    for (const [kind, traditional] of [['EC', 'BEGIN EC PRIVATE KEY'], ['RSA', 'BEGIN RSA PRIVATE KEY']] as const) {
      const options = kind === 'EC' ? ['-pkeyopt', 'ec_paramgen_curve:P-256'] : ['-pkeyopt', 'rsa_keygen_bits:2048'];
      const pem = execFileSync(openssl, ['genpkey', '-quiet', '-algorithm', kind, ...options]);
      const der = new Uint8Array(execFileSync(openssl, ['pkcs8', '-topk8', '-nocrypt', '-outform', 'DER'], { input: pem }));
      const old = execFileSync(openssl, ['pkey', '-traditional'], { input: pem });
      expect(old.toString()).toContain(traditional);
      for (const form of [pem, der, old]) expect(readPrivateKey(form)).toEqual(der);
    }
  });

  it('under a passphrase is refused with the way out', (context) => {
    const openssl = judge(context, 'openssl');
    const pem = execFileSync(openssl, ['genpkey', '-quiet', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-aes256', '-pass', 'pass:x']);
    expect(() => readPrivateKey(pem)).toThrow(expect.objectContaining({ code: 'PRIVATE_KEY_ENCRYPTED' }));
  });

  it('is not made of arbitrary bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => readPrivateKey(bytes)).toThrow(expect.objectContaining({ code: 'PRIVATE_KEY_MALFORMED' }));
    }));
  });
});

describe('a certificate', () => {
  it('is described as OpenSSL describes it', (context) => {
    const openssl = judge(context, 'openssl');
    const path = join(folder, 'made.pem');
    execFileSync(openssl, ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'made.key'), '-out', path,
      '-days', '3', '-subj', '/O=Tenant/CN=someone', '-set_serial', '0x1234ABCD'], { stdio: 'ignore' });
    const pem = execFileSync(openssl, ['x509', '-in', path]);
    const fingerprint = execFileSync(openssl, ['x509', '-in', path, '-noout', '-fingerprint', '-sha256'], { encoding: 'utf8' });
    const der = readCertificate(pem);
    const described = describeCertificate(der);
    expect(described).toMatchObject({
      subject: 'O=Tenant, CN=someone', issuer: 'O=Tenant, CN=someone', serial: '1234ABCD', keyType: 'RSA-2048',
      sha256: fingerprint.split('=')[1]?.trim().replaceAll(':', '').toLowerCase(),
    });
    expect(Date.parse(described.notAfter) - Date.parse(described.notBefore)).toBe(3 * 86_400_000);
    expect(readCertificate(der)).toEqual(der);
    expect(readCertificate(Buffer.concat([Buffer.from('Certificate:\n  Data:\n'), pem, pem]))).toEqual(der);
  });

  it.for([['0x00FB', 'fb'], ['-5', 'fb'], ['0x0A', 'a'], ['-129', 'ff7f']] as const)('with serial number %s is named as a revocation list names it', ([serial, named], context) => {
    const openssl = judge(context, 'openssl');
    const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', join(folder, 'serial.key'), '-subj', '/CN=x', '-outform', 'DER', '-set_serial', serial];
    expect(serialOf(execFileSync(openssl, ['req', '-x509', ...options], { stdio: ['ignore', 'pipe', 'ignore'] }))).toBe(named);
  });

  it('is not made of arbitrary bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => readCertificate(bytes)).toThrow(expect.objectContaining({ code: 'CERTIFICATE_MALFORMED' }));
    }));
  });

  it('with a date that is none is refused, where OpenSSL reads it', async () => {
    const der = Buffer.from(await testRoot());
    // by its form: tag and length alone may stand in a serial number, too
    const digits = der.toString('latin1').search(/\d{12}Z/);
    der.write('99', digits + 2);
    expect(new X509Certificate(der).subject).toBeTruthy();
    // as a Date it is NaN at one time and a moment at another: always refused
    for (let again = 0; again < 500; again++) expect(() => describeCertificate(der)).toThrow(expect.objectContaining({ code: 'CERTIFICATE_MALFORMED' }));
  });
});

describe('a certificate whose key cannot be read', () => {
  it('is refused with a code, of a curve that is none as of a point that is on none', async () => {
    const der = Buffer.from(await testRoot());
    const curve = der.indexOf(Buffer.from('2a8648ce3d030107', 'hex'));
    for (const at of [curve + 7, curve + 20]) {
      const changed = Buffer.from(der);
      changed[at] = changed[at]! ^ 1;
      expect(() => describeCertificate(changed)).toThrow(expect.objectContaining({ code: 'CERTIFICATE_MALFORMED' }));
    }
  });
});

describe('PEM', () => {
  it('gives back every block of the label asked for, and no other', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 })), (blocks) => {
      const text = blocks.map((block) => `text\n${toPem('CERTIFICATE', block)}${toPem('PRIVATE KEY', block)}`).join('\r\n');
      expect(fromPem('CERTIFICATE', text)).toEqual(blocks);
      expect(fromPem('PUBLIC KEY', text)).toEqual([]);
    }));
  });
});
