/** From B-B to B-LTA and a renewal, with an authority run by OpenSSL; pdfsig, qpdf and OpenSSL judge what comes out. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, type TestContext } from 'vitest';
import { startOpensslPki, type OpensslPki } from '#fixtures/openssl-authority.ts';
import { judge } from '#fixtures/needs.ts';
import { cardPdf } from '#fixtures/pdf.ts';
import { handSignedPdf, plainPdf } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { pem, testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { startStandInAuthority, type Answer, type StandIn } from '#fixtures/time-stamp-authority.ts';
import { imprintOf, makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import { verifySignedData } from '#biometrics/cms.ts';
import type { Signer } from '#biometrics/signer.ts';
import { readSignedPdf, signedBytes, type PdfSignature } from '../read-signed-pdf.ts';
import { signDocument } from '../sign-document.ts';
import { signatureTimeStamps } from '../time-stamp/index.ts';
import { verify } from '../verify/verify.ts';
import { upgradeDocument, type UpgradeOptions } from './index.ts';
import { readSecurityStore } from './security-store.ts';

const folder = temporaryFolder();

async function signed(seal: Signer, document?: Uint8Array): Promise<Uint8Array> {
  const bytes = document ?? await cardPdf();
  return (await signDocument({
    document: bytes, documentSha256: createHash('sha256').update(bytes).digest('hex'), sealedRecord: new Uint8Array(300).fill(0x5a), requestId: 'request-1',
    field: { kind: 'signature', role: 'guest', name: 'guest', label: 'Guest', page: 1, rect: { x: 60, y: 200, width: 200, height: 50 }, found: 'phrase' },
    ink: [{ width: 0.5, points: [[0, 0], [6, 12]] }], signerName: 'A', place: 'B', signedAt: new Date(), demo: false, seal,
  })).signedPdf;
}

const signaturesOf = (pdf: Uint8Array): PdfSignature[] => readSignedPdf(pdf).signatures;
const contentOf = (pdf: Uint8Array, { byteRange }: PdfSignature): Uint8Array => signedBytes(pdf, byteRange!);

async function tokensOf(pdf: Uint8Array, signature: PdfSignature): Promise<{ tokens: Uint8Array[]; value: Uint8Array }> {
  const { unsignedAttributes, signature: value } = await verifySignedData(signature.cms, contentOf(pdf, signature));
  return { tokens: await signatureTimeStamps(unsignedAttributes), value };
}

function save(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function expectToken(context: TestContext, token: Uint8Array, over: Uint8Array, root: Uint8Array): void {
  const args = ['ts', '-verify', '-token_in', '-in', save('token', token), '-data', save('data', over), '-CAfile', save('ts-root.pem', pem('CERTIFICATE', root))];
  expect(spawnSync(judge(context, 'openssl'), args, { encoding: 'utf8' }).stdout).toContain('Verification: OK');
}

function expectSoundToQpdf(context: TestContext, pdf: Uint8Array): void {
  const { status, stderr } = spawnSync(judge(context, 'qpdf'), ['--check', save('check.pdf', pdf)], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

describe('B-T', () => {
  let authority: StandIn;
  let pdf: Uint8Array;
  let options: UpgradeOptions;
  beforeAll(async () => {
    authority = await startStandInAuthority();
    pdf = await signed(await testSigner('Test seal'));
    options = { to: 'B-T', trust: [await testRoot(), authority.root], tsa: authority.url, tsaDeadlineMs: 300 };
  });
  beforeEach(() => { authority.answer = 'granted'; });
  afterAll(() => authority.close());

  test('changes nothing outside the room of /Contents, and every signature holds', async (context) => {
    const { pdf: upgraded, steps } = await upgradeDocument(pdf, options);
    expect(steps).toMatchObject([{ step: 'signature-time-stamp', field: 'Countersign guest' }]);
    expect(upgraded).toHaveLength(pdf.length);
    const [before, after] = [signaturesOf(pdf)[0]!, signaturesOf(upgraded)[0]!];
    expect(Buffer.compare(contentOf(upgraded, after), contentOf(pdf, before))).toBe(0);
    expect(after.problems).toEqual([]);
    const { tokens, value } = await tokensOf(upgraded, after);
    expect(value).toEqual((await tokensOf(pdf, before)).value);
    expectToken(context, tokens[0]!, value, authority.root);
    const verdict = execFileSync(judge(context, 'pdfsig'), [save('b-t.pdf', upgraded)], { encoding: 'utf8' });
    expect(verdict).toMatch(/Signature is Valid/);
    expect(verdict).toContain('Total document signed');
    const args = ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', save('cms', after.cms), '-content', save('content', contentOf(upgraded, after)), '-CAfile', save('root.pem', pem('CERTIFICATE', await testRoot())), '-purpose', 'any', '-out', join(folder, 'out')];
    expect(spawnSync(judge(context, 'openssl'), args, { encoding: 'utf8' }).stderr).toContain('CAdES Verification successful');
  });

  test('asked for again changes nothing and asks nobody', async () => {
    const { pdf: upgraded } = await upgradeDocument(pdf, options);
    const asked = authority.requests.length;
    const again = await upgradeDocument(upgraded, options);
    expect(again).toMatchObject({ steps: [], notes: [] });
    expect(again.pdf).toBe(upgraded);
    expect(authority.requests).toHaveLength(asked);
  });

  test.each<[Answer, string]>([
    ['never', 'TIME_STAMP_AWAY'], ['garbage', 'TIME_STAMP_UNREADABLE'], ['rejection', 'TIME_STAMP_REFUSED'], ['other-imprint', 'TIME_STAMP_OTHER'],
    ['other-key', 'TIME_STAMP_INVALID'], ['expired', 'TIME_STAMP_INVALID'],
  ])('with an authority that answers "%s" leaves the bytes as they were, and a retry works', async (answer, code) => {
    const kept = Buffer.from(pdf);
    authority.answer = answer;
    await expect(upgradeDocument(pdf, options)).rejects.toMatchObject({ name: 'PacketError', code });
    expect(Buffer.compare(pdf, kept)).toBe(0);
    authority.answer = 'granted';
    expect((await upgradeDocument(pdf, options)).steps).toHaveLength(1);
  });

  test('refuses an authority that nobody trusts', async () => {
    await expect(upgradeDocument(pdf, { ...options, trust: [await testRoot()] })).rejects.toMatchObject({ code: 'TIME_STAMP_INVALID' });
  });

  test('takes a token that was fetched before, and asks nobody; one over something else is not taken', async () => {
    const own = makeTokenAuthority();
    const { value } = await tokensOf(pdf, signaturesOf(pdf)[0]!);
    const [right, wrong] = [value, Uint8Array.of(1)].map((bytes) => makeToken(own, { imprint: imprintOf(Buffer.from(bytes)) })) as [Uint8Array, Uint8Array];
    const given = { ...options, trust: [await testRoot(), own.root], tsa: null };
    const { pdf: upgraded } = await upgradeDocument(pdf, { ...given, tokens: [wrong, right] });
    expect((await tokensOf(upgraded, signaturesOf(upgraded)[0]!)).tokens).toEqual([right]);
    await expect(upgradeDocument(pdf, { ...given, tokens: [wrong] })).rejects.toMatchObject({ code: 'UPGRADE_REFUSED' });
  });

  test('of two signatures, the earlier one is left as it is: a document time-stamp proves its time', async () => {
    const twice = await signed(await testSigner('Test seal'), pdf);
    const { pdf: upgraded, steps } = await upgradeDocument(twice, options);
    expect(steps.map(({ step }) => step)).toEqual(['signature-time-stamp', 'document-time-stamp']);
    const [first, second, stamp] = signaturesOf(upgraded);
    expect(Buffer.compare(first!.cms, signaturesOf(twice)[0]!.cms)).toBe(0);
    expect(stamp!.wholeFile).toBe(true);
    for (const signature of [first!, second!]) expect((await verifySignedData(signature.cms, contentOf(upgraded, signature))).valid).toBe(true);
  });

  test('of a signature behind a document time-stamp, the room is filled; no second one is needed', async () => {
    const { pdf: first } = await upgradeDocument(await signed(await testSigner('Test seal'), pdf), options);
    const { steps, pdf: upgraded } = await upgradeDocument(await signed(await testSigner('Test seal'), first), options);
    expect(steps).toMatchObject([{ step: 'signature-time-stamp', field: 'Countersign guest 3' }]);
    expect(Buffer.compare(upgraded.subarray(0, first.length), first)).toBe(0);
  });

  test('refuses a file without a signature, and one whose signature does not hold', async () => {
    await expect(upgradeDocument(plainPdf(), options)).rejects.toMatchObject({ code: 'UPGRADE_REFUSED' });
    const changed = Buffer.from(pdf);
    changed[changed.indexOf('/MediaBox') + 12]! ^= 1;
    await expect(upgradeDocument(changed, options)).rejects.toMatchObject({ code: 'UPGRADE_REFUSED', message: expect.stringContaining('does not hold') });
  });
});

describe('with an authority run by OpenSSL', () => {
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

  test('B-LTA holds what is needed, and a renewal stamps over it; each state is the beginning of the next', async (context) => {
    const begun = await signed(pki.seal);
    const lt = await upgradeDocument(begun, options);
    expect(lt.steps).toMatchObject([{ step: 'signature-time-stamp' }, { step: 'validation-data', crls: 1, ocsps: 1 }]);
    const store = await readSecurityStore(lt.pdf);
    expect(store.certificates).toContainEqual(pki.root);
    expect(store.certificates).toContainEqual(pki.seal.certificate);
    expect(store.crls).toEqual(pki.crls().slice(0, 1));
    const answer = spawnSync(judge(context, 'openssl'), ['ocsp', '-respin', save('ocsp.der', store.ocsps[0]!), '-issuer', join(pki.folder, 'between.pem'), '-cert', join(pki.folder, 'seal.pem'), '-verify_other', join(pki.folder, 'between.pem'), '-CAfile', join(pki.folder, 'root.pem')], { encoding: 'utf8' });
    expect(answer.stdout + answer.stderr).toMatch(/seal\.pem: good[^]*Response verify OK/);

    const lta = await upgradeDocument(lt.pdf, { ...options, to: 'B-LTA' });
    expect(lta.steps.at(-1)).toMatchObject({ step: 'document-time-stamp' });
    expect(Buffer.compare(lta.pdf.subarray(0, lt.pdf.length), lt.pdf)).toBe(0);
    const renewed = await upgradeDocument(lta.pdf, { ...options, to: 'B-LTA' });
    expect(Buffer.compare(renewed.pdf.subarray(0, lta.pdf.length), lta.pdf)).toBe(0);
    const [seal, first, second] = signaturesOf(renewed.pdf);
    expect([first!.subFilter, second!.subFilter, second!.wholeFile]).toEqual(['ETSI.RFC3161', 'ETSI.RFC3161', true]);
    for (const stamp of [first!, second!]) expectToken(context, stamp.cms, contentOf(renewed.pdf, stamp), pki.root);
    expect((await verifySignedData(seal!.cms, contentOf(renewed.pdf, seal!))).valid).toBe(true);
    expectSoundToQpdf(context, renewed.pdf);
    const result = await verify(renewed.pdf, { trust: [pki.root], timeStampTrust: [pki.root] });
    expect(result.signatures[0]).toMatchObject({ intact: true, trusted: true, level: 'PAdES-B-LTA', provenTime: expect.any(String) });
    // The sealed record here is none.
    expect(result.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['SEALED_RECORD_MALFORMED']);
    expect(execFileSync(judge(context, 'pdfsig'), [save('b-lta.pdf', renewed.pdf)], { encoding: 'utf8' })).toContain('Signature is Valid');
  });

  test('a cross-reference stream is extended by its own kind', async (context) => {
    const begun = await signed(pki.seal, await cardPdf({ compressed: true }));
    const { pdf: upgraded } = await upgradeDocument(begun, { ...options, to: 'B-LTA' });
    expectSoundToQpdf(context, upgraded);
    expect((await readSecurityStore(upgraded)).crls).toHaveLength(1);
  });

  test('B-LT takes what is given as files, without permission to fetch, and asks for no more than is missing', async () => {
    const asked = pki.asked.length;
    const offline = { ...options, tsa: null, online: null };
    await expect(upgradeDocument(stamped, offline)).rejects.toMatchObject({ code: 'REVOCATION_MISSING', message: expect.stringContaining('--online') });
    const { pdf: upgraded } = await upgradeDocument(stamped, { ...offline, given: { crls: pki.crls() } });
    expect(pki.asked).toHaveLength(asked);
    expect((await readSecurityStore(upgraded)).crls).toHaveLength(2);
    expect((await upgradeDocument(upgraded, offline)).pdf).toBe(upgraded);
  });

  test('a list that is older than the time-stamp is taken, and told', async () => {
    const authority = makeTokenAuthority();
    const begun = await handSignedPdf({ seal: pki.seal });
    const { value } = await tokensOf(begun, signaturesOf(begun)[0]!);
    const later = makeToken(authority, { imprint: imprintOf(Buffer.from(value)), time: new Date(Date.now() + 3_600_000) });
    const { notes } = await upgradeDocument(begun, { to: 'B-LT', trust: [pki.root, authority.certificate], tsa: null, tokens: [later], given: { crls: pki.crls() } });
    expect(notes[0]).toMatch(/^Of the certificate of .*CN=Seal.* before .*upgrade again then\.$/);
  });

  test('an address in a private network is not gone to unless told so', async () => {
    const asked = pki.asked.length;
    await expect(upgradeDocument(stamped, { ...options, online: {} })).rejects.toMatchObject({ code: 'REVOCATION_ADDRESS' });
    expect(pki.asked).toHaveLength(asked);
  });

  test('a list of another issuer is not taken, and a retry works', async () => {
    pki.behaviour.crl = 'other';
    await expect(upgradeDocument(stamped, options)).rejects.toMatchObject({ name: 'PacketError', code: 'REVOCATION_INVALID' });
    pki.behaviour.crl = 'right';
    expect((await upgradeDocument(stamped, options)).steps).toHaveLength(1);
  });

  test.each<[string, string, boolean]>([
    ['of the distribution point that the certificate names, and of users only', 'fullname=URI:LOWER\nonlyuser=TRUE', true],
    ['of another distribution point', 'fullname=URI:LOWER/2', false],
    ['of authorities only', 'fullname=URI:LOWER\nonlyCA=TRUE', false],
    ['indirect', 'fullname=URI:LOWER\nindirectCRL=TRUE', false],
    ['of some reasons', 'fullname=URI:LOWER\nonlysomereasons=keyCompromise', false],
  ])('a list %s', async (_, point, taken) => {
    const lower = `${pki.tsa.replace(/tsa$/, '')}lower`;
    const config = save('part.cnf', `${readFileSync(join(pki.folder, 'ca.cnf'), 'utf8')}\n[part]\nissuingDistributionPoint=critical,@point\n[point]\n${point.replace('LOWER', lower)}\n`);
    const run = (...args: string[]): void => { execFileSync(openssl, args, { cwd: pki.folder, stdio: 'pipe' }); };
    run('ca', '-config', config, '-name', 'between_ca', '-gencrl', '-crldays', '7', '-crlexts', 'part', '-out', 'part.pem');
    run('crl', '-in', 'part.pem', '-outform', 'DER', '-out', 'part.der');
    const part = new Uint8Array(readFileSync(join(pki.folder, 'part.der')));
    const upgraded = upgradeDocument(stamped, { ...options, online: null, given: { crls: [pki.crls()[0]!, part] } });
    if (taken) expect((await readSecurityStore((await upgraded).pdf)).crls).toContainEqual(part);
    else await expect(upgraded).rejects.toMatchObject({ code: 'REVOCATION_MISSING' });
  });

  // The last one: the seal stays revoked.
  test('a seal revoked before its time is proven is refused; revoked after, it is told', async () => {
    const authority = makeTokenAuthority();
    const begun = await handSignedPdf({ seal: pki.seal });
    const { value } = await tokensOf(begun, signaturesOf(begun)[0]!);
    pki.revokeSeal();
    const given: UpgradeOptions = { to: 'B-LT', trust: [pki.root, authority.certificate], tsa: pki.tsa, given: { crls: pki.crls() } };
    const early = makeToken(authority, { imprint: imprintOf(Buffer.from(value)), time: new Date(Date.now() - 3_600_000) });
    expect((await upgradeDocument(begun, { ...given, tokens: [early] })).notes.join()).toContain('was revoked since');
    await expect(upgradeDocument(begun, given)).rejects.toMatchObject({ code: 'CERTIFICATE_REVOKED' });
  });
});
