/**
 * A stream under FlateDecode (ISO 32000-2, 7.4.4) whose bytes are made when the document is written. pdf-lib packs with a library in
 * JavaScript, which took an eighth of the time of a signing; this packs with Node's zlib.
 * Before: `appearance.ts`, `text/embedded-face.ts`. After: `increment.ts`, or pdf-lib's writer.
 */
import { deflateSync } from 'node:zlib';
import { type PDFDict, PDFName, PDFStream } from './pdf-lib.ts';

export class FlateStream extends PDFStream {
  readonly #make: () => Uint8Array;
  #packed: Uint8Array | null = null;

  /** @param make is called at most once, and again after `outdate` */
  constructor(dict: PDFDict, make: () => Uint8Array) {
    super(dict);
    dict.set(PDFName.of('Filter'), PDFName.of('FlateDecode'));
    this.#make = make;
  }

  override getContents(): Uint8Array {
    this.#packed ??= deflateSync(this.#make());
    return this.#packed;
  }

  override getContentsSize(): number {
    return this.getContents().length;
  }

  /** What it is made of has changed since. */
  outdate(): void {
    this.#packed = null;
  }
}
