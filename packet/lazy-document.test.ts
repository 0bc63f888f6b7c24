import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { PDFDict, PDFDocument, PDFHexString, PDFName, PDFNumber, PDFRef } from './pdf-lib.ts';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { sharedData } from '#fixtures/needs.ts';
import { cardPdf, hybridPdf, inheritingPdf, shadowedPdf, signatureFieldPdf } from '#fixtures/pdf.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { isSound, readCrossReference } from './cross-reference.ts';
import type { Field } from './fields/field.ts';
import { openLazily } from './lazy-document.ts';
import { readsTheSame } from './reads-the-same.ts';
import { signDocument, type SignDocumentOptions } from './sign-document.ts';

const opened = vi.hoisted(() => ({ whole: false, last: null as PDFDocument | null }));
vi.mock('./lazy-document.ts', async (original) => {
  const { openLazily: open } = await original<typeof import('./lazy-document.ts')>();
  return {
    openLazily: (...args: Parameters<typeof open>) => {
      if (opened.whole) throw new Error('the test wants it read as a whole');
      opened.last = open(...args);
      return opened.last;
    },
  };
});
beforeEach(() => { Object.assign(opened, { whole: false, last: null }); });

const load = (bytes: Uint8Array): Promise<PDFDocument> => PDFDocument.load(bytes, { updateMetadata: false });

/** Without chance, so that the same input gives the same bytes. */
async function signed(document: Uint8Array, page: number, whole = false): Promise<Uint8Array> {
  const field: Field = { kind: 'signature', role: 'guest', name: 'guest', label: 'Guest signature', page, rect: { x: 60, y: 200, width: 200, height: 50 }, found: 'phrase' };
  const options: SignDocumentOptions = {
    document, documentSha256: createHash('sha256').update(document).digest('hex'), field, ink: [{ width: 0.5, points: [[0, 0], [6, 12]] }],
    sealedRecord: new Uint8Array(3000).fill(0x5a), requestId: 'request-0001', signerName: 'Līga Bērziņa', place: 'Rīga', signedAt: new Date('2026-11-21T10:02:03Z'),
    demo: false, seal: { ...await testSigner('Test seal'), sign: async () => new Uint8Array(64).fill(7) },
  };
  opened.whole = whole;
  try {
    return (await signDocument(options)).signedPdf;
  } finally {
    opened.whole = false;
  }
}

/** Object by object, and page by page; in an order that reading the whole document would not have. */
async function expectTheSame(bytes: Uint8Array): Promise<void> {
  const crossReference = readCrossReference(bytes);
  if (crossReference === null) throw new Error('no cross-reference');
  const [lazy, whole] = [openLazily(bytes, crossReference), await load(bytes)];
  const pages = whole.getPages();
  expect(lazy.getPageCount()).toBe(pages.length);
  expect(pages.toReversed().map((_, at) => lazy.getPage(pages.length - 1 - at).ref)).toEqual(pages.toReversed().map(({ ref }) => ref));
  for (const [number, place] of [...crossReference.places].toReversed()) {
    if (place.kind === 'free') continue;
    const ref = PDFRef.of(number, place.kind === 'offset' ? place.generation : 0);
    const [one, other] = [lazy.context.lookup(ref), whole.context.lookup(ref)];
    expect(one?.constructor).toBe(other?.constructor);
    expect(one?.toString()).toBe(other?.toString());
  }
  expect(readsTheSame(bytes, crossReference, whole)).toBe(true);
}

/** Pages in a tree of any shape without empty nodes: a number is that many pages, a list a node of its own. */
type Tree = number | Tree[];
const trees = fc.letrec<{ tree: Tree; node: Tree[] }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3 }, fc.integer({ min: 1, max: 3 }), tie('node')),
  node: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
})).node.map((node) => [...node, 1]);

async function pdfOf(tree: Tree[], compressed: boolean): Promise<Uint8Array> {
  const pdf = await load(await cardPdf());
  const { context } = pdf;
  const leaf = pdf.getPage(0).node;
  const nodeOf = (kids: Tree[], parent: PDFRef | null): { ref: PDFRef; count: number } => {
    const own = context.nextRef();
    const made = kids.flatMap((kid) => (typeof kid === 'number'
      ? Array.from({ length: kid }, () => {
        const page = leaf.clone(context);
        page.set(PDFName.of('Parent'), own);
        return { ref: context.register(page), count: 1 };
      })
      : [nodeOf(kid, own)]));
    const count = made.reduce((sum, kid) => sum + kid.count, 0);
    context.assign(own, context.obj({ Type: 'Pages', Kids: made.map(({ ref }) => ref), Count: count, ...(parent === null ? {} : { Parent: parent }) }));
    return { ref: own, count };
  };
  pdf.catalog.set(PDFName.of('Pages'), nodeOf(tree, null).ref);
  return pdf.save({ useObjectStreams: compressed, addDefaultPage: false });
}

describe('a document read as far as it is asked for', () => {
  test('is the same as the whole one: any page tree, either cross-reference, signed before or not', async () => {
    await fc.assert(fc.asyncProperty(trees, fc.boolean(), fc.boolean(), async (tree, compressed, before) => {
      const made = await pdfOf(tree, compressed);
      const document = before ? await signed(made, 1) : made;
      await expectTheSame(document);
      expect(Buffer.compare(await signed(document, 1), await signed(document, 1, true))).toBe(0);
    }), { numRuns: 15 });
  });

  test.each<[Tree[], boolean]>([[[[], [1], [2]], false], [[[[2], []], 1], true]])('with an empty node in its tree (%j) is never taken in where counting nodes finds another page', async (tree, same) => {
    const document = await pdfOf(tree, false);
    const crossReference = readCrossReference(document);
    expect(crossReference !== null && readsTheSame(document, crossReference, await load(document))).toBe(same);
    expect(Buffer.compare(await signed(document, 3), await signed(document, 3, true)) === 0).toBe(same);
  });

  test.each<[string, () => Promise<Uint8Array>]>([
    ['a hybrid cross-reference', hybridPdf], ['inherited entries', inheritingPdf], ['a form', signatureFieldPdf], ['object streams', () => cardPdf({ pages: 3, compressed: true })],
  ])('is the same as the whole one, and signed to the same bytes: %s', async (_, make) => {
    const document = await make();
    await expectTheSame(document);
    expect(Buffer.compare(await signed(document, 1), await signed(document, 1, true))).toBe(0);
    expect(opened.last).not.toBeNull();
  });

  test('is read no further for a signature on the last of 300 pages than on the first of one', async () => {
    const read: number[] = [];
    for (const pages of [1, 300]) {
      const document = await cardPdf({ pages });
      await signed(document, pages);
      const { highest } = readCrossReference(document) as { highest: number };
      read.push(opened.last?.context.enumerateIndirectObjects().filter(([{ objectNumber }]) => objectNumber <= highest).length ?? NaN);
    }
    expect(read[0]).toBe(read[1]);
    expect(read[0]).toBeLessThan(10);
  });

  test('every PDF of ../shared/data/pdf that intake would keep as it is is signed to the same bytes', async (context) => {
    const files = sharedData(context, 'pdf');
    let compared = 0;
    for (const name of readdirSync(files).filter((file) => file.endsWith('.pdf'))) {
      const bytes = new Uint8Array(readFileSync(join(files, name)));
      const crossReference = orNull(() => readCrossReference(bytes));
      const whole = await load(bytes).catch(() => null);
      if (crossReference === null || whole === null || !isSound(bytes, crossReference) || orNull(() => readsTheSame(bytes, crossReference, whole)) !== true) continue;
      const page = Math.min(2, whole.getPageCount());
      const one = await signed(bytes, page).catch(String);
      const other = await signed(bytes, page, true).catch(String);
      expect(Buffer.compare(Buffer.from(one), Buffer.from(other)), name).toBe(0);
      compared++;
    }
    expect(compared).toBeGreaterThan(15);
  });
});

describe('where something is odd', () => {
  /** A change of the text that leaves all offsets as they are. */
  const edited = (pdf: Uint8Array, from: string, to: string): Uint8Array => {
    const text = Buffer.from(pdf).toString('latin1');
    expect(text).toContain(from);
    expect(to).toHaveLength(from.length);
    return Buffer.from(text.replaceAll(from, to), 'latin1');
  };

  test.each<[string, () => Promise<Uint8Array>, number]>([
    ['a count is too low', async () => edited(await cardPdf({ pages: 3 }), '/Count 3', '/Count 1'), 3],
    ['a count is too high', async () => edited(await cardPdf({ pages: 3 }), '/Count 3', '/Count 7'), 3],
    ['a count is no count', async () => edited(await cardPdf({ pages: 3 }), '/Count 3', '/Count /'), 3],
    ['the cross-reference names another place for the page', async () => edited(await cardPdf({ pages: 3 }), ...swappedPlaces(await cardPdf({ pages: 3 }))), 2],
  ])('the whole document is read, and signed: %s', async (_, make, page) => {
    const document = await make();
    expect(Buffer.compare(await signed(document, page), await signed(document, page, true))).toBe(0);
  });

  test('and nothing helps, the error is that of the whole document', async () => {
    await expect(signed(await cardPdf(), 2)).rejects.toMatchObject({ code: 'FIELD_OUTSIDE_PAGE' });
  });

  test('intake is told: another page of the same number, behind the end or by a count that lies', async () => {
    const same = async (bytes: Uint8Array): Promise<boolean> => {
      const crossReference = readCrossReference(bytes);
      return crossReference !== null && readsTheSame(bytes, crossReference, await load(bytes));
    };
    expect(await same(await cardPdf())).toBe(true);
    expect(await same(await shadowedPdf())).toBe(false);
    // two kids for two pages, but the first holds both: the second kid is not page two
    const lying = await load(await cardPdf({ pages: 2 }));
    const { context } = lying;
    const pages = lying.catalog.get(PDFName.of('Pages')) as PDFRef;
    const both = context.register(context.obj({ Type: 'Pages', Kids: lying.getPages().map(({ ref }) => ref), Count: 2, Parent: pages }));
    const third = context.register(lying.getPage(1).node.clone(context));
    context.lookup(pages, PDFDict).set(PDFName.of('Kids'), context.obj([both, third]));
    context.lookup(pages, PDFDict).set(PDFName.of('Count'), PDFNumber.of(2));
    expect(await same(await lying.save({ useObjectStreams: false }))).toBe(false);
  });

  test('a certification or field that lies elsewhere for a viewer is told, too', async () => {
    const pdf = await load(await signatureFieldPdf());
    const whole = await pdf.save({ useObjectStreams: false });
    const field = pdf.catalog.getAcroForm()?.getAllFields().find(([one]) => one.getFullyQualifiedName() === 'Approval.Guest');
    const ref = field?.[1] as PDFRef;
    field?.[0].dict.set(PDFName.of('T'), PDFHexString.fromText('Other'));
    const shadowed = Buffer.concat([whole, Buffer.from(`\n${ref.objectNumber} 0 obj\n${field?.[0].dict.toString()}\nendobj\n`, 'latin1')]);
    const crossReference = readCrossReference(shadowed);
    expect(crossReference !== null && readsTheSame(shadowed, crossReference, await load(shadowed))).toBe(false);
  });

  test('so is a signature of an earlier guest', async () => {
    const document = await signed(await cardPdf(), 1);
    const pdf = await load(document);
    const ref = pdf.catalog.getAcroForm()?.getAllFields()[0]?.[0].dict.get(PDFName.of('V')) as PDFRef;
    const shadowed = Buffer.concat([document, Buffer.from(`\n${ref.objectNumber} 0 obj\n<< /Type /Sig >>\nendobj\nstartxref\n${readCrossReference(document)?.start}\n%%EOF\n`, 'latin1')]);
    const crossReference = readCrossReference(shadowed);
    expect(crossReference !== null && readsTheSame(shadowed, crossReference, await load(shadowed))).toBe(false);
    expect(crossReference !== null && readsTheSame(document, crossReference, pdf)).toBe(true);
  });
});

/** Of the first two pages, in the table, as one text to replace by another. */
function swappedPlaces(pdf: Uint8Array): [string, string] {
  const text = Buffer.from(pdf).toString('latin1');
  const [one] = [...text.matchAll(/(\d+) 0 obj\n<<\n\/Type \/Page\n/g)].map(({ index }) => String(index).padStart(10, '0'));
  return [`${one} 00000 n`, '0000000009 00000 n'];
}

function orNull<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch {
    return null;
  }
}
