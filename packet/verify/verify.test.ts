import { describe, expect, test } from 'vitest';
import { completedSigning, CONSENT, sealedRecordFor, SIGNED_AT, sha256, trail } from '#fixtures/completed-signing.ts';
import { handSignedPdf, plainPdf } from '#fixtures/signed-pdf.ts';
import { testExaminer, testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { issueDemoKeys } from '#keys/demo-authority.ts';
import { createSoftwareSigner } from '#keys/software-signer.ts';
import { appendEvent } from '../audit.ts';
import { buildPacket, readPacket } from '../container.ts';
import { writeZip } from '../zip.ts';
import type { VerifyResult } from './result.ts';
import { verify } from './verify.ts';

const signing = await completedSigning();
const { document, signedPdf, packet, examiner, requestId, seal } = signing;
const root = await testRoot();
const demo = await issueDemoKeys({ tenant: 'Nord Hotels', site: 'Riga', station: 'desk-1' });

const demoSeal = createSoftwareSigner(demo.seal.privateKey, demo.seal.certificate, [demo.root]);

const codes = ({ findings }: VerifyResult) => findings.map(({ code }) => code);
const errors = ({ findings }: VerifyResult) => findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
const failed = (subIndication: string) => ({ indication: 'TOTAL-FAILED', subIndication, valid: false });
const undetermined = (subIndication: string) => ({ indication: 'INDETERMINATE', subIndication, valid: false });

describe('an unchanged signed PDF', () => {
  test('passes, and without a root to trust says that trust was not checked', async () => {
    const result = await verify(signedPdf, {});
    expect(result).toEqual({
      kind: 'pdf', indication: 'TOTAL-PASSED', subIndication: null, valid: true, trusted: null,
      document: { sha256: sha256(document), length: document.length },
      signatures: [{ field: 'guest', intact: true, trusted: null, wholeFile: true, level: 'PAdES-B-B', signer: 'CN=Test seal', certificateSha256: sha256(signing.seal.certificate), vouched: { kind: 'authority', issuer: 'CN=Countersign test CA' }, request: 'request-1', claimedTime: '2026-11-21T09:00:00.000Z', provenTime: null }],
      timeStamps: [],
      revisions: [{
        number: 1, length: signedPdf.length, allowed: true, changes: [], problem: null,
        seals: [{ field: 'guest', signer: 'CN=Test seal', claimedTime: '2026-11-21T09:00:00.000Z', provenTime: null }],
      }],
      sealedRecords: [{
        name: 'guest', sha256: sha256(signing.sealedRecord), length: signing.sealedRecord.length, documentSha256: sha256(document), bound: 'claimed',
        provenTime: null, opened: null,
        recipients: [{ kind: 'p256', issuer: 'CN=Countersign test CA', serial: expect.stringMatching(/^[0-9a-f]+$/) }],
      }],
      packetVersions: [], audit: null,
      voids: [], papers: { devices: null, revocationLists: [] },
      findings: [
        { code: 'TRUST_NOT_CHECKED', severity: 'warning', message: expect.any(String) },
        { code: 'REVOCATION_NOT_CHECKED', severity: 'note', message: expect.stringContaining('--revoked') },
      ],
    });
  });

  test('is trusted under the root of its signer', async () => {
    expect(await verify(signedPdf, { trust: [root] })).toMatchObject({ indication: 'TOTAL-PASSED', valid: true, trusted: true, signatures: [{ trusted: true }] });
  });

  test('under another root is intact, and not valid', async () => {
    expect(await verify(signedPdf, { trust: [demo.root] })).toMatchObject({ ...undetermined('NO_CERTIFICATE_CHAIN_FOUND'), trusted: false, signatures: [{ intact: true, trusted: false }] });
  });

  test('is not valid once its certificate has expired: its time is only claimed', async () => {
    const result = await verify(signedPdf, { trust: [root], now: new Date('2040-01-01') });
    expect(result).toMatchObject({ ...undetermined('OUT_OF_BOUNDS_NO_POE'), trusted: false });
  });

  test('an empty list of roots is no list', async () => {
    expect(await verify(signedPdf, { trust: [] })).toEqual(await verify(signedPdf, {}));
  });
});

describe('with an examiner\'s key', () => {
  test('the sealed record is seen to belong to the document', async () => {
    const result = await verify(signedPdf, { examinerKey: examiner, trust: [root] });
    expect(result).toMatchObject({ valid: true, sealedRecords: [{ bound: 'checked' }] });
  });

  test('a key it was not sealed to opens nothing, and shows nothing', async () => {
    const result = await verify(signedPdf, { examinerKey: await testExaminer('p256', 'A stranger') });
    expect(result).toMatchObject({ ...undetermined('GENERIC'), sealedRecords: [{ bound: 'claimed' }] });
    expect(errors(result)).toEqual(['KEY_NOT_A_RECIPIENT']);
  });

  test.each([
    ['another document', { document: { sha256: 'ab'.repeat(32), length: document.length } }, 'RECORD_OF_ANOTHER_DOCUMENT'],
    ['a document of another length', { document: { sha256: sha256(document), length: 1 } }, 'RECORD_OF_ANOTHER_DOCUMENT'],
    ['another request', { requestId: 'request-2' }, 'RECORD_OF_ANOTHER_REQUEST'],
  ])('a record that names %s is found, and only with the key', async (_, context, code) => {
    const other = await completedSigning({ context });
    expect(await verify(other.signedPdf, {})).toMatchObject({ valid: true, sealedRecords: [{ bound: 'claimed' }] });
    const result = await verify(other.signedPdf, { examinerKey: examiner });
    expect(result).toMatchObject({ ...failed('HASH_FAILURE'), sealedRecords: [{ bound: 'claimed' }] });
    expect(errors(result)).toEqual([code]);
  });

  test('a byte changed in the sealed record before it was put into the PDF is found', async () => {
    const at = signing.sealedRecord.length - 20;
    const sealedRecord = signing.sealedRecord.with(at, signing.sealedRecord[at]! ^ 1);
    const changed = await handSignedPdf({ seal, countersign: { requestId, sealedRecord } });
    expect(await verify(changed, {})).toMatchObject({ valid: true });
    expect(await verify(changed, { examinerKey: examiner })).toMatchObject(failed('HASH_FAILURE'));
  });

  test('the device\'s certificate is held against the roots too', async () => {
    const other = await completedSigning({ seal: demoSeal });
    const result = await verify(other.signedPdf, { examinerKey: examiner, trust: [demo.root] });
    expect(result).toMatchObject({ ...undetermined('NO_CERTIFICATE_CHAIN_FOUND'), sealedRecords: [{ bound: 'claimed' }] });
    expect(result.findings.find(({ code }) => code === 'ROOT_UNKNOWN')?.message).toContain('device');
  });
});

describe('what the signature dictionary says in clear', () => {
  test.each([
    ['a hash of another document', { documentSha256: 'ab'.repeat(32) }, 'HASH_FAILURE', 'DOCUMENT_CHANGED'],
    ['another length', { documentLength: document.length - 1 }, 'HASH_FAILURE', 'DOCUMENT_CHANGED'],
    ['a length beyond the signature', { documentLength: 1_000_000 }, 'FORMAT_FAILURE', 'ENTRIES_INCOMPLETE'],
    ['a hash that is none', { documentSha256: 'abcd' }, 'FORMAT_FAILURE', 'ENTRIES_INCOMPLETE'],
    ['the hash of another sealed record', { sealedRecordSha256: 'ab'.repeat(32) }, 'HASH_FAILURE', 'SEALED_RECORD_CHANGED'],
    ['a sealed record that is none', { sealedRecord: new Uint8Array([1, 2, 3]) }, 'FORMAT_FAILURE', 'SEALED_RECORD_MALFORMED'],
  ])('%s is found', async (_, changes, subIndication, code) => {
    const pdf = await handSignedPdf({ seal, countersign: { requestId, sealedRecord: signing.sealedRecord, ...changes } });
    const result = await verify(pdf, {});
    expect(result).toMatchObject(failed(subIndication));
    expect(errors(result)).toEqual([code]);
  });

  test('a sealed record that is not there is found', async () => {
    const pdf = await handSignedPdf({ seal, countersign: { requestId, sealedRecord: signing.sealedRecord }, dictionary: (text) => text.replace(/CSGN_SealedRecord \d+/, 'CSGN_SealedRecord 99') });
    expect(errors(await verify(pdf, {}))).toEqual(['SEALED_RECORD_MISSING']);
  });
});

describe('PDFs of others', () => {
  test('a plain signed PDF is verified as what it is', async () => {
    const plain = await handSignedPdf({ seal });
    expect(await verify(plain, { trust: [root] })).toMatchObject({ valid: true, trusted: true, document: { length: plain.length }, sealedRecords: [], signatures: [{ level: 'PAdES-B-B' }] });
  });

  test('a PDF without a signature is not valid', async () => {
    const result = await verify(plainPdf(), {});
    expect(result).toMatchObject({ ...failed('FORMAT_FAILURE'), signatures: [], document: { length: plainPdf().length } });
    expect(errors(result)).toEqual(['NO_SIGNATURE']);
  });

  test.each([['nothing', ''], ['text', 'Dear Sir,'], ['the beginning of a ZIP', 'PK\u0003\u0004']])('%s is no signed document', async (_, text) => {
    expect(await verify(new TextEncoder().encode(text), {})).toMatchObject(failed('FORMAT_FAILURE'));
  });

  test('a kind of signature that is not checked here is not called valid', async () => {
    const pdf = await handSignedPdf({ seal, dictionary: (text) => text.replace('ETSI.CAdES.detached', 'adbe.x509.rsa_sha1') });
    expect(await verify(pdf, {})).toMatchObject({ ...undetermined('GENERIC'), signatures: [{ intact: false }] });
  });
});

describe('two signers', () => {
  test('both are checked, each over its own document, and the first stays what the guest saw', async () => {
    const sealedRecord = await sealedRecordFor(signedPdf, requestId, examiner, { field: { name: 'companion', page: 0, rect: { x: 0, y: 0, width: 1, height: 1 } } });
    const both = await handSignedPdf({ seal, document: signedPdf, field: 'companion', countersign: { requestId, sealedRecord } });
    const result = await verify(both, { examinerKey: examiner, trust: [root] });
    expect(result).toMatchObject({
      valid: true,
      document: { sha256: sha256(document), length: document.length },
      signatures: [{ field: 'guest', intact: true, wholeFile: false }, { field: 'companion', intact: true, wholeFile: true }],
      sealedRecords: [{ name: 'guest', bound: 'checked' }, { name: 'companion', bound: 'checked', documentSha256: sha256(signedPdf) }],
    });
    expect(codes(result)).toContain('LATER_REVISION');
  });

  test('a stranger who seals over a signed PDF is named, and not trusted', async () => {
    const both = await handSignedPdf({ seal: demoSeal, document: signedPdf, field: 'stranger' });
    expect(codes(await verify(both, {}))).toContain('SEVERAL_SIGNERS');
    expect(await verify(both, { trust: [root] })).toMatchObject({ valid: false, trusted: false, signatures: [{ trusted: true }, { trusted: false }] });
  });
});

describe('demo mode', () => {
  test('passes under its own root with the words "not evidence"', async () => {
    const { signedPdf: pdf } = await completedSigning({ seal: demoSeal });
    const result = await verify(pdf, { trust: [demo.root] });
    expect(result).toMatchObject({ valid: true, trusted: true });
    expect(result.findings.find(({ code }) => code === 'DEMO')?.message).toContain('not evidence');
  });

  test('is never valid under a production root, even if that root signed it', async () => {
    const pdf = await handSignedPdf({ seal: await testSigner('DEMO seal desk-1') });
    expect(await verify(pdf, { trust: [root] })).toMatchObject({ ...undetermined('CHAIN_CONSTRAINTS_FAILURE'), trusted: false });
  });

  test.each([['a packet', async () => buildPacket({ signedPdf, audit: signing.audit, consent: CONSENT, requestId, signedAt: SIGNED_AT, demo: true, seal })], ['a record', async () => (await completedSigning({ context: { demo: true } })).signedPdf]])('%s that says demo itself is not valid under a production root either', async (_, make) => {
    const bytes = await make();
    expect(codes(await verify(bytes, { examinerKey: examiner }))).toContain('DEMO');
    expect(await verify(bytes, { examinerKey: examiner, trust: [root] })).toMatchObject(undetermined('CHAIN_CONSTRAINTS_FAILURE'));
  });
});

describe('a packet', () => {
  const build = (changes: Partial<Parameters<typeof buildPacket>[0]>) => buildPacket({ signedPdf, audit: signing.audit, consent: CONSENT, requestId, signedAt: SIGNED_AT, demo: false, seal, ...changes });

  test('passes with its signature, its trail and the PDF inside', async () => {
    expect(await verify(packet, { trust: [root], examinerKey: examiner })).toMatchObject({
      indication: 'TOTAL-PASSED', valid: true, trusted: true,
      document: { sha256: sha256(document), length: document.length },
      signatures: [{ field: 'guest', intact: true }, { field: 'META-INF/signature001.p7s', intact: true, trusted: true, wholeFile: true, level: 'CAdES-B-B', claimedTime: SIGNED_AT.toISOString() }],
      sealedRecords: [{ bound: 'checked' }],
      audit: { intact: true, events: 3 },
    });
  });

  test.each([
    ['a PDF of another request', async () => ({ signedPdf: (await completedSigning({ requestId: 'request-2' })).signedPdf }), 'DOCUMENT_OF_ANOTHER_REQUEST'],
    ['a trail of another request', async () => ({ audit: trail('request-2', document) }), 'TRAIL_OF_ANOTHER_REQUEST'],
    ['a trail that goes on with what another request has signed, which is not there', async () => ({ audit: [appendEvent(null, { at: SIGNED_AT.toISOString(), timeSource: 'system', actor: { kind: 'station', name: null, authenticated: true }, action: 'request.received', request: requestId, details: { follows: 'request-0' } })] }), 'DOCUMENT_OF_ANOTHER_REQUEST'],
    ['a broken trail', async () => ({ audit: signing.audit.toSpliced(1, 1) }), 'TRAIL_BROKEN'],
    ['an event changed', async () => ({ audit: signing.audit.with(0, { ...signing.audit[0]!, action: 'document.declined' }) }), 'TRAIL_BROKEN'],
    ['a PDF that nobody signed', async () => ({ signedPdf: plainPdf() }), 'NO_SIGNATURE'],
    ['a PDF that is not ours', async () => ({ signedPdf: await handSignedPdf({ seal }) }), 'DOCUMENT_NOT_OURS'],
  ])('sealed around %s is found', async (_, changes, code) => {
    const result = await verify(await build(await changes()), { trust: [root] });
    expect(result).toMatchObject({ indication: 'TOTAL-FAILED', valid: false });
    expect(errors(result)).toContain(code);
  });

  test('another consent text than the one recorded is found with the key', async () => {
    const other = await build({ consent: { ...CONSENT, text: 'I agree to everything.' } });
    expect(await verify(other, {})).toMatchObject({ valid: true });
    expect(errors(await verify(other, { examinerKey: examiner }))).toEqual(['RECORD_OF_ANOTHER_CONSENT']);
  });

  test('a trail that goes on is intact, and is another packet', async () => {
    const longer = [...signing.audit, appendEvent(signing.audit.at(-1)!, { at: SIGNED_AT.toISOString(), timeSource: 'system', actor: { kind: 'desk', name: 'A. Desk', authenticated: false }, action: 'packet.opened', request: requestId, details: {} })];
    expect(await verify(await build({ audit: longer }), {})).toMatchObject({ valid: true, audit: { intact: true, events: 4 } });
    const swapped = new Map([...readPacket(packet).files, ['audit.json', readPacket(await build({ audit: longer })).files.get('audit.json')!]]);
    expect(errors(await verify(writeZip(swapped), {}))).toEqual(['FILE_CHANGED', 'SUMS_DIFFER']);
  });

  test('a time of signing that is none is no time, and no crash', async () => {
    const files = readPacket(packet).files;
    const signature = Buffer.from(files.get('META-INF/signature001.p7s')!);
    signature.write('269939', signature.indexOf('261121090000Z'), 'latin1');
    const result = await verify(writeZip(new Map([...files, ['META-INF/signature001.p7s', new Uint8Array(signature)]])), {});
    expect(result).toMatchObject({ ...failed('SIG_CRYPTO_FAILURE'), signatures: [{}, { intact: false, claimedTime: null }] });
  });

  test('a file put in beside the signed ones is found', async () => {
    const result = await verify(writeZip(new Map([...readPacket(packet).files, ['note.txt', new TextEncoder().encode('signed, too')]])), {});
    expect(result).toMatchObject({ ...failed('FORMAT_FAILURE'), signatures: [{ wholeFile: true }, { wholeFile: false }] });
    expect(errors(result)).toEqual(['FILE_NOT_SIGNED', 'SUMS_DIFFER']);
  });
});
