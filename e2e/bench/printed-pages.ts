/** A document as a program prints it, of any number of pages: each has its own content and its own few lines of text. */
import { randomBytes } from 'node:crypto';
import { PDFDocument, PDFName, StandardFonts } from '#packet/pdf-lib.ts';

const A4: [number, number] = [595.28, 841.89];
const LINES = 40;

export async function printedPages(count: number): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (let page = 1; page <= count; page++) {
    const text = Array.from({ length: LINES }, (_, line) => `${page}.${line + 1} The guest leaves the room by eleven, and pays for what number ${page * line} says.`).join('\n');
    pdf.addPage(A4).drawText(text, { x: 60, y: 780, size: 10, lineHeight: 15, font });
  }
  return pdf.save({ useObjectStreams: false });
}

/** What a scanner sends: each page a colour picture of 10 MB that nothing makes smaller. */
export async function scannedPages(count: number): Promise<Uint8Array> {
  const pdf = await PDFDocument.load(await printedPages(count));
  const [width, height] = [1_600, 2_080];
  for (const page of pdf.getPages()) {
    const picture = pdf.context.stream(randomBytes(width * height * 3), { Type: 'XObject', Subtype: 'Image', Width: width, Height: height, ColorSpace: 'DeviceRGB', BitsPerComponent: 8 });
    page.node.setXObject(PDFName.of('Scan'), pdf.context.register(picture));
    page.node.addContentStream(pdf.context.register(pdf.context.stream('q 100 0 0 130 400 20 cm /Scan Do Q')));
  }
  return pdf.save({ useObjectStreams: false });
}
