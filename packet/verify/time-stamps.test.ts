/** Time-stamps inside a PDF, and what they prove of a seal: of files as `packet/upgrade/` writes them, under an authority run by OpenSSL. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sealedRecordFor } from '#fixtures/completed-signing.ts';
import { startOpensslPki, type OpensslPki } from '#fixtures/openssl-authority.ts';
import { findProgram, judge } from '#fixtures/needs.ts';
import { handSignedPdf, latin1, plainPdf, writeObjects } from '#fixtures/signed-pdf.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { testExaminer, testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { imprintOf, makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import { verifySignedData } from '#biometrics/cms.ts';
import { readSignedPdf, signedBytes } from '../read-signed-pdf.ts';
import { upgradeDocument } from '../upgrade/index.ts';
import { addToSecurityStore } from '../upgrade/security-store.ts';
import { inRoom, withTimeStamp } from '../upgrade/signature-time-stamp.ts';
import { verify } from './verify.ts';

const openssl = findProgram('openssl');
const folder = temporaryFolder();
const errors = ({ findings }: Awaited<ReturnType<typeof verify>>) => findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
const codes = ({ findings }: Awaited<ReturnType<typeof verify>>) => findings.map(({ code }) => code);

describe('of an authority that OpenSSL runs', () => {
  let pki: OpensslPki;
  const files = {} as Record<'b' | 't' | 'lt' | 'lta' | 'renewed', Uint8Array>;
  beforeEach((context) => { judge(context, 'openssl'); });
  beforeAll(async () => {
    if (openssl === null) return;
    pki = await startOpensslPki(openssl, folder);
    const options = { trust: [pki.root], tsa: pki.tsa, given: { crls: pki.crls() } };
    const record = await sealedRecordFor(plainPdf(), 'request-1', await testExaminer('p256'));
    files.b = await handSignedPdf({ seal: { ...pki.seal, chain: [...pki.seal.chain, pki.root] }, countersign: { requestId: 'request-1', sealedRecord: record } });
    files.t = (await upgradeDocument(files.b, { ...options, to: 'B-T' })).pdf;
    files.lt = (await upgradeDocument(files.t, { ...options, to: 'B-LT' })).pdf;
    files.lta = (await upgradeDocument(files.lt, { ...options, to: 'B-LTA' })).pdf;
    files.renewed = (await upgradeDocument(files.lta, { ...options, to: 'B-LTA' })).pdf;
  });
  afterAll(() => (openssl === null ? undefined : pki.close()));
  const trusted = () => ({ trust: [pki.root], timeStampTrust: [pki.root] });

  test.each([['b', 'PAdES-B-B', 0, 1], ['t', 'PAdES-B-T', 1, 1], ['lt', 'PAdES-B-LT', 1, 2], ['lta', 'PAdES-B-LTA', 2, 3], ['renewed', 'PAdES-B-LTA', 3, 4]] as const)('%s is %s', async (name, level, stamps, revisions) => {
    // behind the second of the stamp, and its accuracy of none
    const now = new Date(Date.now() + 5000);
    const lists = level === 'PAdES-B-B' || level === 'PAdES-B-T' ? pki.crls() : [];
    if (lists.length > 0) expect(await verify(files[name], { ...trusted(), now }), 'nothing tells whether it was revoked').toMatchObject({ indication: 'INDETERMINATE', subIndication: 'TRY_LATER' });
    const result = await verify(files[name], { ...trusted(), now, revoked: lists });
    expect(result).toMatchObject({ indication: 'TOTAL-PASSED', valid: true, trusted: true, signatures: [{ intact: true, level }], sealedRecords: [{}] });
    expect(result.timeStamps).toHaveLength(stamps);
    expect(result.timeStamps.every(({ intact, trusted: believed, provenTime }) => intact && believed && provenTime !== null)).toBe(true);
    expect(result.signatures[0]?.provenTime).toBe(result.timeStamps[0]?.provenTime ?? null);
    expect(result.sealedRecords[0]?.provenTime).toBe(result.signatures[0]?.provenTime);
    expect(result.revisions.map(({ allowed }) => allowed)).toEqual(Array.from({ length: revisions }, () => true));
  });

  test('without a root for time-stamps they are there, and prove nothing', async () => {
    const result = await verify(files.lta, { trust: [pki.root] });
    expect(result).toMatchObject({ valid: true, signatures: [{ level: 'PAdES-B-LTA', provenTime: null }], timeStamps: [{ intact: true, trusted: null, provenTime: null }, { over: 'document', provenTime: null }] });
    expect(codes(result)).toContain('TIME_STAMP_NOT_PROVEN');
  });

  test('a seal that is revoked later held when it was stamped, and only then', async () => {
    pki.revokeSeal();
    const now = new Date(Date.now() + 86_400_000);
    const store = { certificates: [], crls: pki.crls(), ocsps: [] };
    const [unstamped, stamped] = [await addToSecurityStore(files.b, store), await addToSecurityStore(files.t, store)];
    expect(await verify(unstamped, { ...trusted(), now })).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE', trusted: false });
    expect(await verify(stamped, { trust: [pki.root], now })).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' });
    const kept = await verify(stamped, { ...trusted(), now });
    expect(kept).toMatchObject({ indication: 'TOTAL-PASSED', trusted: true });
    expect(codes(kept)).toContain('SIGNED_BEFORE_REVOCATION');
  });

  test('asked online, OpenSSL\'s responder says that the seal is revoked', async () => {
    pki.asked.splice(0);
    const online = { allowPrivate: true };
    expect(await verify(files.b, { ...trusted(), online })).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' });
    expect([...new Set(pki.asked)].toSorted()).toEqual(['crl', 'ocsp']);
    const kept = await verify(files.t, { ...trusted(), online, now: new Date(Date.now() + 5000) });
    expect(kept).toMatchObject({ indication: 'TOTAL-PASSED', trusted: true });
    expect(codes(kept)).toEqual(expect.arrayContaining(['SIGNED_BEFORE_REVOCATION', 'REVOCATION_ASKED']));
  });

  test('a byte changed in the store, in the time-stamp over it, or behind it', async () => {
    const { byteRange } = readSignedPdf(files.lta).signatures.at(-1)!;
    const stream = latin1(files.lta).indexOf('stream\n', files.t.length) + 20;
    for (const at of [stream, byteRange![1] + 400, files.lta.length - 3]) {
      const result = await verify(files.lta.with(at, files.lta[at]! ^ 1), trusted());
      expect(result, `byte ${at}`).toMatchObject({ indication: 'TOTAL-FAILED', valid: false });
    }
  });
});

describe('tokens made by hand', () => {
  const authority = makeTokenAuthority();

  async function stamped(token: (value: Uint8Array) => Uint8Array, ours = true): Promise<Uint8Array> {
    const record = await sealedRecordFor(plainPdf(), 'request-1', await testExaminer('p256'));
    const pdf = await handSignedPdf({ seal: await testSigner('Test seal'), countersign: ours ? { requestId: 'request-1', sealedRecord: record } : null });
    const [signature] = readSignedPdf(pdf).signatures;
    const { signature: value } = await verifySignedData(signature!.cms, signedBytes(pdf, signature!.byteRange!));
    return inRoom(pdf, signature!, withTimeStamp(signature!.cms, token(value))) as Uint8Array;
  }

  test('over another signature: of ours a failure, of others nothing proven', async () => {
    const other = (): Uint8Array => makeToken(authority, { imprint: imprintOf(Buffer.from('another')), time: new Date(Date.now() - 60_000) });
    expect(errors(await verify(await stamped(other), { timeStampTrust: [authority.root] }))).toEqual(['TIME_STAMP_OF_OTHER']);
    expect(await verify(await stamped(other, false), { timeStampTrust: [authority.root] })).toMatchObject({ valid: true, signatures: [{ level: 'PAdES-B-B', provenTime: null }], timeStamps: [{ intact: false, provenTime: null }] });
  });

  test('of an authority that is not trusted proves nothing', async () => {
    const right = (value: Uint8Array): Uint8Array => makeToken(makeTokenAuthority(), { imprint: imprintOf(value), time: new Date(Date.now() - 60_000) });
    expect(await verify(await stamped(right), { timeStampTrust: [authority.root] })).toMatchObject({ valid: true, signatures: [{ level: 'PAdES-B-T', provenTime: null }], timeStamps: [{ intact: true, trusted: false }] });
  });

  test('an expired seal held at the time that is proven', async () => {
    const time = new Date(Date.now() - 60_000);
    const long = makeTokenAuthority({ to: 9_000 });
    const pdf = await stamped((value) => makeToken(long, { imprint: imprintOf(value), time }));
    const [trust, now] = [[await testRoot()], new Date(Date.now() + 8_000 * 86_400_000)];
    expect(await verify(pdf, { trust, now })).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'OUT_OF_BOUNDS_NO_POE' });
    const result = await verify(pdf, { trust, now, timeStampTrust: [long.root] });
    expect(result).toMatchObject({ indication: 'TOTAL-PASSED', trusted: true });
    expect(codes(result)).toContain('HELD_BY_TIME_STAMP');
  });

  test('a document time-stamp may not have a place on a page, and alone is no signature', async () => {
    const pdf = await handSignedPdf({ seal: await testSigner('Test seal') });
    const make = (before: Uint8Array, rect: string): Uint8Array => {
      const written = writeObjects(before, new Map([
        [1, '<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [7 0 R 21 0 R] >> >>'],
        [20, `<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 /ByteRange [0 0000000000 0000000000 0000000000] /Contents <${'0'.repeat(8192)}> >>`],
        [21, `<< /Type /Annot /Subtype /Widget /FT /Sig /T (stamp) /V 20 0 R /Rect [${rect}] >>`],
      ]), Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(latin1(before))?.[1]));
      const start = latin1(written).lastIndexOf('/Contents <') + '/Contents '.length;
      const end = start + 8194;
      const range = [0, start, end, written.length - end];
      written.set(Buffer.from(`/ByteRange [0 ${range.slice(1).map((number) => String(number).padStart(10, '0')).join(' ')}]`), latin1(written).lastIndexOf('/ByteRange'));
      const token = makeToken(authority, { imprint: imprintOf(signedBytes(written, range as [number, number, number, number])), time: new Date(Date.now() - 60_000) });
      written.set(Buffer.from(Buffer.from(token).toString('hex')), start + 1);
      return written;
    };
    const options = { timeStampTrust: [authority.root] };
    expect(await verify(make(pdf, '0 0 0 0'), options)).toMatchObject({ valid: true, signatures: [{ provenTime: expect.any(String), level: 'PAdES-B-T' }], revisions: [{}, { changes: [{ kind: 'document-time-stamp', field: 'stamp', visible: false }] }] });
    expect(errors(await verify(make(pdf, '0 0 400 500'), options))).toEqual(['CHANGED_AFTER_SIGNATURE']);
    expect(await verify(make(plainPdf(), '0 0 0 0'), options)).toMatchObject({ indication: 'INDETERMINATE', signatures: [], timeStamps: [{ intact: true }] });
  });
});
