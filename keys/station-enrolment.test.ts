/** A station's way from its own keys to the tenant's certificates, and everything that may go wrong on it. */
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { configurationOf, enrolmentOf, examinerOfTests, storeKeys } from '#fixtures/enrolment.ts';
import { pem } from '#fixtures/test-certificates.ts';
import { testTenant, type TestTenant } from '#fixtures/test-tenant.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { custodyFolder } from './custody.ts';
import { fingerprint } from './fingerprint.ts';
import { installPaper, installPapers } from './station-configure.ts';
import { installEnrolment, rootOfEnrolment } from './station-enrolment.ts';
import { dropReplacedKeys, papersStamp } from './station-folder.ts';
import { openStationKeys, type SigningKeys } from './station-keys.ts';
import { requestEnrolment } from './station-request.ts';
import { administratorName } from './tenant/names.ts';
import { toPem } from './pem.ts';

const folder = temporaryFolder();
let nord: TestTenant;
let root: string;
beforeAll(async () => {
  nord = await testTenant();
  root = fingerprint(nord.root);
});

let homes = 0;
function newHome(): string {
  return join(folder, `home-${++homes}`);
}

/** A station that has asked, and what it asked. */
async function asked(): Promise<{ home: string; request: Uint8Array }> {
  const home = newHome();
  return { home, request: (await requestEnrolment(home, nord.station)).bytes };
}

async function enrolled(): Promise<{ home: string; request: Uint8Array; keys: SigningKeys }> {
  const { home, request } = await asked();
  await installEnrolment(home, await enrolmentOf(nord, request), root);
  return { home, request, keys: await signingKeys(home) };
}

async function signingKeys(home: string): Promise<SigningKeys> {
  const keys = await openStationKeys(home, nord.station);
  if (keys.awaiting !== null) throw new Error('the station still awaits its enrolment');
  return keys;
}

async function expectAwaiting(home: string): Promise<void> {
  expect(await openStationKeys(home, nord.station)).toMatchObject({ demo: false, awaiting: { fingerprint: expect.any(String) } });
}

const refusal = (code: string) => expect.objectContaining({ name: 'KeyError', code });

function privateFiles(home: string): string[] {
  return readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('a request', () => {
  test('makes the keys for this user alone, and no custody folder; its fingerprint is of the file', async () => {
    const { home } = await asked();
    const { path, fingerprint: shown } = await requestEnrolment(home, nord.station);
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex').toUpperCase();
    expect(shown).toBe(digest.slice(0, 32).match(/.{4}/g)!.join(' '));
    for (const file of privateFiles(home)) expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(custodyFolder(home))).toBe(false);
    expect(await openStationKeys(home, nord.station)).toMatchObject({ demo: false, awaiting: { path, fingerprint: shown } });
    expect(existsSync(custodyFolder(home))).toBe(false);
  });

  test('that is unanswered is the same again, and of this station only', async () => {
    const { home, request } = await asked();
    expect((await requestEnrolment(home, nord.station)).bytes).toEqual(request);
    await expect(requestEnrolment(home, { ...nord.station, station: 'bar' })).rejects.toEqual(refusal('KEYS_OF_ANOTHER_STATION'));
    await expect(openStationKeys(home, { ...nord.station, site: 'oslo' })).rejects.toEqual(refusal('KEYS_OF_ANOTHER_STATION'));
  });

  test('is refused on the data folder of a demonstration, with its keys or without', async () => {
    const home = newHome();
    await openStationKeys(home, nord.station);
    await expect(requestEnrolment(home, nord.station)).rejects.toEqual(refusal('KEYS_ARE_DEMO'));
    await expect(installEnrolment(home, await enrolmentOf(nord, (await asked()).request), root)).rejects.toEqual(refusal('KEYS_ARE_DEMO'));
    rmSync(join(home, 'keys'), { recursive: true });
    writeFileSync(join(home, 'station.db'), '');
    await expect(requestEnrolment(home, nord.station)).rejects.toEqual(refusal('KEYS_ARE_DEMO'));
  });

  test('after a crash while it was made is made anew', async () => {
    const home = newHome();
    mkdirSync(join(home, 'keys.new', 'generation-1'), { recursive: true });
    writeFileSync(join(home, 'keys.new', 'generation-1', 'device.key.pem'), 'half a k');
    await requestEnrolment(home, nord.station);
    expect(existsSync(join(home, 'keys.new'))).toBe(false);
    await expectAwaiting(home);
  });
});

describe('an enrolment', () => {
  test('shows whose root it brings, and with that brings the keys into force', async () => {
    const { home, request } = await asked();
    const stamp = papersStamp(join(home, 'keys'));
    const configuration = await configurationOf(nord, { number: 4, custody: 'any', penMinimum: { raw: true, pressure: 1024, tilt: false, inAir: false, deviceClock: false } });
    const crl = await nord.crl({ number: 9 });
    const enrolment = await enrolmentOf(nord, request, { configuration, crl });
    expect(await rootOfEnrolment(enrolment)).toEqual({ tenant: 'nord', fingerprint: root });
    await installEnrolment(home, enrolment, root.toLowerCase().replaceAll(' ', ''));
    expect(papersStamp(join(home, 'keys'))).not.toBe(stamp);
    const keys = await signingKeys(home);
    expect(keys).toMatchObject({
      demo: false, renewal: null, trust: nord.root, custody: 'any', penMinimum: { raw: true, pressure: 1024 },
      examiners: [{ name: 'Notary Ozola', certificate: (await examinerOfTests()).certificate, demo: false, custody: null }],
      storePublicKey: { spki: new Uint8Array(storeKeys.publicKey.export({ type: 'spki', format: 'der' })) },
      papers: { configuration: { number: 4, sha256: sha256(configuration) }, crl: { number: 9, der: crl }, enrolment: { sha256: sha256(enrolment), root: sha256(nord.root) } },
    });
    expect(keys.certificates.map(({ use, revoked }) => [use, revoked])).toEqual([['device', null], ['seal', null], ['examiner', null]]);
    expect(existsSync(custodyFolder(home))).toBe(false);
  });

  test.each<[string, string, (request: Uint8Array, other: TestTenant) => Promise<Uint8Array> | Uint8Array]>([
    ['of no kind', 'PAPER_MALFORMED', () => Buffer.from('{}')],
    ['that is another paper', 'PAPER_MALFORMED', () => configurationOf(nord)],
    ['for the keys of another station', 'PAPER_OF_ANOTHER', async () => enrolmentOf(nord, (await asked()).request)],
    ['with the names of another station', 'PAPER_OF_ANOTHER', (request) => enrolmentOf(nord, request, { paper: { station: { ...nord.station, station: 'bar' } } })],
    ['whose certificates have ended', 'CERTIFICATE_EXPIRED', (request) => enrolmentOf(nord, request, { days: -1 })],
    ['signed by a station', 'PAPER_NOT_GENUINE', (request) => enrolmentOf(nord, request, { signer: nord.device })],
    ['signed under another root', 'PAPER_NOT_GENUINE', (request, other) => enrolmentOf(nord, request, { signer: other.administrator })],
    ['with a certificate of another root', 'PAPER_NOT_GENUINE', (request, other) => enrolmentOf(nord, request, { paper: { device: Buffer.from(other.device.certificate).toString('base64') } })],
    ['with one certificate for both uses', 'PAPER_OF_ANOTHER', async (request) => {
      const one = await enrolmentOf(nord, request);
      const { device } = await paperIn(one);
      return enrolmentOf(nord, request, { paper: { device, seal: device } });
    }],
    ['with the configuration of another tenant', 'PAPER_NOT_GENUINE', async (request, other) => enrolmentOf(nord, request, { configuration: await configurationOf(other) })],
    ['with a configuration that names another tenant', 'PAPER_NOT_GENUINE', async (request) => enrolmentOf(nord, request, { configuration: await configurationOf(nord, { tenant: 'syd' }) })],
    ['with a configuration signed by a station', 'PAPER_NOT_GENUINE', async (request) => enrolmentOf(nord, request, { configuration: await configurationOf(nord, {}, nord.device) })],
    ['with the revocation list of another authority', 'PAPER_NOT_GENUINE', async (request, other) => enrolmentOf(nord, request, { crl: await other.crl() })],
    ['by an administrator who was taken back', 'PAPER_NOT_GENUINE', async (request) => enrolmentOf(nord, request, { crl: await nord.crl({ certificate: nord.administrator.certificate }) })],
  ])('%s is refused, and nothing is installed', async (_what, code, make) => {
    const { home, request } = await asked();
    await expect(installEnrolment(home, await make(request, await otherTenant()), root)).rejects.toEqual(refusal(code));
    await expectAwaiting(home);
  });

  test('under a root that the administrator does not know is refused: whoever exchanged the file would be the tenant', async () => {
    const { home, request } = await asked();
    const thief = await testTenant();
    await expect(installEnrolment(home, await enrolmentOf(thief, request), root)).rejects.toEqual(refusal('PAPER_NOT_GENUINE'));
    await expectAwaiting(home);
  });

  test('before any request, or where an examiner’s private key lies, is refused; and so is the start', async () => {
    await expect(installEnrolment(newHome(), await enrolmentOf(nord, (await asked()).request), root)).rejects.toEqual(refusal('KEYS_INCOMPLETE'));
    const { home, request } = await asked();
    const examiner = pem('PRIVATE KEY', (await examinerOfTests()).privateKey);
    mkdirSync(join(home, 'keys/examiners'));
    const lying = join(home, 'keys/examiners/notary.key.pem');
    writeFileSync(lying, examiner);
    for (const attempt of [
      async () => requestEnrolment(home, nord.station), async () => installEnrolment(home, await enrolmentOf(nord, request), root),
      async () => openStationKeys(home, nord.station),
    ]) await expect(attempt()).rejects.toEqual(refusal('EXAMINER_KEY_HERE'));
    // of an examiner of the configuration, wherever it lies
    renameSync(lying, join(home, 'keys/forgotten.pem'));
    await expectAwaiting(home);
    await expect(installEnrolment(home, await enrolmentOf(nord, request), root)).rejects.toEqual(refusal('EXAMINER_KEY_HERE'));
    rmSync(join(home, 'keys/forgotten.pem'));
    await installEnrolment(home, await enrolmentOf(nord, request), root);
    writeFileSync(join(home, 'keys/forgotten.pem'), examiner);
    await expect(openStationKeys(home, nord.station)).rejects.toEqual(refusal('EXAMINER_KEY_HERE'));
  });

  test('with a private key that others can read is not opened', async () => {
    const { home } = await enrolled();
    chmodSync(join(home, 'keys/generation-1/device.key.pem'), 0o644);
    await expect(openStationKeys(home, nord.station)).rejects.toEqual(refusal('SECRET_EXPOSED'));
  });

  test('that was changed on the disk does not open', async () => {
    const { home } = await enrolled();
    const path = join(home, 'keys/generation-1/enrolment.cms');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, -20));
    await expect(openStationKeys(home, nord.station)).rejects.toEqual(refusal('PAPER_MALFORMED'));
  });

  test('is never undone by making demo keys where the key folder is gone', async () => {
    const { home } = await enrolled();
    rmSync(join(home, 'keys'), { recursive: true });
    await expect(openStationKeys(home, nord.station, { mayBeDemo: false })).rejects.toEqual(refusal('KEYS_INCOMPLETE'));
    expect(existsSync(custodyFolder(home))).toBe(false);
  });
});

describe('a renewal', () => {
  test('leaves the keys in force until the new enrolment is there, and then takes them over', async () => {
    const { home, request, keys: before } = await enrolled();
    const closed = before.atRest.encrypt(Buffer.from('waiting'), 'a');
    const { bytes, renewal, fingerprint: shown } = await requestEnrolment(home, nord.station);
    expect(renewal).toBe(true);
    expect(bytes).not.toEqual(request);
    const between = await signingKeys(home);
    expect(between).toMatchObject({ renewal: { fingerprint: shown } });
    expect(between.device.certificate).toEqual(before.device.certificate);
    // an answer to the old request brings no old key back
    await installEnrolment(home, await enrolmentOf(nord, bytes, { configuration: await configurationOf(nord, { number: 2 }), crl: await nord.crl({ number: 2, certificate: before.device.certificate }) }), root);
    const after = await signingKeys(home);
    expect(after).toMatchObject({ renewal: null, papers: { configuration: { number: 2 } } });
    expect(after.device.certificate).not.toEqual(before.device.certificate);
    expect(after.atRest.decrypt(closed, 'a')).toEqual(new Uint8Array(Buffer.from('waiting')));
  });

  test('that was cut off at any step leaves the old keys or the new ones, whole', async () => {
    const { home, keys: before } = await enrolled();
    const same = async () => expect((await signingKeys(home)).device.certificate).toEqual(before.device.certificate);
    mkdirSync(join(home, 'keys/generation-2.new'));
    writeFileSync(join(home, 'keys/generation-2.new/device.key.pem'), 'half a k');
    await same();
    const { bytes } = await requestEnrolment(home, nord.station);
    expect(existsSync(join(home, 'keys/generation-2.new'))).toBe(false);
    await same();
    const answer = await enrolmentOf(nord, bytes, { configuration: await configurationOf(nord, { number: 2 }), crl: await nord.crl({ number: 2 }) });
    writeFileSync(join(home, 'keys/generation-2/enrolment.cms.new'), answer.subarray(0, 100));
    await same();
    await installEnrolment(home, answer, root);
    const generations = () => readdirSync(join(home, 'keys')).filter((name) => name.startsWith('generation')).sort();
    const renewed = await signingKeys(home);
    expect(renewed.device.certificate).not.toEqual(before.device.certificate);
    expect(generations()).toEqual(['generation-2']);
    // as if the crash had come before the old keys were gone
    const crashed = () => cpSync(join(home, 'keys/generation-2'), join(home, 'keys/generation-1'), { recursive: true });
    crashed();
    expect((await signingKeys(home)).device.certificate).toEqual(renewed.device.certificate);
    dropReplacedKeys(join(home, 'keys'));
    expect(generations()).toEqual(['generation-2']);
    crashed();
    await requestEnrolment(home, nord.station);
    expect(generations()).toEqual(['generation-2', 'generation-3']);
    expect((await signingKeys(home)).papers).toMatchObject({ configuration: { number: 2 } });
  });

  test('with older papers, another one of the same number, or under another root is refused', async () => {
    const { home, keys } = await enrolled();
    await installPaper(home, await configurationOf(nord, { number: 5 }));
    const { bytes } = await requestEnrolment(home, nord.station);
    const answer = async (changes: Parameters<typeof enrolmentOf>[2]) => installEnrolment(home, await enrolmentOf(nord, bytes, changes), root);
    const [newer, crl] = [await configurationOf(nord, { number: 6 }), await nord.crl({ number: 2 })];
    await expect(answer({ crl })).rejects.toEqual(refusal('PAPER_OLDER'));
    await expect(answer({ crl, configuration: await configurationOf(nord, { number: 5, custody: 'split' }) })).rejects.toEqual(refusal('PAPER_OLDER'));
    await expect(answer({ configuration: newer, crl: await nord.crl({ number: 1, certificate: nord.seal.certificate }) })).rejects.toEqual(refusal('PAPER_OLDER'));
    const other = await testTenant();
    await expect(installEnrolment(home, await enrolmentOf(other, bytes), fingerprint(other.root))).rejects.toEqual(refusal('PAPER_OF_ANOTHER'));
    expect((await signingKeys(home)).device.certificate).toEqual(keys.device.certificate);
  });
});

describe('a newer paper', () => {
  test('is installed, once; older ones and others of the same number are refused', async () => {
    const { home } = await enrolled();
    const [second, third] = [await configurationOf(nord, { number: 2 }), await configurationOf(nord, { number: 3, custody: 'split' })];
    expect(await installPaper(home, third)).toEqual({ kind: 'configuration', number: 3, sha256: sha256(third), installed: true });
    expect(await installPaper(home, third)).toMatchObject({ installed: false });
    await expect(installPaper(home, second)).rejects.toEqual(refusal('PAPER_OLDER'));
    await expect(installPaper(home, await configurationOf(nord, { number: 3 }))).rejects.toEqual(refusal('PAPER_OLDER'));
    expect(await signingKeys(home)).toMatchObject({ custody: 'split', papers: { configuration: { number: 3, sha256: sha256(third) } } });

    const crl = await nord.crl({ number: 7 });
    expect(await installPaper(home, Buffer.from(toPem('X509 CRL', crl)))).toEqual({ kind: 'crl', number: 7, sha256: sha256(crl), installed: true });
    expect(await installPaper(home, crl)).toMatchObject({ installed: false });
    await expect(installPaper(home, await nord.crl({ number: 6 }))).rejects.toEqual(refusal('PAPER_OLDER'));
    expect((await signingKeys(home)).papers).toMatchObject({ crl: { number: 7, der: crl } });
  });

  test('that is forged, of others, or by an administrator who was taken back is refused', async () => {
    const { home, request } = await enrolled();
    const other = await otherTenant();
    const forged = Buffer.from(await configurationOf(nord, { number: 9 }));
    forged[forged.indexOf('Notary')]! ^= 1;
    for (const [paper, code] of [
      [forged, 'PAPER_NOT_GENUINE'], [await configurationOf(other, { number: 9 }), 'PAPER_NOT_GENUINE'], [await configurationOf(nord, { number: 9 }, nord.device), 'PAPER_NOT_GENUINE'],
      [await other.crl({ number: 9 }), 'PAPER_NOT_GENUINE'], [await nord.deviceList(), 'PAPER_MALFORMED'], [Buffer.from('nothing'), 'PAPER_MALFORMED'],
    ] as const) await expect(installPaper(home, paper)).rejects.toEqual(refusal(code));
    await expect(installPaper(home, await nord.deviceList())).rejects.toThrow(/^This is a device list, which is for whoever verifies/);
    await expect(installPaper(home, await enrolmentOf(nord, request))).rejects.toThrow(/^This is an enrolment/);
    const successor = await nord.issue(administratorName('nord', 'Berit'));
    await installPaper(home, await nord.crl({ number: 2, certificate: nord.administrator.certificate }));
    await expect(installPaper(home, await configurationOf(nord, { number: 2 }))).rejects.toEqual(refusal('PAPER_NOT_GENUINE'));
    await installPaper(home, await configurationOf(nord, { number: 2 }, successor));
    expect((await signingKeys(home)).papers).toMatchObject({ configuration: { number: 2 }, crl: { number: 2 } });
  });

  test('with others is installed with all of them or not at all, in any order', async () => {
    const { home } = await enrolled();
    const before = (await signingKeys(home)).papers;
    const [configuration, crl] = [await configurationOf(nord, { number: 2 }), await nord.crl({ number: 8 })];
    await expect(installPapers(home, [configuration, Buffer.from('nothing')])).rejects.toEqual(refusal('PAPER_MALFORMED'));
    await expect(installPapers(home, [configuration, await nord.crl({ number: 0 })])).rejects.toEqual(refusal('PAPER_OLDER'));
    // signed by whom the list beside it takes back
    await expect(installPapers(home, [configuration, await nord.crl({ number: 9, certificate: nord.administrator.certificate })])).rejects.toEqual(refusal('PAPER_NOT_GENUINE'));
    // the second cannot be written, as on a full disk
    mkdirSync(join(home, 'keys/revocation.crl.new'));
    await expect(installPapers(home, [configuration, crl])).rejects.toEqual(refusal('SECRET_STORE'));
    rmSync(join(home, 'keys/revocation.crl.new'), { recursive: true });
    expect((await signingKeys(home)).papers).toEqual(before);
    expect(readdirSync(join(home, 'keys')).filter((name) => name.endsWith('.new'))).toEqual([]);
    expect((await installPapers(home, [crl, configuration])).map(({ kind, installed }) => [kind, installed])).toEqual([['crl', true], ['configuration', true]]);
    expect((await signingKeys(home)).papers).toMatchObject({ configuration: { number: 2 }, crl: { number: 8 } });
  });

  test('in the place of its file that is not genuine is not opened', async () => {
    const { home } = await enrolled();
    writeFileSync(join(home, 'keys/configuration.cms'), await configurationOf(await otherTenant(), { number: 9 }));
    await expect(openStationKeys(home, nord.station)).rejects.toEqual(refusal('PAPER_NOT_GENUINE'));
  });

  test('cannot be installed before the enrolment', async () => {
    const { home } = await asked();
    await expect(installPaper(home, await configurationOf(nord, { number: 2 }))).rejects.toEqual(refusal('KEYS_INCOMPLETE'));
  });
});

let made: Promise<TestTenant> | null = null;
function otherTenant(): Promise<TestTenant> {
  return made ??= testTenant();
}

async function paperIn(cms: Uint8Array): Promise<{ device: string }> {
  const { verifySignedData } = await import('#biometrics/cms.ts');
  return JSON.parse(Buffer.from((await verifySignedData(cms)).content!).toString()) as { device: string };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
