import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { installSeal, requestSeal, type StationKeys } from '#keys/index.ts';
import { toPem } from '#keys/pem.ts';
import { issueCertificate } from '#keys/x509.ts';
import { Notices } from './notices.ts';
import { sealWatch } from './seal-notice.ts';

const DAY = 86_400_000;

it('the desk hears of a seal that ends within 30 days, and no more once it is renewed', async () => {
  const [home, now] = [temporaryFolder(), new Date()];
  const notices = new Notices(() => {});
  const look = sealWatch({ home, notices, keys: { awaiting: null, organisationSeal: null } as unknown as StationKeys });
  look(now);
  expect(notices.list()).toEqual([]);

  await renew(home, 20);
  look(new Date(now.getTime() + 1_000));
  expect(notices.list()).toEqual([]);
  look(new Date(now.getTime() + DAY));
  expect(notices.list()).toEqual([{ code: 'SEAL_ENDS', severity: 'warning', happened: false, message: expect.stringMatching(/^The seal certificate of .*CN=seal ends on .*countersign keys station csr/) }]);

  // its key cannot be read: the desk hears it, and documents go on being sealed
  const keys = { awaiting: null, organisationSeal: { problem: 'It can be read by others.' } } as unknown as StationKeys;
  sealWatch({ home, notices, keys })(now);
  expect(notices.list()).toEqual([{ code: 'SEAL_ENDS', severity: 'warning', happened: false, message: 'It can be read by others.' }]);

  await renew(home, 400);
  look(new Date(now.getTime() + 2 * DAY));
  expect(notices.list()).toEqual([]);

  mkdirSync(join(home, 'seal/9'));
  writeFileSync(join(home, 'seal/9/certificates.pem'), '');
  look(new Date(now.getTime() + 3 * DAY));
  expect(notices.list()).toMatchObject([{ message: expect.stringContaining('is missing or damaged') }]);
});

/** Self-signed, for so many days. */
async function renew(home: string, days: number): Promise<void> {
  const name = { commonName: 'seal' };
  const { path } = await requestSeal(home, { country: 'LV', organization: 'Hotel', organizationIdentifier: null, ...name }, { make: 'p256' }, async () => '');
  const privateKey = createPrivateKey(readFileSync(join(path, '../key.pem')));
  const publicKey = createPublicKey(privateKey);
  installSeal(home, [toPem('CERTIFICATE', await issueCertificate({ subject: name, publicKey, use: { kind: 'signing' }, days }, { name, keys: { privateKey, publicKey } }))]);
}
