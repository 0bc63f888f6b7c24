import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from '#packet/pdf-lib.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { judge } from '#fixtures/needs.ts';
import { sampleCard, sampleGuests } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'card-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const printedAt = new Date('2026-03-12T14:06:00Z');

function textOf(pdftotext: string, card: Uint8Array): string[] {
  const path = join(folder, 'card.pdf');
  writeFileSync(path, card);
  const pages = execFileSync(pdftotext, ['-layout', path, '-'], { encoding: 'utf8' }).split('\f').slice(0, -1);
  return pages.map((page) => page.replace(/[\u202a-\u202e]/gu, ''));
}

describe.each(Object.entries(sampleGuests))('a guest with a name in %s script', (_, guest) => {
  test('has every detail on the card, readable by a machine', async (context) => {
    const pdftotext = judge(context, 'pdftotext');
    const [page = ''] = textOf(pdftotext, await sampleCard({ pages: 1, size: 'A4', guest, printedAt }));
    const { name, latinName, nationality, passport, email, phone, companion } = guest;
    for (const detail of [name, latinName, nationality, passport, email, phone, companion.name, companion.passport]) expect(page).toContain(detail);
    for (const words of ['Grand Hotel Norrvik', 'Registration card', '412', '12 Mar 2026', '15 Mar 2026', 'Guest signature', 'Companion signature']) expect(page).toContain(words);
  });
});

test.each([['A4', 595, 842], ['Letter', 612, 792]] as const)('%s has its own paper size, with one page or three', async (size, width, height) => {
  for (const pages of [1, 3] as const) {
    const pdf = await PDFDocument.load(await sampleCard({ pages, size, guest: sampleGuests.latin }));
    expect(pdf.getPageCount()).toBe(pages);
    for (const page of pdf.getPages()) expect(page.getSize()).toEqual({ width: expect.closeTo(width, 0), height: expect.closeTo(height, 0) });
  }
});

test('three pages: rules on the second, privacy notice and both signature lines on the third', async (context) => {
  const pdftotext = judge(context, 'pdftotext');
  const [first = '', second = '', third = ''] = textOf(pdftotext, await sampleCard({ pages: 3, size: 'Letter', guest: sampleGuests.greek, printedAt }));
  expect(first).not.toContain('Guest signature');
  expect(second).toContain('House rules');
  for (const words of ['personal data', 'GDPR', 'Guest signature', 'Companion signature', 'page 3 of 3']) expect(third).toContain(words);
});

test('it is a clean PDF that fits a print job: no warnings from qpdf, under 100 KB', async (context) => {
  const qpdf = judge(context, 'qpdf');
  const path = join(folder, 'clean.pdf');
  const card = await sampleCard({ pages: 3, size: 'A4', guest: sampleGuests.chinese });
  writeFileSync(path, card);
  expect(execFileSync(qpdf, ['--check', path], { encoding: 'utf8' })).toContain('No syntax or stream encoding errors');
  expect(card.length).toBeLessThan(100_000);
});
