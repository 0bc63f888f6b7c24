/**
 * One page being set: text and rules at places measured from the top, as a printed form is.
 * Lengths in points.
 */
import { rgb, type Color, type PDFPage } from '#packet/pdf-lib.ts';
import { drawText, measureText, type FontSet, type TextOptions } from '#packet/text/index.ts';

export const INK = rgb(0.1, 0.13, 0.2);
export const QUIET = rgb(0.42, 0.44, 0.5);
const HAIR = rgb(0.82, 0.81, 0.78);
export const WASH = rgb(0.968, 0.962, 0.948);
export const BRASS = rgb(0.63, 0.49, 0.28);

export type TextStyle = Pick<TextOptions, 'size' | 'bold' | 'colour' | 'align' | 'maxWidth' | 'direction'>;

export class Sheet {
  readonly page: PDFPage;
  readonly fonts: FontSet;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  private readonly height: number;

  constructor(page: PDFPage, fonts: FontSet, margin: number) {
    const { width, height } = page.getSize();
    this.page = page;
    this.fonts = fonts;
    this.left = margin;
    this.right = width - margin;
    this.bottom = height - margin;
    this.height = height;
  }

  /** Width between the margins. */
  get width(): number {
    return this.right - this.left;
  }

  /** Page coordinate of a distance from the top. */
  fromTop(y: number): number {
    return this.height - y;
  }

  /** Draws a line of text with its baseline at `y` from the top. @returns its width. */
  text(text: string, x: number, y: number, { colour = INK, ...style }: TextStyle): number {
    return drawText(this.page, this.fonts, text, { x, y: this.fromTop(y), colour, ...style }).width;
  }

  /** A horizontal line. */
  rule(y: number, from = this.left, to = this.right, thickness = 0.5, color = HAIR): void {
    this.page.drawLine({ start: { x: from, y: this.fromTop(y) }, end: { x: to, y: this.fromTop(y) }, thickness, color });
  }

  /** A filled rectangle from `top` to `bottom`. */
  band(top: number, bottom: number, color: Color, from = this.left, to = this.right): void {
    this.page.drawRectangle({ x: from, y: this.fromTop(bottom), width: to - from, height: bottom - top, color });
  }

  /** Sets a paragraph ragged right, first baseline at `y`. @returns the baseline below its last line. */
  paragraph(text: string, x: number, y: number, width: number, { size, leading = size * 1.42, ...style }: TextStyle & { leading?: number }): number {
    const lines = breakLines(text, width, (words) => measureText(this.fonts, words, size, style.bold));
    lines.forEach((line, at) => this.text(line, x, y + at * leading, { size, ...style }));
    return y + lines.length * leading;
  }
}

/** Greedy line breaking at spaces; a word longer than the line gets a line to itself. */
function breakLines(text: string, width: number, measure: (words: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measure(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
