/** What PDFBox and BouncyCastle say of our signatures at every level, with an authority run by OpenSSL. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { startOpensslPki, type OpensslPki } from '#fixtures/openssl-authority.ts';
import { cardPdf } from '#fixtures/pdf.ts';
import { judgedByPdfbox, needsPdfbox, type Judgement } from '#fixtures/pdfbox.ts';
import { signAll, signingsOf } from '#fixtures/several-signers.ts';
import { temporaryFolder } from '#fixtures/temporary-folder.ts';
import { signDocument } from '../sign-document.ts';
import { upgradeDocument, type UpgradeOptions } from './index.ts';

const folder = temporaryFolder();
let pki: OpensslPki;
let options: UpgradeOptions;
/** Signed by one, by two, and each of these brought up to B-LTA. */
const made: Record<string, Uint8Array> = {};
beforeEach(async (context) => {
  needsPdfbox(context);
  if (pki !== undefined) return;
  pki = await startOpensslPki(judge(context, 'openssl'), folder);
  options = { to: 'B-LTA', trust: [pki.root], tsa: pki.tsa, online: { allowPrivate: true, deadlineMs: 5000 } };
  made['one'] = await signed(await cardPdf(), 'guest');
  made['two'] = await signed(made['one'], 'companion');
  made['one, B-T'] = (await upgradeDocument(made['one'], { ...options, to: 'B-T' })).pdf;
  made['one, B-LT'] = (await upgradeDocument(made['one'], { ...options, to: 'B-LT' })).pdf;
  made['one, B-LTA'] = (await upgradeDocument(made['one'], options)).pdf;
  made['two, B-LTA'] = (await upgradeDocument(made['two'], options)).pdf;
});
afterAll(() => pki?.close());

async function signed(document: Uint8Array, role: 'guest' | 'companion'): Promise<Uint8Array> {
  const { signedPdf } = await signDocument({
    document, documentSha256: createHash('sha256').update(document).digest('hex'), sealedRecord: new Uint8Array(300).fill(0x5a), requestId: 'request-1',
    field: { kind: 'signature', role, name: role, label: 'Signature', page: 1, rect: { x: role === 'guest' ? 60 : 320, y: 200, width: 200, height: 50 }, found: 'phrase' },
    ink: [{ width: 0.5, points: [[0, 0], [6, 12]] }], signerName: 'Līga', place: 'Rīga', signedAt: new Date(), demo: false, seal: pki.seal,
  });
  return signedPdf;
}

/** One start of Java for all. */
function judged(pdfs: readonly Uint8Array[]): Judgement[] {
  const files = pdfs.map((pdf, at) => {
    const path = join(folder, `judged-${at}.pdf`);
    writeFileSync(path, pdf);
    return path;
  });
  return judgedByPdfbox(join(pki.folder, 'root.pem'), files);
}

const unproven = { subFilter: 'ETSI.CAdES.detached', holds: true, certificateNamed: true, signingTime: false, path: true, unrevoked: false, stamp: null };
const stamped = { ...unproven, stamp: { holds: true, path: true, unrevoked: false } };
const lasting = { ...unproven, unrevoked: true, stamp: { holds: true, path: true, unrevoked: true } };
const documentStamp = { subFilter: 'ETSI.RFC3161', holds: true, wholeFile: true, path: true, unrevoked: true };

test('every level holds, and what is needed for later is in the file', () => {
  const [one, bT, bLt, bLta] = judged([made['one']!, made['one, B-T']!, made['one, B-LT']!, made['one, B-LTA']!]);
  expect(one).toEqual({ signatures: [{ ...unproven, wholeFile: true }], dss: { certificates: 0, crls: 0, ocsps: 0 } });
  expect(bT).toEqual({ signatures: [{ ...stamped, wholeFile: true }], dss: { certificates: 0, crls: 0, ocsps: 0 } });
  expect(bLt?.signatures).toEqual([{ ...lasting, wholeFile: false }]);
  expect(bLta?.signatures).toEqual([{ ...lasting, wholeFile: false }, documentStamp]);
  expect(bLta?.dss).toEqual({ certificates: expect.any(Number), crls: 1, ocsps: 1 });
});

test('two signers: each signature holds; the last one has a time-stamp of its own, the first is under document time-stamps', () => {
  const [two, bLta] = judged([made['two']!, made['two, B-LTA']!]);
  expect(two?.signatures).toEqual([{ ...unproven, wholeFile: false }, { ...unproven, wholeFile: true }]);
  expect(bLta?.signatures).toEqual([{ ...lasting, stamp: null, wholeFile: false }, { ...lasting, wholeFile: false }, { ...documentStamp, wholeFile: false }, documentStamp]);
});

test('initials, days and ticks of two people: all four signatures hold, and under a locked form what lasts for years still comes', async () => {
  const last = (await signAll(await cardPdf({ pages: 3 }), signingsOf(['guest', 'companion']), pki.seal, { signedAt: new Date() })).at(-1)!;
  const [signed, lasts] = judged([last, (await upgradeDocument(last, options)).pdf]);
  expect(signed?.signatures).toEqual([false, false, false, true].map((wholeFile) => ({ ...unproven, wholeFile })));
  expect(lasts?.signatures.map(({ holds, subFilter }) => [holds, subFilter])).toEqual([...Array.from({ length: 4 }, () => [true, 'ETSI.CAdES.detached']), [true, 'ETSI.RFC3161'], [true, 'ETSI.RFC3161']]);
});

test('a changed byte breaks what covers it, and only that', () => {
  const whole = made['two, B-LTA']!;
  const text = Buffer.from(whole).toString('latin1');
  const [one, two] = [made['one']!.length, made['two']!.length];
  // In a page's size, in the second signer's name of the request, in the mark at the end of the first document time-stamp's revision.
  const places = [text.indexOf('595.28'), text.indexOf('(request-1', one) + 1, text.indexOf('%%EOF', two) + 2];
  const judgements = judged(places.map((place) => whole.map((value, at) => (at === place ? value ^ 1 : value))));
  expect(judgements.map(({ signatures }) => signatures.map(({ holds }) => holds))).toEqual([[false, false, false, false], [true, false, false, false], [true, true, false, false]]);
});
