/**
 * The values an IPP attribute can have (RFC 8011 section 5.1), as the codec gives and takes them,
 * and one short constructor for each kind this printer sends.
 */
import type { OUT_OF_BAND_TAGS, STRING_TAGS } from './tags.ts';

export type OutOfBand = keyof typeof OUT_OF_BAND_TAGS;
export type StringKind = keyof typeof STRING_TAGS;

export type Value =
  /** -2^31 … 2^31-1 */
  | { type: 'integer' | 'enum'; value: number }
  | { type: 'boolean'; value: boolean }
  | { type: 'rangeOfInteger'; lower: number; upper: number }
  /** `units` 3 is dots per inch, 4 dots per centimetre. */
  | { type: 'resolution'; x: number; y: number; units: number }
  /** 11 octets, DateAndTime of RFC 2579. */
  | { type: 'dateTime'; bytes: Uint8Array }
  | { type: 'octetString'; bytes: Uint8Array }
  /** `language` only with the textWithLanguage and nameWithLanguage forms. */
  | { type: StringKind; value: string; language?: string }
  | { type: 'collection'; members: Attribute[] }
  | { type: OutOfBand }
  /** A tag registered after this codec was written; kept as it came. */
  | { type: 'other'; tag: number; bytes: Uint8Array };

/** At least one value. */
export interface Attribute { name: string; values: Value[] }

export const integer = (value: number): Value => ({ type: 'integer', value });
export const enumeration = (value: number): Value => ({ type: 'enum', value });
export const boolean = (value: boolean): Value => ({ type: 'boolean', value });
export const range = (lower: number, upper: number): Value => ({ type: 'rangeOfInteger', lower, upper });
export const dotsPerInch = (x: number): Value => ({ type: 'resolution', x, y: x, units: 3 });
export const text = (value: string): Value => ({ type: 'text', value });
export const name = (value: string): Value => ({ type: 'name', value });
export const keyword = (value: string): Value => ({ type: 'keyword', value });
export const uri = (value: string): Value => ({ type: 'uri', value });
export const charset = (value: string): Value => ({ type: 'charset', value });
export const language = (value: string): Value => ({ type: 'naturalLanguage', value });
export const mimeType = (value: string): Value => ({ type: 'mimeMediaType', value });
export const outOfBand = (type: OutOfBand): Value => ({ type });
export const collection = (...members: Attribute[]): Value => ({ type: 'collection', members });
export const attribute = (name: string, ...values: Value[]): Attribute => ({ name, values });

/** RFC 2579 DateAndTime in UTC, to the tenth of a second. */
export function dateTime(at: Date): Value {
  const year = at.getUTCFullYear();
  const bytes = Uint8Array.of(
    year >> 8, year & 0xff, at.getUTCMonth() + 1, at.getUTCDate(),
    at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds(), Math.floor(at.getUTCMilliseconds() / 100),
    '+'.charCodeAt(0), 0, 0,
  );
  return { type: 'dateTime', bytes };
}
