/**
 * One value, one text: JSON in the canonical form of RFC 8785 (JCS), so that a hash over it can be recomputed
 * by anyone from the value alone. Object members are sorted by UTF-16 code units (section 3.2.3), numbers and
 * strings are written as ECMAScript writes them (sections 3.2.2.2 and 3.2.2.3), without white space.
 *
 * It does not protect from two readers that disagree about what a text means (duplicate keys, numbers beyond
 * 2^53): the reader must parse first, then canonicalise, and never hash text as it came.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * @returns the canonical text; hash its UTF-8 bytes.
 * @throws TypeError for what I-JSON (RFC 7493) cannot hold: NaN, infinities, lone surrogates, undefined, bigint.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return string(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') return `{${members(value as { readonly [key: string]: Json }).join(',')}}`;
  throw new TypeError(`JSON cannot hold a value of type ${typeof value}`);
}

function members(object: { readonly [key: string]: Json }): string[] {
  // Array.prototype.sort without a comparator compares UTF-16 code units: the order RFC 8785 asks for.
  return Object.keys(object).sort().map((key) => `${string(key)}:${canonicalJson(object[key] as Json)}`);
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`JSON cannot hold the number ${value}`);
  return JSON.stringify(value);
}

function string(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('JSON text must not hold a lone surrogate');
  return JSON.stringify(value);
}
