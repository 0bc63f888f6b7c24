/**
 * What a viewer finds in the first bytes of a PDF, up to the end of one revision: objects by the cross-reference, as long as reading
 * the file from front to back finds the same. Where the two differ, two readers may see two documents, and nothing is compared.
 *
 * Before: `increments.ts` says where a revision ends. After: `compare.ts` holds two views against each other.
 */
import { PDFName, PDFNumber } from '../../pdf-lib.ts';
import { readCrossReference, type CrossReference } from '../../cross-reference.ts';
import type { PdfObject } from '../../pdf-objects.ts';
import { asDictionary, asRef, isWhiteSpace, type PdfDictionary, type PdfValue } from '../../pdf-syntax.ts';
import { NotComparable } from './revision.ts';

export interface PdfView {
  end: number;
  places: CrossReference['places'];
  /** Object number of the catalog, and of the information dictionary, if there is one. */
  root: number;
  info: number | null;
  /** How the file is encrypted, as the trailer says; empty where it is not. */
  encryption: string;
  /** /Size: a reader may take any object of this number and above for missing (7.5.5). */
  size: number;
  /** All objects that lie in these bytes, by number, the oldest first; those that are used no longer, too. */
  objects: ReadonlyMap<number, readonly PdfObject[]>;
  /** The object in use; null where there is none. @throws NotComparable */
  object(number: number): PdfObject | null;
  /** A value, or what it refers to. @throws NotComparable */
  resolve(value: PdfValue | undefined): PdfValue;
}

/** @throws NotComparable */
export function viewAt(bytes: Uint8Array, objects: readonly PdfObject[], end: number): PdfView {
  const crossReference = readable(bytes.subarray(0, end));
  const { trailer, places } = crossReference;
  const number = (key: string): number | null => {
    const found = /^(\d+) 0 R$/.exec(String(trailer.get(PDFName.of(key))));
    return found === null ? null : Number(found[1]);
  };
  const root = number('Root');
  if (root === null) throw new NotComparable('its catalog is not named');
  if (trailer.has(PDFName.of('Info')) && number('Info') === null) throw new NotComparable('its information dictionary is not named as usual');
  const byNumber = Map.groupBy(objects.filter(({ start }) => start < end), (object) => object.number);
  const object = (wanted: number): PdfObject | null => {
    const place = places.get(wanted);
    if (place === undefined || place.kind === 'free') return null;
    const last = byNumber.get(wanted)?.at(-1);
    const holder = place.kind === 'packed' ? places.get(place.stream) : place;
    if (last === undefined || holder?.kind !== 'offset' || !isAt(bytes, holder.offset, last.start)) {
      throw new NotComparable(`object ${wanted} is not found by its cross-reference as it is by reading the file from its beginning`);
    }
    return last;
  };
  const size = trailer.get(PDFName.of('Size'));
  return {
    size: size instanceof PDFNumber ? size.asNumber() : 0,
    end, places, root, info: number('Info'), encryption: String(trailer.get(PDFName.of('Encrypt')) ?? ''), objects: byNumber, object,
    resolve(value) {
      const ref = asRef(value);
      return ref === null ? value ?? null : object(ref.number)?.value ?? null;
    },
  };
}

/** The dictionary that is an object of that number. @throws NotComparable */
export function dictionaryOf(view: PdfView, number: number): PdfDictionary {
  const dictionary = asDictionary(view.object(number)?.value);
  if (dictionary === null) throw new NotComparable(`object ${number} is not the dictionary that it should be`);
  return dictionary;
}

function readable(bytes: Uint8Array): CrossReference {
  try {
    const crossReference = readCrossReference(bytes);
    if (crossReference !== null) return crossReference;
  } catch {
    // pdf-lib's parser, on foreign bytes
  }
  throw new NotComparable('its cross-reference cannot be read');
}

/** A cross-reference may point at the white space in front of an object. */
function isAt(bytes: Uint8Array, offset: number, start: number): boolean {
  if (offset > start || start - offset > 16) return false;
  return bytes.subarray(offset, start).every(isWhiteSpace);
}
