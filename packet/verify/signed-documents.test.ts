/** What `signDocument` writes, on documents of several builds, as `verify` reads it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sealedRecordFor, sha256, SIGNED_AT } from '#fixtures/completed-signing.ts';
import { sharedData } from '#fixtures/needs.ts';
import { cardPdf, hybridPdf, signatureFieldPdf } from '#fixtures/pdf.ts';
import { testExaminer, testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { signDocument } from '../sign-document.ts';
import { verify } from './verify.ts';

const [seal, examiner, root] = await Promise.all([testSigner('Test seal'), testExaminer('p256'), testRoot()]);

async function sign(document: Uint8Array, name = 'guest'): Promise<Uint8Array> {
  const { signedPdf } = await signDocument({
    document, documentSha256: sha256(document), sealedRecord: await sealedRecordFor(document, 'request-1', examiner), requestId: 'request-1', seal,
    field: { kind: 'signature', role: 'guest', name, label: 'Signature', page: 1, rect: { x: name === 'guest' ? 10 : 120, y: 20, width: 100, height: 30 }, found: 'phrase' },
    ink: [{ width: 0.55, points: [[0, 0], [6, 12], [12, 0]] }],
    signerName: 'Līga Bērziņa', place: 'Rīga', signedAt: SIGNED_AT, demo: false,
  });
  return signedPdf;
}

test.each<[string, () => Promise<Uint8Array>]>([
  ['a table', cardPdf], ['a cross-reference stream', () => cardPdf({ compressed: true })], ['a hybrid cross-reference', hybridPdf], ['a form', signatureFieldPdf],
])('a document with %s', async (_, make) => {
  const document = await make();
  const result = await verify(await sign(document), { trust: [root], examinerKey: examiner });
  expect(result).toMatchObject({
    indication: 'TOTAL-PASSED', valid: true, trusted: true, document: { sha256: sha256(document), length: document.length },
    signatures: [{ intact: true, wholeFile: true, level: 'PAdES-B-B', claimedTime: SIGNED_AT.toISOString() }], sealedRecords: [{ bound: 'checked' }],
  });
});

test('guest and companion: each is bound to what each was shown', async () => {
  const document = await cardPdf();
  const first = await sign(document);
  const result = await verify(await sign(first, 'companion'), { trust: [root], examinerKey: examiner });
  expect(result).toMatchObject({
    valid: true, document: { sha256: sha256(document) },
    signatures: [{ intact: true, wholeFile: false }, { intact: true, wholeFile: true }],
    sealedRecords: [{ bound: 'checked', documentSha256: sha256(document) }, { bound: 'checked', documentSha256: sha256(first) }],
  });
});

test('a document that others had signed before keeps their signatures, and they are named', async (context) => {
  const document = new Uint8Array(readFileSync(sharedData(context, 'pdf', 'pyhanko__minimal-signed-twice-no-sig-type.pdf')));
  const result = await verify(await sign(document), { examinerKey: examiner });
  // of two whom nobody trusts, the later one's ink may cover what the first had signed
  expect(result).toMatchObject({ indication: 'INDETERMINATE', document: { length: document.length }, revisions: [{ allowed: true }, { allowed: true }, { allowed: true }], signatures: [{ field: 'Sig1', intact: true }, { field: 'Sig2', intact: true }, { intact: true, wholeFile: true }] });
  expect(result.findings.map(({ code }) => code)).toContain('SEVERAL_SIGNERS');
  expect(result.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['APPEARANCE_ADDED']);
});
