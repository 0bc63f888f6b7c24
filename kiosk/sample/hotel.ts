/** The hotel of the sample card, which does not exist: its name, address and mark. */
import { PDFPage } from '#packet/pdf-lib.ts';
import { BRASS, INK } from './sheet.ts';

export const HOTEL = {
  name: 'Grand Hotel Norrvik',
  company: 'Norrvik Hotell AB',
  address: ['Strandkajen 12', '114 56 Stockholm, Sweden'],
  contact: ['+46 8 555 01 00', 'reception@norrvik.example'],
  registration: 'Org. no. 556000-0000 · VAT SE556000000001',
  place: 'Stockholm',
};

/** A sail over two waves in a ring, as vectors. The box has 64 units a side. */
const SAIL = 'M 31 9 C 30 24 24 35 15 41 C 21 43 26 43 31 42 Z';
const JIB = 'M 34 14 C 41 22 46 31 47.5 40.5 C 43 42.5 38.5 42.5 34 41.5 Z';
const WAVES = [
  'M 10 47 C 15 44 19 44 24 47 C 29 50 33 50 38 47 C 43 44 48 44 54 47',
  'M 15 53 C 19 50.5 22 50.5 26 53 C 30 55.5 33 55.5 37 53 C 41 50.5 45 50.5 49 53',
];

/** Draws the mark with its upper left corner at (x, y) in page coordinates, `size` points wide. */
export function drawMark(page: PDFPage, x: number, y: number, size: number): void {
  const scale = size / 64;
  page.drawCircle({ x: x + size / 2, y: y - size / 2, size: 30.5 * scale, borderColor: BRASS, borderWidth: 1.1 });
  for (const shape of [SAIL, JIB]) page.drawSvgPath(shape, { x, y, scale, color: INK });
  for (const wave of WAVES) page.drawSvgPath(wave, { x, y, scale, borderColor: BRASS, borderWidth: 2.2 });
}
