/** Servers of revocation lists, OCSP and issuers that misbehave, against authorities run by OpenSSL: each ends with a reason, and a retry works. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startOpensslPki, type Behaviour, type OpensslPki } from '#fixtures/openssl-authority.ts';
import { judge } from '#fixtures/needs.ts';
import { handSignedPdf } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { upgradeDocument, type UpgradeOptions } from './index.ts';
import { readSecurityStore } from './security-store.ts';

const folder = temporaryFolder();
let openssl: string;
let pki: OpensslPki;
/** At B-T. */
let stamped: Uint8Array;
let options: UpgradeOptions;
beforeEach(async (context) => {
  openssl = judge(context, 'openssl');
  pki ??= await startOpensslPki(openssl, folder);
  options ??= { to: 'B-LT', trust: [pki.root], tsa: pki.tsa, online: { allowPrivate: true, deadlineMs: 2000 } };
  stamped ??= (await upgradeDocument(await handSignedPdf({ seal: pki.seal }), { ...options, to: 'B-T' })).pdf;
  Object.assign(pki.behaviour, { tsa: 'right', ocsp: 'right', crl: 'right', lower: 'right', issuer: 'right' });
});
afterAll(() => pki?.close());

test('an issuer that the signature does not carry is given, or fetched; without it, it is said', async () => {
  const begun = await handSignedPdf({ seal: { ...pki.seal, chain: [] } });
  const lists = { ...options, online: null, given: { crls: pki.crls() } };
  await expect(upgradeDocument(begun, lists)).rejects.toMatchObject({ code: 'CHAIN_INCOMPLETE', message: expect.stringContaining('--certificate') });
  const given = await upgradeDocument(begun, { ...lists, given: { ...lists.given, certificates: [pki.between] } });
  const fetched = await upgradeDocument(begun, options);
  for (const { pdf } of [given, fetched]) expect((await readSecurityStore(pdf)).certificates).toContainEqual(pki.between);
});

test.each<[Behaviour, string]>([['never', 'REVOCATION_AWAY'], ['redirect', 'REVOCATION_AWAY'], ['oversized', 'REVOCATION_AWAY'], ['unavailable', 'REVOCATION_AWAY'], ['garbage', 'REVOCATION_INVALID']])('a list server that answers "%s" ends it with a reason, and a retry works', async (behaviour, code) => {
  pki.behaviour.crl = behaviour;
  await expect(upgradeDocument(stamped, { ...options, online: { allowPrivate: true, deadlineMs: 500 } })).rejects.toMatchObject({ name: 'PacketError', code });
  pki.behaviour.crl = 'right';
  expect((await upgradeDocument(stamped, options)).steps).toHaveLength(1);
});

test.each<Behaviour>(['garbage', 'other'])('an OCSP responder that answers "%s" is passed over for the list', async (behaviour) => {
  pki.behaviour.ocsp = behaviour;
  const store = await readSecurityStore((await upgradeDocument(stamped, options)).pdf);
  expect([store.ocsps.length, store.crls.length]).toEqual([0, 2]);
});

test.each([['sha384', true], ['sha512', true], ['sha1', false]])('a list signed with %s is taken: %s', async (digest, taken) => {
  const crls = ['root', 'between'].map((name) => {
    const run = (...args: string[]): void => { execFileSync(openssl, args, { cwd: pki.folder, stdio: 'pipe' }); };
    run('ca', '-config', 'ca.cnf', '-name', `${name}_ca`, '-gencrl', '-crldays', '7', '-md', digest, '-out', `${digest}.pem`);
    run('crl', '-in', `${digest}.pem`, '-outform', 'DER', '-out', `${digest}.der`);
    return new Uint8Array(readFileSync(join(pki.folder, `${digest}.der`)));
  });
  const upgraded = upgradeDocument(stamped, { ...options, online: null, given: { crls } });
  if (taken) expect(new Set((await readSecurityStore((await upgraded).pdf)).crls)).toEqual(new Set(crls));
  else await expect(upgraded).rejects.toMatchObject({ code: 'REVOCATION_MISSING' });
});
