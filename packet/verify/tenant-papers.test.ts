/**
 * Attacks with the lists themselves: whoever can give a verifier a list of their own hides that a certificate was taken back, or
 * takes back those of others. A list that does not count refuses the check; none is ever quietly left out.
 */
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildSignedData } from '#biometrics/cms.ts';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { listEntry, testTenant, type TestTenant } from '#fixtures/test-tenant.ts';
import { toPem } from '#keys/pem.ts';
import { administratorName } from '#keys/tenant/names.ts';
import { issueCertificate } from '#keys/x509.ts';
import { verifyInChild } from './in-child.ts';
import { verify } from './verify.ts';

let nord: TestTenant;
let other: TestTenant;
let file: Uint8Array;

beforeAll(async () => {
  [nord, other] = await Promise.all([testTenant('nord'), testTenant('sund')]);
  ({ signedPdf: file } = await completedSigning({ seal: nord.seal }));
});

const flipped = (bytes: Uint8Array, fromEnd: number): Uint8Array => bytes.with(bytes.length - fromEnd, bytes.at(-fromEnd)! ^ 1);
const refused = (words: string) => ({ name: 'PacketError', code: 'PAPER_REFUSED', message: expect.stringContaining(words) as string });

describe('a device list', () => {
  test('by the administrator counts, in DER and in PEM', async () => {
    const list = await nord.deviceList();
    for (const devices of [list, Buffer.from(toPem('CMS', list)), Buffer.from(toPem('PKCS7', list))]) {
      expect(await verify(file, { trust: [other.root, nord.root], devices })).toMatchObject({ valid: true, papers: { devices: { tenant: 'nord', number: 3 } } });
    }
  });

  test.each([
    ['signed by a device of the tenant instead', () => nord.deviceList({ signer: nord.device }), 'no administrator'],
    ['of another tenant', () => other.deviceList(), 'not of this tenant\'s authority'],
    ['of another tenant, by an administrator of this one', () => other.deviceList({ signer: nord.administrator }), 'for the tenant "sund"'],
    ['of this tenant, by an administrator of another', () => nord.deviceList({ signer: other.administrator }), 'not of this tenant\'s authority'],
    ['with a changed signature', async () => flipped(await nord.deviceList(), 5), 'does not hold'],
    ['that is another paper', () => nord.crl(), 'no signed countersign device list'],
    ['that is nothing', async () => new Uint8Array(), 'no signed countersign device list'],
  ])('%s: refused', async (_, make, words) => {
    await expect(verify(file, { trust: [nord.root], devices: await make() })).rejects.toMatchObject(refused(words));
  });

  test('by an administrator whom the revocation list takes back: refused', async () => {
    const options = { trust: [nord.root], devices: await nord.deviceList(), revoked: [await nord.crl({ certificate: nord.administrator.certificate })] };
    await expect(verify(file, options)).rejects.toMatchObject(refused('was revoked'));
  });

  test('by an administrator whose certificate has ended since: counts, and that is told', async () => {
    const signer = await nord.issue(administratorName('nord', 'Anna'), 1);
    const result = await verify(file, { trust: [nord.root], devices: await nord.deviceList({ signer }), now: new Date(Date.now() + 3 * 86_400_000) });
    expect(result.valid).toBe(true);
    expect(result.findings).toContainEqual(expect.objectContaining({ code: 'LIST_SIGNER_EXPIRED', severity: 'warning' }));
  });

  test('or a revocation list without a root to trust: refused', async () => {
    await expect(verify(file, { devices: await nord.deviceList() })).rejects.toMatchObject(refused('--trust'));
    await expect(verify(file, { revoked: [await nord.crl()] })).rejects.toMatchObject(refused('--trust'));
  });

  test('of another tenant whose root is trusted too contains none of this one', async () => {
    const result = await verify(file, { trust: [nord.root, other.root], devices: await other.deviceList() });
    expect(result).toMatchObject({ valid: false, subIndication: 'CHAIN_CONSTRAINTS_FAILURE' });
  });
});

describe('a revocation list', () => {
  test('by the root counts, in DER and in PEM', async () => {
    const crl = await nord.crl();
    for (const revoked of [crl, Buffer.from(toPem('X509 CRL', crl))]) {
      expect(await verify(file, { trust: [nord.root], revoked: [revoked] })).toMatchObject({ valid: true, papers: { revocationLists: [{ from: 'given', number: 5 }] } });
    }
  });

  test.each([
    ['by another issuer', () => other.crl({ certificate: nord.seal.certificate }), 'not signed by any root'],
    ['with a broken signature', async () => flipped(await nord.crl(), 5), 'not signed by any root'],
    ['with a changed entry', async () => flipped(await nord.crl({ certificate: nord.device.certificate }), 200), 'revocation list'],
    ['that is a device list', () => nord.deviceList(), 'cannot be read'],
    ['that is nothing', async () => new Uint8Array(), 'cannot be read'],
  ])('%s: refused', async (_, make, words) => {
    await expect(verify(file, { trust: [nord.root], revoked: [await make()] })).rejects.toMatchObject(refused(words));
  });

  test('by a namesake of the root with another key: refused', async () => {
    const twin = await testTenant('nord');
    await expect(verify(file, { trust: [nord.root], revoked: [await twin.crl({ certificate: nord.seal.certificate })] })).rejects.toMatchObject(refused('not signed by any root'));
  });

  test('several in one PEM file: each counts, and each must', async () => {
    const bundle = (...crls: Uint8Array[]): Uint8Array => Buffer.from(crls.map((crl) => toPem('X509 CRL', crl)).join(''));
    const revoked = [bundle(await nord.crl(), await nord.crl({ certificate: nord.seal.certificate, number: 6 }))];
    expect(await verify(file, { trust: [nord.root], revoked })).toMatchObject({ subIndication: 'REVOKED_NO_POE', papers: { revocationLists: [{ number: 5 }, { number: 6 }] } });
    await expect(verify(file, { trust: [nord.root], revoked: [bundle(await nord.crl(), await other.crl())] })).rejects.toMatchObject(refused('not signed by any root'));
  });

  test('beside a namesake of the root whose key signs no lists of this kind: counts under the root', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const namesake = await issueCertificate({ subject: nord.authority.name, publicKey, use: { kind: 'authority' }, days: 10 }, nord.authority);
    const options = { trust: [namesake, nord.root], revoked: [await nord.crl()] };
    expect(await verify(file, options)).toMatchObject({ valid: true, papers: { revocationLists: [{ number: 5 }] } });
  });

  test('one that does not count beside one that does: refused whole', async () => {
    await expect(verify(file, { trust: [nord.root], revoked: [await nord.crl(), await other.crl()] })).rejects.toMatchObject(refused('not signed by any root'));
  });

  test('of one tenant revokes no certificate of another with the same serial number', async () => {
    const crl = await other.crl({ certificate: nord.seal.certificate });
    const result = await verify(file, { trust: [nord.root, other.root], revoked: [crl] });
    expect(result).toMatchObject({ valid: true });
    expect(result.findings).toContainEqual(expect.objectContaining({ code: 'REVOCATION_NOT_CHECKED' }));
  });
});

describe('hostile lists', () => {
  /** Peak memory that reading one may add. */
  const ROOM_KB = 400 * 1024;
  const nested = (length: number): Uint8Array => new Uint8Array(length).fill(0x30);
  const nestedJson = (length: number): Promise<Uint8Array> => buildSignedData({ content: new Uint8Array(length).fill(0x5b), signer: nord.device });
  const emptyEntries = new Uint8Array([0x30, 0x83, 0x3d, 0x09, 0x00, ...new Uint8Array(4_000_000).map((_, at) => at % 2 === 0 ? 0x30 : 0)]);

  test.each([
    ['a device list of 20 MB', async () => ({ devices: nested(20_000_000) })],
    ['a device list of 16 MB of ASN.1 nested without an end', async () => ({ devices: nested(16_000_000) })],
    ['a device list of JSON nested ten million deep, signed by a device', async () => ({ devices: await nestedJson(10_000_000) })],
    ['a revocation list of 20 MB', async () => ({ revoked: [nested(20_000_000)] })],
    ['a revocation list of two million empty entries', async () => ({ revoked: [emptyEntries] })],
    ['armour opened a hundred thousand times', async () => ({ revoked: [Buffer.from('-----BEGIN X509 CRL-----\n'.repeat(100_000))] })],
  ])('%s: refused within bounded memory', async (_, make) => {
    const lists = await make();
    const before = process.resourceUsage().maxRSS;
    await expect(verify(file, { trust: [nord.root], ...lists })).rejects.toMatchObject({ code: 'PAPER_REFUSED' });
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(ROOM_KB);
  });

  test('in the child process of the command: the same refusal', async () => {
    const options = { trust: [nord.root], devices: await nestedJson(1_000_000), revoked: [emptyEntries] };
    await expect(verifyInChild(file, options, { deadlineMs: 30_000, memoryMb: 512 })).rejects.toMatchObject({ code: 'PAPER_REFUSED' });
  });

  test('an honest list of 10,001 certificates is read', async () => {
    const entry = listEntry(nord.station, 'seal', nord.seal);
    const devices = Array.from({ length: 10_000 }, (_, index) => ({ ...entry, sha256: index.toString(16).padStart(64, '0') }));
    expect(await verify(file, { trust: [nord.root], devices: await nord.deviceList({ devices: [...devices, entry] }) })).toMatchObject({ valid: true });
  });
});
