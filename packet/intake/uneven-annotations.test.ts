import { PDFDocument, PDFName, type PDFRef, PDFString } from '../pdf-lib.ts';
import { expect, test, vi } from 'vitest';
import { cardPdf } from '#fixtures/pdf.ts';
import { signAnywhere } from '#fixtures/whole-way.ts';
import type { Field } from '../fields/field.ts';
import { removeActiveContent } from './active-content.ts';
import { normalise } from './normalise.ts';
import { openInPdfium } from './pdfium.ts';
import { evenAnnotations } from './uneven-annotations.ts';

const field: Field = { kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 60, y: 200, width: 200, height: 40 }, found: 'fallback' };
const card = await cardPdf();

type Shape = Record<string, unknown>;
/** @param black an appearance that covers the annotation. */
type Entries = (black: PDFRef) => Shape;

async function annotated(entries: Entries): Promise<Uint8Array> {
  const pdf = await PDFDocument.load(card, { updateMetadata: false });
  const { context } = pdf;
  const black = context.register(context.stream('0 0 100 20 re f', { Type: 'XObject', Subtype: 'Form', BBox: [0, 0, 100, 20] }));
  const shape: Shape = { Type: 'Annot', Subtype: 'Stamp', Rect: [60, 500, 160, 520], F: 4, ...entries(black) };
  const annotation = context.register(context.obj(shape as Record<string, string>));
  pdf.getPage(0).node.addAnnot(annotation);
  return pdf.save({ useObjectStreams: false, updateFieldAppearances: false });
}

/** True where PDFium draws the appearance. */
async function isDrawn(pdf: Uint8Array, use: 'screen' | 'printer'): Promise<boolean> {
  const document = await openInPdfium(pdf);
  const size = { width: 595, height: 842 };
  const picture = document?.page(0)?.picture(size, { use });
  document?.close();
  return picture?.[(332 * size.width + 110) * 3] === 0;
}

const button = { Subtype: 'Widget', FT: 'Btn', Ff: 65_536, T: PDFString.of('a'), MK: { CA: PDFString.of('here') } };
const both = { screen: true, printer: true };
const neither = { screen: false, printer: false };

test.each<[string, Entries, string, { screen: boolean; printer: boolean }]>([
  ['a look under the pointer', (black) => ({ AP: { N: black, R: black } }), 'removed: rollover and down appearances', both],
  ['a look when pressed', (black) => ({ AP: { N: black, D: { On: black } } }), 'removed: rollover and down appearances', both],
  ['a look of a vendor', (black) => ({ AP: { N: black, X: black } }), 'removed: rollover and down appearances', both],
  ...['RC', 'AC', 'RI', 'IX', 'X'].map((key): [string, Entries, string, typeof both] => [
    `/${key} of a button`, (black) => ({ ...button, AP: { N: black }, MK: { CA: PDFString.of('here'), [key]: PDFString.of('there') } }), 'removed: captions and icons for the pointer', both,
  ]),
  ['a stamp that the pointer hides', (black) => ({ F: 4 | 256, AP: { N: black } }), 'removed: visibility that the pointer switches', both],
  ['a stamp that the pointer shows', (black) => ({ F: 32 | 256, AP: { N: black } }), 'removed: visibility that the pointer switches', neither],
  ['a window with a look of its own', (black) => ({ Subtype: 'Popup', AP: { N: black } }), 'removed: appearance of a popup annotation', neither],
  ['a mark that marks nothing', (black) => ({ Subtype: 'Highlight', AP: { N: black } }), 'removed: unseen annotation', neither],
  ['an unknown kind that is invisible', (black) => ({ Subtype: 'OfAVendor', F: 5, AP: { N: black } }), 'removed: unseen annotation', neither],
  ['looks of which none is chosen', (black) => ({ AP: { N: { Off: black } } }), 'removed: unseen annotation', neither],
  ['looks of a text field of which none is chosen', (black) => ({ Subtype: 'Widget', FT: 'Tx', T: PDFString.of('a'), AS: PDFString.of('Yes'), AP: { N: { Yes: black } } }), 'removed: unseen annotation', neither],
  ['looks of a push-button, which has no state', (black) => ({ ...button, AP: { N: { Off: black } } }), 'removed: unseen annotation', neither],
  ['a look chosen by a name without letters', (black) => ({ AS: PDFName.of(''), AP: { N: { Off: black } } }), 'removed: unseen annotation', neither],
])('%s: what the screen shows is what there is, on paper too; of a signed document the reason to refuse it', async (_what, entries, action, drawn) => {
  const received = await annotated(entries);
  const { document, actions } = await normalise(received, 1);
  expect(actions).toEqual([action]);
  expect({ screen: await isDrawn(document, 'screen'), printer: await isDrawn(document, 'printer') }).toEqual(drawn);
  expect((await normalise(document, 1)).actions).toEqual([]);
  await expect(normalise(await signAnywhere(received, [field]), 1)).rejects.toMatchObject({ code: 'PDF_SIGNED_ACTIVE', message: expect.stringContaining(action) });
});

test('a stamp that is not printed is, from now on; of a signed document it is left as it is', async () => {
  const received = await annotated((black) => ({ F: 0, AP: { N: black } }));
  const { document, actions } = await normalise(received, 1);
  expect(actions).toEqual(['written anew: annotations that are shown and were not printed']);
  expect([await isDrawn(received, 'printer'), await isDrawn(document, 'printer'), await isDrawn(document, 'screen')]).toEqual([false, true, true]);
  expect((await normalise(await signAnywhere(received, [field]), 1)).actions).toEqual([]);
});

test.each(['Yes', 'No'])('a box whose look is not chosen gets that of its value, %s, as on the screen; of a signed document a ticked one is the reason to refuse it', async (value) => {
  const received = await annotated((black) => ({ ...button, Ff: 0, V: PDFName.of(value), AP: { N: { Yes: black } } }));
  const { document, actions } = await normalise(received, 1);
  expect(actions).toEqual(['written anew: boxes whose look was not chosen']);
  expect([await isDrawn(received, 'screen'), await isDrawn(document, 'screen')]).toEqual([false, value === 'Yes']);
  expect((await normalise(document, 1)).actions).toEqual([]);
  const signed = await normalise(await signAnywhere(received, [field]), 1).then(({ actions }) => actions, (error: { code: string }) => error.code);
  expect(signed).toEqual(value === 'Yes' ? 'PDF_SIGNED_ACTIVE' : []);
});

test('the look of a box when pressed goes; of a signed document it is left as it is, since forms have it that Acrobat makes', async () => {
  const received = await annotated((black) => ({ ...button, Ff: 0, AS: PDFName.of('Off'), AP: { N: { Yes: black }, D: { Yes: black, Off: black } } }));
  expect((await normalise(received, 1)).actions).toEqual(['removed: rollover and down appearances']);
  expect((await normalise(await signAnywhere(received, [field]), 1)).actions).toEqual([]);
});

test('a list that many pages share is gone through once', async () => {
  const pdf = await PDFDocument.create();
  const list = pdf.context.obj(['Link', 'Highlight', 'Link', 'Highlight', 'Link'].map((Subtype) => ({ Type: 'Annot', Subtype, Rect: [0, 0, 1, 1] })));
  const shared = pdf.context.register(list);
  pdf.context.register(pdf.context.obj(Array.from({ length: 100 }, () => ({ Annots: shared }))));
  const looked = vi.spyOn(list, 'lookup');
  expect([removeActiveContent(pdf), evenAnnotations(pdf, false)]).toEqual([[], ['removed: unseen annotation']]);
  expect([list.size(), looked.mock.calls.length]).toEqual([3, 10]);
});

test.each<[string, Entries]>([
  ['a stamp', (black) => ({ AP: { N: black } })],
  ['a button with a caption, an icon and colours', (black) => ({ ...button, AP: { N: black }, MK: { R: 90, BC: [0], BG: [1], CA: PDFString.of('here'), I: black, IF: {}, TP: 1 } })],
  ['a check box', (black) => ({ ...button, Ff: 0, AS: PDFName.of('Yes'), V: PDFName.of('Yes'), AP: { N: { Yes: black } } })],
  ['a link', () => ({ Subtype: 'Link', F: 0, A: { S: 'GoTo', D: [0, PDFName.of('Fit')] } })],
  ['a hidden stamp', (black) => ({ F: 2, AP: { N: black } })],
  ['a marked line', (black) => ({ Subtype: 'Highlight', QuadPoints: [60, 520, 160, 520, 60, 500, 160, 500], AP: { N: black } })],
])('%s is no reason to change or refuse anything', async (_what, entries) => {
  const received = await annotated(entries);
  for (const pdf of [received, await signAnywhere(received, [field])]) expect((await normalise(pdf, 1)).actions).toEqual([]);
});
