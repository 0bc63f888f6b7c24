/**
 * The sample registration card, as a property management system would print it: for `npm run demo`, for
 * "print a sample" on the desk screen, and for tests.
 *
 * Before it: a guest from `sample-guests.ts`. After it: the card goes the way of every print job, into the
 * printer and through `packet/intake`.
 */
import { PDFDocument, PageSizes } from '#packet/pdf-lib.ts';
import { embedFonts } from '#packet/text/index.ts';
import { ACKNOWLEDGEMENT, HOUSE_RULES, PRIVACY, REGISTRATION, type Section } from './card-texts.ts';
import { drawMark, HOTEL } from './hotel.ts';
import type { SampleGuest } from './sample-guests.ts';
import { BRASS, INK, QUIET, Sheet, WASH } from './sheet.ts';

export interface CardOptions {
  /** One page, or with house rules and privacy notice on pages 2 and 3; the signature lines are on the last. */
  pages: 1 | 3;
  size: 'A4' | 'Letter';
  guest: SampleGuest;
  /** Day of arrival and of printing; now unless given. */
  printedAt?: Date;
}

interface Stay { reservation: string; room: string; arrival: string; departure: string; nights: number; printed: string }

const MARGIN = 50;
const NIGHTS = 3;
const RATE_SEK = 2_450;
const DEPOSIT_SEK = 1_000;

/** The card as a PDF of pages in `size`, text in real fonts. */
export async function sampleCard({ pages, size, guest, printedAt = new Date() }: CardOptions): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const fonts = await embedFonts(pdf);
  const stay = stayOf(printedAt);
  pdf.setTitle(`Registration card ${stay.reservation}, room ${stay.room}`);
  pdf.setAuthor(HOTEL.name);
  pdf.setLanguage('en');
  pdf.setCreationDate(printedAt);
  pdf.setModificationDate(printedAt);
  const sheets = Array.from({ length: pages }, () => new Sheet(pdf.addPage(PageSizes[size]), fonts, MARGIN));
  sheets.forEach((sheet, at) => drawFooter(sheet, stay, at + 1, pages));
  const [first, second, third] = sheets as [Sheet, Sheet?, Sheet?];
  drawDetails(first, guest, stay, pages === 1);
  if (second !== undefined && third !== undefined) {
    drawRules(second, stay);
    drawPrivacy(third, guest, stay);
  }
  return pdf.save({ useObjectStreams: false });
}

function stayOf(printedAt: Date): Stay {
  const day = (date: Date): string => new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(date);
  const minute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(printedAt);
  return {
    reservation: 'NV-2604713', room: '412', nights: NIGHTS, arrival: day(printedAt),
    departure: day(new Date(printedAt.getTime() + NIGHTS * 86_400_000)), printed: `${day(printedAt)}, ${minute} UTC`,
  };
}

function drawDetails(sheet: Sheet, guest: SampleGuest, stay: Stay, signHere: boolean): void {
  let y = drawLetterhead(sheet);
  sheet.text('Registration card', sheet.left, y + 36, { size: 21 });
  sheet.text(`No. ${stay.reservation}`, sheet.right, y + 36, { size: 10.5, colour: QUIET, align: 'right' });
  y += 54;

  sheet.band(y, y + 78, WASH);
  drawCells(sheet, y + 4, [['Room', stay.room], ['Arrival', stay.arrival], ['Departure', stay.departure], ['Nights', String(stay.nights)]], 12);
  drawCells(sheet, y + 40, [['Room type', 'Superior double, quay side'], ['Guests', '2 adults'], ['Rate per night', `SEK ${money(RATE_SEK)}`], ['Total, breakfast and VAT incl.', `SEK ${money(RATE_SEK * NIGHTS)}`]]);
  y += 106;

  y = drawHeading(sheet, 'Guest', y);
  sheet.text(guest.name, sheet.left, y + 21, { size: 15, bold: true, maxWidth: sheet.width * 0.6, direction: 'ltr' });
  sheet.text(guest.latinName, sheet.right, y + 21, { size: 8.5, colour: QUIET, align: 'right', maxWidth: sheet.width * 0.36 });
  y += 29;
  y = drawRows(sheet, y, [
    [['Date of birth', longDate(guest.born)], ['Nationality', guest.nationality]],
    [['Passport no.', guest.passport], ['Purpose of stay', 'Leisure']],
    [['Home address', guest.address]],
    [['E-mail', guest.email], ['Telephone', guest.phone]],
  ]);

  y = drawHeading(sheet, 'Accompanying guest', y + 22);
  const { companion } = guest;
  y = drawRows(sheet, y, [
    [['Name', companion.name], ['Date of birth', longDate(companion.born)]],
    [['Nationality', companion.nationality], ['Passport no.', companion.passport]],
  ]);

  y = drawHeading(sheet, 'Payment', y + 22);
  y = drawRows(sheet, y, [[['Method', 'Visa ending 0147'], ['Pre-authorised', `SEK ${money(RATE_SEK * NIGHTS + DEPOSIT_SEK)}`]]]);

  y = drawHeading(sheet, 'Declaration', y + 22);
  y = sheet.paragraph(REGISTRATION, sheet.left, y + 19, sheet.width, { size: 8.4 });
  if (signHere) drawSignatures(sheet, guest, stay);
  else sheet.text('Please read on: house rules on page 2, privacy notice and signatures on page 3.', sheet.left, y + 10, { size: 8.4, bold: true });
}

function drawRules(sheet: Sheet, stay: Stay): void {
  drawSection(sheet, HOUSE_RULES, drawRunningHead(sheet, stay), 9.2);
}

function drawPrivacy(sheet: Sheet, guest: SampleGuest, stay: Stay): void {
  const y = drawSection(sheet, PRIVACY, drawRunningHead(sheet, stay), 9.2);
  sheet.paragraph(ACKNOWLEDGEMENT, sheet.left, y + 16, sheet.width, { size: 9.2, bold: true });
  drawSignatures(sheet, guest, stay);
}

/** Mark, name and address across the top. @returns where it ends. */
function drawLetterhead(sheet: Sheet): number {
  drawMark(sheet.page, sheet.left, sheet.fromTop(38), 46);
  sheet.text(HOTEL.name, sheet.left + 58, 60, { size: 16.5 });
  sheet.text('Since 1874 on the waterfront', sheet.left + 58, 75, { size: 8, colour: BRASS });
  const lines = [...HOTEL.address, ...HOTEL.contact];
  lines.forEach((line, at) => sheet.text(line, sheet.right, 48 + at * 11, { size: 7.8, colour: QUIET, align: 'right' }));
  sheet.rule(97, sheet.left, sheet.right, 0.9, BRASS);
  return 97;
}

function drawRunningHead(sheet: Sheet, stay: Stay): number {
  drawMark(sheet.page, sheet.left, sheet.fromTop(36), 24);
  sheet.text(HOTEL.name, sheet.left + 32, 52, { size: 10 });
  sheet.text(`Registration card ${stay.reservation} · room ${stay.room}`, sheet.right, 52, { size: 8, colour: QUIET, align: 'right' });
  sheet.rule(68, sheet.left, sheet.right, 0.9, BRASS);
  return 68;
}

function drawSection(sheet: Sheet, section: Section, top: number, size: number): number {
  sheet.text(section.title, sheet.left, top + 34, { size: 17 });
  let y = top + 60;
  for (const paragraph of section.paragraphs) y = sheet.paragraph(paragraph, sheet.left, y, sheet.width, { size }) + size * 0.72;
  return y;
}

function drawHeading(sheet: Sheet, title: string, y: number): number {
  sheet.text(title, sheet.left, y, { size: 9, bold: true, colour: BRASS });
  sheet.rule(y + 5.5, sheet.left, sheet.right, 0.6, BRASS);
  return y + 5.5;
}

type Cell = readonly [label: string, value: string];

/** Label over value, in equal columns inside a band. */
function drawCells(sheet: Sheet, y: number, cells: readonly Cell[], size = 9.6): void {
  const column = (sheet.width - 20) / cells.length;
  cells.forEach(([label, value], at) => {
    const x = sheet.left + 12 + at * column;
    sheet.text(label, x, y + 12, { size: 7, colour: QUIET, maxWidth: column - 14 });
    sheet.text(value, x, y + 26, { size, bold: true, maxWidth: column - 14 });
  });
}

/** Label beside value, one or two to a row, hairlines between rows. @returns where the last row ends. */
function drawRows(sheet: Sheet, y: number, rows: readonly (readonly Cell[])[]): number {
  const height = 22;
  rows.forEach((cells, row) => {
    const base = y + row * height + 14;
    cells.forEach(([label, value], at) => {
      const x = sheet.left + (at * sheet.width) / 2;
      sheet.text(label, x, base, { size: 7.6, colour: QUIET });
      sheet.text(value, x + 82, base, { size: 9.6, direction: 'ltr', maxWidth: (cells.length === 1 ? sheet.width : sheet.width / 2) - 92 });
    });
    sheet.rule(y + (row + 1) * height);
  });
  return y + rows.length * height;
}

/** Two lines to sign on at the foot of the page, each with its words under it. */
function drawSignatures(sheet: Sheet, guest: SampleGuest, stay: Stay): void {
  const gap = 28;
  const width = (sheet.width - gap) / 2;
  const y = sheet.bottom - 52;
  sheet.text(`${HOTEL.place}, ${stay.arrival}`, sheet.left, y - 74, { size: 9 });
  const signers: Cell[] = [['Guest signature', guest.name], ['Companion signature', guest.companion.name]];
  signers.forEach(([label, name], at) => {
    const x = sheet.left + at * (width + gap);
    sheet.rule(y, x, x + width, 0.8, INK);
    sheet.text(label, x, y + 12, { size: 8.4, bold: true });
    sheet.text(name, x + width, y + 12, { size: 8.4, colour: QUIET, align: 'right', direction: 'ltr', maxWidth: width * 0.55 });
  });
}

function drawFooter(sheet: Sheet, stay: Stay, page: number, pages: number): void {
  const y = sheet.bottom + 10;
  sheet.text(`${HOTEL.company} · ${HOTEL.registration}`, sheet.left, y, { size: 6.8, colour: QUIET });
  sheet.text(`Printed ${stay.printed} · page ${page} of ${pages}`, sheet.right, y, { size: 6.8, colour: QUIET, align: 'right' });
}

function longDate(iso: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(iso));
}

function money(amount: number): string {
  return amount.toLocaleString('en-GB', { minimumFractionDigits: 2 });
}
