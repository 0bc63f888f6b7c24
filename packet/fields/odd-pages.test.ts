/** Pages as producers really write them: turned, cropped, scaled, with fonts that hide their letters. Pages made to exhaust: `hostile-pages.long.test.ts`. */
import { degrees, PDFDict, PDFDocument, PDFName, PDFNumber, type PDFPage, PDFString, StandardFonts } from '../pdf-lib.ts';
import { describe, expect, test } from 'vitest';
import { formPdf } from '#fixtures/forms.ts';
import { houseForms } from '#fixtures/house-forms.ts';
import { drawText, embedFonts } from '../text/index.ts';
import { openInViewer } from '../viewer.ts';
import type { Field, Rect } from './field.ts';
import type { Searched } from './found.ts';
import { search } from './search.ts';

const card = houseForms[0] as (typeof houseForms)[number];

async function foundOn(draw: (page: PDFPage, pdf: PDFDocument) => unknown, size: [number, number] = [595, 842]): Promise<Searched> {
  const pdf = await PDFDocument.create();
  await draw(pdf.addPage(size), pdf);
  return search(await openInViewer(await pdf.save({ useObjectStreams: false })));
}

const content = (page: PDFPage, pdf: PDFDocument, operators: string, font = pdf.context.obj({ Type: 'Font', Subtype: 'Type1', BaseFont: 'Helvetica' })): void => {
  page.node.setFontDictionary(PDFName.of('F'), pdf.context.register(font));
  page.node.set(PDFName.of('Contents'), pdf.context.register(pdf.context.flateStream(operators)));
};

function share(found: Rect | undefined, drawn: Rect): number {
  if (found === undefined) return 0;
  const width = Math.min(found.x + found.width, drawn.x + drawn.width) - Math.max(found.x, drawn.x);
  const height = Math.min(found.y + found.height, drawn.y + drawn.height) - Math.max(found.y, drawn.y);
  return Math.max(0, width) * Math.max(0, height) / (drawn.width * drawn.height);
}

test.each([0, 90, 180, 270] as const)('turned by %i, all three people sign where their lines are', async (rotate) => {
  const { pdf, signatures } = await formPdf(card, { rotate });
  const { fields } = await search(await openInViewer(pdf));
  expect(fields).toHaveLength(3);
  for (const { role, rect } of signatures) expect(share(fields.find((field) => field.role === role)?.rect, rect), role).toBeGreaterThan(0.9);
});

test('units larger than a point change where words are, not how large a signature is', async () => {
  const { pdf, signatures } = await formPdf(card, { userUnit: 2 });
  const { fields } = await search(await openInViewer(pdf));
  for (const { role, rect } of signatures) {
    const place = fields.find((field) => field.role === role)?.rect as Rect;
    expect([Math.round(place.x), Math.round(place.y)], role).toEqual([rect.x, rect.y]);
    // The largest that is offered, 260 by 50 points, in units of two.
    expect([place.width, place.height], role).toEqual([130, 25]);
  }
});

test('what the crop box cuts away is neither searched nor offered', async () => {
  const { fields } = await foundOn((page, pdf) => {
    page.setCropBox(100, 100, 300, 500);
    content(page, pdf, 'BT /F 10 Tf 1 0 0 1 120 200 Tm (Guest signature) Tj ET BT /F 10 Tf 1 0 0 1 420 700 Tm (Companion signature) Tj ET');
  });
  expect(fields).toMatchObject([{ role: 'guest', found: 'phrase' }]);
  const { x, y, width, height } = (fields[0] as Field).rect;
  expect([x >= 100, y >= 100, x + width <= 400, y + height <= 600]).toEqual([true, true, true, true]);
});

describe('letters', () => {
  test('that a font names only by glyph are read', async () => {
    const { text, fields } = await foundOn((page, pdf) => content(page, pdf, 'BT /F 10 Tf 1 0 0 1 60 300 Tm (ABCDEFDGHIJEBKC) Tj ET', pdf.context.obj({
      Type: 'Font', Subtype: 'Type1', BaseFont: 'Helvetica',
      Encoding: { Type: 'Encoding', Differences: [65, 'G', 'u', 'e', 's', 't', 'space', 'i', 'g', 'n', 'a', 'r'] },
    })));
    expect(text).toEqual(['Guest signature']);
    expect(fields).toMatchObject([{ role: 'guest', found: 'phrase' }]);
  });

  test('that a font does not name at all are told to the desk', async () => {
    const pdf = await PDFDocument.create();
    drawText(pdf.addPage([595, 842]), await embedFonts(pdf), 'Guest signature', { x: 60, y: 300, size: 10 });
    const again = await PDFDocument.load(await pdf.save({ useObjectStreams: false }));
    for (const [, object] of again.context.enumerateIndirectObjects()) if (object instanceof PDFDict) object.delete(PDFName.of('ToUnicode'));
    const { fields, warnings } = await search(await openInViewer(await again.save()));
    expect(warnings).toEqual([expect.stringMatching(/^Page 1: its fonts do not tell/u)]);
    expect(fields).toMatchObject([{ found: 'fallback' }]);
  });

  test('that are drawn as ligatures are read', async () => {
    const pdf = await PDFDocument.create();
    drawText(pdf.addPage([595, 842]), await embedFonts(pdf), 'Oﬃce: ﬁrma del cliente', { x: 60, y: 300, size: 10 });
    const { text, fields } = await search(await openInViewer(await pdf.save()));
    expect(text[0]?.normalize('NFKC')).toBe('Office: firma del cliente');
    expect(fields).toMatchObject([{ role: 'guest', found: 'phrase' }]);
  });

  test('that are drawn twice to look bold are read once', async () => {
    const { text, fields } = await foundOn((page, pdf) => content(page, pdf, [0, 0.3].map((by) => `BT /F 10 Tf 1 0 0 1 ${60 + by} 300 Tm (Guest signature) Tj ET`).join('\n')));
    expect(text).toEqual(['Guest signature']);
    expect(fields).toHaveLength(1);
  });
});

test('a page of tags without end is searched within bounds', async () => {
  const { warnings, fields } = await foundOn((page, pdf) => content(page, pdf, `BT /F 0.01 Tf 1 0 0 1 10 400 Tm (${'{{check:a}} '.repeat(3000)}) Tj ET`));
  expect(warnings[0]).toBe('Page 1: it holds more tags than are read. Check that nothing is missing.');
  expect(fields).toHaveLength(500);
});

describe('of the document’s own form', () => {
  const widget = (page: PDFPage, pdf: PDFDocument, type: 'Sig' | 'Tx' | 'Btn', name: string, y: number, more: Record<string, unknown> = {}): void => {
    const ref = pdf.context.register(pdf.context.obj({ Type: 'Annot', Subtype: 'Widget', FT: type, T: PDFString.of(name), Rect: [300, y, 450, y + 20], F: 4, P: page.ref, ...more as Record<string, string> }));
    page.node.addAnnot(ref);
    pdf.catalog.getOrCreateAcroForm().addField(ref);
  };

  test('signatures go to whom their names speak of; initials, date of signing and consent go with them; nothing else does', async () => {
    const { fields } = await foundOn((page, pdf) => {
      for (const [at, [type, name, more]] of ([
        ['Sig', 'ReceptionistSignature'], ['Sig', 'Signature2', { TU: PDFString.of('Signature of accompanying person') }], ['Sig', 'guest_sig'],
        ['Tx', 'guest_initials'], ['Tx', 'DateSigned_Companion'], ['Btn', 'newsletter_optin', { TU: PDFString.of('Send me the newsletter') }],
        ['Sig', 'hotel_card.Guest2'], ['Sig', 'GuestCard.Clerk'], ['Sig', 'Hidden', { F: PDFNumber.of(2) }], ['Tx', 'Arrival date'], ['Tx', 'Name'], ['Btn', 'Late arrival'], ['Tx', 'Signature date', { V: PDFString.of('2026-11-21') }], ['Tx', 'Staff initials', { Ff: PDFNumber.of(1) }],
      ] as const satisfies readonly (readonly ['Sig' | 'Tx' | 'Btn', string, Record<string, unknown>?])[]).entries()) widget(page, pdf, type, name, 760 - 40 * at, more);
    });
    expect(fields.map(({ kind, role, name, label }) => [kind, role, name, label])).toEqual([
      ['signature', 'guest', 'guest_sig', 'guest_sig'], ['initials', 'guest', 'guest_initials', 'guest_initials'], ['check', 'guest', 'newsletter_optin', 'Send me the newsletter'],
      ['signature', 'guest', 'hotel_card.Guest2', 'hotel_card.Guest2'],
      ['signature', 'companion', 'Signature2', 'Signature of accompanying person'], ['date', 'companion', 'DateSigned_Companion', 'DateSigned_Companion'],
      ['signature', 'staff', 'ReceptionistSignature', 'ReceptionistSignature'], ['signature', 'staff', 'GuestCard.Clerk', 'GuestCard.Clerk'],
    ]);
  });

  test('fields outside the page do not count', async () => {
    const { fields } = await foundOn((page, pdf) => { widget(page, pdf, 'Sig', 'Guest', 900); });
    expect(fields).toMatchObject([{ found: 'fallback' }]);
  });
});

test('text that runs sideways joins no label, and a tag in it is told to the desk', async () => {
  const { fields, warnings } = await foundOn(async (page, pdf) => {
    const font = await pdf.embedFont(StandardFonts.Helvetica);
    page.drawText('Guest signature', { x: 60, y: 300, size: 10, font });
    page.drawText('{{sig:guest}}', { x: 300, y: 250, size: 10, font, rotate: degrees(90) });
    page.drawText('Form 12 of the ministry', { x: 55, y: 250, size: 10, font, rotate: degrees(90) });
  });
  expect(fields).toMatchObject([{ label: 'Guest signature' }]);
  expect(warnings).toEqual(['Page 1: {{sig:guest}} is not used, its letters do not stand upright.']);
});

test('a page whose text cannot be read is told, and those beside it are searched', async () => {
  const { fields, warnings } = await foundOn((page, pdf) => {
    content(page, pdf, '-\u00A8 BT /F 10 Tf (Guest signature) Tj ET');
    pdf.addPage([595, 842]).drawText('Guest signature', { x: 60, y: 300, size: 10 });
  });
  expect(fields).toMatchObject([{ page: 2, label: 'Guest signature' }]);
  expect(warnings).toEqual([expect.stringMatching(/^Page 1: its text cannot be read/)]);
});
