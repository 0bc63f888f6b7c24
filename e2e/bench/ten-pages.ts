/** A document of ten pages that a hotel could print: the card, its house rules eight times, the page to sign on. */
import { PDFDocument } from '#packet/pdf-lib.ts';
import { sampleCard } from '#kiosk/sample/sample-card.ts';
import { sampleGuests } from '#kiosk/sample/sample-guests.ts';

export async function tenPages(): Promise<Uint8Array> {
  const three = await PDFDocument.load(await sampleCard({ pages: 3, size: 'A4', guest: sampleGuests.latin }));
  const ten = await PDFDocument.create();
  const pages = await ten.copyPages(three, [0, 1, 1, 1, 1, 1, 1, 1, 1, 2]);
  for (const page of pages) ten.addPage(page);
  return ten.save({ useObjectStreams: false });
}
