/**
 * What a document is, by its first bytes. A client's word for it is often `application/octet-stream`
 * and sometimes wrong (old Windows ports send everything so), so the bytes decide.
 *
 * This looks at signatures only; whether a PDF is sound is for `packet/intake`.
 */

export const PDF = 'application/pdf';
export const UNSTATED = 'application/octet-stream';

/** What a client may state; anything else is refused before its bytes are read. First is default and preferred. */
export const ACCEPTED_FORMATS = [PDF, UNSTATED];

/** Enough first bytes to tell: readers allow a PDF header anywhere in the first 1,024. */
export const SNIFFED_OCTETS = 1024;

/** `words` completes "This is …". */
export interface DocumentFormat { type: string; words: string }

type Signature = (start: string) => boolean;
const begins = (...prefixes: string[]): Signature => (start) => prefixes.some((prefix) => start.startsWith(prefix));
const matches = (pattern: RegExp): Signature => (start) => pattern.test(start);
/** The job control lines HP drivers put before any language. */
const PJL = '\x1b%-12345X';

/** The first that fits. Bytes are read as Latin-1 characters. */
const SIGNATURES: readonly [fits: Signature, type: string, words: string][] = [
  [begins('%!', '\x04%!'), 'application/postscript', 'a PostScript file'],
  [(start) => start.startsWith(PJL) && /LANGUAGE ?= ?POSTSCRIPT/i.test(start), 'application/postscript', 'a PostScript file'],
  [begins('RaS2'), 'image/pwg-raster', 'a PWG raster image'],
  [begins('2SaR', 'RaS3', '3SaR', 'RaSt', 'tSaR'), 'application/vnd.cups-raster', 'a CUPS raster image'],
  [begins('UNIRAST\0'), 'image/urf', 'an Apple raster image'],
  [begins('\xff\xd8\xff'), 'image/jpeg', 'a JPEG image'],
  [begins('\x89PNG\r\n'), 'image/png', 'a PNG image'],
  [begins('GIF8'), 'image/gif', 'a GIF image'],
  [begins('II*\0', 'MM\0*'), 'image/tiff', 'a TIFF image'],
  [begins('\x1f\x8b'), 'application/gzip', 'a gzip archive'],
  [begins('PK\x03\x04'), 'application/zip', 'an XPS or Office document'],
  [begins('\xd0\xcf\x11\xe0'), 'application/x-ole-storage', 'an old Office document'],
  [begins('{\\rtf'), 'application/rtf', 'an RTF text'],
  [matches(/^\s*<(!doctype html|html)/i), 'text/html', 'a web page'],
  [matches(/%PDF-\d/), PDF, 'a PDF'],
  [begins(PJL, '\x1bE', '\x1b&', '\x1b*', ') HP-PCL XL'), 'application/vnd.hp-pcl', 'PCL printer data'],
  [matches(/^[\t\n\f\r\x20-\x7e\x80-\xff]+$/), 'text/plain', 'plain text'],
];

/** @param head the first bytes of the document, up to `SNIFFED_OCTETS`; fewer only if the document is that short */
export function documentFormat(head: Uint8Array): DocumentFormat {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, SNIFFED_OCTETS)).toString('latin1');
  const found = SIGNATURES.find(([fits]) => fits(start));
  return found === undefined ? { type: UNSTATED, words: 'in a form unknown here' } : { type: found[1], words: found[2] };
}

/** For the queue window of the receptionist's PC. */
export function notAPdf(name: string, words: string): string {
  return `"${name}" is ${words}; this printer takes PDF only. Print it as a PDF, or have the printer set up again with a PDF driver.`;
}

export function nothingArrived(name: string): string {
  return `"${name}" is empty: no document arrived. Print it again.`;
}
