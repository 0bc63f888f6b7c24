/** What a child that was taken over may ask of the parent, which alone has keys and a network. */
import { expect, test } from 'vitest';
import { handSignedPdf } from '#fixtures/signed-pdf.ts';
import { testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { startStandInAuthority } from '#fixtures/time-stamp-authority.ts';
import { KeyError } from '#keys/errors.ts';
import { fromBase64, toBase64 } from '../child/base64.ts';
import { answering, upgradeInChild } from './in-child.ts';
import { sealInChild, signing } from './seal-in-child.ts';

const online = (seen: unknown[]) => ({ instead: async (address: string, exchange: unknown) => { seen.push({ address, ...exchange as object }); return Uint8Array.of(1); } });
const question = (more: object) => ({ ask: 'download', address: 'http://ocsp.example/', post: null, accept: 'application/pkix-crl', most: 1000, ...more });

test('no more bytes than are ever needed are taken in for it, whatever number it names', async () => {
  const seen: { most: number }[] = [];
  const answer = answering({ tsa: null, online: online(seen) });
  for (const most of [1000, 2 ** 40]) await answer(question({ most }));
  expect(seen.map(({ most }) => most)).toEqual([1000, 4 * 1024 * 1024]);
  for (const odd of [{ most: 'x' }, { most: null }, { most: -1 }, { most: 1.5 }, { address: 7 }, { accept: null }, { post: 'x' }, { post: { body: 7 } }, { ask: 'other' }]) {
    await expect(answer(question(odd)), JSON.stringify(odd)).rejects.toMatchObject({ code: 'UPGRADE_REFUSED' });
  }
  for (const odd of [null, 'x', { ask: 'time-stamp', sha256: toBase64(new Uint8Array(32)) }]) await expect(answer(odd)).rejects.toMatchObject({ code: 'UPGRADE_REFUSED' });
  expect(seen).toHaveLength(2);
});

test('nothing but a hash goes to the authority, and only so many questions are answered', async () => {
  const answer = answering({ tsa: 'http://127.0.0.1:9/', online: online([]) });
  for (const sha256 of [toBase64(new Uint8Array(31)), toBase64(Buffer.from('the whole document in the clear')), 7]) {
    await expect(answer({ ask: 'time-stamp', sha256 })).rejects.toMatchObject({ code: 'UPGRADE_REFUSED' });
  }
  for (let asked = 3; asked < 200; asked++) expect(fromBase64(await answer(question({})) as string)).toEqual(Uint8Array.of(1));
  await expect(answer(question({}))).rejects.toThrow(/more than 200 questions/);
});

test('a seal is lent for as many signatures as one needs, and for signed attributes alone', async () => {
  const signed: Uint8Array[] = [];
  const sign = async (data: Uint8Array) => { signed.push(data); return Uint8Array.of(2); };
  const ask = (data: unknown) => ({ ask: 'sign', data });
  const attributes = toBase64(Uint8Array.of(0x31, 0));
  const answer = signing({ sign }, 2, { failure: null });
  expect(await answer(ask(attributes))).toBe(toBase64(Uint8Array.of(2)));
  await answer(ask(attributes));
  await expect(answer(ask(attributes))).rejects.toMatchObject({ code: 'UPGRADE_REFUSED' });
  // a certificate, a revocation list, nothing, something else
  for (const odd of [ask(toBase64(Uint8Array.of(0x30, 0))), ask(''), ask(7), ask('x'.repeat(100_000)), { ...ask(attributes), ask: 'time-stamp' }, {}]) {
    await expect(signing({ sign }, 2, { failure: null })(odd)).rejects.toMatchObject({ code: 'UPGRADE_REFUSED' });
  }
  expect(signed).toHaveLength(2);
});

test('what keeps the key from signing is told as the key tells it', async () => {
  const seal = await testSigner('Seal');
  const away = new KeyError('SIGNER_AWAY', 'the token is not there');
  await expect(sealInChild(await handSignedPdf({ seal }), { ...seal, sign: () => Promise.reject(away) }, { signedAt: new Date(), place: null, demo: false, software: 'x' })).rejects.toBe(away);
});

test('a file is upgraded in another process, for which this one asks the authority', async () => {
  const authority = await startStandInAuthority();
  const pdf = await handSignedPdf({ seal: await testSigner('Seal') });
  const options = { to: 'B-T', trust: [await testRoot(), authority.root], tsa: authority.url, software: 'x' } as const;
  const { kind, bytes, steps } = await upgradeInChild(pdf, options);
  expect({ kind, steps }).toEqual({ kind: 'pdf', steps: [{ step: 'signature-time-stamp', field: 'guest', time: expect.any(Date) as Date, authority: 'CN=Stand-in time-stamp authority' }] });
  expect(bytes?.length).toBe(pdf.length);
  expect(authority.requests).toHaveLength(1);
  await authority.close();
});
