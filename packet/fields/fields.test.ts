import { PDFDocument, rgb } from '../pdf-lib.ts';
import { describe, expect, test } from 'vitest';
import { cardPdf, signatureFieldPdf } from '#fixtures/pdf.ts';
import { signAll } from '#fixtures/several-signers.ts';
import { testSigner } from '#fixtures/test-certificates.ts';
import { drawText, embedFonts, measureText } from '../text/index.ts';
import { type Field, findFields } from './index.ts';
import { openInViewer } from '../viewer.ts';
import { isDateLabel, labelOf, roleOf } from './label.ts';
import { search } from './search.ts';

const limits = { deadlineMs: 20_000, memoryMb: 1024 };
/** Without the child process, which takes most of the time and changes nothing: these PDFs are ours. */
const fieldsOf = async (pdf: Uint8Array): Promise<Field[]> => (await search(await openInViewer(pdf))).fields;

interface Drawn { text: string; x: number; y: number; size?: number; align?: 'left' | 'right' }

/** An A4 page with these texts and, in the same space, these lines. */
async function page(texts: Drawn[], lines: { x: number; y: number; length: number }[] = []): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const sheet = pdf.addPage([595, 842]);
  if (texts.every(({ text, align }) => /^[ -~äöüß]*$/u.test(text) && align !== 'right')) {
    // as most producers do, and without the embedding of fonts, which takes most of a test's time
    for (const { text, x, y, size = 10 } of texts) sheet.drawText(text, { x, y, size });
  } else {
    const fonts = await embedFonts(pdf);
    for (const { text, ...place } of texts) drawText(sheet, fonts, text, { size: 10, ...place });
  }
  for (const { x, y, length } of lines) sheet.drawLine({ start: { x, y }, end: { x: x + length, y }, thickness: 0.5 });
  return pdf.save();
}

describe('on the registration card', () => {
  test('guest and companion are found, each on its line', async () => {
    const fields = await fieldsOf(await cardPdf());
    expect(fields).toMatchObject([
      { name: 'guest', label: 'Guest signature', page: 1, found: 'phrase' }, { name: 'companion', label: 'Companion signature', page: 1, found: 'phrase' },
    ]);
    expect(fields[0]?.rect).toMatchObject({ x: expect.closeTo(60, 0), y: expect.closeTo(200, 0), width: expect.closeTo(200, 0), height: 50 });
    expect(fields[1]?.rect).toMatchObject({ x: expect.closeTo(320, 0), y: expect.closeTo(200, 0) });
  });

  test('the page is the one with the line, and every page has its text', async () => {
    const { fields, text } = await search(await openInViewer(await cardPdf({ pages: 3 })));
    expect(fields.map(({ page }) => page)).toEqual([3, 3]);
    expect(text).toHaveLength(3);
    expect(text[1]).toBe('Registration card, page 2\nArrival 2026-11-21, departure 2026-11-23, room 204');
  });

  test.each([90, 180, 270] as const)('turned by %i, the rectangle turns with it', async (rotate) => {
    const { rect } = (await fieldsOf(await cardPdf({ rotate })))[0] as Field;
    const line = { 90: [345.28, 60, 50, 200], 180: [335.28, 591.89, 200, 50], 270: [200, 581.89, 50, 200] }[rotate] as [number, number, number, number];
    expect([rect.x, rect.y, rect.width, rect.height].map(Math.round)).toEqual(line.map(Math.round));
  });
});

describe('the words', () => {
  test.each([
    ['Guest signature', 'guest'], ['GUEST SIGNATURE:', 'guest'], ['Companion signature', 'companion'], ['Unterschrift des Gastes', 'guest'],
    ['Gästens underskrift', 'guest'], ['Viesa paraksts', 'guest'], ['Paraksts', 'anyone'], ['توقيع الضيف', 'guest'], ['Υπογραφή πελάτη', 'guest'],
    ['Подпись гостя', 'guest'], ['客人签名', 'guest'], ['Firma dell’ospite', 'guest'], ['Guest signature / Unterschrift des Gastes', 'guest'],
    ['X Guest signature', 'guest'], ['Signature', 'anyone'], ['Guest signature ______________', 'guest'], ['Guest ﬁrma', 'anyone'], ['Firma del huésped', 'guest'],
    ['By the guest signature below I accept the rules of the house.', null], ['Room 204', null], ['', null],
    ['Hotellgästens underskrift', 'guest'], ['Hotelgæstens underskrift', 'guest'], ['Unterschrift Gastgeber', 'staff'], ['Signature de l’hôtelier', 'staff'],
    ['Podpis ubytovatele', 'staff'], ['Szállásadó aláírása', 'staff'], ['Administratorės parašas', 'staff'], ['Viešņas paraksts', 'guest'], ['Ενοικιαστής', null], ['ΥΠΟΓΡΑΦΗ ΕΠΙΣΚΕΠΤΗ', 'guest'], ['ΥΠΟΓΡΑΦΗ ΥΠΑΛΛΗΛΟΥ', 'staff'],
    ['MİSAFİR İMZASI', 'guest'], ['Resepsiyon görevlisi imzası', 'staff'], ['Semnatura insotitorului', 'companion'], ['Vendeg alairasa', 'guest'], ['Puolison allekirjoitus', 'companion'], ['إمضاء النزيل', 'guest'], ['חתימת פקיד הקבלה', 'staff'],
    ['ลายมือชื่อผู้พัก', 'guest'], ['ลายเซ็นพนักงานต้อนรับ', 'staff'], ['ご本人署名', 'anyone'], ['宿泊者署名', 'guest'], ['フロント係署名', 'staff'], ['고객 (서명)', 'guest'], ['프론트 서명', 'staff'], ['客戶簽署', 'guest'], ['櫃檯簽名', 'staff'],
    ['Подпись постояльца', 'guest'], ['Подпис на рецепционист', 'staff'], ['Potpis suputnika', 'companion'], ['Podpis receptorja', 'staff'],
    ['Guest (signature)', 'guest'], ['Signature (guest)', 'guest'], ['Unterschrift (Mitarbeiter)', 'staff'], ['Signature (of both parents where minor)', 'anyone'],
    ['Datum und Unterschrift', 'anyone'], ['Date and signature', 'anyone'], ['Fecha y firma', 'anyone'], ['التاريخ والتوقيع', 'anyone'], ['日期及签名', 'anyone'], ['Date of signature', null], ['Datum der Unterschrift', null],
  ] as const)('%s: %s', (text, signer) => {
    const label = labelOf(text);
    expect(label?.sure === true ? label.signer : null).toBe(signer);
  });

  test.each(['Datum', 'Ημ/νία', 'ΗΜΕΡΟΜΗΝΙΑ', 'Päivämäärä', '日付', 'วันที่'])('%s asks for a date', (text) => {
    expect(isDateLabel(text)).toBe(true);
  });

  test.each([
    ['توقيع الضيف', 'right'], ['Gästens underskrift', 'left'], ['Viesa paraksts', 'left'], ['Подпись гостя', 'left'], ['Υπογραφή πελάτη', 'left'], ['客人签名', 'left'],
  ] as const)('%s is found as drawn', async (text, align) => {
    const [field] = await fieldsOf(await page([{ text, align, x: 200, y: 288 }], [{ x: 60, y: 300, length: 200 }]));
    expect(field).toMatchObject({ name: 'guest', found: 'phrase', rect: { y: expect.closeTo(300, 0) } });
  });

  test('that name nobody give way to words that name the guest', async () => {
    const fields = await fieldsOf(await page([{ text: 'Signature', x: 60, y: 600 }, { text: 'Guest signature', x: 60, y: 300 }]));
    expect(fields.map(({ label }) => label)).toEqual(['Guest signature']);
  });

  test('that name nobody are the guest where nothing else is there', async () => {
    expect(await fieldsOf(await page([{ text: 'Paraksts', x: 60, y: 600 }]))).toMatchObject([{ name: 'guest', label: 'Paraksts', found: 'phrase' }]);
  });

  test('may be drawn letter by letter', async () => {
    const fonts = await embedFonts(await PDFDocument.create());
    const before = (at: number): number => measureText(fonts, 'Guest signature'.slice(0, at), 10);
    const letters = [...'Guest signature'].map((text, at) => ({ text, x: 60 + before(at), y: 300 })).filter(({ text }) => text !== ' ');
    expect(await fieldsOf(await page(letters))).toMatchObject([{ name: 'guest', found: 'phrase' }]);
  });
});

describe('the rectangle', () => {
  const label = { text: 'Guest signature:', x: 60, y: 400 };

  test.each([
    ['on the line above', [label], [{ x: 60, y: 412, length: 180 }], { x: 60, y: 412, width: 180 }],
    ['on the line below', [label], [{ x: 60, y: 350, length: 180 }], { x: 60, y: 350, width: 180 }],
    ['on the line beside', [label], [{ x: 150, y: 399, length: 190 }], { x: 150, y: 399, width: 190 }],
    ['on typed underscores beside', [{ ...label, text: `Guest signature: ${'_'.repeat(30)}` }], [], { y: 399 }],
    ['beside, without a line', [label], [], { y: 397, width: 180, height: 50 }],
    ['above, with text beside', [label, { text: 'Date of departure', x: 200, y: 405 }], [], { x: 60, y: 411, width: 180, height: 50 }],
    ['lower where text stands above', [label, { text: 'Terms of the house', x: 60, y: 450 }], [{ x: 60, y: 412, length: 180 }], { y: 412, height: 36 }],
    ['on the nearer of two lines', [label], [{ x: 60, y: 412, length: 180 }, { x: 60, y: 340, length: 180 }], { y: 412 }],
  ] as [string, Drawn[], { x: number; y: number; length: number }[], Partial<Field['rect']>][])('lies %s', async (_name, texts, lines, expected) => {
    const { rect } = (await fieldsOf(await page(texts, lines)))[0] as Field;
    for (const [side, value] of Object.entries(expected)) expect(Math.abs(rect[side as keyof typeof rect] - value), `${side} of ${JSON.stringify(rect)}`).toBeLessThanOrEqual(1.5);
  });

  test.each([[590, 830], [0, 0], [590, 2], [-200, 400]])('stays inside the page for a label at %i, %i', async (x, y) => {
    const { rect } = (await fieldsOf(await page([{ text: 'Guest signature', x, y }])))[0] as Field;
    expect(rect.x).toBeGreaterThanOrEqual(0);
    expect(rect.y).toBeGreaterThanOrEqual(0);
    expect(rect.x + rect.width).toBeLessThanOrEqual(595);
    expect(rect.y + rect.height).toBeLessThanOrEqual(842);
  });
});

describe('what a document says explicitly', () => {
  test('its own signature field comes before its words', async () => {
    expect(await fieldsOf(await signatureFieldPdf())).toEqual([
      { kind: 'signature', role: 'guest', name: 'Approval.Guest', label: 'Approval.Guest', page: 1, rect: { x: 300, y: 400, width: 150, height: 40 }, found: 'acroform' },
    ]);
  });

  test('a field of its own that somebody has signed is no place any more; the next empty one is', async () => {
    const document = await signatureFieldPdf();
    const [guest] = await fieldsOf(document);
    const staff: Field = { ...guest as Field, role: 'staff', name: 'staff', found: 'phrase', rect: { x: 20, y: 100, width: 150, height: 40 } };
    const [signed = document] = await signAll(document, [{ field: guest as Field, fillings: [] }, { field: staff, fillings: [] }], await testSigner('Another company'));
    expect((await findFields(signed, limits)).fields).toMatchObject([{ role: 'staff', found: 'acroform', rect: staff.rect }]);
  });

  test('tags name signer and place', async () => {
    const fields = await fieldsOf(await page([{ text: 'Here {{sig:guest}}', x: 60, y: 400 }, { text: '{{sig:companion}}', x: 320, y: 400 }, { text: 'Guest signature', x: 60, y: 200 }]));
    expect(fields).toMatchObject([{ name: 'guest', found: 'tag', page: 1 }, { name: 'companion', found: 'tag', rect: { x: expect.closeTo(320, 0) } }]);
  });

  test.each<[string, ReturnType<typeof roleOf>]>([
    ['Sig_Guest1', 'guest'], ['ReceptionistSignature', 'staff'], ['UnterschriftPersonal', 'staff'], ['unterschrift_personal_2', 'staff'], ['SignaturePersonal', 'staff'],
    ['Personal', 'staff'], ['PersonalNr', 'staff'], ['Personal_Nummer', 'staff'], ['PersonalUnterschrift', 'staff'], ['Personalunterschrift', 'staff'], ['PersonalSignatur', 'staff'],
    ['FirmaPersonal', 'staff'], ['firma_del_personal', 'staff'], ['Personal del hotel', 'staff'], ['PersonalensUnderskrift', 'staff'], ['SignaturePersonnel', 'staff'],
    ['PersonalSignature', null], ['personal_signature_1', null], ['Personal Sign', null], ['PersonalDataConsent', null], ['personal-details', null], ['PersonalInfo', null],
    ['PersonalID', null], ['Personalausweis', null], ['Personalien', null], ['SignaturePersonnelle', null], ['PersonalSignatureGuest', 'guest'], ['Personal signature of the receptionist', 'staff'],
    ['HostSignature', 'staff'], ['podpis_host', 'guest'],
  ])('a field named %s speaks of %s', (named, role) => {
    expect(roleOf(named)).toBe(role);
  });

  test('nothing at all: the bottom of the last page', async () => {
    const fields = await fieldsOf(await page([{ text: 'Welcome', x: 60, y: 700 }]));
    expect(fields).toEqual([{ kind: 'signature', role: 'guest', name: 'guest', label: '', page: 1, rect: { x: 379, y: 36, width: 180, height: 50 }, found: 'fallback' }]);
  });
});

test('at the deadline it gives up', async () => {
  await expect(findFields(await cardPdf(), { ...limits, deadlineMs: 20 })).rejects.toMatchObject({ code: 'PDF_TIMEOUT' });
});

test('takes the name printed on the line of the label, and nothing that is no name', async () => {
  const beside = (text: string) => [{ text: 'Guest signature', x: 60, y: 300 }, { text, x: 155, y: 300 }];
  expect(await fieldsOf(await page(beside('Elina Berzina')))).toMatchObject([{ signer: 'Elina Berzina' }]);
  expect(await fieldsOf(await page(beside("Anne-M. O'Neil")))).toMatchObject([{ signer: "Anne-M. O'Neil" }]);
  for (const other of ['21 Nov 2026', 'Room 412', 'Date:', 'x']) {
    expect((await fieldsOf(await page(beside(other))))[0]).not.toHaveProperty('signer');
  }
});

describe('a date', () => {
  const row = (...words: [text: string, x: number][]): Drawn[] => words.map(([text, x]) => ({ text, x, y: 300 }));
  test.each<[string, Drawn[], { x: number; y: number; length: number }[], string[]]>([
    ['beside its signature, each on a line of its own', row(['Guest signature', 60], ['Date', 320]), [{ x: 60, y: 312, length: 200 }, { x: 320, y: 312, length: 120 }], ['signature 60', 'date 320']],
    ['before its signature', row(['Datum', 60], ['Unterschrift des Gastes', 250]), [{ x: 60, y: 312, length: 120 }, { x: 250, y: 312, length: 200 }], ['signature 250', 'date 60']],
    ['on typed lines', [{ text: `Guest signature: ${'_'.repeat(25)}   Date: ${'_'.repeat(15)}`, x: 60, y: 300 }], [], ['signature', 'date']],
    ['without a line', row(['Guest signature', 60], ['Date', 320]), [{ x: 60, y: 312, length: 200 }], ['signature 60']],
    ['on the line of the signature', row(['Guest signature', 60], ['Date', 200]), [{ x: 60, y: 312, length: 220 }], ['signature 60']],
    ['of something else', [...row(['Guest signature', 60]), { text: 'Date of birth', x: 320, y: 300 }], [{ x: 60, y: 312, length: 200 }, { x: 320, y: 312, length: 120 }], ['signature 60']],
    ['elsewhere on the page', [...row(['Guest signature', 60]), { text: 'Date', x: 320, y: 500 }], [{ x: 60, y: 312, length: 200 }, { x: 320, y: 512, length: 120 }], ['signature 60']],
  ])('%s', async (_name, texts, lines, expected) => {
    const fields = await fieldsOf(await page(texts, lines));
    const told = fields.map(({ kind, rect }, at) => (expected[at]?.includes(' ') === true ? `${kind} ${Math.round(rect.x)}` : kind));
    expect(told).toEqual(expected);
  });
});

describe('in a table', () => {
  const cell = (x: number, y: number, width: number, height: number): { x: number; y: number; width: number; height: number } => ({ x, y, width, height });
  const table = async (texts: Drawn[], cells: ReturnType<typeof cell>[]): Promise<Uint8Array> => {
    const pdf = await PDFDocument.load(await page(texts));
    for (const one of cells) pdf.getPage(0).drawRectangle({ ...one, borderWidth: 0.5, borderColor: rgb(0, 0, 0) });
    return pdf.save();
  };
  test.each<[string, Drawn[], ReturnType<typeof cell>[], ReturnType<typeof cell>]>([
    ['below the label', [{ text: 'Guest signature', x: 64, y: 450 }], [cell(60, 400, 200, 62)], cell(63, 401, 194, 44)],
    ['above the label', [{ text: 'Guest signature', x: 64, y: 404 }], [cell(60, 400, 200, 60)], cell(63, 414, 194, 44)],
    ['beside the label, in its cell', [{ text: 'Guest signature', x: 64, y: 407 }], [cell(60, 400, 300, 22)], cell(142, 401, 213, 20)],
    ['in the empty cell beside', [{ text: 'Guest signature', x: 64, y: 410 }, { text: 'Room', x: 64, y: 440 }], [cell(60, 400, 90, 30), cell(150, 400, 200, 30), cell(60, 430, 290, 30)], cell(153, 401, 194, 28)],
    ['in the cell below a heading', [{ text: 'Guest signature', x: 64, y: 436 }, { text: 'Date', x: 174, y: 436 }], [cell(60, 430, 110, 20), cell(170, 430, 150, 20), cell(60, 380, 110, 50), cell(170, 380, 150, 50)], cell(63, 381, 104, 48)],
  ])('%s', async (_name, texts, cells, expected) => {
    const [field] = await fieldsOf(await table(texts, cells));
    const rect = field?.rect as Field['rect'];
    for (const side of ['x', 'y', 'width', 'height'] as const) expect(Math.abs(rect[side] - expected[side]), `${side} of ${JSON.stringify(rect)}`).toBeLessThan(6);
  });
});

describe('words that only look like it', () => {
  test.each(['Vor- und Nachname / Firma', 'Firma'])('%s is a company in a German document', async (text) => {
    const german = { text: 'Der Gast und die Rechnung: bitte für das Zimmer und bei der Abreise', x: 60, y: 700 };
    expect(await fieldsOf(await page([german, { text, x: 60, y: 300 }], [{ x: 60, y: 312, length: 200 }]))).toMatchObject([{ found: 'fallback' }]);
  });

  test.each(['Date signed', 'Signed at', 'A judge signed the judgment on', 'Signature (Official Form 119).', 'A signature is not needed for this.'])('%s', async (text) => {
    expect(await fieldsOf(await page([{ text, x: 60, y: 300 }], [{ x: 60, y: 312, length: 200 }]))).toMatchObject([{ found: 'fallback' }]);
  });

  test.each([['Ort, Datum, Unterschrift', 'anyone'], ['Unterschrift des Empfängers', 'anyone'], ['Unterschrift(en) des Zahlungspflichtigen (Kontoinhaber):', 'anyone'], ['Unterschrift Rezeption', 'staff'], ['Signature of receptionist', 'staff'], ['Hotel guest signature', 'guest'], ['Signature of accompanying guest', 'companion']])('%s is a label all the same', (text, signer) => {
    expect(labelOf(text)?.signer).toBe(signer);
  });
});
