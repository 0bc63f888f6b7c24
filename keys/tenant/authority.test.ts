/** A tenant from its making to its lists; OpenSSL judges what comes out. */
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { describeCertificate } from '../certificate.ts';
import { createExaminer } from '../examiner.ts';
import { fingerprint } from '../fingerprint.ts';
import { makeKeyPair, privateKeyPem, publicKeyDer, type KeyPair } from '../key-pair.ts';
import { toPem } from '../pem.ts';
import { readCrl } from '../read-crl.ts';
import { makeCertificateRequest } from '../request.ts';
import { issueCertificate } from '../x509.ts';
import type { StationName } from './documents.ts';
import {
  configure, enrol, examinerChoice, newTenant, openPaper, openTenant, overview, readExaminerFiles, renewLists, replaceAdministrator, revoke, type Tenant,
} from './index.ts';
import { administratorName, rootName, stationSubject } from './names.ts';
import { unlockRoot } from './unlock.ts';

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder, ...names);
const refusal = (code: string, message?: RegExp) => expect.objectContaining({ code, ...(message === undefined ? {} : { message: expect.stringMatching(message) }) });

/** Some keyboards write ü as one character, some as two. */
const PASSPHRASE = 'four words für more'.normalize('NFC');

const examiner = await createExaminer(at('custodian'), { name: 'Notary Ozola', type: 'p256' });
const choice = readExaminerFiles(examiner.certPath);
const store = await makeKeyPair('rsa');
const storePublicKey = Buffer.from(toPem('PUBLIC KEY', publicKeyDer(store.publicKey)));
const made = await newTenant(at('nord'), { tenant: 'nord', administrator: 'Anna', passphrase: null });
const configured = await configure(made, { examiners: [choice], storePublicKey });

/** A tenant of its own that a test may change: a copy of the one that is configured and has given out nothing. */
let copies = 0;
async function freshTenant(of: Tenant = configured): Promise<Tenant> {
  copies += 1;
  const copy = at(`copy-${copies}`);
  cpSync(of.folder, copy, { recursive: true });
  for (const file of readdirSync(join(copy, 'editions')).slice(of.edition)) rmSync(join(copy, 'editions', file), { recursive: true });
  return openTenant(copy);
}

async function request(name: Partial<StationName> = {}, keys?: { device: KeyPair; seal: KeyPair }): Promise<Uint8Array> {
  const station = { tenant: 'nord', site: 'riga', station: 'lobby', ...name };
  const { device, seal } = keys ?? { device: await makeKeyPair('p256'), seal: await makeKeyPair('p256') };
  const base64 = async (use: 'device' | 'seal', pair: KeyPair) => Buffer.from(await makeCertificateRequest(stationSubject(station, use), pair)).toString('base64');
  return Buffer.from(JSON.stringify({ kind: 'countersign enrolment request', version: 1, station, device: await base64('device', device), seal: await base64('seal', seal) }));
}

async function enrolled(tenant: Tenant, name: Partial<StationName> = {}, options: { months?: number; supersedeInDays?: number } = {}) {
  const file = await request(name);
  return enrol(tenant, file, { fingerprint: fingerprint(file), ...options });
}

const monthsFrom = (now: Date, months: number): number => new Date(now).setUTCMonth(now.getUTCMonth() + months);

describe('a new tenant', () => {
  test('has a root and an administrator under it, which OpenSSL takes, and private files', (context) => {
    const openssl = judge(context, 'openssl');
    const [root, administrator] = [at('nord/root.cert.pem'), at('nord/editions/0001/administrator.cert.pem')];
    expect(execFileSync(openssl, ['verify', '-x509_strict', '-check_ss_sig', '-CAfile', root, root, administrator], { encoding: 'utf8' })).toContain(`${administrator}: OK`);
    expect(describeCertificate(made.root)).toMatchObject({ subject: 'O=nord, CN=nord Countersign root', keyType: 'P-256' });
    expect(describeCertificate(made.administrator.certificate).subject).toBe('O=nord, CN=administrator Anna');
    expect(made.configuration).toBeNull();
    expect(made.crl.list).toMatchObject({ number: 1, entries: [] });
    if (process.platform !== 'win32') {
      expect(statSync(at('nord')).mode & 0o777).toBe(0o700);
      for (const file of [at('nord/root.key.pem'), made.administrator.keyPath]) expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  test('is never made over something, nor under the name of demonstrations, and leaves nothing behind', async () => {
    const make = (name: string, tenant: string, administrator = 'Anna', passphrase: string | null = null) => newTenant(at(name), { tenant, administrator, passphrase });
    await expect(make('nord', 'nord')).rejects.toThrow(refusal('TENANT_EXISTS'));
    for (const [tenant, administrator] of [['demo', 'Anna'], ['Nord', 'Anna'], ['', 'Anna'], ['a,b', 'Anna'], ['x'.repeat(42), 'Anna'], ['nord', 'a\nb'], ['nord', 'x'.repeat(60)], ['nord', ''], ['nord', ' '], ['nul', 'Anna'], ['com1', 'Anna']] as const) {
      await expect(make('no', tenant, administrator)).rejects.toThrow(refusal('NAME_INVALID'));
    }
    await expect(make('no', 'nord', 'Anna', 'too short')).rejects.toThrow(refusal('PASSPHRASE_UNFIT'));
    expect(readdirSync(folder).filter((name) => name.startsWith('no') && name !== 'nord')).toEqual([]);
  });

  test('under a passphrase has keys that OpenSSL opens with it, and nobody without', async (context) => {
    const openssl = judge(context, 'openssl');
    const tenant = await newTenant(at('locked'), { tenant: 'locked', administrator: 'Anna', passphrase: PASSPHRASE });
    for (const file of [at('locked/root.key.pem'), tenant.administrator.keyPath]) {
      const structure = execFileSync(openssl, ['asn1parse', '-in', file], { encoding: 'utf8' });
      expect(structure).toMatch(/:PBES2[\s\S]*:PBKDF2[\s\S]*:0927C0[\s\S]*:hmacWithSHA256[\s\S]*:aes-256-cbc/);
      expect(spawnSync(openssl, ['pkey', '-in', file, '-passin', `pass:${PASSPHRASE}`, '-noout', '-check'])).toMatchObject({ status: 0 });
    }
    // Modes of a medium that has none (FAT) are of no matter where a passphrase protects the key.
    chmodSync(at('locked/root.key.pem'), 0o644);
    const opened = await renewLists(tenant, { passphrase: async () => PASSPHRASE.normalize('NFD') });
    expect(opened.crl.list.number).toBe(2);
    await expect(renewLists(opened, { passphrase: async () => PASSPHRASE.replace('more', 'less') })).rejects.toThrow(refusal('PASSPHRASE_WRONG'));
    await expect(renewLists(opened)).rejects.toThrow(refusal('PASSPHRASE_WRONG'));
    expect((await openTenant(at('locked'))).edition).toBe(2);
  });
});

describe('the root\'s key', () => {
  test('may be kept elsewhere, and is refused where it is another or can be read by others', async () => {
    const tenant = await freshTenant();
    const away = at('medium.pem');
    renameSync(join(tenant.folder, 'root.key.pem'), away);
    await expect(renewLists(tenant)).rejects.toThrow(refusal('TENANT_INCOMPLETE', /--root-key/));
    expect((await renewLists(tenant, { rootKey: away })).crl.list.number).toBe(2);
    await expect(renewLists(tenant, { rootKey: tenant.administrator.keyPath })).rejects.toThrow(refusal('CERTIFICATE_OF_ANOTHER_KEY'));
    if (process.platform !== 'win32') {
      chmodSync(away, 0o644);
      await expect(renewLists(tenant, { rootKey: away })).rejects.toThrow(refusal('SECRET_EXPOSED'));
    }
    // The configuration needs the administrator alone.
    expect((await configure(await openTenant(tenant.folder), { custody: 'any' })).configuration.paper.number).toBe(2);
  });
});

describe('a configuration', () => {
  test('is numbered, keeps what is not named, and is shown by OpenSSL alone', async (context) => {
    const openssl = judge(context, 'openssl');
    const penMinimum = { raw: true, pressure: 1024, tilt: false, inAir: true, deviceClock: false };
    const second = await configure(await freshTenant(), { penMinimum, trustTimeStamps: [made.root] });
    expect(second.configuration.paper).toMatchObject({ number: 2, examiners: [choice], storePublicKey: configured.configuration.paper.storePublicKey, penMinimum, custody: 'any' });
    const third = await configure(second, { trustTimeStamps: [] });
    expect(third.configuration.paper).toMatchObject({ number: 3, penMinimum, trust: { timeStamps: [], documents: [] } });
    const shown = execFileSync(openssl, ['cms', '-verify', '-inform', 'DER', '-in', third.configuration.path, '-CAfile', at('nord/root.cert.pem')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect(JSON.parse(shown)).toEqual(third.configuration.paper);
    expect(basename(third.configuration.path)).toBe('configuration-3.cms');
    expect(readFileSync(second.configuration.path)).toEqual(Buffer.from(second.configuration.cms));
  });

  test('needs an examiner and the store\'s public key', async () => {
    const tenant = await freshTenant(made);
    await expect(configure(tenant, { storePublicKey })).rejects.toThrow(refusal('NOT_CONFIGURED', /--examiner/));
    await expect(configure(tenant, { examiners: [choice] })).rejects.toThrow(refusal('NOT_CONFIGURED', /--store-key/));
    const pkcs8 = store.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const p256 = publicKeyDer((await makeKeyPair('p256')).publicKey);
    for (const wrong of [Buffer.from(pkcs8), p256, Buffer.from('no key')]) {
      await expect(configure(tenant, { examiners: [choice], storePublicKey: wrong })).rejects.toThrow(refusal('CONFIGURATION_INVALID'));
    }
    expect((await openTenant(tenant.folder)).edition).toBe(1);
  });

  test('takes no examiner who could not open, whose certificate has ended, or who is one of a demonstration', async () => {
    const keys = await makeKeyPair('p256');
    const certificate = async (commonName: string, kind: 'signing' | 'decryption', days = 30, pair = keys) =>
      issueCertificate({ subject: { commonName }, publicKey: pair.publicKey, use: { kind }, days }, { name: { commonName }, keys: pair });
    const choose = (der: Uint8Array) => () => examinerChoice(der, null);
    expect(choose(await certificate('Signer', 'signing'))).toThrow(refusal('EXAMINER_UNFIT', /"CN=Signer" is not for decryption/));
    expect(choose(await certificate('Signer', 'signing', 30, store))).toThrow(refusal('EXAMINER_UNFIT', /not for decryption/));
    expect(choose(await certificate('Late', 'decryption', -1))).toThrow(refusal('CERTIFICATE_EXPIRED', /Late/));
    expect(choose(await certificate('DEMO examiner', 'decryption'))).toThrow(refusal('EXAMINER_UNFIT', /demonstration/));
    expect(choose(await certificate('Notary', 'decryption', 30, store))()).toMatchObject({ name: 'Notary', custody: null });
    const short = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    expect(choose(await certificate('Short', 'decryption', 30, short))).toThrow(refusal('EXAMINER_UNFIT', /RSA-2048/));
    await expect(configure(configured, { examiners: [choice, choice] })).rejects.toThrow(refusal('EXAMINER_UNFIT', /twice/));
    await expect(configure(configured, { examiners: [] })).rejects.toThrow(refusal('NOT_CONFIGURED'));
    // Chosen when it was good, ended since.
    const late = { name: 'Late', certificate: Buffer.from(await certificate('Late', 'decryption', -1)).toString('base64'), custody: null };
    await expect(configure(configured, { examiners: [late] })).rejects.toThrow(refusal('CERTIFICATE_EXPIRED'));
    await expect(configure(configured, { trustTimeStamps: [await certificate('Old TSA', 'signing', -1)] })).rejects.toThrow(refusal('CERTIFICATE_EXPIRED', /Old TSA/));
  });

  test('of custody "split" names whoever is not split, and believes a custody file of this certificate only', async () => {
    const place = at('split');
    const [own, other] = [await createExaminer(place, { name: 'Split', type: 'p256' }), await createExaminer(place, { name: 'Whole', type: 'p256' })];
    const custody = (certificate: Uint8Array, change = {}) => JSON.stringify({ set: '0123456789abcdef', threshold: 3, shares: 5, certificateSha256: describeCertificate(certificate).sha256, ...change });
    const write = (text: string) => writeFileSync(join(place, 'split.custody.json'), text);
    write(custody(own.certificate));
    const split = readExaminerFiles(own.certPath);
    expect(split.custody).toEqual({ set: '0123456789abcdef', threshold: 3, shares: 5 });
    await expect(configure(await freshTenant(), { custody: 'split', examiners: [split, readExaminerFiles(other.certPath)] })).rejects.toThrow(refusal('EXAMINER_UNFIT', /of Whole is/));
    await expect(configure(await freshTenant(), { custody: 'split' })).rejects.toThrow(refusal('EXAMINER_UNFIT', /Notary Ozola/));
    const tenant = await configure(await freshTenant(), { custody: 'split', examiners: [split] });
    expect(tenant.configuration.paper).toMatchObject({ custody: 'split', examiners: [{ name: 'Split', custody: { threshold: 3 } }] });
    await expect(configure(tenant, { examiners: [choice] })).rejects.toThrow(refusal('EXAMINER_UNFIT', /Notary Ozola/));
    write(custody(other.certificate));
    expect(() => readExaminerFiles(own.certPath)).toThrow(refusal('CERTIFICATE_OF_ANOTHER_KEY'));
    for (const wrong of ['{', custody(own.certificate, { threshold: 6 }), custody(own.certificate, { set: 'x' }), custody(own.certificate, { more: 1 })]) {
      write(wrong);
      expect(() => readExaminerFiles(own.certPath)).toThrow(refusal('EXAMINER_UNFIT'));
    }
  });
});

describe('an enrolment', () => {
  test('gives certificates for 24 months at most that OpenSSL takes, and the papers of the moment', async (context) => {
    const openssl = judge(context, 'openssl');
    const before = new Date();
    const { device, seal, enrolment, path, tenant, superseded } = await enrolled(await freshTenant());
    expect(superseded).toEqual([]);
    expect(basename(path)).toBe('lobby.enrolment');
    const edition = dirname(path);
    const files = ['device', 'seal'].map((use) => join(edition, `riga.lobby.${use}.cert.pem`));
    const verified = execFileSync(openssl, ['verify', '-x509_strict', '-crl_check', '-CRLfile', pemFile('crl.pem', 'X509 CRL', tenant.crl.der), '-CAfile', at('nord/root.cert.pem'), ...files], { encoding: 'utf8' });
    expect(verified).toBe(files.map((file) => `${file}: OK\n`).join(''));
    for (const [use, certificate] of [['device', device], ['seal', seal]] as const) {
      const { subject, notAfter } = describeCertificate(certificate);
      expect(subject).toBe(`O=nord, OU=riga, CN=${use} lobby`);
      expect(Date.parse(notAfter)).toBeLessThanOrEqual(monthsFrom(new Date(), 24));
      expect(Date.parse(notAfter)).toBeGreaterThan(monthsFrom(before, 24) - 2 * 86_400_000);
    }
    const { paper } = await openPaper('countersign enrolment', enrolment, made.root);
    expect(Buffer.from(paper.device, 'base64')).toEqual(Buffer.from(device));
    expect(await openPaper('countersign tenant configuration', Buffer.from(paper.configuration, 'base64'), made.root)).toMatchObject({ paper: configured.configuration.paper });
    expect(readCrl(Buffer.from(paper.crl, 'base64'))).toEqual(tenant.crl.list);
    expect(tenant.devices.paper.devices).toMatchObject([
      { site: 'riga', station: 'lobby', use: 'device', serial: new X509Certificate(device).serialNumber.toLowerCase(), sha256: describeCertificate(device).sha256, revoked: null },
      { use: 'seal', sha256: describeCertificate(seal).sha256 },
    ]);
  });

  test('lets a station sign what plain "openssl cms -verify" accepts', async (context) => {
    const openssl = judge(context, 'openssl');
    const keys = { device: await makeKeyPair('p256'), seal: await makeKeyPair('p256') };
    const file = await request({}, keys);
    const { device } = await enrol(await freshTenant(), file, { fingerprint: fingerprint(file) });
    writeFileSync(at('device.key'), privateKeyPem(keys.device.privateKey));
    const signed = execFileSync(openssl, ['cms', '-sign', '-binary', '-nodetach', '-outform', 'DER', '-signer', pemFile('device.pem', 'CERTIFICATE', device), '-inkey', at('device.key')], { input: 'a record' });
    expect(spawnSync(openssl, ['cms', '-verify', '-binary', '-inform', 'DER', '-CAfile', at('nord/root.cert.pem')], { input: signed, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: 'a record' });
  });

  test('is refused with another fingerprint, however near, and then nothing is given out', async () => {
    const file = await request();
    const tenant = await freshTenant();
    const right = fingerprint(file);
    for (const wrong of ['', right.slice(0, -1), `${right}0`, right.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))]) {
      await expect(enrol(tenant, file, { fingerprint: wrong })).rejects.toThrow(refusal('FINGERPRINT_DIFFERS'));
    }
    expect((await openTenant(tenant.folder)).edition).toBe(tenant.edition);
    expect(await enrol(tenant, file, { fingerprint: right.toLowerCase().replaceAll(' ', '') })).toMatchObject({ station: { station: 'lobby' } });
  });

  test('is refused before there is a configuration, for another tenant, and for what is no request', async () => {
    const file = await request();
    await expect(enrol(await freshTenant(made), file, { fingerprint: fingerprint(file) })).rejects.toThrow(refusal('NOT_CONFIGURED'));
    await expect(enrolled(configured, { tenant: 'sued' })).rejects.toThrow(refusal('PAPER_OF_ANOTHER', /"sued"/));
    const attempt = (bytes: Uint8Array) => enrol(configured, bytes, { fingerprint: fingerprint(bytes) });
    await expect(attempt(configured.configuration.cms)).rejects.toThrow(refusal('PAPER_MALFORMED'));
    await expect(enrolled(configured, { site: 'riga, CN=administrator Eve' })).rejects.toThrow(refusal('NAME_INVALID'));
    const one = await makeKeyPair('p256');
    await expect(attempt(await request({}, { device: one, seal: one }))).rejects.toThrow(refusal('REQUEST_INVALID', /one key for both/));
    const asked = JSON.parse(Buffer.from(file).toString()) as Record<string, unknown>;
    const renamed = Buffer.from(JSON.stringify({ ...asked, station: { tenant: 'nord', site: 'riga', station: 'bar' } }));
    await expect(attempt(renamed)).rejects.toThrow(refusal('REQUEST_INVALID', /another name/));
    await expect(attempt(Buffer.from(JSON.stringify({ ...asked, device: asked['seal'], seal: asked['device'] })))).rejects.toThrow(refusal('REQUEST_INVALID'));
  });

  test('lives no longer than 24 months, and not at all for the same keys twice', async () => {
    const file = await request();
    const tenant = await freshTenant();
    for (const months of [0, 25, 1.5, Number.NaN]) await expect(enrol(tenant, file, { fingerprint: fingerprint(file), months })).rejects.toThrow(refusal('VALIDITY_INVALID'));
    await expect(enrol(tenant, file, { fingerprint: fingerprint(file), supersedeInDays: 91 })).rejects.toThrow(refusal('VALIDITY_INVALID'));
    const { tenant: after, device } = await enrol(tenant, file, { fingerprint: fingerprint(file), months: 1 });
    expect(Date.parse(describeCertificate(device).notAfter)).toBeLessThanOrEqual(monthsFrom(new Date(), 1));
    await expect(enrol(after, file, { fingerprint: fingerprint(file) })).rejects.toThrow(refusal('REQUEST_INVALID', /already/));
  });

  test('of one month on the last day of January ends in February', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2027-01-31T23:30:00Z') });
    try {
      const { device } = await enrolled(await freshTenant(), {}, { months: 1 });
      expect(describeCertificate(device).notAfter).toBe('2027-02-28T22:30:00.000Z');
    } finally {
      vi.useRealTimers();
    }
  });

  test('of the same station leaves the first to its end, or supersedes it where that is asked for, with days to take the new one', async () => {
    const first = await enrolled(await freshTenant());
    const second = await enrolled(first.tenant, {}, { supersedeInDays: 3 });
    expect(second.superseded.map(({ sha256 }) => sha256)).toEqual([first.device, first.seal].map((der) => describeCertificate(der).sha256));
    const { at: when, invalidSince, reason } = second.superseded[0]!.revoked!;
    expect(reason).toBe('superseded');
    expect(Date.parse(invalidSince) - Date.parse(when)).toBe(3 * 86_400_000);
    expect(second.tenant.devices.paper.devices.map(({ revoked }) => revoked?.reason ?? null)).toEqual(['superseded', 'superseded', null, null]);
    expect(second.tenant.crl.list.entries.map(({ serial }) => serial)).toEqual(second.superseded.map(({ serial }) => serial));
    const other = await enrolled(second.tenant, { site: 'oslo' });
    expect(other.superseded).toEqual([]);
    const third = await enrolled(other.tenant);
    expect(third.superseded).toEqual([]);
    expect(third.tenant.crl.list.entries).toHaveLength(2);
  });
});

describe('a revocation', () => {
  afterEach(() => { vi.useRealTimers(); });

  test('of a lost tablet asks whether its successor of the same name is meant, too', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-02T10:00:00Z') });
    const lost = await enrolled(await freshTenant());
    // Seen last at noon on the 20th; its successor is enrolled a quarter of an hour later.
    vi.setSystemTime(new Date('2026-11-20T12:15:00Z'));
    const { tenant } = await enrolled(lost.tenant);
    const [serial] = tenant.devices.paper.devices.map((entry) => entry.serial);
    const since = { station: 'lobby', invalidSince: new Date('2026-11-20T12:00:00Z'), reason: 'keyCompromise' } as const;
    await expect(revoke(tenant, since)).rejects.toThrow(refusal('REVOCATION_INVALID', /--newer keep.*--newer revoke/s));
    expect((await openTenant(tenant.folder)).edition).toBe(tenant.edition);
    const kept = await revoke(tenant, { ...since, newer: 'keep' });
    expect(kept.tenant.devices.paper.devices.map(({ revoked }) => revoked?.reason ?? null)).toEqual(['keyCompromise', 'keyCompromise', null, null]);
    expect(kept.tenant.crl.list.entries[0]).toMatchObject({ serial });
    // Typed once more, it takes nothing that was not meant the first time.
    await expect(revoke(kept.tenant, since)).rejects.toThrow(refusal('REVOCATION_INVALID', /--newer/));
    await expect(revoke(kept.tenant, { ...since, newer: 'keep' })).rejects.toThrow(refusal('REVOCATION_INVALID', /revoked by/));
    // Moved to an earlier moment, and the successor, too.
    const all = await revoke(kept.tenant, { ...since, invalidSince: new Date('2026-11-19T12:00:00Z'), newer: 'revoke' });
    expect(all.revoked).toHaveLength(4);
  });

  test('is on both lists with its time and reason, and OpenSSL takes the certificate no more', async (context) => {
    const openssl = judge(context, 'openssl');
    const { tenant, device } = await enrolled(await freshTenant());
    const invalidSince = new Date(Date.now() - 60_000);
    const after = await revoke(tenant, { station: 'lobby', invalidSince, reason: 'keyCompromise' });
    expect(after.revoked).toMatchObject([{ use: 'device' }, { use: 'seal' }]);
    expect(after.tenant.devices.paper).toMatchObject({ number: 3, devices: [{ revoked: { invalidSince: invalidSince.toISOString(), reason: 'keyCompromise' } }, { revoked: {} }] });
    expect(after.tenant.crl.list).toMatchObject({ number: 3, entries: [{ reason: 'keyCompromise', invalidSince: `${invalidSince.toISOString().slice(0, 19)}.000Z` }, {}] });
    const check = spawnSync(openssl, ['verify', '-crl_check', '-CRLfile', pemFile('crl.pem', 'X509 CRL', after.tenant.crl.der), '-CAfile', at('nord/root.cert.pem'), pemFile('device.pem', 'CERTIFICATE', device)], { encoding: 'utf8' });
    expect(check.stderr).toContain('certificate revoked');
    // A new tablet of that name gets new certificates; what was taken back stays as it was.
    const again = await enrolled(after.tenant);
    expect(again.superseded).toEqual([]);
    expect(again.tenant.devices.paper.devices.slice(0, 2)).toEqual(after.tenant.devices.paper.devices);
  });

  test('can be moved to an earlier moment, also where it was superseded, and never to a later one', async () => {
    const first = await enrolled(await freshTenant());
    const second = await enrolled(first.tenant);
    const [early, earlier] = [new Date(Date.now() - 60_000), new Date(Date.now() - 120_000)];
    const once = await revoke(second.tenant, { station: 'lobby', invalidSince: early, reason: 'unspecified' });
    expect(once.revoked).toHaveLength(4);
    await expect(revoke(once.tenant, { station: 'lobby', invalidSince: new Date(), reason: 'unspecified' })).rejects.toThrow(refusal('REVOCATION_INVALID'));
    expect((await revoke(once.tenant, { station: 'lobby', invalidSince: earlier, reason: 'keyCompromise' })).revoked[0]!.revoked!.invalidSince).toBe(earlier.toISOString());
  });

  test('needs a station that is there, the site where there are two, and a time that has passed', async () => {
    const { tenant } = await enrolled((await enrolled(await freshTenant())).tenant, { site: 'oslo' });
    const attempt = (station: string, site?: string, invalidSince = new Date()) => revoke(tenant, { station, ...(site === undefined ? {} : { site }), invalidSince, reason: 'keyCompromise' });
    await expect(attempt('bar')).rejects.toThrow(refusal('STATION_UNKNOWN'));
    await expect(attempt('lobby')).rejects.toThrow(refusal('STATION_UNKNOWN', /riga and at oslo/));
    await expect(attempt('lobby', 'paris')).rejects.toThrow(refusal('STATION_UNKNOWN'));
    for (const time of [new Date(Date.now() + 3_600_000), new Date('no time')]) await expect(attempt('lobby', 'oslo', time)).rejects.toThrow(refusal('REVOCATION_INVALID'));
    expect((await attempt('lobby', 'oslo')).revoked.map(({ site }) => site)).toEqual(['oslo', 'oslo']);
  });
});

describe('an administrator', () => {
  test('is replaced: the one before is on the revocation list for good, and the configuration is signed anew', async () => {
    const tenant = await freshTenant();
    const serial = describeCertificate(tenant.administrator.certificate).serial.toLowerCase();
    const after = await replaceAdministrator(tenant, { name: 'Bert', newPassphrase: null });
    expect(describeCertificate(after.administrator.certificate).subject).toBe('O=nord, CN=administrator Bert');
    expect(after.configuration?.paper).toMatchObject({ number: 2, examiners: [choice] });
    expect((await openPaper('countersign tenant configuration', after.configuration!.cms, after.root)).administrator).toEqual(after.administrator.certificate);
    expect((await enrolled(after)).tenant.crl.list.entries).toMatchObject([{ serial, reason: 'superseded' }]);
  });
});

describe('what has ended, or would end too late', () => {
  /** The folder with another certificate of the root or the administrator, of the same key, that ends in so many days. */
  async function ending(who: 'root' | 'administrator', days: number): Promise<Tenant> {
    const tenant = await freshTenant();
    const root = await unlockRoot(tenant, {});
    const subject = who === 'root' ? rootName('nord') : administratorName('nord', 'Anna');
    const publicKey = who === 'root' ? root.keys.publicKey : new X509Certificate(tenant.administrator.certificate).publicKey;
    const certificate = await issueCertificate({ subject, publicKey, use: { kind: who === 'root' ? 'authority' : 'signing' }, days }, root);
    writeFileSync(who === 'root' ? join(tenant.folder, 'root.cert.pem') : tenant.administrator.keyPath.replace('key', 'cert'), toPem('CERTIFICATE', certificate));
    return openTenant(tenant.folder);
  }

  test('an administrator whose certificate has ended signs nothing, and is replaced', async () => {
    const tenant = await ending('administrator', -1);
    await expect(configure(tenant, {})).rejects.toThrow(refusal('CERTIFICATE_EXPIRED', /keys tenant administrator/));
    await expect(renewLists(tenant)).rejects.toThrow(refusal('CERTIFICATE_EXPIRED'));
    expect((await configure(await replaceAdministrator(tenant, { name: 'Bert', newPassphrase: null }), {})).configuration.paper.number).toBe(3);
  });

  test('an authority whose root has ended gives nothing out', async () => {
    const tenant = await ending('root', -1);
    await expect(renewLists(tenant)).rejects.toThrow(refusal('CERTIFICATE_EXPIRED', /root ended.*new tenant/));
    await expect(enrolled(tenant)).rejects.toThrow(refusal('VALIDITY_INVALID'));
  });

  test('no station outlives the root, and no administrator', async () => {
    const tenant = await ending('root', 100);
    await expect(enrolled(tenant)).rejects.toThrow(refusal('VALIDITY_INVALID', /root ends/));
    expect(describeCertificate((await enrolled(tenant, {}, { months: 3 })).device).notAfter < describeCertificate(tenant.root).notAfter).toBe(true);
    const { administrator, root } = await replaceAdministrator(await ending('root', 100), { name: 'Bert', newPassphrase: null });
    expect(describeCertificate(administrator.certificate).notAfter <= describeCertificate(root).notAfter).toBe(true);
  });
});

describe('the folder', () => {
  test('takes one of two who work at once, and refuses the other without a trace', async () => {
    const tenant = await freshTenant();
    await renewLists(tenant);
    await expect(enrolled(tenant)).rejects.toThrow(refusal('TENANT_CHANGED'));
    expect(readdirSync(tenant.folder).filter((name) => name.startsWith('unfinished'))).toEqual([]);
    expect(readdirSync(join(tenant.folder, 'editions'))).toEqual(['0001', '0002', '0003']);
  });

  test('is not thrown by what a crash left, and says what is missing or was exchanged', async () => {
    const tenant = await freshTenant();
    mkdirSync(join(tenant.folder, 'unfinished-crash'));
    expect((await openTenant(tenant.folder)).edition).toBe(2);
    const crl = readFileSync(tenant.crl.path);
    const other = await newTenant(at('twin'), { tenant: 'nord', administrator: 'Anna', passphrase: null });
    writeFileSync(tenant.crl.path, other.crl.der);
    await expect(openTenant(tenant.folder)).rejects.toThrow(refusal('PAPER_NOT_GENUINE'));
    writeFileSync(tenant.crl.path, crl);
    writeFileSync(tenant.devices.path, other.devices.cms);
    await expect(openTenant(tenant.folder)).rejects.toThrow(refusal('PAPER_NOT_GENUINE'));
    rmSync(tenant.devices.path);
    await expect(openTenant(tenant.folder)).rejects.toThrow(refusal('TENANT_INCOMPLETE'));
    writeFileSync(tenant.devices.path, tenant.devices.cms);
    await renewLists(await openTenant(tenant.folder));
    renameSync(join(tenant.folder, 'editions/0002'), at('taken-away'));
    await expect(openTenant(tenant.folder)).rejects.toThrow(refusal('TENANT_INCOMPLETE'));
    renameSync(at('taken-away'), join(tenant.folder, 'editions/0002'));
    rmSync(join(tenant.folder, 'editions/0001'), { recursive: true });
    await expect(openTenant(tenant.folder)).rejects.toThrow(refusal('TENANT_INCOMPLETE'));
    await expect(openTenant(at('nowhere'))).rejects.toThrow(refusal('TENANT_INCOMPLETE'));
    expect(existsSync(at('nowhere'))).toBe(false);
  });
});

describe('the overview', () => {
  test('names what ends within 60 days, and nothing of what was taken back', async () => {
    const first = await enrolled(await freshTenant(), { station: 'bar' }, { months: 1 });
    const { tenant } = await enrolled(first.tenant);
    const now = overview(tenant);
    expect(now.root.fingerprint).toBe(fingerprint(made.root));
    expect(now.due).toEqual([expect.stringMatching(/^The certificates of bar at riga end on/)]);
    // Enrolled anew, for longer: what it had before ends without harm.
    const short = await enrolled(await freshTenant(), {}, { months: 1 });
    expect(overview((await enrolled(short.tenant)).tenant).due).toEqual([]);
    expect(overview((await revoke(tenant, { station: 'bar', invalidSince: new Date(), reason: 'cessationOfOperation' })).tenant).due).toEqual([]);
    const late = overview(tenant, new Date(Date.now() + 3_600 * 86_400_000)).due;
    for (const what of [/^The root ends/, /administrator's certificate ended/, /examiner Notary Ozola ends/, /^The certificates of lobby at riga ended/, /revocation list is to be renewed/]) {
      expect(late).toContainEqual(expect.stringMatching(what));
    }
  });
});

function pemFile(name: string, label: string, der: Uint8Array): string {
  writeFileSync(at(name), toPem(label, der));
  return at(name);
}
