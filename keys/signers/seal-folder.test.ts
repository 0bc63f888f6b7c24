/** An organisation's seal, from the request to the renewal, with OpenSSL as the authority. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { buildSignedData } from '#biometrics/cms.ts';
import { findProgram, judge } from '#fixtures/needs.ts';
import { softToken } from '#fixtures/soft-token.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { makeKeyPair } from '../key-pair.ts';
import { fromPem, toPem } from '../pem.ts';
import { rootName } from '../tenant/names.ts';
import { issueCertificate } from '../x509.ts';
import { wordsOf } from './seal-certificate.ts';
import { installedSeal, installSeal, openSeal, pendingSealRequest, requestSeal, sealWarning } from './seal-folder.ts';

const folder = temporaryFolder();
/** Empty where it is missing: every test that needs it then skips. */
const program = findProgram('openssl') ?? '';
const subject = { country: 'LV', organization: 'Viesnīca Ērgļi SIA', organizationIdentifier: 'VATLV-40003012345', commonName: 'Viesnīca Ērgļi seal' };
const noPin = (): Promise<string> => Promise.reject(new Error('no PIN should be asked for'));
const at = (name: string): string => join(folder, name);
const read = (name: string): string => readFileSync(at(name), 'latin1');

/** A root and an authority under it. */
beforeAll(() => {
  if (program === '') return;
  const ca = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...ca, '-keyout', at('root.key'), '-out', at('root.pem'), '-subj', '/C=LV/O=Trust AS/CN=Trust root', '-days', '3000');
  openssl('req', '-new', ...ca, '-keyout', at('issuing.key'), '-out', at('issuing.csr'), '-subj', '/C=LV/O=Trust AS/CN=Trust documents');
  writeFileSync(at('ca.ext'), 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign');
  openssl('x509', '-req', '-in', at('issuing.csr'), '-CA', at('root.pem'), '-CAkey', at('root.key'), '-CAcreateserial', '-out', at('issuing.pem'), '-days', '2000', '-extfile', at('ca.ext'));
});

function openssl(...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** What the authority answers to a request, PEM. */
function issued(request: string, extensions = 'keyUsage=critical,digitalSignature,nonRepudiation\nextendedKeyUsage=1.3.6.1.5.5.7.3.36', days = 365): string {
  writeFileSync(at('leaf.ext'), extensions);
  return openssl('x509', '-req', '-in', request, '-CA', at('issuing.pem'), '-CAkey', at('issuing.key'), '-CAcreateserial', '-days', String(days), '-extfile', at('leaf.ext'));
}

function home(context: TestContext, name: string): string {
  judge(context, 'openssl');
  mkdirSync(at(name));
  return at(name);
}

function codeOf(attempt: () => unknown): string {
  try {
    attempt();
    return 'done';
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as Error).message}`;
  }
}

describe('an organisation’s seal', () => {
  it('is asked for as a legal person, installed with its chain, seals, and is renewed by the same steps', async (context) => {
    const own = home(context, 'whole');
    const { path, renewal } = await requestSeal(own, subject, { make: 'p256' }, noPin);
    expect(renewal).toBe(false);
    const text = openssl('req', '-in', path, '-verify', '-noout', '-text', '-subject', '-nameopt', 'utf8,sep_comma_plus');
    expect(text).toContain('C=LV,O=Viesnīca Ērgļi SIA,organizationIdentifier=VATLV-40003012345,CN=Viesnīca Ērgļi seal');
    expect(text).toMatch(/X509v3 Key Usage: critical\n\s+Digital Signature, Non Repudiation\n/);
    expect(statSync(join(own, 'seal/1/key.pem')).mode & 0o777).toBe(0o600);
    expect([installedSeal(own), pendingSealRequest(own)]).toEqual([null, path]);

    const answer = issued(path);
    const seal = installSeal(own, [read('root.pem'), answer, read('issuing.pem')]);
    expect(seal).toMatchObject({ kind: 'authority', issuer: 'C=LV, O=Trust AS, CN=Trust documents', chain: [...fromPem('CERTIFICATE', read('issuing.pem')), ...fromPem('CERTIFICATE', read('root.pem'))] });
    expect(wordsOf(seal.kind, seal.issuer)).toBe('issued by C=LV, O=Trust AS, CN=Trust documents; each reader decides whether to trust that authority');
    expect(pendingSealRequest(own)).toBeNull();
    expect(await judged(own)).toMatchObject({ status: 0, stdout: 'sealed' });

    const again = await requestSeal(own, subject, { make: 'rsa' }, noPin);
    expect(again.renewal).toBe(true);
    expect(installedSeal(own)).toEqual(seal);
    expect(codeOf(() => installSeal(own, [issued(again.path, 'keyUsage=keyEncipherment'), read('issuing.pem'), read('root.pem')]))).toMatch(/^SEAL_CERTIFICATE_UNFIT .*KeyUsage/);
    expect(installedSeal(own)).toEqual(seal);
    installSeal(own, [issued(again.path), read('issuing.pem'), read('root.pem')]);
    expect(existsSync(join(own, 'seal/1'))).toBe(false);
    expect(await judged(own)).toMatchObject({ status: 0, stdout: 'sealed' });
  });

  it('is not installed where its chain, key, dates or use are not what they should be', async (context) => {
    const own = home(context, 'refused');
    expect(codeOf(() => installSeal(own, [read('root.pem')]))).toMatch(/^CERTIFICATE_OF_ANOTHER_KEY No seal was asked for/);
    const { path } = await requestSeal(own, subject, { make: 'p256' }, noPin);
    const above = [read('issuing.pem'), read('root.pem')];
    const good = issued(path);
    expect(codeOf(() => installSeal(own, ['nothing']))).toMatch(/^CERTIFICATE_MALFORMED /);
    expect(codeOf(() => installSeal(own, above))).toMatch(/^CERTIFICATE_OF_ANOTHER_KEY /);
    expect(codeOf(() => installSeal(own, [good, read('issuing.pem')]))).toMatch(/^SEAL_CERTIFICATE_UNFIT .*missing: C=LV, O=Trust AS, CN=Trust root/);
    expect(codeOf(() => installSeal(own, [good, ...above], new Date(Date.now() + 366 * 86_400_000)))).toMatch(/^CERTIFICATE_EXPIRED /);
    expect(codeOf(() => installSeal(own, [good, ...above], new Date(Date.now() - 86_400_000)))).toMatch(/^SEAL_CERTIFICATE_UNFIT .*begins on/);
    expect(codeOf(() => installSeal(own, [issued(path, 'extendedKeyUsage=serverAuth'), ...above]))).toMatch(/^SEAL_CERTIFICATE_UNFIT .*other uses/);
    expect(codeOf(() => installSeal(own, [issued(path, 'basicConstraints=CA:TRUE'), ...above]))).toMatch(/^SEAL_CERTIFICATE_UNFIT .*of an authority/);
    // a namesake of the issuer with another key
    const impostor = await makeKeyPair('p256');
    writeFileSync(at('impostor.key'), impostor.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const namesake = openssl('req', '-x509', '-key', at('impostor.key'), '-subj', '/C=LV/O=Trust AS/CN=Trust documents', '-days', '9');
    expect(codeOf(() => installSeal(own, [good, namesake]))).toMatch(/^SEAL_CERTIFICATE_UNFIT .*missing: C=LV, O=Trust AS, CN=Trust documents/);
    expect(installedSeal(own)).toBeNull();
  });

  it('that is self-signed, or of a tenant’s authority, is named as what it is', async (context) => {
    const own = home(context, 'named');
    const { path } = await requestSeal(own, { ...subject, organizationIdentifier: null }, { make: 'p256' }, noPin);
    const selfSigned = installSeal(own, [openssl('x509', '-req', '-in', path, '-signkey', join(own, 'seal/1/key.pem'), '-days', '20')]);
    expect([selfSigned.kind, wordsOf(selfSigned.kind, selfSigned.issuer)]).toEqual(['self-signed', 'self-signed: nobody but its owner vouches for the name in it']);
    expect(sealWarning(selfSigned, new Date())).toMatch(/^The seal certificate of .* ends on .*countersign keys station csr/);
    expect(sealWarning(selfSigned, new Date(Date.now() - 15 * 86_400_000))).toBeNull();
    expect(sealWarning(selfSigned, new Date(Date.now() + 21 * 86_400_000))).toContain(' ended on ');

    const authority = { name: rootName('nord'), keys: await makeKeyPair('p256') };
    const root = await issueCertificate({ subject: authority.name, publicKey: authority.keys.publicKey, use: { kind: 'authority' }, days: 90 }, authority);
    const { signer } = (await openSeal(own, noPin))!;
    const { publicKey } = (await openSeal(own, noPin))!.key;
    const certificate = await issueCertificate({ subject: { commonName: 'seal' }, publicKey, use: { kind: 'signing' }, days: 9 }, authority);
    expect(signer.algorithm).toBe('ecdsa-p256-sha256');
    expect(installSeal(own, [toPem('CERTIFICATE', certificate), toPem('CERTIFICATE', root)]).kind).toBe('tenant');
  });

  it('may lie in a token: the request is made there, and no private key comes to the disk', async (context) => {
    const [own, hsm] = [home(context, 'token'), softToken(context, folder)];
    hsm.makeToken('hotel');
    hsm.makeKey('hotel', 'rsa:2048', 'seal', '01');
    writeFileSync(at('pin'), `${hsm.pin}\n`, { mode: 0o600 });
    const reference = `pkcs11:token=hotel;object=seal?module-path=${hsm.module}&pin-source=file:${at('pin')}`;
    const { path } = await requestSeal(own, subject, { reference }, noPin);
    installSeal(own, [issued(path), read('issuing.pem'), read('root.pem')]);
    expect(installedSeal(own)).toMatchObject({ reference, keyType: 'RSA-2048' });
    expect(existsSync(join(own, 'seal/1/key.pem'))).toBe(false);
    expect(await judged(own)).toMatchObject({ status: 0, stdout: 'sealed' });
    writeFileSync(at('open-pin'), hsm.pin, { mode: 0o644 });
    await expect(requestSeal(own, subject, { reference: reference.replace(/pin$/, 'open-pin') }, noPin)).rejects.toMatchObject({ code: 'SECRET_EXPOSED' });
  });

  it('needs a name that an authority can take', async () => {
    for (const wrong of [{ country: 'Latvia' }, { country: 'lv' }, { organizationIdentifier: '40003012345' }, { organization: '' }, { commonName: 'x'.repeat(65) }]) {
      await expect(requestSeal(folder, { ...subject, ...wrong }, { make: 'p256' }, noPin)).rejects.toMatchObject({ code: 'NAME_INVALID' });
    }
    expect(existsSync(at('seal'))).toBe(false);
  });
});

/** What OpenSSL says of a CMS by the installed seal. */
async function judged(own: string): Promise<{ status: number | null; stdout: string }> {
  const { signer, key } = (await openSeal(own, noPin))!;
  writeFileSync(at('signed.der'), await buildSignedData({ content: Buffer.from('sealed'), signer }));
  await key.close();
  return spawnSync(program, ['cms', '-verify', '-binary', '-cades', '-purpose', 'any', '-inform', 'DER', '-in', at('signed.der'), '-CAfile', at('root.pem')], { encoding: 'utf8' });
}
