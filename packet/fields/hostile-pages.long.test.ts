/** Pages made to exhaust: what is quadratic anywhere in the search takes minutes on them, and these tests end at their time limit. */
import { PDFDocument, PDFName, type PDFPage, PDFString } from '../pdf-lib.ts';
import { expect, test, vi } from 'vitest';
import { openInViewer } from '../viewer.ts';
import type { Found } from './found.ts';
import { search } from './search.ts';

vi.setConfig({ testTimeout: 60_000 });

async function foundOn(draw: (page: PDFPage, pdf: PDFDocument) => void): Promise<Found> {
  const pdf = await PDFDocument.create();
  draw(pdf.addPage([595, 842]), pdf);
  return search(await openInViewer(await pdf.save({ useObjectStreams: false })));
}

function written(operators: string): Promise<Found> {
  return foundOn((page, { context }) => {
    page.node.setFontDictionary(PDFName.of('F'), context.register(context.obj({ Type: 'Font', Subtype: 'Type1', BaseFont: 'Helvetica' })));
    page.node.set(PDFName.of('Contents'), context.register(context.flateStream(operators)));
  });
}

const many = (count: number, one: (at: number) => string): string => Array.from({ length: count }, (_, at) => one(at)).join('\n');

test.each<[string, string]>([
  ['words', many(21_000, (at) => `BT /F 6 Tf 1 0 0 1 ${(at * 7) % 560} ${20 + ((at * 37) % 800)} Tm (a${at % 97}) Tj ET`)],
  ['words on one line', many(21_000, (at) => `BT /F 6 Tf 1 0 0 1 ${10 + ((at * 7.3) % 500)} 400 Tm ({{sig:) Tj ET`)],
  ['typed lines on one line', `BT /F 0.001 Tf 1 0 0 1 10 400 Tm (${'_____ a '.repeat(200_000)}) Tj ET`],
  ['letters in long lines', many(400, (at) => `BT /F 0.1 Tf 1 0 0 1 10 ${10 + at} Tm (${'date signature, '.repeat(300)}) Tj ET`)],
])('%s without end', async (_name, operators) => {
  const { warnings, form, fields } = await written(operators);
  expect(warnings[0]).toMatch(/^Page 1: it holds more text/u);
  expect(JSON.stringify(form).length).toBeLessThan(65_536);
  expect(fields).toMatchObject([{ found: 'fallback' }]);
});

test('a tag in each of thousands of places', async () => {
  const { warnings, fields } = await written(many(9000, (at) => `BT /F 2 Tf 1 0 0 1 ${(at % 25) * 22} ${10 + Math.floor(at / 12)} Tm ({{date}}) Tj ET`));
  expect(warnings[0]).toMatch(/^Page 1: it holds more tags/u);
  expect(fields.length).toBeLessThanOrEqual(500);
});

test('labels in a thicket of words and lines', async () => {
  const label = (at: number): string => `BT /F 4 Tf 1 0 0 1 ${60 + (at % 4) * 120} ${20 + 15 * (at >> 2)} Tm (Guest signature) Tj ET`;
  const line = (at: number): string => `${(at % 5) * 100} ${30 + 15 * (at % 50)} m ${(at % 5) * 100 + 90} ${30 + 15 * (at % 50)} l S`;
  const word = (at: number): string => `BT /F 1 Tf 1 0 0 1 ${(at * 7) % 560} ${20 + ((at * 37) % 800)} Tm (abc${at % 97}) Tj ET`;
  const { fields } = await written([many(200, label), many(19_000, line), many(15_000, word)].join('\n'));
  expect(fields.length).toBeGreaterThan(0);
  expect(fields.length).toBeLessThanOrEqual(200);
});

test('fields in fields', async () => {
  const { fields } = await foundOn((page, pdf) => {
    const { context } = pdf;
    const root = context.nextRef();
    let parent = root;
    for (let depth = 0; depth < 2000; depth++) {
      const kid = context.nextRef();
      context.assign(parent, context.obj({ T: PDFString.of(`a${depth}`), Kids: [kid] }));
      parent = kid;
    }
    context.assign(parent, context.obj({ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', T: PDFString.of('Guest'), Rect: [300, 400, 450, 440], F: 4, P: page.ref }));
    page.node.addAnnot(parent);
    pdf.catalog.getOrCreateAcroForm().addField(root);
  });
  expect(fields).toMatchObject([{ found: 'acroform' }]);
});
