import { PDFDocument } from '../pdf-lib.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { formPdf, someone } from '#fixtures/forms.ts';
import { languageForms } from '#fixtures/language-forms.ts';
import { drawText, embedFonts } from '../text/index.ts';
import { openInViewer } from '../viewer.ts';
import type { Found, Hints } from './found.ts';
import { valueOf } from './hints.ts';
import { languageOf } from './language.ts';
import { search } from './search.ts';

describe('a card in each language', () => {
  const found: [language: string, found: Found][] = [];
  beforeAll(async () => {
    for (const form of languageForms) found.push([form.language, await search(await openInViewer((await formPdf(form)).pdf))]);
  });

  test('tells its language', () => {
    expect(found.map(([, { hints }]) => hints.language)).toEqual(languageForms.map(({ language }) => language));
  });

  test('tells reservation, room and guest', () => {
    for (const [language, { hints }] of found) expect(hints, language).toEqual({ reservation: someone.reservation, room: someone.room, guestName: someone.name, language });
  });

  test('shows where guest, companion and staff sign', () => {
    for (const [language, { fields }] of found) expect(fields.map(({ role, found: by }) => `${role} ${by}`), language).toEqual(['guest phrase', 'companion phrase', 'staff phrase']);
  });
});

async function hintsIn(...texts: [text: string, x: number, y: number][]): Promise<Hints> {
  const pdf = await PDFDocument.create();
  const page = pdf.addPage([595, 842]);
  const fonts = await embedFonts(pdf);
  for (const [text, x, y] of texts) drawText(page, fonts, text, { x, y, size: 10 });
  return (await search(await openInViewer(await pdf.save()))).hints;
}

test.each<[string, [string, number, number][], Hints]>([
  ['in one sentence', [['Reservation no. 12345, room 204, arrival 2026-11-21', 60, 700]], { reservation: '12345', room: '204' }],
  ['without a colon', [['Zimmer 204', 60, 700], ['Buchungsnr. HB-77120', 60, 680]], { reservation: 'HB-77120', room: '204' }],
  ['in columns', [['Guest', 60, 700], ['Room', 200, 700], ['Booking', 300, 700], ['Elīna Bērziņa', 60, 686], ['12B', 200, 686], ['88120034', 300, 686]], { guestName: 'Elīna Bērziņa', room: '12B', reservation: '88120034' }],
  ['after a gap', [['Room number', 60, 700], ['1117', 200, 700]], { room: '1117' }],
  ['in capitals', [['ΔΩΜΑΤΙΟ: 204', 60, 700], ['MİSAFİR ADI: Elif Kaya', 60, 680], ['FOGLALASI SZAM: 77120', 60, 660]], { room: '204', guestName: 'Elif Kaya', reservation: '77120' }],
  ['in two languages', [['Room / Zimmer: 204', 60, 700]], { room: '204' }],
  ['not, where a date stands in its place', [['Room: 21.11.2026', 60, 700]], {}],
  ['not, where the words only mention it', [['The room is cleaned daily. Reservation is not needed for breakfast.', 60, 700]], {}],
])('a hint stands %s', async (_name, texts, expected) => {
  const { language: _language, ...hints } = await hintsIn(...texts);
  expect(hints).toEqual(expected);
});

test.each([['room', '204 Arrival', '204'], ['room', 'yes', null], ['reservation', 'R-48213', 'R-48213'], ['reservation', '2026-11-21', null], ['guestName', 'Anne-M. O’Neil', 'Anne-M. O’Neil'], ['guestName', 'Guest signature', null], ['guestName', '王小明', '王小明']] as const)('as %s, "%s" is read as %s', (kind, text, value) => {
  expect(valueOf(kind, text)).toBe(value);
});

test.each(['', '12345 67890', 'Elina Berzina', 'Room 204'])('"%s" is in no language that could be told', (text) => {
  expect(languageOf(text)).toBe(null);
});
