/** A seal that a certification authority issued: what its signature carries and what not, what its authorities say, and when they are asked. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Signer } from '#biometrics/signer.ts';
import { authorityChain, type AuthorityChain } from '#fixtures/authority-chain.ts';
import { completedSigning } from '#fixtures/completed-signing.ts';
import { handSignedPdf, latin1, writeObjects } from '#fixtures/signed-pdf.ts';
import { imprintOf, makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import type { VerifyOptions, VerifyResult } from './result.ts';
import { verify } from './verify.ts';

const errors = ({ findings }: VerifyResult): string[] => findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
const codes = ({ findings }: VerifyResult): string[] => findings.map(({ code }) => code);
const ours = async (seal: Signer): Promise<Uint8Array> => (await completedSigning({ seal })).signedPdf;
const carrying = ({ seal }: AuthorityChain, ...chain: Uint8Array[]): Signer => ({ ...seal, chain });

describe('certificates', () => {
  let chain: AuthorityChain;
  beforeAll(async () => { chain = await authorityChain(); });

  test('a signature of ours that lacks the root is whole, and is believed under that root', async () => {
    const [alone, without] = await Promise.all([ours(chain.seal), ours(carrying(chain, chain.between))]);
    expect(await verify(alone, {})).toMatchObject({ valid: true, signatures: [{ vouched: { kind: 'unknown', issuer: 'CN=Test trust documents' } }] });
    expect(await verify(without, { trust: [chain.root] })).toMatchObject({ valid: true, trusted: true, signatures: [{ vouched: { kind: 'authority', issuer: 'CN=Test trust root' } }] });
    expect(errors(await verify(alone, { trust: [chain.root] }))).toEqual(['ROOT_UNKNOWN']);
    expect(await verify(alone, { trust: [chain.root], certificates: [chain.between] })).toMatchObject({ valid: true, trusted: true });
  });

  test('of an authority between, whose issuer is not at hand, nobody can say whether it was changed', async () => {
    const without = await ours(carrying(chain, chain.between));
    expect(await verify(without, {})).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' });
    const flipped = Buffer.from(chain.between);
    flipped[flipped.length - 3]! ^= 1;
    const changed = await ours(carrying(chain, new Uint8Array(flipped)));
    expect(errors(await verify(changed, {}))).toEqual(['ISSUER_NOT_AT_HAND']);
    expect((await verify(changed, { trust: [chain.root] })).valid).toBe(false);
  });

  test('the authority between is found in the file\'s own store', async () => {
    const signed = await handSignedPdf({ seal: chain.seal });
    const [catalog] = /<< \/Type \/Catalog[^\n]*/.exec(latin1(signed).slice(latin1(signed).lastIndexOf('/Type /Catalog') - 3)) as RegExpExecArray;
    const stored = writeObjects(signed, new Map([
      [1, catalog.replace(/>>$/, '/DSS 20 0 R >>')], [20, '<< /Certs [21 0 R] >>'],
      [21, `<< /Length ${chain.between.length} >>\nstream\n${latin1(chain.between)}\nendstream`],
    ]), Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(latin1(signed))?.[1]));
    expect(await verify(stored, { trust: [chain.root] })).toMatchObject({ valid: true, trusted: true });
  });

  test('a list of the authority between counts, once it is known to be one', async () => {
    const pdf = await ours(carrying(chain, chain.between));
    const under = async (...revoked: Uint8Array[]): Promise<VerifyResult> => verify(pdf, { trust: [chain.root], revoked });
    const good = await under(await chain.list('between'));
    expect(good).toMatchObject({ valid: true, papers: { revocationLists: [{ from: 'given', issuer: 'CN=Test trust documents' }] } });
    expect(codes(good)).not.toContain('REVOCATION_NOT_CHECKED');
    expect(await under(await chain.list('root'), await chain.list('between', [{ certificate: chain.seal.certificate, at: new Date(Date.now() - 3_600_000) }]))).toMatchObject({ subIndication: 'REVOKED_NO_POE' });
    await expect((await authorityChain()).list('between').then(under)).rejects.toMatchObject({ code: 'PAPER_REFUSED' });
  });
});

describe('asking', () => {
  let chain: AuthorityChain;
  let pdf: Uint8Array;
  let authority: ReturnType<typeof makeTokenAuthority>;
  let answers: Record<string, Uint8Array | null>;
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const bytes = answers[url];
    if (bytes == null) response.writeHead(503).end();
    else response.end(bytes);
  });
  const online = { allowPrivate: true, deadlineMs: 5_000 };
  const check = (options: VerifyOptions = {}): Promise<VerifyResult> => verify(pdf, { trust: [chain.root], ...options });

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    chain = await authorityChain({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    authority = makeTokenAuthority();
    pdf = await ours(chain.seal);
  });
  beforeEach(async () => {
    asked.splice(0);
    answers = { '/root.crl': await chain.list('root'), '/between.crl': await chain.list('between'), '/between.der': chain.between };
  });
  afterAll(() => { server.close(); });

  test('nothing is asked without being told to, and then a certificate that names who tells is not believed on its own', async () => {
    const result = await check({ certificates: [chain.between] });
    expect([asked, result.indication, result.subIndication]).toEqual([[], 'INDETERMINATE', 'TRY_LATER']);
    expect(await verify(pdf, {})).toMatchObject({ valid: true, trusted: null });
    expect(asked).toEqual([]);
    expect(await check({ certificates: [chain.between], revoked: await Promise.all([chain.list('root'), chain.list('between')]) })).toMatchObject({ valid: true });
  });

  test('issuer and lists are fetched, each once, and what they say counts', async () => {
    const result = await check({ online });
    expect(result).toMatchObject({ valid: true, trusted: true });
    expect(asked.toSorted()).toEqual(['/between.crl', '/between.der', '/root.crl']);
    expect(codes(result)).toEqual(expect.arrayContaining(['REVOCATION_ASKED', 'ASKED_ONLINE']));
    expect(codes(result)).not.toContain('REVOCATION_NOT_CHECKED');
  });

  test('revoked: not valid, unless a time-stamp proves that it was signed before', async () => {
    const at = new Date(Date.now() - 3_600_000);
    answers['/between.crl'] = await chain.list('between', [{ certificate: chain.seal.certificate, at }]);
    expect(await check({ online })).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' });
    const stamped = { timeStamps: [makeToken(authority, { imprint: imprintOf(pdf), time: new Date(at.getTime() - 3_600_000) })], timeStampTrust: [authority.root] };
    const before = await check({ online, ...stamped });
    expect(before).toMatchObject({ valid: true });
    expect(codes(before)).toContain('SIGNED_BEFORE_REVOCATION');
    answers['/between.crl'] = await chain.list('between', [{ certificate: chain.seal.certificate, at: new Date(at.getTime() - 7_200_000) }]);
    expect(await check({ online, ...stamped })).toMatchObject({ subIndication: 'REVOKED_NO_POE' });
    answers['/root.crl'] = await chain.list('root', [{ certificate: chain.between, at }]);
    expect(errors(await check({ online }))).toContain('AUTHORITY_REVOKED');
  });

  test.each<[string, () => Promise<Uint8Array | null>]>([
    ['away', async () => null],
    ['old', async () => chain.list('between', [], new Date(Date.now() - 20 * 86_400_000))],
    ['of another authority', async () => chain.list('root')],
    ['changed on the way', async () => (await chain.list('between')).with(40, 0)],
    ['larger than any', async () => new Uint8Array(5 * 1024 * 1024)],
  ])('a list that is %s: not known, which is not valid', async (_, list) => {
    answers['/between.crl'] = await list();
    expect(await check({ online })).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'TRY_LATER' });
  });

  test('nothing in a private network is asked, whatever a certificate names', async () => {
    const result = await check({ online: {}, certificates: [chain.between] });
    expect([asked, result.subIndication]).toEqual([[], 'TRY_LATER']);
    expect(result.findings.find(({ code }) => code === 'REVOCATION_UNKNOWN')?.message).toContain('private network');
  });
});
