import { readFileSync } from 'node:fs';
import { PDFDocument, PDFName, PDFNumber } from '../pdf-lib.ts';
import { describe, expect, test } from 'vitest';
import { sharedData } from '#fixtures/needs.ts';
import {
  cardPdf, circularPdf, endlessPagePdf, type Layer, layeredPdf, lostCatalogPdf, mislaidPdf, misreferencedPdf, referringPdf, shadowedPdf, unreferencedPdf, usageRightsPdf, wrongIndexPdf,
} from '#fixtures/pdf.ts';
import { signAnywhere } from '#fixtures/whole-way.ts';
import { openInViewer } from '../viewer.ts';
import { type Normalised, normalise } from './normalise.ts';
import { openInPdfium } from './pdfium.ts';
import { differenceOf, resembles } from './same-appearance.ts';

const taken = async (bytes: Uint8Array | Promise<Uint8Array>): Promise<Normalised> => normalise(await bytes, 1000);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

async function textOf(bytes: Uint8Array, page = 1): Promise<string> {
  const { items } = await (await (await openInViewer(bytes)).getPage(page)).getTextContent();
  return items.map((item) => ('str' in item ? item.str : '')).join(' ');
}

/** Points to a unit of user space, on the first page (ISO 32000-2, table 31). */
async function inUnitsOf(points: number, bytes: Uint8Array): Promise<Uint8Array> {
  const pdf = await PDFDocument.load(bytes, { updateMetadata: false });
  pdf.getPage(0).node.set(PDFName.of('UserUnit'), PDFNumber.of(points));
  return pdf.save({ useObjectStreams: false });
}

/** Drawn by PDFium, as the printer gets it or as the screen shows it. */
async function drawn(bytes: Uint8Array, use: 'screen' | 'printer'): Promise<Uint8Array> {
  const document = await openInPdfium(bytes);
  const picture = document?.page(0)?.picture({ width: 150, height: 212 }, { use });
  document?.close();
  return picture ?? new Uint8Array();
}

describe('what the editor cannot read and a viewer can', () => {
  test.each([
    ['no place of the cross-reference', unreferencedPdf({ pages: 3, rotate: 90 }), 3],
    ['a page tree that bites its tail', circularPdf(), 1],
    ['a page that viewer and editor find in different places', shadowedPdf(), 1],
  ])('is written anew as the viewer reads it, and needs nothing the next time: %s', async (_name, pdf, pages) => {
    const received = await pdf;
    const { document, actions, tool, ...described } = await taken(received);
    expect(actions).toEqual([expect.stringMatching(/^repaired: (written anew|pages copied)/)]);
    expect(tool).toMatch(/@embedpdf\/pdfium \d/);
    expect(described.pages).toHaveLength(pages);
    expect(await textOf(document, pages)).toBe(await textOf(received, pages));
    expect(Buffer.compare(await drawn(document, 'printer'), await drawn(received, 'screen'))).toBe(0);
    expect((await taken(document)).actions).toEqual([]);
  });

  test.each([
    ['a page at a place that has lost digits', mislaidPdf()],
    ['a catalogue that cannot be found', lostCatalogPdf()],
  ])('is written anew as PDFium reads it where pdf.js cannot: %s', async (_name, pdf) => {
    const received = await pdf;
    await expect(textOf(received)).rejects.toThrow();
    const { document, actions, pages } = await taken(received);
    expect(actions).toEqual([expect.stringMatching(/^repaired: (written anew|pages copied).*PDFium/)]);
    expect(pages).toHaveLength(1);
    expect(await textOf(document)).toContain('Registration');
    expect(Buffer.compare(await drawn(document, 'printer'), await drawn(received, 'screen'))).toBe(0);
    expect((await taken(document)).actions).toEqual([]);
    await expect(normalise(received, 0)).rejects.toMatchObject({ code: 'PDF_TOO_MANY_PAGES' });
  });

  test('gets a true cross-reference where that gives an object another index in its object stream than it has: readers then find one or the other', async () => {
    const received = await wrongIndexPdf();
    const { document, actions } = await taken(received);
    expect(actions).toEqual(['cross-reference rebuilt']);
    expect(await textOf(document)).toBe(await textOf(received));
  });

  test('is refused where it is signed', async () => {
    await expect(taken(unreferencedPdf({ signed: true }))).rejects.toMatchObject({ code: 'PDF_SIGNED_ACTIVE', message: expect.stringContaining('repaired') });
  });

  test.for([
    'pyhanko__broken-objstream6.pdf', 'pyhanko__malformed-encrypt-dict2.pdf', 'pyhanko__minimal-startxref-hopeless3.pdf', 'qpdf__bad13.pdf', 'qpdf__bad35.pdf',
    'qpdf__direct-pages.pdf', 'qpdf__filter-abbreviation.pdf', 'qpdf__indirect-r-arg.pdf',
  ])('%s', async (name, context) => {
    const { document, actions } = await taken(readFileSync(sharedData(context, 'pdf', name)));
    expect(actions[0]).toMatch(/^repaired: /);
    expect((await taken(document)).actions).toEqual([]);
  });
});

describe('layers', () => {
  test('all of which are always shown lose their switches and nothing else', async () => {
    const received = await layeredPdf('shown');
    const { document, actions } = await taken(received);
    expect(actions).toEqual(['removed: switches of layers, all of which are shown']);
    expect(text(document)).not.toMatch(/\/OCG|\/OCProperties/);
    expect(await textOf(document)).toContain('Rate 99 EUR');
    expect(Buffer.compare(await drawn(document, 'printer'), await drawn(received, 'screen'))).toBe(0);
  });

  test('are found without a type and without a list of them, as PDFium finds them', async () => {
    const received = await layeredPdf('not printed, without a type, in no list');
    expect(Buffer.compare(await drawn(received, 'printer'), await drawn(received, 'screen'))).not.toBe(0);
    const { document } = await taken(received);
    expect(Buffer.compare(await drawn(document, 'printer'), await drawn(received, 'screen'))).toBe(0);
  });

  test.each<[Layer, string]>([
    ['hidden on the screen', 'layers that are hidden on the screen'],
    ['shown on the screen, not printed', 'layers that differ between screen, printer and export'],
    ['hidden by the other', 'layers that hide each other'],
  ])('%s: what the screen shows stays, as a picture, and that is said', async (layer, reason) => {
    const received = await inUnitsOf(2, await layeredPdf(layer, { rotate: 90, title: 'Rates' }));
    const { document, actions, title, pages } = await taken(received);
    expect(actions).toEqual([`turned into pictures of its pages, as the screen shows them: ${reason}; its text, links and form fields are lost`]);
    expect(title).toBe('Rates');
    expect(pages).toEqual([expect.objectContaining({ rotate: 90, width: expect.closeTo(595.28, 1) })]);
    expect((await (await openInViewer(document)).getPage(1)).userUnit).toBe(2);
    expect(await textOf(document)).toBe('');
    const [before, after, printed] = [await drawn(received, 'screen'), await drawn(document, 'screen'), await drawn(document, 'printer')];
    expect(meanDifference(before, after)).toBeLessThan(3);
    expect(Buffer.compare(after, printed)).toBe(0);
    expect((await taken(document)).actions).toEqual([]);
  });

  test('of a signed document are a reason to refuse it', async () => {
    await expect(taken(layeredPdf('hidden on the screen', { signed: true }))).rejects.toMatchObject({ code: 'PDF_SIGNED_ACTIVE', message: expect.stringContaining('layers') });
  });
});

test('data in other files, images for the printer and unseen stamps are removed', async () => {
  const { document, actions } = await taken(referringPdf());
  expect(actions.toSorted()).toEqual(['removed: data in another file', 'removed: other images for printing', 'removed: unseen but printed annotation']);
  expect(text(document)).not.toMatch(/marked-elsewhere|Alternates|Stamp/);
});

test('usage rights are no signature, and go; where the same is the signature of a field, the document is refused', async () => {
  const { document, actions } = await taken(usageRightsPdf());
  expect(actions.toSorted()).toEqual(['removed: JavaScript', 'removed: usage rights']);
  expect(text(document)).not.toMatch(/UR3|ByteRange/);
  await expect(taken(usageRightsPdf({ asField: true }))).rejects.toMatchObject({ code: 'PDF_SIGNED_ACTIVE' });
});

describe('pages beyond those that the viewer counts', () => {
  /** Page 2 lies in the tree. As a linearised file (annex F) it has one page: so do viewers read it until it grows. */
  const linearised = async (): Promise<Uint8Array> => {
    const plain = text(await cardPdf({ pages: 2 }));
    const first = `90 0 obj\n<< /Linearized 1 /L ${plain.length + 100} /H [10 10] /O 5 /E 100 /N 1 /T 100 >>`.padEnd(92) + '\nendobj\n';
    const at = plain.indexOf('1 0 obj');
    return Buffer.from((plain.slice(0, at) + first + plain.slice(at)).replaceAll(/(\d{10}) 00000 n/g, (_, offset: string) => `${String(Number(offset) + 100).padStart(10, '0')} 00000 n`)
      .replace(/startxref\n(\d+)/, (_, offset: string) => `startxref\n${Number(offset) + 100}`), 'latin1');
  };
  const miscounted = async (): Promise<Uint8Array> => Buffer.from(text(await cardPdf({ pages: 2 })).replace('/Count 2', '/Count 1'), 'latin1');

  test('are no part of what is signed, or the document is refused; where there are fewer, these stay', async () => {
    const miscount = await taken(miscounted());
    expect(miscount.pages).toHaveLength(1);
    expect(text(miscount.document).match(/\/Type \/Page\b/g)).toHaveLength(1);
    const fewer = await taken(Buffer.from(text(await cardPdf({ pages: 2 })).replace('/Count 2', '/Count 3'), 'latin1'));
    expect([fewer.pages.length, fewer.actions]).toEqual([2, ['page tree put right']]);
    expect((await openInViewer(await linearised())).numPages).toBe(1);
    await expect(taken(linearised())).rejects.toMatchObject({ code: 'PDF_BROKEN' });
  });

  test('of a signed document are a reason to refuse it', async () => {
    const signed = await signAnywhere(await miscounted(), [{ kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 60, y: 200, width: 200, height: 40 }, found: 'fallback' }]);
    await expect(taken(signed)).rejects.toMatchObject({ code: 'PDF_SIGNED_ACTIVE', message: expect.stringContaining('page tree') });
  });

  test('a page that says it lies elsewhere is put where it is', async () => {
    const pdf = await PDFDocument.load(await cardPdf({ pages: 2 }), { updateMetadata: false });
    pdf.getPage(1).node.set(PDFName.of('Parent'), pdf.getPage(0).ref);
    const { document, actions } = await taken(pdf.save({ useObjectStreams: false }));
    expect(actions).toEqual(['page tree put right']);
    expect((await taken(document)).actions).toEqual([]);
  });
});

test('a page longer than readers agree on is refused, in large units as in many', async () => {
  await expect(taken(endlessPagePdf())).rejects.toMatchObject({ code: 'PDF_PAGE_SIZE' });
  await expect(taken(inUnitsOf(17.2, await cardPdf()))).rejects.toMatchObject({ code: 'PDF_PAGE_SIZE' });
  expect((await taken(inUnitsOf(17, await cardPdf()))).actions).toEqual([]);
});

describe('the comparison of what was received with what was written', () => {
  const opened = async (pdf: Uint8Array | Promise<Uint8Array>): Promise<Parameters<typeof differenceOf>[0]> => ({ bytes: await pdf, shown: await openInViewer(await pdf) });
  const changed = async (from: string, to: string): Promise<Uint8Array> => Buffer.from(text(await cardPdf()).replace(from, to), 'latin1');

  test.each([
    ['another number of pages', cardPdf(), cardPdf({ pages: 2 }), 'number of pages'],
    ['another rotation', cardPdf(), cardPdf({ rotate: 90 }), 'size or rotation of page 1'],
    ['another size', cardPdf(), changed('595.28', '594.28'), 'size or rotation of page 1'],
    ['other words', cardPdf(), layeredPdf('shown'), 'text of page 1'],
    ['the same words, of which some are hidden', layeredPdf('shown'), layeredPdf('hidden on the screen'), 'picture of page 1'],
    ['nothing', cardPdf(), misreferencedPdf(), null],
  ])('sees %s', async (_name, one, other, difference) => {
    expect(await differenceOf(await opened(one), await opened(other), { annotations: true, pictures: false })).toBe(difference);
  });

  test('takes a line of a picture that lies half a point lower for the same, wherever it lies, and a lost one for a change', () => {
    const size = { width: 64, height: 64 };
    const line = (top: number): Uint8Array => new Uint8Array(64 * 64 * 3).map((_, at) => (at >= top * 64 * 3 && at < (top + 3) * 64 * 3 ? 0 : 255));
    for (let top = 0; top < 60; top++) expect(resembles(line(top), line(top + 1), size), `${top}`).toBe(true);
    for (let top = 0; top < 60; top++) expect(resembles(line(top), line(64), size), `${top}`).toBe(false);
  });

  test('does not take blank pages for pictures of written ones', async () => {
    const blank = Buffer.from(text(await cardPdf()).replaceAll('/Contents', '/Absent__'), 'latin1');
    expect(await differenceOf(await opened(cardPdf()), await opened(blank), { annotations: true, pictures: true })).toBe('picture of page 1');
  });
});

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  return one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length;
}
