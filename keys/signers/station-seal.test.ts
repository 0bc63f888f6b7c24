/** Which seal a station puts on at Done. The whole way, with OpenSSL as the authority: `kiosk/station/enrolled-station.test.ts`. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { toPem } from '../pem.ts';
import { issueCertificate } from '../x509.ts';
import { installSeal, requestSeal } from './seal-folder.ts';
import { openOrganisationSeal, sealAt, vouchedBy, type OrganisationSeal } from './station-seal.ts';

const DAY = 86_400_000;
const nobody = (): boolean => false;

async function installed(home: string, days: number): Promise<string> {
  const name = { commonName: 'seal' };
  const { path } = await requestSeal(home, { country: 'LV', organization: 'Hotel', organizationIdentifier: null, ...name }, { make: 'p256' }, async () => '');
  const privateKey = createPrivateKey(readFileSync(join(path, '../key.pem')));
  const publicKey = createPublicKey(privateKey);
  installSeal(home, [toPem('CERTIFICATE', await issueCertificate({ subject: name, publicKey, use: { kind: 'signing' }, days }, { name, keys: { privateKey, publicKey } }))]);
  return join(path, '..');
}

it('one whose key lies here is put on while its certificate is valid; else the station\'s own, and nobody waits for a token', async () => {
  const [home, seal] = [temporaryFolder(), await testSigner('Own seal')];
  expect(await openOrganisationSeal(home, nobody)).toBeNull();
  const folder = await installed(home, 40);
  const organisationSeal = await openOrganisationSeal(home, nobody);
  expect(vouchedBy(sealAt({ seal, organisationSeal }, new Date()))).toBe('CN=seal, self-signed: nobody but its owner vouches for the name in it');
  const data = new TextEncoder().encode('what is sealed');
  expect(await (organisationSeal as OrganisationSeal).signer.sign(data)).toBeInstanceOf(Uint8Array);
  for (const at of [Date.now() + 41 * DAY, Date.now() - 10 * DAY]) expect(sealAt({ seal, organisationSeal }, new Date(at))).toBe(seal);

  // the same certificate, its key in a token: its library is never loaded
  renameSync(join(folder, 'key.pem'), join(folder, 'elsewhere'));
  writeFileSync(join(folder, 'key-reference.txt'), 'pkcs11:token=hotel;object=seal?module-path=/nowhere/hangs.so\n');
  expect(await openOrganisationSeal(home, nobody)).toBeNull();
  writeFileSync(join(folder, 'key-reference.txt'), 'arn:aws:kms:eu-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\n');
  expect(await openOrganisationSeal(home, nobody)).toBeNull();

  // damaged, open to others, or revoked by the tenant: the station goes on with its own, and the desk is told
  rmSync(join(folder, 'key-reference.txt'));
  const missing = await openOrganisationSeal(home, nobody);
  expect(missing).toEqual({ problem: expect.stringMatching(/not used.*key\.pem is missing/) });
  expect(sealAt({ seal, organisationSeal: missing }, new Date())).toBe(seal);
  if (process.platform === 'win32') return;
  renameSync(join(folder, 'elsewhere'), join(folder, 'key.pem'));
  chmodSync(join(folder, 'key.pem'), 0o644);
  expect(await openOrganisationSeal(home, nobody)).toEqual({ problem: expect.stringContaining('not used') });
});
