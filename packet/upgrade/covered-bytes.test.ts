/** Whatever is added to a signed PDF, in whatever order: no byte that an earlier /ByteRange covers changes, and every signature goes on holding. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cardPdf } from '#fixtures/pdf.ts';
import { handSignedPdf, plainPdf } from '#fixtures/signed-pdf.ts';
import { testRoot, testSigner } from '#fixtures/test-certificates.ts';
import { testTenant } from '#fixtures/test-tenant.ts';
import { makeToken, makeTokenAuthority } from '#fixtures/time-stamp-token.ts';
import { verifySignedData } from '#biometrics/cms.ts';
import { readSignedPdf, signedBytes } from '../read-signed-pdf.ts';
import { signDocument } from '../sign-document.ts';
import { sha256Imprint } from '../time-stamp/imprint.ts';
import { addSeal, upgradeDocument, type UpgradeOptions } from './index.ts';
import { addToSecurityStore } from './security-store.ts';

const [signer, tenant, card] = [await testSigner('Test seal'), await testTenant(), await cardPdf({ compressed: true })];
const authority = makeTokenAuthority();
const options: Omit<UpgradeOptions, 'to'> = {
  trust: [await testRoot(), tenant.root, authority.root], tsa: 'http://tsa.example', tsaInstead: async (sha256) => makeToken(authority, { imprint: sha256Imprint(sha256) }),
};
const sealed = (pdf: Uint8Array) => addSeal(pdf, tenant.seal, { signedAt: new Date(), place: null, demo: false }).then(({ bytes }) => bytes);

const STEPS: Record<string, (pdf: Uint8Array, some: number) => Promise<Uint8Array>> = {
  'another seal': sealed,
  'time-stamps': async (pdf) => (await upgradeDocument(pdf, { ...options, to: 'B-T' })).pdf,
  'validation data': (pdf, some) => addToSecurityStore(pdf, { certificates: [tenant.root], crls: [Uint8Array.of(0x30, 1, some)], ocsps: [] }),
};

test('over generated revisions, on a table and on a stream of cross-references', async () => {
  await fc.assert(fc.asyncProperty(
    fc.constantFrom(plainPdf(), card), fc.array(fc.tuple(fc.constantFrom(...Object.keys(STEPS)), fc.nat(255)), { minLength: 1, maxLength: 4 }),
    async (document, steps) => {
      let pdf = await sealed(await (document === card ? sealedFirst(card) : handSignedPdf({ seal: signer, document })));
      for (const [name, some] of steps) {
        const before = pdf;
        pdf = await (STEPS[name] as (typeof STEPS)[string])(before, some);
        for (const { byteRange } of readSignedPdf(before).signatures) {
          expect(Buffer.compare(signedBytes(pdf, byteRange!), signedBytes(before, byteRange!)), `${name}, ${steps.join(' ')}`).toBe(0);
        }
        for (const { cms, byteRange, subFilter, problems } of readSignedPdf(pdf).signatures) {
          expect(problems).toEqual([]);
          if (subFilter !== 'ETSI.RFC3161') expect((await verifySignedData(cms, signedBytes(pdf, byteRange!))).valid).toBe(true);
        }
      }
    },
  ), { numRuns: 6 });
});

/** `addSeal` asks for a signature that is there; the first one is put on as an increment of the document's own kind. */
async function sealedFirst(pdf: Uint8Array): Promise<Uint8Array> {
  return (await signDocument({
    document: pdf, documentSha256: createHash('sha256').update(pdf).digest('hex'), sealedRecord: new Uint8Array(30), requestId: 'request-1',
    field: { kind: 'signature', role: 'guest', name: 'guest', label: 'Guest', page: 1, rect: { x: 60, y: 200, width: 200, height: 50 }, found: 'phrase' },
    ink: [{ width: 0.5, points: [[0, 0], [6, 12]] }], signerName: 'A', place: 'B', signedAt: new Date(), demo: false, seal: signer,
  })).signedPdf;
}
