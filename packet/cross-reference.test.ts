import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, type TestContext, test } from 'vitest';
import { judge, sharedData } from '#fixtures/needs.ts';
import { cardPdf, hybridPdf, misreferencedPdf, signatureFieldPdf } from '#fixtures/pdf.ts';
import { isSound, readCrossReference } from './cross-reference.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-xref-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Lines like `3/0: uncompressed; offset = 116` and `7/0: compressed; stream = 5, index = 2`. */
function qpdfPlaces(context: TestContext, pdf: Uint8Array): string[] {
  const path = join(folder, 'file.pdf');
  writeFileSync(path, pdf);
  return execFileSync(judge(context, 'qpdf'), ['--show-xref', path], { encoding: 'utf8' }).trim().split('\n').toSorted();
}

function ownPlaces(pdf: Uint8Array): string[] | undefined {
  const places = [...readCrossReference(pdf)?.places ?? []];
  return places.flatMap(([number, place]) => {
    if (place.kind === 'offset') return [`${number}/${place.generation}: uncompressed; offset = ${place.offset}`];
    if (place.kind === 'packed') return [`${number}/0: compressed; stream = ${place.stream}, index = ${place.index}`];
    return [];
  }).toSorted();
}

test.for<[string, (context: TestContext) => Promise<Uint8Array> | Uint8Array]>([
  ['a table', () => cardPdf({ pages: 3 })],
  ['a stream', () => cardPdf({ pages: 3, compressed: true })],
  ['both', hybridPdf],
  ['a form', signatureFieldPdf],
  ['several revisions and predictors', (context) => readFileSync(sharedData(context, 'pdf', 'pyhanko__minimal-signed-twice-second-created.pdf'))],
  ['an old-style signature', (context) => readFileSync(sharedData(context, 'pdf', 'pyhanko__pades-with-old-style-signing-cert-attr-issser.pdf'))],
  ['stream and predictors', (context) => readFileSync(sharedData(context, 'pdf', 'pdfjs__bug1871353.pdf'))],
])('every object is where qpdf finds it: %s', async ([, make], context) => {
  const pdf = await make(context);
  expect(ownPlaces(pdf)).toEqual(qpdfPlaces(context, pdf));
});

test('a file that is sound says so, one with a shifted cross-reference does not', async () => {
  const pdf = await cardPdf();
  const found = readCrossReference(pdf);
  expect(found?.form).toBe('table');
  expect(found !== null && isSound(pdf, found)).toBe(true);
  expect(readCrossReference(await misreferencedPdf())).toBeNull();
  const moved = Buffer.from(Buffer.from(pdf).toString('latin1').replace(/(\d{10}) 00000 n/, '0000000100 00000 n'), 'latin1');
  const other = readCrossReference(moved);
  expect(other !== null && isSound(moved, other)).toBe(false);
});

test('a chain that leads back to itself ends', async () => {
  const text = Buffer.from(await cardPdf()).toString('latin1');
  const start = /startxref\n(\d+)/.exec(text)?.[1];
  const circular = Buffer.from(text.replace('/Size', `/Prev ${start} /Size`), 'latin1');
  expect(ownPlaces(circular)).toEqual(ownPlaces(Buffer.from(text, 'latin1')));
});

test.each(['', '%PDF-1.7', 'startxref\n5\n%%EOF', 'startxref\n99999999\n%%EOF', 'xref\n0 999999999\ntrailer\n<<>>\nstartxref\n0\n%%EOF', 'xref\n0 1\ntrailer\nstartxref\n0\n%%EOF'])(
  'is not there: %j', (text) => {
    expect(readCrossReference(Buffer.from(text))).toBeNull();
  });
