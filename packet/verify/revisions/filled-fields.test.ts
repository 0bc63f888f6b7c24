/** Form fields filled in under a later signature: what is allowed, and each way to misuse that. */
import { randomBytes } from 'node:crypto';
import { PDFDict, PDFName, type PDFDocument, type PDFRef } from '../../pdf-lib.ts';
import { expect, test } from 'vitest';
import { lastRevision } from '#fixtures/last-revision.ts';
import { cardPdf } from '#fixtures/pdf.ts';
import { placeOf, signAll, signingsOf } from '#fixtures/several-signers.ts';
import { handSignedPdf, latin1, plainPdf, writeObjects } from '#fixtures/signed-pdf.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { DocumentForm } from '../../document-form.ts';
import { coverRevision, signatureBy, signatureDictionary, timeStampDictionary } from '../../pades.ts';
import { revise } from '../../revise.ts';
import { placeUnseen } from '../../unseen-field.ts';
import { addUnseen } from '../../upgrade/revise.ts';
import { verify } from '../verify.ts';

const [seal, stranger] = await Promise.all([testSigner('Test seal'), testSigner('A stranger')]);
const PAGE = '/Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>';
const FORM = '<< /Type /XObject /Subtype /Form /BBox [0 0 100 20] /Length 17 >>\nstream\n0 0 100 20 re f  \nendstream';
const WIDGET = '/Type /Annot /Subtype /Widget /P 3 0 R /F 132 /Rect [20 20 120 40]';
const DAY = `${WIDGET} /FT /Tx /Ff 1 /T (day) /AP << /N 30 0 R >>`;
const RULES = `${WIDGET} /FT /Btn /Ff 1 /T (rules)`;
const UNTICKED = `${RULES} /V /Off /AS /Off /AP << /N << /Off 30 0 R /Yes 31 0 R >> >>`;
const NAME = `${WIDGET} /Parent 24 0 R /AP << /N 30 0 R >>`;

/** D: an empty text field (20), a check box (21), a text field with its widget apart (24, 23), a push-button (22), and an object that nothing shows (32). */
const form = writeObjects(plainPdf(), new Map([
  [1, '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [20 0 R 21 0 R 22 0 R 24 0 R] >> >>'],
  [3, `<< ${PAGE} /Annots [20 0 R 21 0 R 22 0 R 23 0 R] >>`],
  [20, `<< ${DAY} >>`], [21, `<< ${UNTICKED} >>`], [22, `<< ${WIDGET} /FT /Btn /Ff 65537 /T (button) /AP << /N << /Off 30 0 R /Yes 31 0 R >> >> >>`],
  [23, `<< ${NAME} >>`], [24, '<< /FT /Tx /T (name) /Kids [23 0 R] >>'], [30, FORM], [31, FORM], [32, FORM],
]), startxref(plainPdf()));
const signed = await handSignedPdf({ seal, document: form });

function startxref(pdf: Uint8Array): number {
  return Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(latin1(pdf))?.[1]);
}

/** A further signature, and with it these objects. */
function under(objects: readonly (readonly [number, string])[], { by = seal, document = signed, dictionary }: { by?: typeof seal; document?: Uint8Array; dictionary?: (text: string) => string } = {}): Promise<Uint8Array> {
  return handSignedPdf({ seal: by, document, field: 'companion', objects: new Map(objects), ...(dictionary === undefined ? {} : { dictionary }) });
}

const DATED: [number, string][] = [[20, `<< ${DAY.replace('30 0 R', '60 0 R')} /V (2026-11-21) >>`], [60, FORM]];

test.each<[string, [number, string][], string]>([
  ['a text field, with a new appearance', DATED, 'day'],
  ['a check box, by its state alone', [[21, `<< ${UNTICKED.replaceAll('/Off /A', '/Yes /A')} >>`]], 'rules'],
  ['a check box, with a new appearance of that state', [[21, `<< ${UNTICKED.replaceAll('/Off /A', '/Yes /A').replace('31 0 R', '60 0 R')} >>`], [60, FORM]], 'rules'],
  ['a field whose widget stands apart', [[24, '<< /FT /Tx /T (name) /Kids [23 0 R] /V (Anna) >>'], [23, `<< ${NAME.replace('30 0 R', '60 0 R')} >>`], [60, FORM]], 'name'],
])('%s may be filled in under a signature', async (_, objects, field) => {
  const result = await verify(await under(objects), {});
  expect(result).toMatchObject({ valid: true, revisions: [{}, { allowed: true, changes: [{ kind: 'signature' }, { kind: 'form-field', field, visible: true }] }] });
  expect(result.findings.map(({ code }) => code)).not.toContain('APPEARANCE_ADDED');
});

test.each<[string, [number, string][], string]>([
  ['with another place', [[20, `<< ${DAY.replace('[20 20', '[0 0')} /V (1) >>`]], 'object 20'],
  ['with an action', [[20, `<< ${DAY} /V (1) /A << /S /JavaScript /JS (app.alert) >> >>`]], 'object 20'],
  ['with other flags', [[20, `<< ${DAY.replace('/Ff 1', '/Ff 0')} /V (1) >>`]], 'object 20'],
  ['by an appearance alone', [[20, `<< ${DAY.replace('30 0 R', '60 0 R')} >>`], [60, FORM]], 'object 20'],
  ['with a value that is nothing', [[20, `<< ${DAY.replace('30 0 R', '60 0 R')} /V () >>`], [60, FORM]], 'object 20'],
  ['with a value elsewhere', [[20, `<< ${DAY} /V 61 0 R >>`], [61, '(1)']], 'object 20'],
  ['with an appearance that lay ready', [[20, `<< ${DAY.replace('30 0 R', '32 0 R')} /V (1) >>`]], 'not made for its value'],
  ['with an appearance under the pointer', [[20, `<< ${DAY.replace('/N 30 0 R', '/N 60 0 R /R 60 0 R')} /V (1) >>`], [60, FORM]], 'not made for its value'],
  ['with an appearance that is exchanged in its place', [[20, `<< ${DAY} /V (1) >>`], [30, FORM.replace('0 0 100 20 re', '0 0 900 90 re')]], 'object 30'],
  ['of a check box, showing another state', [[21, `<< ${UNTICKED.replace('/V /Off', '/V /Yes')} >>`]], 'another state'],
  ['of a check box, with another look of the state before', [[21, `<< ${UNTICKED.replaceAll('/Off /A', '/Yes /A').replace('30 0 R', '60 0 R')} >>`], [60, FORM]], 'not made for its value'],
  ['of a check box, with what lay ready', [[21, `<< ${UNTICKED.replaceAll('/Off /A', '/Yes /A').replace('31 0 R', '32 0 R')} >>`]], 'not made for its value'],
  ['of a push-button', [[22, `<< ${WIDGET} /FT /Btn /Ff 65537 /T (button) /V /Yes /AS /Yes /AP << /N << /Off 30 0 R /Yes 31 0 R >> >> >>`]], 'object 22'],
  ['of a widget whose field stays empty', [[23, `<< ${NAME.replace('30 0 R', '60 0 R')} >>`], [60, FORM]], 'object 23'],
  ...['/MK << /BG [1 1 1] >>', '/DA (/F1 90 Tf)', '/Opt [(1)]', '/Q 2', '/RV (1)', '/MaxLen 1', '/Kids [23 0 R]', '/Parent 24 0 R', '/OC 32 0 R', '/AA << >>', '/DV (1)'].map((entry): [string, [number, string][], string] => (
    [`with ${entry}`, [[20, `<< ${DAY.replace('30 0 R', '60 0 R')} /V (1) ${entry} >>`], [60, FORM]], 'object 20'])),
  ['with an appearance for each of several states', [[20, `<< ${DAY.replace('30 0 R', '<< /Off 60 0 R /Yes 60 0 R >>')} /V (1) /AS /Yes >>`], [60, FORM]], 'object 20'],
  ['with an appearance that is chosen by a state it has', [[20, `<< ${DAY.replace('30 0 R', '<< /Off 60 0 R >>')} /V (1) >>`], [60, FORM]], 'not made for its value'],
  ['with a second widget', [[24, '<< /FT /Tx /T (name) /Kids [23 0 R 61 0 R] /V (Anna) >>'], [61, `<< ${WIDGET} /Parent 24 0 R /AP << /N 60 0 R >> >>`], [60, FORM]], 'object 24'],
  ['of a widget that goes to another field', [[23, `<< ${NAME.replace('24 0 R', '20 0 R')} >>`]], 'object 23'],
  ['along with what the page is drawn with', [...DATED, [5, '<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>']], 'object 5'],
  ['as a new field', [[3, `<< ${PAGE} /Annots [20 0 R 21 0 R 22 0 R 23 0 R 61 0 R] >>`], [61, `<< ${DAY.replace('(day)', '(more)')} /V (1) >>`]], 'no signature'],
])('nothing else is filling in: %s', async (_, objects, why) => {
  expect(lastRevision(await under(objects))).toContain(why);
});

test('and makes the file invalid, under whatever signature', async () => {
  const result = await verify(await under([[20, `<< ${DAY.replace('[20 20', '[0 0')} /V (1) >>`]]), {});
  expect(result).toMatchObject({ indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE', findings: expect.arrayContaining([expect.objectContaining({ code: 'CHANGED_AFTER_SIGNATURE' })]) });
});

test('nobody fills in without a signature, nor under a time-stamp that anybody can have', async () => {
  const unsigned = await verify(writeObjects(signed, new Map(DATED), startxref(signed)), {});
  expect(unsigned).toMatchObject({ valid: false, revisions: [{}, { problem: expect.stringContaining('without a signature') }] });
  const stamped = await verify(await under(DATED, { dictionary: (text) => text.replace('ETSI.CAdES.detached', 'ETSI.RFC3161').replace('/Type /Sig', '/Type /DocTimeStamp') }), {});
  expect(stamped).toMatchObject({ valid: false, revisions: [{}, { problem: expect.stringContaining('without a signature') }] });
});

test('what is filled in stays: neither value nor appearance changes once more, whoever signs', async () => {
  const filled = await under(DATED);
  for (const objects of [[[20, DATED[0]![1].replace('(2026-11-21)', '(2027-11-21)')]], [[20, DATED[0]![1].replace('60 0 R', '70 0 R')], [70, FORM]], [[60, FORM.replace('0 0 100', '0 0 900')]], [[20, `<< ${DAY} >>`]]] as [number, string][][]) {
    const again = await handSignedPdf({ seal, document: filled, field: 'staff', objects: new Map(objects) });
    expect(lastRevision(again), objects[0]![1]).toMatch(/object (20|60)/);
  }
});

test('a field that an earlier signature locks, or a document that it ends, is not filled in', async () => {
  const locked = async (method: string, parameters: string): Promise<ReturnType<typeof lastRevision>> => {
    const reference = `/Reference [<< /Type /SigRef /TransformMethod /${method} /TransformParams << ${parameters} >> >>] /Filter`;
    const document = await handSignedPdf({ seal, document: form, dictionary: (text) => text.replace('/Filter', reference) });
    return lastRevision(await under(DATED, { document }));
  };
  expect(await locked('DocMDP', '/P 2')).toBeInstanceOf(Array);
  expect(await locked('DocMDP', '/P 1')).toContain('certifies');
  expect(await locked('FieldMDP', '/Action /Include /Fields  [(rules)]')).toBeInstanceOf(Array);
  expect(await locked('FieldMDP', '/Action /Include /Fields  [(day)]')).toContain('locks');
  expect(await locked('FieldMDP', '/Action /Exclude /Fields  [(companion)]')).toContain('locks');
});

test('what a stranger fills in is told', async () => {
  const result = await verify(await under(DATED, { by: stranger }), {});
  expect(result.findings.find(({ code, message }) => code === 'APPEARANCE_ADDED' && message.includes('Form field "day"'))?.message).toContain('A stranger');
});

test('signed by all, nothing can be put in place of anybody\'s ink, date or tick; a seal of a stranger on top does not make it good', async () => {
  const last = (await signAll(await cardPdf({ pages: 3 }), signingsOf(['guest', 'companion']), seal)).at(-1)!;
  const attack = (change: (form: DocumentForm, name: (name: string) => PDFDict) => PDFRef[]): Promise<Uint8Array> => revised(last, (pdf) => {
    const document = new DocumentForm(pdf);
    return change(document, (name) => document.named(`Countersign ${name}`)!.dict);
  });
  const refOf = (document: DocumentForm, name: string): PDFRef => document.named(`Countersign ${name}`)!.ref;
  const white = ({ pdf: { context } }: DocumentForm): PDFRef => context.register(context.formXObject([], { BBox: [0, 0, 1, 1] }));
  const attacks: [string, () => Promise<Uint8Array>][] = [
    ['hide', () => attack((document, name) => { name('companion').set(PDFName.of('AP'), document.pdf.context.obj({ N: white(document) })); return [refOf(document, 'companion')]; })],
    ['replace', () => attack((document, name) => {
      const shown = name('companion').lookup(PDFName.of('AP'), PDFDict).get(PDFName.of('N')) as PDFRef;
      document.pdf.context.assign(shown, document.pdf.context.lookup(white(document))!);
      return [shown];
    })],
    ['another date', () => attack((document, name) => { name('guest date').set(PDFName.of('AP'), document.pdf.context.obj({ N: white(document) })); return [refOf(document, 'guest date')]; })],
    ['a tick more', () => attack((document, name) => {
      for (const key of ['V', 'AS']) name('letters check').set(PDFName.of(key), PDFName.of('Yes'));
      return [refOf(document, 'letters check')];
    })],
  ];
  expect(await verify(last, {})).toMatchObject({ valid: true });
  for (const [name, make] of attacks) {
    const changed = await make();
    expect(await verify(changed, {}), name).toMatchObject({ valid: false, indication: 'TOTAL-FAILED' });
  }
  await expect(signAll(last, [{ field: placeOf('staff', 'signature', 3), fillings: [] }], stranger)).rejects.toMatchObject({ code: 'PDF_LOCKED' });
  const covered = await addUnseen(await attacks[0]![1](), 'seal', ({ context }) => signatureDictionary(context, { signedAt: new Date(), place: null, demo: false, certify: false }), signatureBy(stranger));
  const result = await verify(covered.bytes, {});
  expect(result.findings.filter(({ code }) => code === 'CHANGED_AFTER_SIGNATURE')).toHaveLength(2);
  expect(result.revisions.slice(-2).map(({ problem }) => problem)).toEqual([expect.stringMatching(/object \d+/), expect.stringContaining('an earlier signature locks')]);
  // what makes it last for years is still added
  const stored = await revised(last, (pdf) => { pdf.catalog.set(PDFName.of('DSS'), pdf.context.obj({ Certs: [] })); return [pdf.context.trailerInfo.Root as PDFRef]; });
  const stamped = await addUnseen(stored, 'time-stamp', ({ context }) => timeStampDictionary(context), async () => new Uint8Array([0x30, 0]));
  expect((await verify(stamped.bytes, {})).revisions.slice(-2)).toMatchObject([{ allowed: true, changes: [{ kind: 'validation-data' }] }, { allowed: true, changes: [{ kind: 'document-time-stamp' }] }]);
});

test('signed by one, the box left empty stays empty under any further signature, and a seal may follow', async () => {
  const [, { field, fillings } = { field: placeOf('guest', 'signature', 3), fillings: [] }] = signingsOf(['guest']);
  const [signed = new Uint8Array()] = await signAll(await cardPdf({ pages: 3 }), [{ field, fillings }], seal, { last: true });
  const sealed = async (change: (form: DocumentForm) => PDFRef[]): Promise<Uint8Array> => {
    const made = await revise(signed, randomBytes(16), (pdf) => {
      const signature = pdf.context.register(signatureDictionary(pdf.context, { signedAt: new Date(), place: null, demo: false, certify: false }));
      const { touched } = placeUnseen(pdf, 'seal', signature);
      return { signature, touched: [...touched, ...change(new DocumentForm(pdf))] };
    });
    await coverRevision(made, made.signature, signatureBy(seal));
    return made.bytes;
  };
  expect(await verify(await sealed(() => []), {})).toMatchObject({ valid: true });
  expect(lastRevision(await sealed((document) => {
    const box = document.named('Countersign letters check')!;
    for (const key of ['V', 'AS']) box.dict.set(PDFName.of(key), PDFName.of('Yes'));
    return [box.ref];
  }))).toContain('"Countersign letters check" is filled in, and an earlier signature locks it');
});

async function revised(document: Uint8Array, change: (pdf: PDFDocument) => PDFRef[]): Promise<Uint8Array> {
  return (await revise(document, randomBytes(16), (pdf) => ({ touched: change(pdf) }))).bytes;
}
