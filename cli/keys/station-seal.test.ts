/** `countersign keys station csr | install-seal | seal` as whoever runs a hotel's server types it, in this process. */
import { execFileSync } from 'node:child_process';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { judge } from '#fixtures/needs.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { said } from '#fixtures/typed.ts';
import { serialOf } from '#keys/certificate.ts';
import { encodeCrl } from '#keys/crl.ts';
import { makeKeyPair } from '#keys/key-pair.ts';
import { toPem } from '#keys/pem.ts';
import { issueCertificate, type Issuer } from '#keys/x509.ts';
import { readSignedPdf } from '#packet/read-signed-pdf.ts';
import { seal } from '../doctor/seal.ts';
import { run as runPacket } from '../packet.ts';
import { run } from './station.ts';

const home = temporaryFolder();
const NAMED = ['--country', 'LV', '--organization', 'Hotel SIA', '--name', 'Hotel SIA seal', '--home', home];

const typed = (...argv: string[]) => said(() => run(argv));
const sealed = (file: string, from = home) => said(() => runPacket(['seal', file, '--home', from]));

test('a seal is asked for, installed and shown, and says that it is self-signed and ends soon', async (context) => {
  const openssl = judge(context, 'openssl');
  expect(seal(home)).toEqual([]);
  expect(await typed('seal', '--home', home)).toMatchObject({ code: 1, stdout: 'No seal certificate of an authority is installed.\n' });
  const copy = join(home, 'request.pem');
  const asked = await typed('csr', ...NAMED, '--out', copy);
  expect(asked).toMatchObject({ code: 0, stdout: expect.stringMatching(/Fingerprint {3}([0-9A-F]{4} ?){8}\n[^]*install-seal/) });
  expect(readFileSync(copy, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
  expect((await typed('seal', '--home', home)).stdout).toContain('Asked for');

  const answer = join(home, 'answer.pem');
  writeFileSync(answer, execFileSync(openssl, ['x509', '-req', '-in', copy, '-signkey', join(home, 'seal/1/key.pem'), '-days', '29'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  expect(await typed('install-seal', answer, '--home', home)).toMatchObject({ code: 0, stdout: expect.stringContaining('vouched  self-signed: nobody but its owner vouches for the name in it\n') });
  const shown = await typed('seal', '--home', home, '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ request: null, seal: { kind: 'self-signed', reference: join(home, 'seal/1/key.pem'), warning: expect.stringContaining('ends on') } });
  expect(seal(home)).toEqual([{ id: 'seal', state: 'warning', detail: expect.stringContaining('CN=Hotel SIA seal, self-signed: nobody'), advice: expect.stringContaining('keys station csr') }]);
});

test('a signed PDF is sealed with it, and never over a file that is there', async (context) => {
  judge(context, 'openssl');
  const [file, out] = [join(home, 'card.pdf'), join(home, 'card.sealed.pdf')];
  writeFileSync(file, (await completedSigning()).signedPdf);
  expect(await sealed(file)).toMatchObject({ code: 0, stdout: `${out}: sealed by C=LV, O=Hotel SIA, CN=Hotel SIA seal, self-signed: nobody but its owner vouches for the name in it.\n` });
  expect(readSignedPdf(readFileSync(out)).signatures).toHaveLength(2);
  // before any key is asked for
  await expect(sealed(file, join(home, 'nothing'))).rejects.toThrow(/not overwritten/);
  rmSync(out);
  await expect(sealed(file, join(home, 'nothing'))).rejects.toThrow(/no seal certificate is installed/);
});

test('with --crl, a seal that was revoked seals nothing, and lists that say nothing of it are no answer', async () => {
  const [office, at] = [join(home, 'office'), (name: string) => join(home, name)];
  const file = at('card.pdf');
  writeFileSync(file, (await completedSigning()).signedPdf);
  await typed('csr', ...NAMED, '--home', office);
  const [authority, other] = [{ name: { commonName: 'Trust documents' }, keys: await makeKeyPair('p256') }, { name: { commonName: 'Other' }, keys: await makeKeyPair('p256') }];
  const issued = (publicKey: KeyObject, kind: 'authority' | 'signing') => issueCertificate({ subject: kind === 'signing' ? { commonName: 'Hotel SIA seal' } : authority.name, publicKey, use: { kind }, days: 90 }, authority);
  const certificate = await issued(createPublicKey(readFileSync(join(office, 'seal/1/key.pem'))), 'signing');
  writeFileSync(at('seal.pem'), toPem('CERTIFICATE', certificate));
  writeFileSync(at('authority.pem'), toPem('CERTIFICATE', await issued(authority.keys.publicKey, 'authority')));
  await typed('install-seal', at('seal.pem'), at('authority.pem'), '--home', office);
  const list = async (name: string, issuer: Issuer, serials: string[]): Promise<string> => {
    const entries = serials.map((serial) => ({ serial, revokedAt: new Date(Date.now() - 60_000).toISOString(), reason: 'keyCompromise' as const, invalidSince: null }));
    writeFileSync(at(name), toPem('X509 CRL', await encodeCrl({ number: 1, thisUpdate: new Date(), nextUpdate: new Date(Date.now() + 86_400_000), entries }, issuer)));
    return at(name);
  };
  const out = at('by-office.pdf');
  const sealing = (crl: string) => said(() => runPacket(['seal', file, '--home', office, '--crl', crl, '--out', out]));
  await expect(sealing(await list('revoked.crl', authority, [serialOf(certificate)]))).rejects.toMatchObject({ code: 'CERTIFICATE_REVOKED', message: expect.stringMatching(/Hotel SIA seal was revoked/) as string });
  // that command has no --online and no --ocsp to point to
  await expect(sealing(await list('other.crl', other, []))).rejects.toMatchObject({ code: 'REVOCATION_MISSING', message: expect.stringMatching(/^(?!.*(--online|--ocsp)).*Hotel SIA seal.*--crl/) as string });
  expect(existsSync(out)).toBe(false);
  expect(await sealing(await list('good.crl', authority, ['77']))).toMatchObject({ code: 0 });
  expect(readSignedPdf(readFileSync(out)).signatures).toHaveLength(2);
});

test('what is missing or must not be is said before anything is made; a PIN is never taken from the command', async () => {
  const other = join(home, 'other');
  await expect(typed('csr', '--home', other)).rejects.toThrow(/name the organisation/);
  await expect(typed('csr', ...NAMED, '--home', other, '--type', 'p384')).rejects.toThrow(/p256 and rsa/);
  await expect(typed('install-seal', '--home', other)).rejects.toThrow(/what the authority gave back/);
  await expect(typed('csr', ...NAMED, '--home', other, '--key', 'pkcs11:object=a?module-path=/p&pin-value=4711')).rejects.toMatchObject({ code: 'KEY_REFERENCE_INVALID', message: expect.not.stringContaining('4711') });
  expect(existsSync(join(other, 'seal/1'))).toBe(false);
});
