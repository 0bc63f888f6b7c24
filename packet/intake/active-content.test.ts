import { PDFDocument, PDFHexString, PDFName, type PDFObject, PDFString } from '../pdf-lib.ts';
import { expect, test } from 'vitest';
import { cardPdf } from '#fixtures/pdf.ts';
import { signAnywhere } from '#fixtures/whole-way.ts';
import type { Field } from '../fields/field.ts';
import { dropUnreachable } from './every-object.ts';
import { normalise } from './normalise.ts';

const field: Field = { kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 60, y: 200, width: 200, height: 40 }, found: 'fallback' };
const card = await cardPdf();

type Change = (pdf: PDFDocument) => void;
type Shape = Record<string, unknown>;

const name = (text: string): PDFName => PDFName.of(text);
const text = (words: string): PDFString => PDFString.of(words);
const object = ({ context }: PDFDocument, shape: Shape): PDFObject => context.obj(shape as Record<string, string>);
const inCatalog = (key: string, shape: Shape): Change => (pdf) => { pdf.catalog.set(name(key), object(pdf, shape)); };
const inNames = (key: string): Change => inCatalog('Names', { [key]: { Names: [text('a'), { S: 'GoTo' }] } });
const onPage = (key: string, shape: Shape): Change => (pdf) => { pdf.getPage(0).node.set(name(key), object(pdf, shape)); };
const annotation = (shape: Shape): Change => (pdf) => {
  pdf.getPage(0).node.addAnnot(pdf.context.register(object(pdf, { Type: 'Annot', Subtype: 'Link', Rect: [60, 500, 160, 520], ...shape })));
};
const link = (action: Shape): Change => annotation({ A: action });
const address = (uri: string): Change => link({ S: 'URI', URI: text(uri) });
const launch = { S: 'Launch', F: text('a.exe') };
const web = { S: 'URI', URI: text('https://hotel.example/') };
const drawn = (entries: Shape): Change => (pdf) => {
  const stream = pdf.context.stream(new Uint8Array([0]), { Type: 'XObject', Subtype: 'Image', Width: 1, Height: 1, ColorSpace: 'DeviceGray', BitsPerComponent: 8, ...entries as object });
  pdf.getPage(0).node.newXObject('Im', pdf.context.register(stream));
};

const kinds: [removed: string, where: string, change: Change][] = [
  ['JavaScript', 'by name', inNames('JavaScript')],
  ['JavaScript', 'under a key written otherwise', (pdf) => { pdf.catalog.set(name('Own'), object(pdf, { 'J#53': text('app.alert(1)') })); }],
  ['embedded files', 'by name', inNames('EmbeddedFiles')],
  ['embedded files', 'of a page', onPage('AF', { Type: 'Filespec' })],
  ['embedded files', 'of an annotation', annotation({ FS: { Type: 'Filespec', EF: {} } })],
  ['slide shows', 'by name', inNames('AlternatePresentations')],
  ['portfolio', 'of the document', inCatalog('Collection', { View: 'D' })],
  ['XFA form', 'of the form', inCatalog('AcroForm', { Fields: [], XFA: [] })],
  ['automatic actions', 'of the document', inCatalog('AA', { WC: launch })],
  ['automatic actions', 'of a page', onPage('AA', { O: launch })],
  ['automatic actions', 'of an annotation', annotation({ AA: { E: launch } })],
  ['automatic actions', 'of a field', inCatalog('AcroForm', { Fields: [{ T: text('a'), FT: 'Tx', AA: { K: launch } }] })],
  ['automatic actions', 'of a step of a presentation', onPage('PresSteps', { Type: 'NavNode', NA: launch })],
  ...['GoToR', 'GoToE', 'Launch', 'Thread', 'Sound', 'Movie', 'Hide', 'SubmitForm', 'ResetForm', 'ImportData', 'SetOCGState', 'Rendition', 'Trans', 'GoTo3DView', 'JavaScript',
    'RichMediaExecute', 'GoToDp', 'OfAVendor'].map((kind): [string, string, Change] => [`${kind} action`, 'of a link', link({ S: kind })]),
  ['Named action', 'that prints', link({ S: 'Named', N: 'Print' })],
  ['Launch action', 'on opening', inCatalog('OpenAction', launch)],
  ['Launch action', 'in second place', link({ S: 'GoTo', D: [0, name('Fit')], Next: launch })],
  ['Launch action', 'in a list in second place', link({ S: 'GoTo', D: [0, name('Fit')], Next: [launch] })],
  ['Launch action', 'of a bookmark', inCatalog('Outlines', { First: { Title: text('a'), A: launch } })],
  ['Launch action', 'of a captured page', annotation({ PA: launch })],
  ['action on opening', 'to the web', inCatalog('OpenAction', web)],
  ['action on opening', 'to the web in third place', inCatalog('OpenAction', { S: 'GoTo', D: [0, name('Fit')], Next: [{ S: 'GoTo', D: [0, name('Fit')], Next: web }] })],
  ['link outside the web', 'that runs a script', address('java\nscript:app.alert(1)')],
  ['link outside the web', 'to a file', address('FILE:///c:/windows/system32/calc.exe')],
  ['link outside the web', 'to a file server', address('\\\\\\\\server\\\\share')],
  ['link outside the web', 'in another encoding', link({ S: 'URI', URI: PDFHexString.fromText('ms-settings:') })],
  ['base of links outside the web', 'of the document', inCatalog('URI', { Base: text('file:///c:/') })],
  ...['3D', 'FileAttachment', 'Movie', 'RichMedia', 'Screen', 'Sound'].map((kind): [string, string, Change] => [`${kind} annotation`, 'on a page', annotation({ Subtype: kind })]),
  ['unseen but printed annotation', 'on a page', annotation({ Subtype: 'Stamp', F: 36 })],
  ['data in another file', 'of an image', drawn({ F: text('elsewhere.bin') })],
  ['data in another file', 'of an output profile', inCatalog('OutputIntents', { I: { S: 'GTS_PDFX', DestOutputProfileRef: {} } })],
  ['page of another file', 'of a form', drawn({ Ref: {} })],
  ['image of another server', 'of an image', drawn({ OPI: {} })],
  ['other images for printing', 'of an image', drawn({ Alternates: [] })],
  ...['ViewArea', 'ViewClip', 'PrintArea', 'PrintClip'].map((key): [string, string, Change] => ['pages or areas chosen for printing', `by ${key}`, inCatalog('ViewerPreferences', { [key]: 'MediaBox' })]),
  ['pages or areas chosen for printing', 'by number', inCatalog('ViewerPreferences', { PrintPageRange: [1, 1] })],
  ['switches of layers, all of which are shown', 'of the document', inCatalog('OCProperties', { OCGs: [], D: {} })],
];

async function changed(change: Change): Promise<Uint8Array> {
  const pdf = await PDFDocument.load(card, { updateMetadata: false });
  change(pdf);
  return pdf.save({ useObjectStreams: false, updateFieldAppearances: false });
}

test.each(kinds)('%s (%s): removed, once; of a signed document the reason to refuse it', async (removed, _where, change) => {
  const received = await changed(change);
  const { document, actions } = await normalise(received, 1);
  expect(actions).toContain(`removed: ${removed}`);
  expect((await normalise(document, 1)).actions).toEqual([]);
  await expect(normalise(await signAnywhere(received, [field]), 1)).rejects.toMatchObject({ code: 'PDF_SIGNED_ACTIVE', message: expect.stringContaining(`removed: ${removed}`) });
});

test.each<[string, Change]>([
  ['on opening, a page', inCatalog('OpenAction', { S: 'GoTo', D: [0, name('Fit')], Next: { S: 'Named', N: 'LastPage' } })],
  ['a link to the web', link(web)],
  ['a link to a server and its port', address('hotel.example:8080/card')],
  ['a link relative to a base on the web', (pdf) => { address('card?room=12:00')(pdf); inCatalog('URI', { Base: text('https://hotel.example/') })(pdf); }],
  ['a preference for what is shown anyway', inCatalog('ViewerPreferences', { PrintArea: 'CropBox', Duplex: 'Simplex' })],
  ['a link to a telephone', address('tel:+37167000000')],
])('%s is no reason to change or refuse anything', async (_what, change) => {
  const received = await changed(change);
  for (const pdf of [received, await signAnywhere(received, [field])]) expect((await normalise(pdf, 1)).actions).toEqual([]);
});

test('a long list does not keep a document from being written anew', async () => {
  const pdf = await PDFDocument.create();
  pdf.catalog.set(name('Own'), pdf.context.obj(Array.from({ length: 150_000 }, () => 1)));
  expect(() => dropUnreachable(pdf)).not.toThrow();
});

/** Objects that a viewer finds through the cross-reference; the other reading of them is harmless, or none. */
async function shadowed(object: string, behind: string): Promise<Uint8Array> {
  const pdf = await PDFDocument.load(card, { updateMetadata: false });
  const ref = pdf.context.register(pdf.context.obj({ Own: text('here') }));
  pdf.catalog.set(name('OpenAction'), ref);
  const whole = Buffer.from(await pdf.save({ useObjectStreams: false })).toString('latin1');
  const own = /<<\s*\/Own \(here\)\s*>>/.exec(whole)?.[0] ?? '';
  // In place, so that the cross-reference stays true: the objects that follow keep their places.
  const filled = whole.replace(own, '').replace(`${ref.objectNumber} 0 obj\n`, `${ref.objectNumber} 0 obj\n${object}`);
  const grown = filled.length - whole.length;
  const at = whole.indexOf(`${ref.objectNumber} 0 obj`);
  const moved = filled.replaceAll(/(\d{10}) 00000 n/g, (entry, offset: string) => (Number(offset) > at ? `${String(Number(offset) + grown).padStart(10, '0')} 00000 n` : entry))
    .replace(/startxref\n(\d+)/, (_, offset: string) => `startxref\n${Number(offset) + grown}`);
  return Buffer.from(moved + (behind === '' ? '' : `\n${ref.objectNumber} 0 obj\n${behind}\nendobj\n`), 'latin1');
}

test.each([
  ['behind a harmless object of the same number', '<< /S /JavaScript /JS (app.alert\\(1\\)) >>', '<< /S /GoTo /D [0 /Fit] >>'],
  ['in an object that the editor cannot read and readers can', '<< /S /JavaScript /JS (app.alert\\(1\\)) /Own } >>', ''],
])('a script %s is found: the document is written anew as the viewer reads it', async (_where, script, behind) => {
  const { document, actions } = await normalise(await shadowed(script, behind), 1);
  expect(actions).toEqual(expect.arrayContaining(['repaired: written anew by PDFium', 'removed: JavaScript']));
  expect(Buffer.from(document).toString('latin1')).not.toContain('JavaScript');
});
