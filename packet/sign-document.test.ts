import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, type TestContext, test } from 'vitest';
import { judge, sharedData } from '#fixtures/needs.ts';
import { cardPdf, finalPdf, hybridPdf, inheritingPdf, signatureFieldPdf } from '#fixtures/pdf.ts';
import { pem, testRoot, testSigner } from '#fixtures/test-certificates.ts';
import type { Signer } from '#biometrics/signer.ts';
import type { Field } from './fields/index.ts';
import { PDFDocument, PDFName, PDFNumber } from './pdf-lib.ts';
import { readSignedPdf } from './read-signed-pdf.ts';
import { signDocument, type SignDocumentOptions } from './sign-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-sign-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const guestLine: Field = { kind: 'signature', role: 'guest', name: 'guest', label: 'Guest signature', page: 1, rect: { x: 60, y: 200, width: 200, height: 50 }, found: 'phrase' };
const companionLine: Field = { ...guestLine, name: 'companion', label: 'Companion signature', rect: { ...guestLine.rect, x: 320 } };
const formField: Field = { ...guestLine, name: 'Approval.Guest', rect: { x: 300, y: 400, width: 150, height: 40 }, found: 'acroform' };

async function sign(document: Uint8Array, other: Partial<SignDocumentOptions> = {}): Promise<Uint8Array> {
  return (await signDocument({
    document, documentSha256: sha256(document), field: guestLine, sealedRecord: new Uint8Array(3000).fill(0x5a), requestId: 'request-0001',
    ink: [{ width: 0.55, points: [[0, 0], [6, 12], [12, 0], [18, 12]] }, { width: 0.35, points: [[22, 4], [22, 4]] }],
    signerName: 'Līga Bērziņa', place: 'Hotel Παράδειγμα, Rīga', signedAt: new Date('2026-11-21T10:02:03Z'), demo: false, seal: await testSigner('Test seal'), ...other,
  })).signedPdf;
}

function save(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function pdfsig(context: TestContext, pdf: Uint8Array): string {
  return execFileSync(judge(context, 'pdfsig'), [save('pdfsig.pdf', pdf)], { encoding: 'utf8' });
}

const builds: [string, () => Promise<Uint8Array>, Partial<SignDocumentOptions>][] = [
  ['a table', cardPdf, {}],
  ['a cross-reference stream', () => cardPdf({ compressed: true }), {}],
  ['a hybrid cross-reference', hybridPdf, {}],
  ['inherited resources', inheritingPdf, {}],
  ['its own signature field', signatureFieldPdf, { field: formField }],
  ['a form, signed elsewhere', signatureFieldPdf, {}],
  ['200 pages', () => cardPdf({ pages: 200 }), { field: { ...guestLine, page: 200 } }],
  ['a page on its side', () => cardPdf({ rotate: 90 }), { field: { ...guestLine, rect: { x: 345, y: 60, width: 50, height: 200 } } }],
];

test('a name in Chinese characters alone is drawn as the document\'s language has them', async () => {
  const facesOf = async (language?: string): Promise<string[]> => Array.from(new Set(Buffer.from(await sign(await cardPdf(), { signerName: '直', language: language ?? null })).toString('latin1').match(/NotoSans(SC|JP)/g)));
  expect([await facesOf(), await facesOf('ja')]).toEqual([['NotoSansSC'], ['NotoSansJP']]);
});

test('on a page whose units are two points, print and ink are as large as on any other', async (context) => {
  const [pdftotext, pdftoppm] = [judge(context, 'pdftotext'), judge(context, 'pdftoppm')];
  const { x, y, width, height } = guestLine.rect;
  /** Poppler takes each unit for a point: what it says of the second is half as large, and drawn in twice as many pixels to a point. */
  const seen = async (unit: number): Promise<{ print: number[]; picture: Buffer }> => {
    const pdf = await PDFDocument.create();
    const page = pdf.addPage([600, 800]);
    if (unit !== 1) page.node.set(PDFName.of('UserUnit'), PDFNumber.of(unit));
    const rect = { x: x / unit, y: y / unit, width: width / unit, height: height / unit };
    const path = save(`unit-${unit}.pdf`, await sign(await pdf.save({ useObjectStreams: false }), { field: { ...guestLine, rect } }));
    const [, ...box] = /xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">request-0001/.exec(execFileSync(pdftotext, ['-bbox', path, '-'], { encoding: 'utf8' })) as string[];
    const [left, top, right, bottom] = box.map((each) => Number(each) * unit) as [number, number, number, number];
    const crop = ['-x', 2 * x, '-y', 2 * (800 * unit - y - height), '-W', 2 * width, '-H', 2 * height].map(String);
    return { print: [right - left, bottom - top], picture: execFileSync(pdftoppm, ['-gray', '-r', String(144 * unit), ...crop, path]) };
  };
  const [one, two] = [await seen(1), await seen(2)];
  two.print.forEach((length, at) => expect(length).toBeCloseTo(one.print[at]!, 1));
  const dark = ({ picture }: typeof one) => picture.filter((level) => level < 128).length;
  expect(dark(one)).toBeGreaterThan(500);
  expect(one.picture.filter((level, at) => Math.abs(level - two.picture[at]!) > 64).length).toBeLessThan(dark(one) / 20);
});

describe.each(builds)('a document with %s', (_name, make, other) => {
  test('stays the first bytes of the signed PDF, and pdfsig finds it signed as a whole', async (context) => {
    const document = await make();
    const signed = await sign(document, other);
    expect(sha256(signed.subarray(0, document.length))).toBe(sha256(document));
    const verdict = pdfsig(context, signed);
    expect(verdict).toContain('Signature is Valid');
    expect(verdict).toContain('Total document signed');
    expect(verdict).toContain('ETSI.CAdES.detached');
  });

  test('is sound to qpdf', async (context) => {
    const { status, stdout, stderr } = spawnSync(judge(context, 'qpdf'), ['--check', save('check.pdf', await sign(await make(), other))], { encoding: 'utf8' });
    expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });
  });

  test('shows name, place and request as text', async (context) => {
    const text = execFileSync(judge(context, 'pdftotext'), [save('text.pdf', await sign(await make(), other)), '-'], { encoding: 'utf8' });
    expect(text).toContain('Līga Bērziņa');
    expect(text).toContain('2026-11-21 10:02:03 UTC, Hotel Παράδειγμα, Rīga');
    expect(text).toContain('Request request-0001');
    expect(text).not.toContain('DEMO');
  });
});

describe('the signature', () => {
  test('is CAdES with a signing certificate and without signing time, says OpenSSL', async (context) => {
    const openssl = judge(context, 'openssl');
    const signed = await sign(await cardPdf());
    const { cms, content } = parts(signed);
    const [cmsPath, contentPath, rootPath] = [save('seal.der', cms), save('content.bin', content), save('root.pem', pem('CERTIFICATE', await testRoot()))];
    const options = ['-inform', 'DER', '-in', cmsPath];
    const verdict = spawnSync(openssl, ['cms', '-verify', '-cades', '-binary', ...options, '-content', contentPath, '-CAfile', rootPath, '-purpose', 'any', '-out', join(folder, 'out.bin')], { encoding: 'utf8' });
    expect(verdict.stderr).toContain('CAdES Verification successful');
    const printed = execFileSync(openssl, ['cms', '-cmsout', '-print', ...options], { encoding: 'utf8' });
    expect(printed).toContain('id-smime-aa-signingCertificateV2');
    expect(printed).not.toMatch(/signingTime/i);
  });

  test('covers document and increment: one changed byte in either is a digest mismatch', async (context) => {
    const signed = await sign(await cardPdf());
    for (const word of ['595.28', 'request-0001', 'CSGN_SealedRecord']) {
      const changed = signed.slice();
      const at = latin1(signed).indexOf(word) + word.length - 1;
      changed[at] = (changed[at] as number) ^ 1;
      expect(pdfsig(context, changed), word).toContain('Digest Mismatch');
    }
  });

  test('is followed by another that leaves it valid', async (context) => {
    const first = await sign(await cardPdf());
    const second = await sign(first, { field: companionLine, requestId: 'request-0002' });
    const verdict = pdfsig(context, second);
    expect(verdict.match(/Signature is Valid/g)).toHaveLength(2);
    expect(sha256(second.subarray(0, first.length))).toBe(sha256(first));
    // The first certifies, no later one does (ISO 32000-2, 12.8.2.2).
    expect(latin1(first).match(/\/TransformMethod \/DocMDP/g)).toHaveLength(1);
    expect(latin1(second).match(/\/TransformMethod \/DocMDP/g)).toHaveLength(1);
  });

  test('gets a field name of its own where the name is taken', async (context) => {
    const verdict = pdfsig(context, await sign(await sign(await cardPdf())));
    expect(verdict).toContain('Countersign guest\n');
    expect(verdict).toContain('Countersign guest 2\n');
  });

  test.for([
    'pyhanko__minimal-signed-twice-no-sig-type.pdf', 'pyhanko__minimal-signed-twice-second-created.pdf', 'pyhanko__pades-with-old-style-signing-cert-attr-issser.pdf',
  ])('leaves those of strangers as they were: %s', async (name, context) => {
    const document = readFileSync(sharedData(context, 'pdf', name));
    const verdicts = (pdf: Uint8Array): string[] => pdfsig(context, pdf).match(/Signature is \w+|Digest Mismatch/g) ?? [];
    const before = verdicts(document);
    expect(before.length).toBeGreaterThan(0);
    const field = { ...guestLine, rect: { x: 10, y: 10, width: 100, height: 40 } };
    expect(verdicts(await sign(document, { field }))).toEqual([...before, 'Signature is Valid']);
  });
});

describe('the signature dictionary', () => {
  test('names document, request and sealed record in clear', async () => {
    const document = await cardPdf();
    const sealedRecord = Uint8Array.from({ length: 5000 }, (_, at) => at * 7);
    const signed = await sign(document, { sealedRecord });
    const [record] = (await readSignedPdf(signed)).sealedRecords;
    expect(Buffer.from(record?.bytes ?? []).equals(sealedRecord)).toBe(true);
    expect(latin1(signed)).toContain(`/CSGN_DocumentSHA256 <${sha256(document)}>`);
    expect(latin1(signed)).toContain(`/CSGN_SealedRecordSHA256 <${sha256(sealedRecord)}>`);
    expect(latin1(signed)).toContain(`/CSGN_DocumentLength ${document.length}\n`);
    expect(latin1(signed)).toContain('/CSGN_RequestId (request-0001)');
  });

  test('gives the sealed record to qpdf, by the lines that the documentation prints', async (context) => {
    const qpdf = judge(context, 'qpdf');
    const sealedRecord = Uint8Array.from({ length: 5000 }, (_, at) => at * 7);
    const signed = await sign(await cardPdf({ compressed: true }), { sealedRecord });
    save('document.pdf', signed);
    const lines = /```\n(grep [^`]*)```/.exec(readFileSync(join(import.meta.dirname, 'README.md'), 'utf8'))?.[1]?.trim().split('\n') ?? [];
    expect(lines).toHaveLength(3);
    const run = (line = ''): string => execFileSync('sh', ['-c', line.replace(/^qpdf/, qpdf)], { cwd: folder, encoding: 'utf8' });
    const number = run(lines[0]).trim().split(' ')[1] ?? '';
    run(lines[1]?.replace('=N', `=${number}`));
    expect(readFileSync(join(folder, 'sealed.der')).equals(sealedRecord)).toBe(true);
    expect(latin1(signed)).toContain(`/CSGN_SealedRecordSHA256 <${run(lines[2]).slice(0, 64)}>`);
  });

  test('keeps at least 16 KiB for the signature, and its byte range ends with the file', async () => {
    const document = await cardPdf();
    const signed = await signDocument({
      document, documentSha256: sha256(document), field: guestLine, ink: [], sealedRecord: new Uint8Array(10), requestId: 'r', signerName: null,
      place: 'Rīga', signedAt: new Date(), demo: true, seal: await testSigner('Test seal'),
    });
    const [start, before, after, rest] = signed.byteRange as [number, number, number, number];
    expect([start, after + rest]).toEqual([0, signed.signedPdf.length]);
    expect(after - before).toBeGreaterThanOrEqual(2 * 16_384 + 2);
    expect(latin1(signed.signedPdf.subarray(before, after))).toMatch(/^<[0-9a-f]+>$/);
  });

  test('says DEMO on the page and in the reason, when it is', async (context) => {
    const signed = await sign(await cardPdf(), { demo: true });
    expect(execFileSync(judge(context, 'pdftotext'), [save('demo.pdf', signed), '-'], { encoding: 'utf8' })).toContain('DEMO, not evidence');
    expect(Buffer.from(latin1(signed).match(/\/Reason <FEFF([0-9A-F]+)>/)?.[1] ?? '', 'hex').swap16().toString('utf16le')).toMatch(/^DEMO, not evidence/);
  });
});

describe('refused, with a code', () => {
  const refusal = async (document: Uint8Array, other: Partial<SignDocumentOptions>): Promise<string> =>
    sign(document, other).then(() => 'signed', (error: { code: string }) => error.code);

  test.each<[string, Partial<SignDocumentOptions>, string]>([
    ['a document that is not the one shown', { documentSha256: '0'.repeat(64) }, 'DOCUMENT_CHANGED'],
    ['a page the document does not have', { field: { ...guestLine, page: 2 } }, 'FIELD_OUTSIDE_PAGE'],
    ['a field beyond the edge', { field: { ...guestLine, rect: { x: 500, y: 200, width: 200, height: 50 } } }, 'FIELD_OUTSIDE_PAGE'],
    ['a field without area', { field: { ...guestLine, rect: { x: 60, y: 200, width: 0, height: 50 } } }, 'FIELD_OUTSIDE_PAGE'],
    ['a name no font can draw', { signerName: '\u{1F984}' }, 'NO_GLYPH'],
  ])('%s', async (_name, other, code) => {
    expect(await refusal(await cardPdf(), other)).toBe(code);
  });

  test('a document certified as final', async () => {
    expect(await refusal(await finalPdf(), {})).toBe('PDF_LOCKED');
  });

  test('a certificate chain that does not fit into the room kept', async () => {
    const seal = await testSigner('Test seal');
    const others = await Promise.all(Array.from({ length: 45 }, (_, number) => testSigner(`Above ${number}`)));
    const long: Signer = { ...seal, sign: (data) => seal.sign(data), chain: others.map(({ certificate }) => certificate) };
    expect(await refusal(await cardPdf(), { seal: long })).toBe('SIGNATURE_TOO_LARGE');
  });
});

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** The CMS without the zeros behind it, and what it signs. */
function parts(signed: Uint8Array): { cms: Uint8Array; content: Uint8Array } {
  const [, start, end] = (/\/ByteRange \[ ?0 (\d+) (\d+) \d+/.exec(latin1(signed)) as string[]).map(Number) as [number, number, number];
  const cms = Buffer.from(latin1(signed.subarray(start + 1, end - 1)), 'hex');
  return { cms: cms.subarray(0, 4 + cms.readUInt16BE(2)), content: Buffer.concat([signed.subarray(0, start), signed.subarray(end)]) };
}
