/** The short answer, for files that deserve each of them. */
import { expect, test } from 'vitest';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { handSignedPdf, latin1, plainPdf, writeObjects } from '#fixtures/signed-pdf.ts';
import { testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { imprintOf, makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import { readPacket } from '../container.ts';
import { writeZip } from '../zip.ts';
import { headlineOf, laterWords } from './headline.ts';
import type { VerifyOptions, VerifyResult, VoidResult } from './result.ts';
import { verify } from './verify.ts';

const [{ packet, signedPdf, seal }, root] = await Promise.all([completedSigning(), testRoot()]);
const answer = async (bytes: Uint8Array, options: VerifyOptions = { trust: [root] }) => headlineOf(await verify(bytes, options));

test('genuine, with and without a proven time', async () => {
  const authority = makeTokenAuthority();
  const proven = { trust: [root], timeStamps: [makeToken(authority, { imprint: imprintOf(packet), time: new Date(Date.now() - 60_000) })], timeStampTrust: [authority.root] };
  expect(await answer(packet, proven)).toMatchObject({ kind: 'genuine', text: 'Genuine', because: [expect.stringMatching(/^Sealed by "CN=Test seal", for whom .* \(CN=Countersign test CA\)/), 'Nothing was changed since it was signed.', expect.stringMatching(/^That its signature existed at .* is proven/), expect.stringContaining('revoked since is not known')] });
  // a list of roots that is empty is trust in nobody
  expect((await answer(packet, { ...proven, timeStampTrust: [] })).text).toBe('Genuine, but the time is only claimed');
  expect(await answer(packet)).toMatchObject({ kind: 'reserved', text: 'Genuine, but the time is only claimed', because: [expect.any(String), 'Nothing was changed since it was signed.', expect.stringContaining('2026-11-21 09:00:00 UTC'), expect.any(String)] });
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
  // another's unsigned document in a packet of ours
  const files = readPacket(packet).files;
  expect(await answer(writeZip(new Map([...files].map(([name, bytes]) => [name, name.endsWith('.pdf') ? plainPdf() : bytes]))))).toMatchObject(shown);
});

test('of an unreadable PDF nobody says that it was forged', async () => {
  for (const text of ['%PDF-1.7\nnothing', latin1(plainPdf()).replace('trailer\n<<', 'trailer\n<< /Encrypt 9 0 R')]) {
    expect(await answer(Buffer.from(text, 'latin1'))).toMatchObject({ kind: 'unsaid' });
  }
});

/** What a yes depends on, each part spoilt alone and every two of them together. */
test('"Genuine" alone is said of nothing but what passed, whole, trusted, at a proven time, not void, not a demonstration', async () => {
  const passed = await verify(packet, { trust: [root] });
  const [finding, voided] = [(code: string) => ({ code, severity: 'warning' as const, message: 'A warning.' }), { believed: true, names: 'packet', at: '', by: null, reason: 'other', station: { tenant: '', site: '', name: '' } } as unknown as VoidResult];
  const proven = passed.signatures.map((signature) => ({ ...signature, provenTime: '2026-11-21T09:01:00.000Z' }));
  const spoiling: [name: string, spoil: (result: VerifyResult) => Partial<VerifyResult>, kind: string][] = [
    ['failed', () => ({ indication: 'TOTAL-FAILED', valid: false, subIndication: 'HASH_FAILURE' }), 'not-genuine'],
    ['undetermined', () => ({ indication: 'INDETERMINATE', valid: false, subIndication: 'TRY_LATER' }), 'unsaid'],
    ['of an unforeseen sub-indication', () => ({ indication: 'INDETERMINATE', valid: false, subIndication: null }), 'unsaid'],
    ['no root', () => ({ trusted: null }), 'unsaid'],
    ['not trusted', () => ({ trusted: false }), 'unsaid'],
    ['no signature', () => ({ signatures: [] }), 'unsaid'],
    ['one not trusted', ({ signatures }) => ({ signatures: signatures.map((each, index) => ({ ...each, trusted: index > 0 && each.trusted })) }), 'unsaid'],
    ['one not intact', ({ signatures }) => ({ signatures: signatures.map((each, index) => ({ ...each, intact: index > 0 && each.intact })) }), 'unsaid'],
    ['a revision refused', ({ revisions }) => ({ revisions: revisions.map((each) => ({ ...each, allowed: false })) }), 'unsaid'],
    ['a broken trail', () => ({ audit: { intact: false, events: 3 } }), 'unsaid'],
    ['an error beside', ({ findings }) => ({ findings: [...findings, { ...finding('X'), severity: 'error' as const }] }), 'unsaid'],
    ['void', () => ({ voids: [voided] }), 'void'],
    ['a demonstration', ({ findings }) => ({ findings: [...findings, finding('DEMO')] }), 'reserved'],
    ['something shown later', ({ findings }) => ({ findings: [...findings, finding('APPEARANCE_ADDED')] }), 'reserved'],
    ['a time contradicted', ({ findings }) => ({ findings: [...findings, finding('TIME_CONTRADICTED')] }), 'reserved'],
    ['a time outside', ({ findings }) => ({ findings: [...findings, finding('TIME_OUTSIDE_CERTIFICATE')] }), 'reserved'],
    ['one time claimed', ({ signatures }) => ({ signatures: signatures.map((each, index) => ({ ...each, provenTime: index > 0 ? each.provenTime : null })) }), 'reserved'],
  ];
  const whole = { ...passed, signatures: proven };
  expect(headlineOf(whole)).toMatchObject({ kind: 'genuine', text: 'Genuine' });
  expect(headlineOf(whole, ['Void.'])).toMatchObject({ kind: 'void', because: expect.arrayContaining(['Void.']) });
  for (const [name, spoil, kind] of spoiling) expect([name, headlineOf({ ...whole, ...spoil(whole) }).kind]).toEqual([name, kind]);
  for (const [first, spoil] of spoiling) {
    for (const [second, more] of spoiling) {
      const once = { ...whole, ...spoil(whole) };
      const result = { ...once, ...more(once) };
      const { kind, text, because } = headlineOf(result);
      const says = `${kind}: "${text}" where ${first} and ${second}`;
      if (kind === 'genuine' || text === 'Genuine' || text.startsWith('Genuine') !== (kind === 'reserved')) expect.fail(says);
      if (kind === 'reserved' && (!result.valid || result.trusted !== true || result.voids.length > 0)) expect.fail(says);
      if (because.some((each) => each.startsWith('Nothing was changed')) && (kind === 'not-genuine' || !result.signatures.every(({ intact }) => intact) || result.findings.some(({ code }) => code === 'APPEARANCE_ADDED'))) expect.fail(`${says}: nothing was changed`);
    }
  }
});
