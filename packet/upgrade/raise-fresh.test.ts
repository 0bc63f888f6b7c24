/** What a station makes of its own signature in the moment that a guest waits; the servers are right, slow, wrong, lying or away. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startOpensslPki, type Behaviour, type OpensslPki } from '#fixtures/openssl-authority.ts';
import { judge } from '#fixtures/needs.ts';
import { handSignedPdf } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { startStandInAuthority, type Answer, type StandIn } from '#fixtures/time-stamp-authority.ts';
import type { Signer } from '#biometrics/signer.ts';
import { readSignedPdf, signedBytes } from '../read-signed-pdf.ts';
import { verify } from '../verify/verify.ts';
import { raiseFresh, type Raised, type RaiseOptions } from './raise-fresh.ts';
import { upgradeDocument } from './upgrade-document.ts';

const folder = temporaryFolder();
let seal: Signer;
let standIn: StandIn;
beforeAll(async () => { [seal, standIn] = [await testSigner('Test seal'), await startStandInAuthority()]; });
beforeEach(() => { standIn.answer = 'granted'; });
afterAll(() => standIn.close());

async function raised(by: Signer, options: Partial<RaiseOptions>): Promise<Raised & { before: Uint8Array }> {
  const before = await handSignedPdf({ seal: by });
  const { byteRange } = readSignedPdf(before).signatures[0]!;
  const after = await raiseFresh({ signedPdf: new Uint8Array(before), byteRange: byteRange!, seal: by }, { authority: { url: standIn.url, roots: [standIn.root] }, mayFetch: false, crls: [], budgetMs: 2_000, ...options });
  // whatever happened, what is signed stands, and the signature holds
  const signature = readSignedPdf(after.signedPdf).signatures[0]!;
  expect(Buffer.compare(signedBytes(after.signedPdf, signature.byteRange!), signedBytes(before, byteRange!))).toBe(0);
  expect(signature.problems).toEqual([]);
  return { ...after, before };
}

test('B-T where the authority answers, and nothing says of the certificates whether they were revoked', async () => {
  const { signedPdf, before, level, notHigher, timeStamp } = await raised(seal, {});
  expect({ level, notHigher }).toEqual({ level: 'B-T', notHigher: 'REVOCATION_MISSING' });
  expect(signedPdf).toHaveLength(before.length);
  const { signatures, timeStamps } = await verify(signedPdf, { trust: [await testRoot()], timeStampTrust: [standIn.root] });
  expect(signatures[0]).toMatchObject({ level: 'PAdES-B-T', intact: true, trusted: true });
  expect(timeStamps[0]).toMatchObject({ time: timeStamp!.time.toISOString(), trusted: true });
});

test.each<[Answer, string]>([
  ['never', 'TIME_STAMP_AWAY'], ['half', 'TIME_STAMP_AWAY'], ['reset', 'TIME_STAMP_AWAY'], ['unavailable', 'TIME_STAMP_AWAY'], ['html', 'TIME_STAMP_AWAY'], ['oversized', 'TIME_STAMP_AWAY'],
  ['garbage', 'TIME_STAMP_UNREADABLE'], ['rejection', 'TIME_STAMP_REFUSED'], ['wrong-nonce', 'TIME_STAMP_OTHER'], ['other-imprint', 'TIME_STAMP_OTHER'],
  ['other-key', 'TIME_STAMP_INVALID'], ['wrong-purpose', 'TIME_STAMP_INVALID'], ['expired', 'TIME_STAMP_INVALID'],
])('an authority that answers "%s" leaves B-B, the bytes untouched, and the hash that a later time-stamp needs', async (answer, notHigher) => {
  standIn.answer = answer;
  const { signedPdf, before, signatureSha256, ...rest } = await raised(seal, { budgetMs: 200 });
  expect(rest).toMatchObject({ level: 'B-B', notHigher, timeStamp: null });
  expect(Buffer.compare(signedPdf, before)).toBe(0);
  expect(signatureSha256).toMatch(/^[0-9a-f]{64}$/);
});

test('without an authority nobody is asked; one that nobody trusts is not believed', async () => {
  expect(await raised(seal, { authority: null })).toMatchObject({ level: 'B-B', notHigher: 'NO_TIME_STAMP_AUTHORITY' });
  expect(await raised(seal, { authority: { url: standIn.url, roots: [await testRoot()] } })).toMatchObject({ level: 'B-B', notHigher: 'TIME_STAMP_INVALID' });
});

test('with authorities run by OpenSSL: B-LT within the budget, else B-T; addresses in certificates are never private ones', async (context) => {
  const pki: OpensslPki = await startOpensslPki(judge(context, 'openssl'), folder);
  try {
    const options = { authority: { url: pki.tsa, roots: [pki.root] }, mayFetch: true, allowPrivate: true };
    const whole = await raised(pki.seal, options);
    expect(whole).toMatchObject({ level: 'B-LT', notHigher: null });
    const { signatures } = await verify(whole.signedPdf, { trust: [pki.root], timeStampTrust: [pki.root] });
    expect(signatures[0]).toMatchObject({ level: 'PAdES-B-LT', intact: true, trusted: true });
    // what left at Done is where an upgrade goes on
    expect((await upgradeDocument(whole.signedPdf, { to: 'B-LTA', trust: [pki.root], tsa: pki.tsa, online: null })).steps.map(({ step }) => step)).toEqual(['document-time-stamp']);

    expect(await raised(pki.seal, { ...options, mayFetch: false, crls: pki.crls() })).toMatchObject({ level: 'B-LT' });
    expect(await raised(pki.seal, { ...options, allowPrivate: false })).toMatchObject({ level: 'B-T', notHigher: 'REVOCATION_ADDRESS' });
    for (const [behaviour, notHigher] of [['never', 'REVOCATION_AWAY'], ['oversized', 'REVOCATION_AWAY'], ['other', 'REVOCATION_INVALID'], ['garbage', 'REVOCATION_INVALID']] satisfies [Behaviour, string][]) {
      pki.behaviour.crl = behaviour;
      expect(await raised(pki.seal, { ...options, budgetMs: behaviour === 'never' ? 600 : 2_000 }), behaviour).toMatchObject({ level: 'B-T', notHigher: expect.stringMatching(new RegExp(`^(${notHigher}|NO_TIME_LEFT)$`)) });
    }
  } finally {
    await pki.close();
  }
});
