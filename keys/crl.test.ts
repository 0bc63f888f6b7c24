import { execFileSync, spawnSync } from 'node:child_process';
import { sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { algorithm, around, element, nothing, sequence, smallInteger, Tag } from '#biometrics/cms/der.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { describeCertificate } from './certificate.ts';
import { CRL_OID, encodeCrl, REASONS, type RevocationListReason, type RevokedCertificate } from './crl.ts';
import { KeyError } from './errors.ts';
import { makeKeyPair } from './key-pair.ts';
import { toPem } from './pem.ts';
import { crlIssuedBy, readCrl } from './read-crl.ts';
import { issueCertificate, type Issuer } from './x509.ts';
import { bitString, distinguishedName, extension, SignatureAlgorithm } from './x509-parts.ts';

const folder = temporaryFolder();
const file = (name: string, bytes: Uint8Array | string): string => { writeFileSync(join(folder, name), bytes); return join(folder, name); };

const authority: Issuer = { name: { organization: 'nord', commonName: 'nord Countersign root' }, keys: await makeKeyPair('p256') };
const root = await issueCertificate({ subject: authority.name, publicKey: authority.keys.publicKey, use: { kind: 'authority' }, days: 100 }, authority);
const leaf = async (commonName: string) => issueCertificate(
  { subject: { commonName }, publicKey: (await makeKeyPair('p256')).publicKey, use: { kind: 'signing' }, days: 100 }, authority,
);
const [good, bad] = [await leaf('device lobby'), await leaf('device lost')];
const serialOf = (certificate: Uint8Array) => describeCertificate(certificate).serial.toLowerCase();

const dates = { thisUpdate: new Date('2026-11-27T10:00:00Z'), nextUpdate: new Date('2051-03-01T00:00:00Z') };
const lost: RevokedCertificate = { serial: serialOf(bad), revokedAt: '2026-11-27T09:59:59.000Z', reason: 'keyCompromise', invalidSince: '2026-11-20T18:00:00.000Z' };
const crl = await encodeCrl({ number: 200, ...dates, entries: [lost] }, authority);
const read = { issuer: 'O=nord, CN=nord Countersign root', number: 200, thisUpdate: '2026-11-27T10:00:00.000Z', nextUpdate: '2051-03-01T00:00:00.000Z', entries: [lost] };

describe('a revocation list', () => {
  it('is what OpenSSL reads, and signed by the authority', (context) => {
    const openssl = judge(context, 'openssl');
    const answer = spawnSync(openssl, ['crl', '-inform', 'DER', '-in', file('crl', crl), '-noout', '-text', '-CAfile', file('root.pem', toPem('CERTIFICATE', root))], { encoding: 'utf8' });
    expect(answer.stderr).toContain('verify OK');
    expect(answer.stdout).toContain('Version 2 (0x1)');
    expect(answer.stdout).toMatch(/X509v3 CRL Number: \s+200\n/);
    expect(answer.stdout).toMatch(/CRL Reason Code: \s+Key Compromise\n\s+Invalidity Date: \s+Nov 20 18:00:00 2026 GMT/);
    expect(answer.stdout).toContain(`Serial Number: ${serialOf(bad).toUpperCase()}\n        Revocation Date: Nov 27 09:59:59 2026 GMT`);
    expect(answer.stdout).toContain('Next Update: Mar  1 00:00:00 2051 GMT');
  });

  it('stops "openssl verify -crl_check" at the certificate it names, and at no other', async (context) => {
    const openssl = judge(context, 'openssl');
    const now = await encodeCrl({ number: 1, thisUpdate: new Date(Date.now() - 1000), nextUpdate: new Date(Date.now() + 86_400_000), entries: [lost] }, authority);
    const verify = (certificate: Uint8Array) => spawnSync(openssl, ['verify', '-x509_strict', '-crl_check', '-CRLfile', file('crl.pem', toPem('X509 CRL', now)),
      '-CAfile', file('root.pem', toPem('CERTIFICATE', root)), file('leaf.pem', toPem('CERTIFICATE', certificate))], { encoding: 'utf8' });
    expect(verify(good)).toMatchObject({ status: 0 });
    expect(verify(bad).stderr).toContain('certificate revoked');
  });

  it('of nothing has no list at all, and no reason is written as none', async (context) => {
    const openssl = judge(context, 'openssl');
    const text = async (entries: RevokedCertificate[]) => execFileSync(openssl, ['crl', '-inform', 'DER', '-noout', '-text'], { input: await encodeCrl({ number: 1, ...dates, entries }, authority), encoding: 'utf8' });
    expect(await text([])).toContain('No Revoked Certificates.');
    expect(await text([{ serial: '7f', revokedAt: lost.revokedAt, reason: 'unspecified', invalidSince: null }])).not.toContain('CRL entry extensions');
  });

  it('comes back as it was written', async () => {
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 }).map((second) => new Date(second * 1000).toISOString());
    const entry: fc.Arbitrary<RevokedCertificate> = fc.record({
      serial: fc.bigInt({ min: 1n, max: 2n ** 159n }).map((serial) => serial.toString(16)),
      revokedAt: seconds, reason: fc.constantFrom(...REASONS.filter((reason): reason is RevocationListReason => reason !== null)), invalidSince: fc.option(seconds),
    });
    await fc.assert(fc.asyncProperty(fc.array(entry, { maxLength: 5 }), fc.maxSafeNat(), seconds, async (entries, number, at) => {
      const der = await encodeCrl({ number, thisUpdate: new Date(at), nextUpdate: dates.nextUpdate, entries }, authority);
      expect(readCrl(der)).toEqual({ ...read, number, thisUpdate: at, entries, scope: null });
      expect(crlIssuedBy(der, root)).toBe(true);
    }), { numRuns: 60 });
  });

  it('of three thousand entries is read whole', async () => {
    const entries = Array.from({ length: 3_000 }, (_, index) => ({ ...lost, serial: (index + 1).toString(16) }));
    expect(readCrl(await encodeCrl({ number: 2, ...dates, entries }, authority)).entries).toEqual(entries);
  });
});

describe('a list of somebody else', () => {
  it('is not taken for the authority\'s: another key under the same name, or a certificate that signs no lists', async () => {
    const copy: Issuer = { name: authority.name, keys: await makeKeyPair('p256') };
    expect(crlIssuedBy(crl, root)).toBe(true);
    expect(crlIssuedBy(await encodeCrl({ number: 201, ...dates, entries: [] }, copy), root)).toBe(false);
    const noLists = await issueCertificate({ subject: authority.name, publicKey: authority.keys.publicKey, use: { kind: 'signing' }, days: 9 }, authority);
    expect(crlIssuedBy(crl, noLists)).toBe(false);
    expect(crlIssuedBy(crl, good)).toBe(false);
    expect(() => crlIssuedBy(crl, crl)).toThrow(expect.objectContaining({ code: 'CERTIFICATE_MALFORMED' }));
  });

  it('made by OpenSSL with RSA is read and checked', (context) => {
    const openssl = judge(context, 'openssl');
    execFileSync(openssl, ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'ca.key'), '-out', join(folder, 'ca.pem'), '-days', '3', '-subj', '/O=Other/CN=CA'], { stdio: 'ignore' });
    const config = file('ca.cnf', `[ca]\ndefault_ca=d\n[d]\ndatabase=${file('index.txt', 'R\t491231235959Z\t261127095959Z,CACompromise\t1F00\tunknown\t/CN=x\n')}\ncrlnumber=${file('number', '0A\n')}\ndefault_md=sha256\ndefault_crl_days=9\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n`);
    const pem = execFileSync(openssl, ['ca', '-config', config, '-gencrl', '-keyfile', join(folder, 'ca.key'), '-cert', join(folder, 'ca.pem')], { stdio: ['ignore', 'pipe', 'ignore'] });
    const der = execFileSync(openssl, ['crl', '-outform', 'DER'], { input: pem });
    const certificate = execFileSync(openssl, ['x509', '-in', join(folder, 'ca.pem'), '-outform', 'DER']);
    expect(readCrl(der)).toMatchObject({ issuer: 'O=Other, CN=CA', number: 10, entries: [{ serial: '1f00', revokedAt: '2026-11-27T09:59:59.000Z', reason: 'cACompromise', invalidSince: null }] });
    expect(crlIssuedBy(der, certificate)).toBe(true);
    expect(crlIssuedBy(der, root)).toBe(false);
  });
});

describe('a list made by hand', () => {
  interface Parts { version: number; inside: Uint8Array; outside: Uint8Array; issuer: Uint8Array; made: string; serial: Uint8Array; extensions: Uint8Array[] }
  const right = algorithm(SignatureAlgorithm.ecdsaWithSha256);
  const made = (change: Partial<Parts>): Uint8Array => {
    const { version, inside, outside, issuer, made: at, serial, extensions } = {
      version: 1, inside: right, outside: right, issuer: distinguishedName(authority.name), made: '261127100000Z', serial: Uint8Array.of(1), extensions: [], ...change,
    };
    const utc = element(Tag.utcTime, Buffer.from(at));
    const body = sequence(smallInteger(version), inside, issuer, utc, utc, sequence(sequence(element(Tag.integer, serial), utc)), element(around(0), sequence(...extensions)));
    return sequence(body, outside, bitString(sign('sha256', body, authority.keys.privateKey)));
  };
  const number = extension(CRL_OID.number, false, smallInteger(7));

  it('is taken where it is as it should be', () => {
    expect(readCrl(made({ extensions: [number] }))).toMatchObject({ number: 7, entries: [{ serial: '1', reason: 'unspecified' }] });
    expect(crlIssuedBy(made({}), root)).toBe(true);
  });

  it.each<[string, Partial<Parts>]>([
    ['of another version', { version: 0 }],
    ['that names one algorithm inside and another outside', { outside: algorithm(SignatureAlgorithm.rsaWithSha256, nothing()) }],
    ['of a day that is none', { made: '260231100000Z' }],
    ['of a serial number longer than 20 bytes and a sign', { serial: new Uint8Array(22).fill(1) }],
    ['with an extension twice', { extensions: [number, number] }],
  ])('%s is refused', (_, change) => {
    expect(outcome(() => readCrl(made(change)))).toBe('CRL_MALFORMED');
  });

  it('under another name, or another algorithm than that of its signature, is not of the authority', () => {
    expect(crlIssuedBy(made({ issuer: distinguishedName({ commonName: 'other' }) }), root)).toBe(false);
    const sha384 = algorithm('1.2.840.10045.4.3.3');
    expect(crlIssuedBy(made({ inside: sha384, outside: sha384 }), root)).toBe(false);
  });
});

describe('hostile bytes', () => {
  it('with one byte changed are refused with a code, or no longer signed', () => {
    for (let at = 0; at < crl.length; at++) {
      for (const change of [1, 0x80, 0xff]) {
        const changed = crl.map((byte, index) => (index === at ? byte ^ change : byte));
        expect(outcome(() => crlIssuedBy(changed, root))).not.toBe(true);
        outcome(() => readCrl(changed));
      }
    }
  });

  it('cut off anywhere, arbitrary, or too long are refused with a code', () => {
    for (let length = 0; length < crl.length; length++) expect(outcome(() => readCrl(crl.subarray(0, length)))).toBe('CRL_MALFORMED');
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => { expect(outcome(() => readCrl(bytes))).toBe('CRL_MALFORMED'); }));
    expect(outcome(() => readCrl(new Uint8Array(5_000_000)))).toBe('CRL_MALFORMED');
  });

  it('with a critical extension that is not known here are refused, since it changes what the list means', () => {
    // The identifier of cRLNumber, 2.5.29.20, becomes that of a delta list, 2.5.29.27, and `critical` stays away: passed over.
    const number = Buffer.from(crl).indexOf(Buffer.from([0x55, 0x1d, 20]));
    const unknown = crl.map((byte, index) => (index === number + 2 ? 27 : byte));
    expect(readCrl(unknown).number).toBeNull();
    // The same in an entry, made critical in place of the reason's value: BOOLEAN TRUE, then an OCTET STRING of one byte less.
    const reason = Buffer.from(crl).indexOf(Buffer.from([0x55, 0x1d, 21, 0x04, 0x03]));
    const critical = Uint8Array.from(crl);
    critical.set([0x55, 0x1d, 29, 0x01, 0x01, 0xff, 0x04, 0x00], reason);
    expect(() => readCrl(critical)).toThrow(/critical/);
  });
});

/** What came back, or the code of a KeyError; anything else fails the test. */
function outcome<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return error.code;
  }
}
