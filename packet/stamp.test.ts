import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decodePDFRawStream, PDFDocument, PDFName, PDFRawStream, type PDFRef } from './pdf-lib.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { arbitraryWords } from '#fixtures/arbitrary-words.ts';
import { judge } from '#fixtures/needs.ts';
import { cardPdf } from '#fixtures/pdf.ts';
import { drawStamp, type Stamp } from './stamp.ts';
import { embedFonts } from './text/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-stamp-'));
afterAll(() => rmSync(folder, { recursive: true }));

const stamp: Stamp = {
  ink: [{ width: 0.55, points: [[0, 0], [30, 10], [60, 0]] }, { width: 0.35, points: [[70, 5], [70, 5]] }],
  signerName: 'Bērziņa', place: 'Rīga', requestId: 'request-0001', signedAt: new Date('2026-11-21T10:02:03Z'), demo: true,
};

/** Draws the stamp as the appearance of an annotation and gives the form's operators as text. */
async function draw(rotate: 0 | 90 | 180 | 270, size: { width: number; height: number }, other: Partial<Stamp> = {}): Promise<{ pdf: Uint8Array; operators: string; dict: string }> {
  const pdf = await PDFDocument.load(await cardPdf({ rotate }));
  const form = drawStamp(pdf.context, await embedFonts(pdf), { ...stamp, ...other }, { size, rotate, ground: false });
  addAnnotation(pdf, form, size);
  const bytes = await pdf.save({ useObjectStreams: false });
  const stream = (await PDFDocument.load(bytes)).context.lookup(form) as PDFRawStream;
  return { pdf: bytes, operators: Buffer.from(decodePDFRawStream(stream).decode()).toString('latin1'), dict: stream.dict.toString() };
}

function addAnnotation(pdf: PDFDocument, form: PDFRef, { width, height }: { width: number; height: number }): void {
  pdf.getPage(0).node.addAnnot(pdf.context.register(pdf.context.obj({
    Type: 'Annot', Subtype: 'Stamp', Rect: [100, 300, 100 + width, 300 + height], F: 4, AP: { N: form },
  })));
}

describe('on a page with /Rotate', () => {
  /** The field's left, top, right, bottom as shown, from the top left corner. */
  const shownAt = { 0: [100, 491.89, 280, 541.89], 90: [300, 100, 480, 150], 180: [315.28, 300, 495.28, 350], 270: [361.89, 445.28, 541.89, 495.28] };

  test.for([0, 90, 180, 270] as const)('%i the text stands upright inside the field', async (rotate, context) => {
    const size = rotate % 180 === 0 ? { width: 180, height: 50 } : { width: 50, height: 180 };
    const path = join(folder, `rotate-${rotate}.pdf`);
    writeFileSync(path, (await draw(rotate, size)).pdf);
    const boxes = execFileSync(judge(context, 'pdftotext'), ['-bbox', path, '-'], { encoding: 'utf8' });
    const box = /xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">Bērziņa/.exec(boxes) as string[];
    const [left, top, right, bottom] = box.slice(1).map(Number) as [number, number, number, number];
    expect(right - left).toBeGreaterThan(bottom - top);
    const [fieldLeft, fieldTop, fieldRight, fieldBottom] = shownAt[rotate] as [number, number, number, number];
    expect(left).toBeGreaterThan(fieldLeft);
    expect(top).toBeGreaterThan(fieldTop);
    expect(right).toBeLessThan(fieldRight);
    expect(bottom).toBeLessThan(fieldBottom);
  });
});

test('name and place come back as they were given, in any of these scripts, and the file is sound', async (context) => {
  const [pdftotext, qpdf] = [judge(context, 'pdftotext'), judge(context, 'qpdf')];
  const words = fc.oneof(...Object.values(arbitraryWords).map((word) => fc.array(word, { minLength: 1, maxLength: 2 }).map((each) => each.join(' '))));
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(words, words), { minLength: 8, maxLength: 8 }), async (guests) => {
    const pdf = await PDFDocument.create();
    const fonts = await embedFonts(pdf);
    for (const [signerName, place] of guests) {
      pdf.addPage([400, 200]).node.addAnnot(pdf.context.register(pdf.context.obj({
        Type: 'Annot', Subtype: 'Stamp', Rect: [20, 20, 380, 180], F: 4,
        AP: { N: drawStamp(pdf.context, fonts, { ...stamp, signerName, place }, { size: { width: 360, height: 160 }, rotate: 0, ground: true }) },
      })));
    }
    const path = join(folder, 'names.pdf');
    writeFileSync(path, await pdf.save({ useObjectStreams: false }));
    expect(spawnSync(qpdf, ['--check', path], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    const pages = execFileSync(pdftotext, [path, '-'], { encoding: 'utf8' }).replace(/[\u202a-\u202e]/gu, '').split('\f');
    for (const [index, guest] of guests.entries()) for (const text of guest) expect(pages[index]).toContain(text.normalize('NFC'));
  }), { numRuns: 3 });
});

describe('the ink', () => {
  const strokes = (operators: string): [number, number][] => [...operators.matchAll(/^([\d.-]+) ([\d.-]+) [ml]$/gm)].map(([, x, y]) => [Number(x), Number(y)]);

  test('is drawn point by point, with the widths given', async () => {
    const { operators } = await draw(0, { width: 260, height: 80 });
    expect(strokes(operators)).toHaveLength(5);
    expect([...operators.matchAll(/^([\d.]+) w$/gm)].map(([, width]) => Number(width))).toEqual([1.56, 0.99]);
  });

  test.each([[1000, 400], [0.2, 60], [60, 0.2], [0, 0]])('of %f x %f mm stays inside the field and above the print', async (width, height) => {
    const { operators } = await draw(0, { width: 180, height: 50 }, { ink: [{ width: 0.7, points: [[-5, -5], [-5 + width, -5 + height]] }] });
    for (const [x, y] of strokes(operators)) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(180);
      expect(y).toBeGreaterThan(15);
      expect(y).toBeLessThanOrEqual(50);
    }
  });

  test('is opaque: no graphics state, no transparency group', async () => {
    const { operators, dict } = await draw(0, { width: 180, height: 50 });
    expect(operators).not.toMatch(/ gs$/m);
    expect(dict).not.toMatch(/Group|ExtGState|SMask/);
  });

  test('may be missing: the print alone is drawn', async () => {
    const { operators, dict } = await draw(0, { width: 180, height: 50 }, { ink: [] });
    expect(strokes(operators)).toEqual([]);
    expect(dict).toContain(PDFName.of('Font').toString());
  });
});
