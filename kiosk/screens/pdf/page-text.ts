/** The text of one page as lines, for the reading view. */
import type { PDFPageProxy } from 'pdfjs-dist';

export async function pageText(page: PDFPageProxy): Promise<string[]> {
  const { items } = await page.getTextContent();
  const text = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
  return text.split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim()).filter((line) => line !== '');
}
