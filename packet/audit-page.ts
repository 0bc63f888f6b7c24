/**
 * `audit.pdf` of a packet: its audit trail to read and to print, in English, with names in any script of the bundled fonts.
 *
 * Before: the station has closed the trail. After: `container.ts` packs it beside `audit.json`, of which it is only a picture: the
 * container's signature covers both, and nobody but who sealed it says that they tell the same.
 * The same trail, in the same language, gives the same bytes.
 */
import { PDFDocument, rgb, type PDFPage } from './pdf-lib.ts';
import { canBeDrawn } from './audit-glyphs.ts';
import { factsOf, rowsOf } from './audit-words.ts';
import type { AuditFile } from './audit-file.ts';
import { drawText, embedFonts, measureText, type FontSet } from './text/index.ts';

/** A4, points. */
const [WIDTH, HEIGHT, MARGIN] = [595.28, 841.89, 48];
const LEADING = 1.35;
const GREY = rgb(0.35, 0.35, 0.35);
const RED = rgb(0.75, 0.1, 0.05);
/** More are left to `audit.json`: nobody reads them here. */
const MOST_ROWS = 150;

const FACTS = [0, 92] as const;
const TABLE = [0, 24, 86, 236] as const;

/**
 * @param language of the document, as a BCP 47 primary tag, where it is known (`Hints.language`): names are probably written in it
 * @returns a PDF of one page, or of more where much happened
 */
export async function auditPage(file: AuditFile, language: string | null = null): Promise<Uint8Array> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  pdf.setTitle(`Audit trail of request ${file.request}`);
  pdf.setLanguage('en');
  pdf.setCreationDate(new Date(file.signedAt));
  const sheet = new Sheet(pdf, await embedFonts(pdf, languageOfNames(language, file.consent.language)), file.demo);
  sheet.row([{ at: 0, text: 'Audit trail', size: 17, bold: true }]);
  sheet.row([{ at: 0, text: 'How this document came to be signed, as the station recorded it.', size: 9.5, grey: true }]);
  sheet.space(8);
  for (const { label, value } of factsOf(file)) {
    sheet.row([{ at: FACTS[0], text: label, size: 9, bold: true, to: FACTS[1] }, { at: FACTS[1], text: value, size: 9 }]);
  }
  sheet.space(10);
  sheet.row([{ at: 0, text: 'What happened (times in UTC)', size: 11, bold: true }]);
  const rows = rowsOf(file);
  for (const { number, time, who, what } of rows.slice(0, MOST_ROWS)) {
    sheet.row([
      { at: TABLE[0], text: number, size: 8, grey: true, to: TABLE[1] }, { at: TABLE[1], text: time, size: 8, to: TABLE[2] },
      { at: TABLE[2], text: who, size: 8, to: TABLE[3] }, { at: TABLE[3], text: what, size: 8 },
    ]);
  }
  if (rows.length > MOST_ROWS) sheet.row([{ at: TABLE[3], text: `${rows.length - MOST_ROWS} more events are in audit.json.`, size: 8 }]);
  sheet.space(10);
  for (const text of notes(file)) sheet.row([{ at: 0, text, size: 8, grey: true }]);
  return pdf.save({ useObjectStreams: false });
}

/** Whose shapes names in Chinese characters get: these alone tell, and the words around are English. A house prints in its own language, a guest may agree in another. */
function languageOfNames(...languages: (string | null)[]): string | null {
  return languages.find((language) => language !== null && ['ja', 'ko', 'zh'].includes(language)) ?? null;
}

function notes({ events }: AuditFile): string[] {
  const last = events.at(-1);
  return [
    `This page is a readable copy of audit.json in the same packet, which counts where they differ. Each event there holds the hash of the one before it; the last is ${last === undefined ? 'missing' : `event ${last.number}, ${last.hash}`}.`,
    'Names of staff and of print users are claims, unless said otherwise. The movement of the pen is not in the trail: it is encrypted inside the signed document and opens with the examiner’s key alone.',
    'To check: “countersign verify” on the packet; or unzip it, run “sha256sum -c SHA256SUMS”, and “openssl cms -verify” on META-INF/signature001.p7s over META-INF/ASiCManifest001.xml.',
  ];
}

/** One cell of a row: `at` and `to` in points from the left margin. */
interface Cell { at: number; to?: number; text: string; size: number; bold?: boolean; grey?: boolean }

/** Rows from the top down, on as many pages as it takes. */
class Sheet {
  readonly #pdf: PDFDocument;
  readonly #fonts: FontSet;
  readonly #demo: boolean;
  readonly #widths = new Map<string, number>();
  #page: PDFPage;
  #y = HEIGHT - MARGIN;
  #pages = 0;

  constructor(pdf: PDFDocument, fonts: FontSet, demo: boolean) {
    this.#pdf = pdf;
    this.#fonts = fonts;
    this.#demo = demo;
    this.#page = this.#newPage();
  }

  /** Cells side by side, each broken into lines of its width; never split over two pages unless longer than one. */
  row(cells: readonly Cell[]): void {
    const broken = cells.map((cell) => ({ cell, lines: this.#lines(cell) }));
    const height = Math.max(...broken.map(({ cell, lines }) => lines.length * cell.size * LEADING));
    if (this.#y - height < MARGIN) this.#page = this.#newPage();
    for (const { cell: { at, size, bold = false, grey = false }, lines } of broken) {
      lines.forEach((text, index) => {
        drawText(this.#page, this.#fonts, text, { x: MARGIN + at, y: this.#y - size - index * size * LEADING, size, bold, direction: 'ltr', ...(grey ? { colour: GREY } : {}) });
      });
    }
    this.#y -= height;
  }

  space(points: number): void {
    this.#y -= points;
  }

  #lines({ at, to = WIDTH - 2 * MARGIN, text, size, bold = false }: Cell): string[] {
    const most = to - at - 6;
    // words are measured alone: shaping every longer line anew took most of the time
    const width = (piece: string): number => this.#width(piece, bold) * size;
    const space = width(' ');
    const lines: string[] = [];
    let used = 0;
    for (const word of pieces(canBeDrawn(text, this.#fonts.language), (piece) => width(piece) <= most)) {
      const more = width(word);
      const fits = lines.length > 0 && used + space + more <= most;
      if (fits) lines[lines.length - 1] += ` ${word}`;
      else lines.push(word);
      used = fits ? used + space + more : more;
    }
    return lines;
  }

  /** At size 1; the same words come again and again. */
  #width(word: string, bold: boolean): number {
    const key = `${bold} ${word}`;
    const known = this.#widths.get(key) ?? measureText(this.#fonts, word, 1, bold);
    this.#widths.set(key, known);
    return known;
  }

  #newPage(): PDFPage {
    const page = this.#pdf.addPage([WIDTH, HEIGHT]);
    this.#y = HEIGHT - MARGIN;
    this.#pages++;
    drawText(page, this.#fonts, `Page ${this.#pages}`, { x: WIDTH - MARGIN, y: MARGIN / 2, size: 8, align: 'right', colour: GREY });
    if (this.#demo) drawText(page, this.#fonts, 'DEMO, not evidence', { x: WIDTH - MARGIN, y: HEIGHT - MARGIN / 2 - 8, size: 10, bold: true, align: 'right', colour: RED });
    return page;
  }
}

/** Words; one that does not fit a line alone (a name without spaces) in halves. */
function pieces(text: string, fits: (piece: string) => boolean): string[] {
  return text.split(' ').flatMap((word) => halves(word, fits));
}

function halves(word: string, fits: (piece: string) => boolean): string[] {
  const characters = [...word];
  if (characters.length < 2 || fits(word)) return [word];
  const middle = Math.ceil(characters.length / 2);
  return [...halves(characters.slice(0, middle).join(''), fits), ...halves(characters.slice(middle).join(''), fits)];
}
