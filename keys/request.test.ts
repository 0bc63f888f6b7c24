import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { around, element, sequence, smallInteger } from '#biometrics/cms/der.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { KeyError } from './errors.ts';
import { fingerprint, isFingerprintOf } from './fingerprint.ts';
import { makeKeyPair, publicKeyDer } from './key-pair.ts';
import { makeCertificateRequest, readCertificateRequest } from './request.ts';
import { issueCertificate } from './x509.ts';
import { distinguishedName, signed } from './x509-parts.ts';

const folder = temporaryFolder();
const keys = await makeKeyPair('p256');
const subject = { organization: 'nord', unit: 'riga', commonName: 'device lobby' };
const request = await makeCertificateRequest(subject, keys);

describe('a request for a certificate', () => {
  it('is verified by OpenSSL', (context) => {
    const answer = spawnSync(judge(context, 'openssl'), ['req', '-inform', 'DER', '-verify', '-noout', '-subject', '-text'], { input: request, encoding: 'utf8' });
    expect(answer.stderr + answer.stdout).toContain('verify OK');
    expect(answer.stdout).toContain('subject=O = nord, OU = riga, CN = device lobby');
    expect(answer.stdout).toContain('Version: 1 (0x0)');
  });

  it('comes back with its name and its key', () => {
    const read = readCertificateRequest(request);
    expect(read.subject).toEqual(distinguishedName(subject));
    expect(read.publicKey.equals(keys.publicKey)).toBe(true);
  });

  it('of OpenSSL is taken where its key is of P-256, and refused where it is another', async (context) => {
    const openssl = judge(context, 'openssl');
    const make = (...newkey: string[]) => new Uint8Array(execFileSync(openssl,
      ['req', '-new', ...newkey, '-nodes', '-keyout', join(folder, 'key'), '-subj', '/CN=x', '-outform', 'DER'], { stdio: ['ignore', 'pipe', 'ignore'] }));
    const taken = readCertificateRequest(make('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'));
    const name = { commonName: 'x' };
    expect(new X509Certificate(await issueCertificate({ subject: name, publicKey: taken.publicKey, use: { kind: 'signing' }, days: 1 }, { name, keys })).subject).toBe('CN=x');
    for (const other of [['-newkey', 'rsa:2048'], ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:explicit']]) {
      expect(() => readCertificateRequest(make(...other))).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }));
    }
  });

  it('with any byte changed or cut off is refused', () => {
    for (let at = 0; at < request.length; at++) {
      expect(codeOf(request.map((byte, index) => (index === at ? byte ^ 1 : byte)))).toBe('REQUEST_INVALID');
      expect(codeOf(request.subarray(0, at))).toBe('REQUEST_INVALID');
    }
    expect(codeOf(new Uint8Array(10_000))).toBe('REQUEST_INVALID');
  });
});

describe('a request made by hand', () => {
  const spki = publicKeyDer(keys.publicKey);
  const made = async (version: number, key: Uint8Array) => signed(sequence(smallInteger(version), distinguishedName(subject), key, element(around(0))), keys.privateKey);

  it('is refused in another version, and with its point in another form: one key has one certificate', async () => {
    expect(codeOf(await made(0, spki))).toBe('taken');
    expect(codeOf(await made(1, spki))).toBe('REQUEST_INVALID');
    // Hybrid form (X9.62 section 4.3.6): both coordinates, and the parity of Y in the first byte.
    const hybrid = Uint8Array.from(spki);
    hybrid[26] = 6 + (spki.at(-1)! & 1);
    expect(codeOf(await made(0, hybrid))).toBe('REQUEST_INVALID');
  });
});

describe('a fingerprint', () => {
  it('is the first half of SHA-256, in eight groups', () => {
    // SHA-256 of "abc": FIPS 180-2 appendix B.1.
    expect(fingerprint(Buffer.from('abc'))).toBe('BA78 16BF 8F01 CFEA 4141 40DE 5DAE 2223');
  });

  it('is recognised however it is typed, and no other is', () => {
    const bytes = Buffer.from('abc');
    expect(isFingerprintOf(' ba7816bf8f01cfea 414140de5dae2223\n', bytes)).toBe(true);
    fc.assert(fc.property(fc.nat(31), fc.integer({ min: 1, max: 15 }), (at, change) => {
      const digits = [...fingerprint(bytes).replaceAll(' ', '')];
      digits[at] = (Number.parseInt(digits[at]!, 16) ^ change).toString(16);
      expect(isFingerprintOf(digits.join(''), bytes)).toBe(false);
      expect(isFingerprintOf(fingerprint(bytes).slice(0, at), bytes)).toBe(false);
    }));
  });
});

function codeOf(der: Uint8Array): string {
  try {
    readCertificateRequest(der);
    return 'taken';
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return error.code;
  }
}
