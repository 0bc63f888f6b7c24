import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { describeCertificate } from './certificate.ts';
import { CUSTODY_FILES, custodyFolder } from './custody.ts';
import { openStationKeys, type SigningKeys, type StationKeysOptions } from './station-keys.ts';

const folder = temporaryFolder();
const identity = { tenant: 'Nord Hotels AB', site: 'Rīga Centrs', station: 'desk-1' };

function everyFile(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A home whose keys are made, or one made earlier under that name. */
async function home(name: string): Promise<string> {
  const path = join(folder, name);
  await openKeys(path, identity);
  return path;
}

async function openKeys(path: string, name: typeof identity, options?: StationKeysOptions): Promise<SigningKeys> {
  const keys = await openStationKeys(path, name, options);
  if (keys.awaiting !== null) throw new Error('a demonstration awaits nothing');
  return keys;
}

describe('the keys of a station', () => {
  it('are made once and are the same after a restart', async () => {
    const first = await openKeys(join(folder, 'restart'), identity);
    const second = await openKeys(join(folder, 'restart'), identity);
    expect(second.device.certificate).toEqual(first.device.certificate);
    expect(second.seal.certificate).toEqual(first.seal.certificate);
    expect(second.trust).toEqual(first.trust);
    expect(second.examiners).toEqual(first.examiners);
    expect(second.storePublicKey).toEqual(first.storePublicKey);
    expect(second.atRest.decrypt(first.atRest.encrypt(Buffer.from('kept'), 'a'), 'a')).toEqual(new Uint8Array(Buffer.from('kept')));
  });

  it('lie in files and folders of nobody else, and say that a file is no protection', async () => {
    const path = await home('modes');
    for (const file of [...everyFile(path), ...everyFile(custodyFolder(path))]) expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const each of [path, join(path, 'keys'), custodyFolder(path)]) expect(statSync(each).mode & 0o777).toBe(0o700);
    const { protection } = await openKeys(path, identity);
    expect(protection).toEqual({ kind: 'file', held: false, advice: 'use disk encryption' });
  });

  it('leave no at-rest key on the disk where whoever starts the station keeps it in memory', async () => {
    const path = join(folder, 'memory');
    const secret = new Uint8Array(32).fill(7);
    const keys = await openKeys(path, identity, { atRestKey: secret });
    expect(keys.protection).toEqual({ kind: 'memory', held: true, advice: '' });
    expect(everyFile(path).filter((file) => readFileSync(file).includes(Buffer.from(secret)) || file.endsWith('at-rest.key'))).toEqual([]);
    const closed = keys.atRest.encrypt(Buffer.from('waiting'), 'a');
    expect((await openKeys(path, identity, { atRestKey: secret })).atRest.decrypt(closed, 'a')).toEqual(new Uint8Array(Buffer.from('waiting')));
    await expect(openKeys(path, identity)).rejects.toMatchObject({ code: 'KEYS_INCOMPLETE' });
  });

  it('are four different ones, and the authority that issued two of them is not among the files', async (context) => {
    const openssl = judge(context, 'openssl');
    const path = await home('four');
    const keys = await openKeys(path, identity);
    await keys.tls(['localhost']);
    const publicHalf = (file: string) => execFileSync(openssl, ['pkey', '-in', file, '-pubout'], { encoding: 'latin1' });
    const privateFiles = everyFile(path).filter((file) => readFileSync(file, 'latin1').includes('PRIVATE KEY'));
    expect(privateFiles.map((file) => file.slice(path.length + 1)).sort())
      .toEqual(['keys/device.key.pem', 'keys/seal.key.pem', 'keys/transport.pem']);
    expect(new Set(privateFiles.map(publicHalf)).size).toBe(3);
    const rootPublicHalf = execFileSync(openssl, ['x509', '-in', join(path, 'keys/root.cert.pem'), '-noout', '-pubkey'], { encoding: 'latin1' });
    expect(privateFiles.map(publicHalf)).not.toContain(rootPublicHalf);
  });

  it('are certified by an authority that says it is no evidence, for 24 months at most', async () => {
    const keys = await openKeys(join(folder, 'names'), identity);
    expect(describeCertificate(keys.trust)).toMatchObject({
      subject: 'CN=Countersign DEMO CA (not evidence)', issuer: 'CN=Countersign DEMO CA (not evidence)', keyType: 'P-256',
    });
    const device = describeCertificate(keys.device.certificate);
    expect(device).toMatchObject({
      subject: 'O=Nord Hotels AB, OU=Rīga Centrs, CN=DEMO device desk-1', issuer: 'CN=Countersign DEMO CA (not evidence)',
    });
    expect(describeCertificate(keys.seal.certificate).subject).toBe('O=Nord Hotels AB, OU=Rīga Centrs, CN=DEMO seal desk-1');
    const end = new Date(device.notBefore);
    end.setUTCMonth(end.getUTCMonth() + 24);
    expect(Date.parse(device.notAfter)).toBeLessThanOrEqual(end.getTime());
    expect(keys.demo).toBe(true);
  });

  it('refuse to serve another station', async () => {
    const path = await home('other');
    for (const other of [{ ...identity, station: 'desk-2' }, { ...identity, site: 'Stockholm' }, { ...identity, tenant: 'Other' }]) {
      await expect(openKeys(path, other)).rejects.toMatchObject({ code: 'KEYS_OF_ANOTHER_STATION' });
    }
  });

  it('name the file that is missing', async () => {
    const path = await home('incomplete');
    rmSync(join(path, 'keys/seal.key.pem'));
    await expect(openKeys(path, identity)).rejects.toMatchObject({
      code: 'KEYS_INCOMPLETE', message: expect.stringContaining('seal.key.pem'),
    });
  });

  it('refuse a name that no certificate can carry', async () => {
    for (const station of ['', ' ', 'x'.repeat(65), 'line\nbreak']) {
      const path = join(folder, 'unnamed');
      await expect(openKeys(path, { ...identity, station })).rejects.toMatchObject({ code: 'NAME_INVALID' });
      expect(existsSync(join(path, 'keys'))).toBe(false);
    }
  });

  it('are made anew after a crash while they were being made', async () => {
    const path = join(folder, 'crashed');
    for (const unfinished of [join(path, 'keys.new'), `${custodyFolder(path)}.new`]) {
      mkdirSync(unfinished, { recursive: true });
      writeFileSync(join(unfinished, 'device.key.pem'), 'half a k');
    }
    await openKeys(path, identity);
    expect(existsSync(join(path, 'keys.new'))).toBe(false);
    expect(existsSync(`${custodyFolder(path)}.new`)).toBe(false);
  });
});

describe('the custody folder', () => {
  it('lies beside the data folder, however that is spelt', () => {
    expect(custodyFolder('/data/home')).toBe('/data/home-custody');
    expect(custodyFolder('/data/home/')).toBe('/data/home-custody');
  });

  it('holds private halves that the station does not read: it starts where they are gone or broken', async () => {
    const first = await home('first');
    const examiners = (await openKeys(first, identity)).examiners;
    const custody = custodyFolder(first);
    writeFileSync(join(custody, CUSTODY_FILES.examinerKey), 'broken');
    rmSync(join(custody, CUSTODY_FILES.storeKey));
    rmSync(join(first, 'keys'), { recursive: true });
    expect((await openKeys(first, identity)).examiners).toEqual(examiners);
    rmSync(custody, { recursive: true });
    expect((await openKeys(first, identity)).examiners).toEqual(examiners);
  });

  it('is never repaired: a missing public half is told', async () => {
    const path = await home('unrepaired');
    rmSync(join(path, 'keys'), { recursive: true });
    rmSync(join(custodyFolder(path), CUSTODY_FILES.storePublicKey));
    await expect(openKeys(path, identity)).rejects.toMatchObject({ code: 'CUSTODY_INCOMPLETE' });
  });

  it('has nothing in common with the data folder but certificates and public keys', async () => {
    const path = await home('apart');
    const inHome = new Set(everyFile(path).map((file) => readFileSync(file, 'latin1')));
    const shared = everyFile(custodyFolder(path)).filter((file) => inHome.has(readFileSync(file, 'latin1')));
    expect(shared.map((file) => file.split('/').at(-1)).sort()).toEqual([CUSTODY_FILES.examinerCertificate, CUSTODY_FILES.storePublicKey]);
  });

  it('holds the store key whose public half the station wraps for', async (context) => {
    const openssl = judge(context, 'openssl');
    const path = await home('store');
    const { storePublicKey } = await openKeys(path, identity);
    const fromPrivate = execFileSync(openssl, ['pkey', '-in', join(custodyFolder(path), CUSTODY_FILES.storeKey), '-pubout', '-outform', 'DER']);
    expect(new Uint8Array(fromPrivate)).toEqual(storePublicKey.spki);
  });
});
