/**
 * The last resort: a new document of pictures, one for each page as a viewer shows it, in the same size and rotation. Its text can no
 * longer be searched, read aloud or copied, and its links and fields are gone; intake says so in `actions`. In the child process.
 * Before: `normalise.ts`, where neither editor nor repair gets on, or layers would show different things to different people.
 */
import { deflateSync } from 'node:zlib';
import { degrees, PDFDocument, PDFName, PDFNumber } from '../pdf-lib.ts';
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { broken } from './broken.ts';
import { legibleSize, openInPdfium, type PdfiumPage } from './pdfium.ts';
import { hasPages } from './same-appearance.ts';

/** More would take longer than a guest waits, and more room than a printer's job. */
export const mostPictured = 30;

/**
 * @param shown the same bytes in pdf.js, of which the shapes of the pages are taken.
 * @throws PacketError PDF_BROKEN where PDFium shows other pages than pdf.js, or blank ones where pdf.js finds text.
 */
export async function picturesOf(received: Uint8Array, shown: PDFDocumentProxy, title: string | null): Promise<Uint8Array> {
  const source = await openInPdfium(received);
  if (source === null || !hasPages(source, shown.numPages)) throw broken();
  const pdf = await PDFDocument.create();
  try {
    for (let number = 1; number <= shown.numPages; number++) {
      const { view: [left, bottom, right, top], rotate, userUnit } = await shown.getPage(number);
      const [width, height] = [(right as number) - (left as number), (top as number) - (bottom as number)];
      const drawn = source.page(number - 1);
      if (drawn === null || !hasShape(drawn, rotate % 180 === 0 ? { width, height } : { width: height, height: width })) throw broken();
      const size = legibleSize({ width: width * userUnit, height: height * userUnit });
      // Upright in the page's own space: the page is turned when shown, as the received one was.
      const pixels = drawn.picture(size, { turns: (4 - drawn.turns) % 4 });
      if (isBlank(pixels) && await hasText(shown, number)) throw broken();
      const page = pdf.addPage([width, height]);
      page.setRotation(degrees(rotate));
      if (userUnit !== 1) page.node.set(PDFName.of('UserUnit'), PDFNumber.of(userUnit));
      addPicture(pdf, page.node, pixels, size, { width, height });
    }
  } finally {
    source.close();
  }
  if (title !== null) pdf.setTitle(title);
  return pdf.save({ useObjectStreams: false, addDefaultPage: false, updateFieldAppearances: false });
}

function addPicture(
  pdf: PDFDocument, page: ReturnType<PDFDocument['addPage']>['node'], pixels: Uint8Array, size: { width: number; height: number }, points: { width: number; height: number },
): void {
  const { context } = pdf;
  const picture = context.register(context.stream(deflateSync(inRedGreenBlue(pixels)), {
    Type: 'XObject', Subtype: 'Image', Width: size.width, Height: size.height, ColorSpace: 'DeviceRGB', BitsPerComponent: 8, Filter: 'FlateDecode',
  }));
  page.set(PDFName.of('Resources'), context.obj({ XObject: { Page: picture } }));
  page.set(PDFName.of('Contents'), context.register(context.stream(`q ${points.width} 0 0 ${points.height} 0 0 cm /Page Do Q`)));
}

function inRedGreenBlue(pixels: Uint8Array): Uint8Array {
  const turned = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += 3) {
    turned[at] = pixels[at + 2] as number;
    turned[at + 1] = pixels[at + 1] as number;
    turned[at + 2] = pixels[at] as number;
  }
  return turned;
}

function hasShape(page: PdfiumPage, { width, height }: { width: number; height: number }): boolean {
  return Math.abs(page.width - width) < 1 && Math.abs(page.height - height) < 1;
}

function isBlank(pixels: Uint8Array): boolean {
  return pixels.every((value) => value === 255);
}

async function hasText(shown: PDFDocumentProxy, number: number): Promise<boolean> {
  const { items } = await (await shown.getPage(number)).getTextContent();
  return items.some((item) => 'str' in item && item.str.trim() !== '');
}
