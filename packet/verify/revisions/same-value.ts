/** Whether two PDF values say the same, and what refers to what. Before: `packet/pdf-syntax.ts`. After: the rules beside it. */
import { sameBytes } from '../../manifest.ts';
import type { PdfDictionary, PdfValue } from '../../pdf-syntax.ts';

/** Dictionaries with a key given twice are never the same: readers differ in which one counts. */
export function sameValue(a: PdfValue | undefined, b: PdfValue | undefined): boolean {
  const [one, other] = [a ?? null, b ?? null];
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  if (one.kind === 'name') return other.kind === 'name' && one.name === other.name;
  if (one.kind === 'string') return other.kind === 'string' && sameBytes(one.bytes, other.bytes);
  if (one.kind === 'ref') return other.kind === 'ref' && one.number === other.number && one.generation === other.generation;
  if (one.kind === 'array') return other.kind === 'array' && one.items.length === other.items.length && one.items.every((item, index) => sameValue(item, other.items[index]));
  return other.kind === 'dictionary' && one.duplicates.length + other.duplicates.length === 0 && differingKeys(one, other).length === 0;
}

/** Keys whose values differ, or that only one of them has. A null value is no entry (7.3.7). */
export function differingKeys(one: PdfDictionary, other: PdfDictionary): string[] {
  return [...new Set([...one.entries.keys(), ...other.entries.keys()])].filter((key) => !sameValue(one.entries.get(key), other.entries.get(key)));
}

/** Calls `found` for each reference in a value, with the key of the outermost dictionary under which it stands. */
export function eachReference(value: PdfValue, found: (number: number, key: string) => void, key = ''): void {
  if (typeof value !== 'object' || value === null) return;
  if (value.kind === 'ref') found(value.number, key);
  if (value.kind === 'array') for (const item of value.items) eachReference(item, found, key);
  if (value.kind === 'dictionary') for (const [name, item] of value.entries) eachReference(item, found, key === '' ? name : key);
}
