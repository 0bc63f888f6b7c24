/** The short answer, for files that deserve each of them. */
import { expect, test } from 'vitest';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { handSignedPdf, latin1, plainPdf, writeObjects } from '#fixtures/signed-pdf.ts';
import { testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { imprintOf, makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import { headlineOf, laterWords } from './headline.ts';
import type { VerifyOptions } from './result.ts';
import { verify } from './verify.ts';

const [{ packet, signedPdf, seal }, root] = await Promise.all([completedSigning(), testRoot()]);
const answer = async (bytes: Uint8Array, options: VerifyOptions = { trust: [root] }) => headlineOf(await verify(bytes, options));

test('genuine, with and without a proven time', async () => {
  const authority = makeTokenAuthority();
  const proven = { trust: [root], timeStamps: [makeToken(authority, { imprint: imprintOf(packet), time: new Date(Date.now() - 60_000) })], timeStampTrust: [authority.root] };
  expect(await answer(packet, proven)).toMatchObject({ kind: 'genuine', text: 'Genuine', because: ['Nothing was changed since it was signed.', expect.stringMatching(/^That signature "guest" existed at .* is proven/), expect.any(String)] });
  expect(await answer(packet)).toMatchObject({ kind: 'claimed-time', because: ['Nothing was changed since it was signed.', expect.stringContaining('2026-11-21 09:00:00 UTC'), expect.any(String)] });
});

test.each<[string, () => Promise<Uint8Array>, VerifyOptions, string]>([
  ['an unknown root', async () => signedPdf, { trust: [(await testSigner('Other')).certificate] }, 'because who sealed it is not known here'],
  ['no root at all', async () => signedPdf, {}, 'by whom it was sealed'],
  ['a certificate that ended', async () => handSignedPdf({ seal: await testSigner('Old', -1) }), { trust: [root] }, 'because a certificate has ended'],
  ['nobody\'s signature', async () => plainPdf(), { trust: [root] }, 'because nobody has signed this file'],
  ['a letter', async () => Buffer.from('Dear guest'), { trust: [root] }, 'because this is no signed document that can be read'],
  ['half a packet', async () => packet.subarray(0, packet.length / 2), { trust: [root] }, 'because this is no signed document that can be read'],
])('cannot be said of %s', async (_, make, options, words) => {
  expect(await answer(await make(), options)).toMatchObject({ kind: 'unsaid', text: expect.stringContaining(`Cannot be said${words.startsWith('because') ? ', ' : ' '}${words}`) });
});

test('not genuine: a byte, a page, a packet of two', async () => {
  const shown = { kind: 'not-genuine', text: 'NOT genuine: it was changed after it was signed' };
  expect(await answer(signedPdf.with(100, signedPdf[100]! ^ 1))).toMatchObject(shown);
  const replaced = writeObjects(signedPdf, new Map([[4, '<< /Length 2 >>\nstream\nBT\nendstream']]), Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(latin1(signedPdf))?.[1]));
  expect(await answer(replaced)).toMatchObject(shown);
  expect(laterWords((await verify(replaced, {})).revisions)).toBe('1 of 1 later revisions changed what was signed, or may have.');
  const other = await handSignedPdf({ seal, countersign: null, dictionary: (text) => text.replace('/Type /Sig', '/Type /Sig /Contents <00>') });
  expect(await answer(other)).toMatchObject({ kind: 'not-genuine', text: 'NOT genuine: it is not as it was signed' });
});
