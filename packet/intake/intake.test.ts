import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument, PDFName, PDFRef } from '../pdf-lib.ts';
import { describe, expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import {
  brokenPdf, cardPdf, encryptedPdf, finalPdf, inheritingPdf, misreferencedPdf, openAtPagePdf, postScript, prefixedPdf, scriptedPdf,
  signatureFieldPdf, truncatedPdf, zeroPagePdf,
} from '#fixtures/pdf.ts';
import { readCrossReference } from '../cross-reference.ts';
import { intake, type IntakeLimits, type IntakeResult } from './index.ts';
import { type Normalised, normalise } from './normalise.ts';

const limits: IntakeLimits = { maxBytes: 200 * 2 ** 20, maxPages: 1000, deadlineMs: 20_000, memoryMb: 1024 };

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const take = async (bytes: Uint8Array | Promise<Uint8Array>, other: Partial<IntakeLimits> = {}): Promise<IntakeResult> => intake(await bytes, { ...limits, ...other });
/** Without the child process, whose start takes most of the time: for PDFs that are ours. */
const normalised = async (bytes: Uint8Array | Promise<Uint8Array>): Promise<Normalised> => normalise(await bytes, limits.maxPages);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('a document that needs nothing done', () => {
  test.each([
    ['with a table', cardPdf()],
    ['with a cross-reference stream', cardPdf({ compressed: true })],
    ['with a rotated page', cardPdf({ rotate: 90 })],
    ['with inherited resources', inheritingPdf()],
    ['with a form', signatureFieldPdf()],
    ['that opens at a page', openAtPagePdf()],
  ])('keeps its bytes: %s', async (_name, pdf) => {
    const received = await pdf;
    const result = await normalised(received);
    expect(result.actions).toEqual([]);
    expect(sha256(result.document)).toBe(sha256(received));
  });

  test('is described: title, pages, rotation, what read it', async () => {
    const received = await cardPdf({ pages: 3, rotate: 270, title: 'Card\u0000 of\u202E room 204' });
    const result = await normalised(received);
    expect(result.title).toBe('Card of room 204');
    expect(result.pages).toHaveLength(3);
    expect(result.pages[2]).toMatchObject({ rotate: 270, width: expect.closeTo(595.28, 1), height: expect.closeTo(841.89, 1) });
    expect(result.tool).toMatch(/^@cantoo\/pdf-lib \d+\.\d+\.\d+, pdfjs-dist \d+\.\d+\.\d+$/);
  });
});

describe('a document that is written anew before anyone sees it', () => {
  test('loses scripts, actions and attachments, and keeps its text and links', async () => {
    const received = await scriptedPdf();
    const { document, actions, receivedSha256, sha256: hash } = await take(received);
    expect(actions.toSorted()).toEqual(expect.arrayContaining([
      'removed: JavaScript', 'removed: JavaScript action', 'removed: SubmitForm action', 'removed: automatic actions', 'removed: embedded files',
    ]));
    expect(text(document)).not.toMatch(/marked|JavaScript|OpenAction|Launch|EmbeddedFile|SubmitForm/);
    expect(text(document)).toContain('hotel.example');
    expect(receivedSha256).toBe(sha256(received));
    expect(hash).toBe(sha256(document));
    expect((await normalised(document)).actions).toEqual([]);
  });

  test.for(['128', '256'])('is decrypted where the empty password opens it: %s bits', async (bits, context) => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-intake-'));
    const [plain, locked] = [join(folder, 'plain.pdf'), join(folder, 'locked.pdf')];
    writeFileSync(plain, await cardPdf({ title: 'Locked card' }));
    execFileSync(judge(context, 'qpdf'), ['--encrypt', '', 'owner', bits, ...(bits === '128' ? ['--use-aes=y'] : []), '--', plain, locked]);
    const { document, actions, title } = await normalised(readFileSync(locked));
    rmSync(folder, { recursive: true });
    expect(actions).toEqual(['decrypted']);
    expect(title).toBe('Locked card');
    expect(text(document)).not.toContain('/Encrypt');
    expect((await normalised(document)).actions).toEqual([]);
  });

  test.each([['a wrong startxref', misreferencedPdf()], ['bytes before the header', prefixedPdf()]])('gets a new cross-reference: %s', async (_name, pdf) => {
    const { document, actions } = await normalised(pdf);
    expect(actions).toEqual(['cross-reference rebuilt']);
    expect((await normalised(document)).actions).toEqual([]);
  });
});

test('a page refers to nothing that a later revision could put there: the ink of a guest, for one', async () => {
  const pdf = await PDFDocument.load(await cardPdf(), { updateMetadata: false });
  const { context } = pdf;
  const next = context.largestObjectNumber + 1;
  const { node } = pdf.getPage(0);
  const awaited = [...Array(30).keys()].map((at) => PDFRef.of(next + at));
  node.Resources()?.set(PDFName.of('XObject'), context.obj(Object.fromEntries(awaited.map((ref, at) => [`Ink${at}`, ref]))));
  node.set(PDFName.of('Contents'), context.obj([node.get(PDFName.of('Contents')) as PDFRef, ...awaited]));
  const received = await pdf.save({ useObjectStreams: false });
  const { document } = await normalised(received);
  const highest = readCrossReference(document)?.highest ?? 0;
  const beyond = (bytes: Uint8Array): string[] => [...text(bytes).matchAll(/(\d+) 0 R\b/g)].map(([, number]) => String(number)).filter((number) => Number(number) > highest);
  expect(beyond(received).length).toBeGreaterThan(0);
  expect(beyond(document)).toEqual([]);
  expect((await normalised(document)).actions).toEqual([]);
});

describe('a document that is refused', () => {
  test.each([
    ['garbage after the header', brokenPdf(), 'PDF_BROKEN'],
    ['two thirds missing', truncatedPdf(), 'PDF_BROKEN'],
    ['a password', encryptedPdf('secret'), 'PDF_ENCRYPTED'],
    ['no pages', zeroPagePdf(), 'PDF_NO_PAGES'],
    ['a signature and a script', scriptedPdf({ signed: true }), 'PDF_SIGNED_ACTIVE'],
    ['a certification as final', finalPdf(), 'PDF_LOCKED'],
  ])('%s', async (_name, pdf, code) => {
    await expect(normalised(pdf)).rejects.toMatchObject({ code });
  });

  test.each([
    ['PostScript', postScript()],
    ['nothing', new Uint8Array()],
    ['a header 2,000 bytes late', cardPdf().then((pdf) => Buffer.concat([Buffer.alloc(2000), pdf]))],
  ])('%s', async (_name, pdf) => {
    await expect(take(pdf)).rejects.toMatchObject({ code: 'NOT_A_PDF' });
  });

  test('above a limit, and only above it, with a message that holds the numbers', async () => {
    const pdf = await cardPdf({ pages: 3 });
    expect(await take(pdf, { maxPages: 3, maxBytes: pdf.length })).toMatchObject({ sha256: sha256(pdf), receivedSha256: sha256(pdf), length: pdf.length, actions: [] });
    await expect(normalise(pdf, 2)).rejects.toMatchObject({ code: 'PDF_TOO_MANY_PAGES', message: expect.stringMatching(/3 pages; at most 2/) });
    await expect(take(pdf, { maxBytes: pdf.length - 1 })).rejects.toMatchObject({ code: 'PDF_TOO_LARGE' });
  });

  test('when time runs out', async () => {
    await expect(take(cardPdf(), { deadlineMs: 20 })).rejects.toMatchObject({ code: 'PDF_TIMEOUT' });
  });
});
