/**
 * Objects read from where the cross-reference says they are, as a viewer reads them (ISO 32000-2, 7.5.4, 7.5.7), one at a time and
 * with pdf-lib's own parser. pdf-lib itself reads a file from front to back and takes the last object of a number.
 * Before: `cross-reference.ts`. After: `lazy-document.ts`. Parses with pdf-lib: in the station on accepted documents only.
 */
import { decodePDFRawStream, type PDFContext, PDFName, PDFNumber, type PDFObject, PDFObjectParser, PDFRawStream, type PDFRef } from './pdf-lib.ts';
import type { CrossReference } from './cross-reference.ts';

/** What lies at a place is not what should: reading the file from front to back may find another object, or none. */
export class Misplaced extends Error {}

/** An object stream: its bytes unpacked, for each object its number and its offset in them, and the numbers that it holds twice. */
interface Unpacked { data: Uint8Array; objects: { number: number; offset: number }[]; twice: Set<number> }

export class PlacedObjects {
  readonly #bytes: Uint8Array;
  readonly #places: CrossReference['places'];
  readonly #context: PDFContext;
  readonly #unpacked = new Map<number, Unpacked>();

  /** @param context that the objects will belong to */
  constructor(bytes: Uint8Array, { places }: CrossReference, context: PDFContext) {
    this.#bytes = bytes;
    this.#places = places;
    this.#context = context;
  }

  /** @throws Misplaced, also where the cross-reference names none; pdf-lib's own errors for what is no object */
  read({ objectNumber, generationNumber }: PDFRef): PDFObject {
    const place = this.#places.get(objectNumber);
    if (place?.kind === 'offset' && place.generation === generationNumber) return this.#at(place.offset, objectNumber, generationNumber);
    if (place?.kind === 'packed' && generationNumber === 0) return this.#inside(place.stream, place.index, objectNumber);
    throw new Misplaced();
  }

  /**
   * False where an object stream holds an object at another index than the cross-reference says: some readers go by its number, some by
   * its index, and find different objects. (An index of two bytes, in a stream of more than 65,536 objects, is one way to come by that.)
   * @throws Misplaced for an object stream that cannot be read
   */
  areAtTheirIndex(): boolean {
    for (const [number, place] of this.#places) {
      if (place.kind === 'packed' && this.#stream(place.stream).objects[place.index]?.number !== number) return false;
    }
    return true;
  }

  /**
   * Of an object stream: its bytes, and where its objects begin in them.
   * @returns null where it cannot be read here; of what a viewer reaches, `reads-the-same.ts` has refused that
   */
  unpacked(stream: number): { data: Uint8Array; offsets: number[] } | null {
    try {
      const { data, objects } = this.#stream(stream);
      return { data, offsets: objects.map(({ offset }) => offset) };
    } catch {
      return null;
    }
  }

  #at(offset: number, number: number, generation: number): PDFObject {
    const head = /^\s*(\d+)\s+(\d+)\s+obj/.exec(Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + offset, Math.min(40, this.#bytes.length - offset)).toString('latin1'));
    if (head === null || Number(head[1]) !== number || Number(head[2]) !== generation) throw new Misplaced();
    return this.#parse(this.#bytes.subarray(offset + head[0].length));
  }

  #inside(stream: number, index: number, number: number): PDFObject {
    const { data, objects, twice } = this.#stream(stream);
    const place = objects[index];
    if (place?.number !== number || twice.has(number)) throw new Misplaced();
    return this.#parse(data.subarray(place.offset));
  }

  #stream(number: number): Unpacked {
    const unpacked = this.#unpacked.get(number) ?? this.#unpack(number);
    this.#unpacked.set(number, unpacked);
    return unpacked;
  }

  #unpack(number: number): Unpacked {
    const place = this.#places.get(number);
    const stream = place?.kind === 'offset' ? this.#at(place.offset, number, place.generation) : null;
    // pdf-lib leaves predictors in
    if (!(stream instanceof PDFRawStream) || stream.dict.get(PDFName.of('Type')) !== PDFName.of('ObjStm') || stream.dict.has(PDFName.of('DecodeParms'))) throw new Misplaced();
    const [count, first] = ['N', 'First'].map((key) => stream.dict.lookup(PDFName.of(key), PDFNumber).asNumber()) as [number, number];
    const data = decodePDFRawStream(stream).decode();
    const header = Buffer.from(data.subarray(0, first)).toString('latin1').trim().split(/\s+/).map(Number);
    if (header.length < count * 2 || header.some(Number.isNaN)) throw new Misplaced();
    const objects = Array.from({ length: count }, (_, at) => ({ number: header[at * 2] as number, offset: first + (header[at * 2 + 1] as number) }));
    const once = new Set<number>();
    const twice = new Set<number>();
    for (const { number: held } of objects) (once.has(held) ? twice : once).add(held);
    return { data, objects, twice };
  }

  #parse(bytes: Uint8Array): PDFObject {
    return PDFObjectParser.forBytes(bytes, this.#context).parseObject();
  }
}
