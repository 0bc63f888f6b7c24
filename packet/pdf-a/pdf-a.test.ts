import { PDFArray, PDFDict, PDFDocument, PDFName, type PDFObject, type PDFRawStream, PDFStream } from '../pdf-lib.ts';
import { describe, expect, test } from 'vitest';
import { cardPdf } from '#fixtures/pdf.ts';
import { pdfACard } from '#fixtures/pdf-a.ts';
import { signAll, signingsOf } from '#fixtures/several-signers.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { normalise } from '../intake/normalise.ts';
import { addSeal } from '../upgrade/index.ts';
import { pdfAFaults } from './index.ts';

const seal = await testSigner('Test seal');
/** Without device colours: what draws in those of a device would break them. */
const cards = { 1: await pdfACard({ part: 1, intent: 'none', pages: 3 }), 2: await pdfACard({ part: 2, intent: 'GRAY', pages: 3 }) };
const rgb = { 1: await pdfACard({ part: 1, intent: 'RGB ' }), 2: await pdfACard({ part: 2, intent: 'RGB ' }) };

describe.each([1, 2] as const)('a card that is PDF/A-%ib', (part) => {
  test('is taken in as it is, and stays it through initials, dates, ticks, several signatures and a seal that shows nothing', async () => {
    const { document, actions } = await normalise(cards[part], 10);
    expect(actions).toEqual([]);
    expect(await pdfAFaults(document)).toEqual([]);
    const revisions = await signAll(document, signingsOf(['guest', 'companion']), seal, { demo: true });
    // The last of several signers locks the form against a seal; a single one does not.
    const [single] = await signAll(document, signingsOf(['guest']).slice(-1), seal, { demo: true });
    const { bytes: sealed } = await addSeal(single!, seal, { signedAt: new Date(), place: 'Rīga', demo: true });
    for (const signed of [revisions[0]!, revisions.at(-1)!, sealed]) expect(await pdfAFaults(signed)).toEqual([]);
  });
});

test('a card that is PDF/A-2b stays it where intake takes a file away', async () => {
  const { document, actions } = await normalise(await pdfACard({ part: 2, intent: 'RGB ', attachment: true }), 10);
  expect(actions).toEqual(['removed: embedded files']);
  expect(await pdfAFaults(document)).toEqual([]);
});

test('a font that is only listed, or draws nothing, need not be embedded', async () => {
  const pdf = await PDFDocument.load(rgb[1], { updateMetadata: false });
  pdf.getPage(0).node.setFontDictionary(name('Listed'), pdf.context.register(pdf.context.obj({ Type: 'Font', Subtype: 'Type1', BaseFont: 'Helvetica' })));
  const content = (more: string): PDFObject => pdf.context.register(pdf.context.stream(`q BT ${more} /Listed 9 Tf (a) Tj ET Q`));
  const contents = pdf.getPage(0).node.lookup(name('Contents'), PDFArray);
  const faults = async (): Promise<string[] | undefined> => (await pdfAFaults(await pdf.save({ useObjectStreams: false })))?.map(({ rule }) => rule);
  expect(await faults()).toEqual([]);
  contents.push(content('3 Tr'));
  expect(await faults()).toEqual([]);
  contents.push(content('0 Tr'));
  expect(await faults()).toEqual(['fonts are embedded']);
});

test('what claims nothing is not judged', async () => {
  expect(await pdfAFaults(await cardPdf())).toBeNull();
});

const name = (text: string): PDFName => PDFName.of(text);
const firstOf = (pdf: PDFDocument, kind: string, key = 'Subtype'): PDFDict => {
  const objects: PDFObject[] = pdf.context.enumerateIndirectObjects().map(([, object]) => object);
  return objects.map((object) => (object instanceof PDFStream ? object.dict : object)).find((object) => object instanceof PDFDict && object.get(name(key)) === name(kind)) as PDFDict;
};
const streamAt = (dict: PDFDict, key: string): PDFRawStream => dict.lookup(name(key)) as PDFRawStream;
const annotate = (pdf: PDFDocument, entries: Record<string, unknown>): void => {
  const nothing = pdf.context.register(pdf.context.formXObject([], { BBox: [0, 0, 1, 1] }));
  const annotation = pdf.context.obj({ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', Rect: [0, 0, 1, 1], F: 4, AP: { N: nothing }, ...(entries as object) });
  pdf.getPage(0).node.addAnnot(pdf.context.register(annotation));
};
const draw = (pdf: PDFDocument, content: string): void => {
  const page = pdf.getPage(0).node;
  page.set(name('Contents'), pdf.context.register(pdf.context.stream(content)));
};

describe('a fault is found', () => {
  test.each<[rule: string, clauses: [string | null, string | null], (pdf: PDFDocument) => void]>([
    ['no encryption', ['6.1.3', '6.1.3'], ({ context }) => { context.trailerInfo.Encrypt = context.obj({ Filter: 'Standard' }); }],
    ['no embedded files', ['6.1.11', null], ({ catalog, context }) => { catalog.set(name('Names'), context.obj({ EmbeddedFiles: { Names: [] } })); }],
    ['no optional content', ['6.1.13', null], ({ catalog, context }) => { catalog.set(name('OCProperties'), context.obj({})); }],
    ['permissions other than DocMDP and UR3', [null, '6.1.12'], ({ catalog, context }) => { catalog.set(name('Perms'), context.obj({ Own: {} })); }],
    ['components of the output profile', ['6.2.2', '6.2.3'], (pdf) => { streamAt(firstOf(pdf, 'OutputIntent', 'Type'), 'DestOutputProfile').dict.set(name('N'), pdf.context.obj(4)); }],
    ['DeviceCMYK only with an output intent for it', ['6.2.3.3', '6.2.4.3'], (pdf) => draw(pdf, '0 0 0 1 k 0 0 9 9 re f')],
    ['DeviceRGB only with an output intent for it', ['6.2.3.3', '6.2.4.3'], (pdf) => { pdf.catalog.delete(name('OutputIntents')); }],
    ['rendering intent', ['6.2.9', '6.2.6'], (pdf) => draw(pdf, '/Own ri')],
    ['operator own is none of PDF', ['6.2.10', '6.2.2'], (pdf) => draw(pdf, '1 own')],
    ['no transparency', ['6.4', null], (pdf) => { pdf.getPage(0).node.set(name('Group'), pdf.context.obj({ S: 'Transparency' })); }],
    ['no transfer function', ['6.2.8', '6.2.5'], (pdf) => { pdf.getPage(0).node.newExtGState('G', pdf.context.register(pdf.context.obj({ Type: 'ExtGState', TR: 'Identity' }))); }],
    ['fonts are embedded', ['6.3.4', '6.2.11.4.1'], (pdf) => { firstOf(pdf, 'FontDescriptor', 'Type').delete(name('FontFile2')); }],
    ['CIDSet of a subset', ['6.3.5', null], (pdf) => { firstOf(pdf, 'FontDescriptor', 'Type').delete(name('CIDSet')); }],
    ['CIDSet names every glyph', ['6.3.5', '6.2.11.4.2'], (pdf) => { firstOf(pdf, 'FontDescriptor', 'Type').set(name('CIDSet'), pdf.context.register(pdf.context.stream(new Uint8Array([0x80])))); }],
    ['widths are those of the font program', ['6.3.6', '6.2.11.5'], (pdf) => { firstOf(pdf, 'CIDFontType2').lookup(name('W'), PDFArray).lookup(1, PDFArray).set(0, pdf.context.obj(7)); }],
    ['annotations are shown and printed', ['6.5.3', '6.3.2'], (pdf) => annotate(pdf, { F: 6 })],
    ['fields have an appearance', ['6.9', '6.3.3'], (pdf) => annotate(pdf, { AP: null })],
    ['only a normal appearance', ['6.5.3', '6.3.3'], (pdf) => annotate(pdf, { AP: { N: pdf.context.register(pdf.context.formXObject([])), D: pdf.context.register(pdf.context.formXObject([])) } })],
    ['no JavaScript action', ['6.6.1', '6.5.1'], (pdf) => annotate(pdf, { A: { S: 'JavaScript' } })],
    ['appearances are there and not to be made', ['6.9', '6.4.1'], ({ catalog, context }) => { catalog.set(name('AcroForm'), context.obj({ NeedAppearances: true })); }],
    ['metadata without a filter', ['6.7.2', null], ({ catalog, context }) => {
      catalog.set(name('Metadata'), context.register(context.flateStream(streamAt(catalog, 'Metadata').contents)));
    }],
    ['Title of document information is that of the metadata', ['6.7.3', null], (pdf) => pdf.setTitle('Another card')],
  ])('%s', async (rule, clauses, change) => {
    for (const part of [1, 2] as const) {
      const pdf = await PDFDocument.load(rgb[part], { updateMetadata: false });
      change(pdf);
      const faults = await pdfAFaults(await pdf.save({ useObjectStreams: false, updateFieldAppearances: false }));
      const clause = clauses[part - 1];
      expect(faults?.filter((fault) => fault.rule === rule).map((fault) => fault.clause)[0] ?? null).toBe(clause);
    }
  });

  test.each<[string, (text: string) => string]>([
    ['header with a comment of four bytes above 127', (text) => text.replace(/\n%[^\n]+/, '\n%none')],
    ['no data after the last %%EOF', (text) => `${text}\nmore`],
    ['file identifier in the trailer', (text) => text.replace('/ID [', '/IX [')],
  ])('%s', async (rule, change) => {
    const faults = await pdfAFaults(Buffer.from(change(Buffer.from(rgb[1]).toString('latin1')), 'latin1'));
    expect(faults?.map((fault) => fault.rule)).toEqual([rule]);
  });
});
