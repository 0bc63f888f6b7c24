/**
 * Shapes of values read from outside: each takes an unknown value and returns it typed, or throws with the
 * path at which it went wrong. Objects must have exactly the members named: nothing missing, nothing more.
 */
import { RecordError } from './errors.ts';
import { MAX_ENTRIES, MAX_TEXT } from './limits.ts';

/** Reads `value` as a T. `where` is its path, for the message. @throws RecordError `RECORD_MALFORMED`, `RECORD_LIMIT` */
export type Shape<T> = (value: unknown, where: string) => T;

function malformed(where: string, wanted: string): RecordError {
  return new RecordError('RECORD_MALFORMED', `${where}: should be ${wanted}`);
}

/** Well-formed text: a lone surrogate has no UTF-8 and would not come back as it went in. */
export const text: Shape<string> = (value, where) => {
  if (typeof value !== 'string' || !value.isWellFormed()) throw malformed(where, 'text');
  if (value.length > MAX_TEXT) throw new RecordError('RECORD_LIMIT', `${where}: text longer than ${MAX_TEXT} characters`);
  return value;
};

export const number: Shape<number> = (value, where) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw malformed(where, 'a finite number');
  return value;
};

export const boolean: Shape<boolean> = (value, where) => {
  if (typeof value !== 'boolean') throw malformed(where, 'true or false');
  return value;
};

export const bytes: Shape<Uint8Array> = (value, where) => {
  if (!(value instanceof Uint8Array)) throw malformed(where, 'bytes');
  return new Uint8Array(value);
};

/** SHA-256 as 64 lower-case hexadecimal digits. */
export const digest: Shape<string> = (value, where) => matching(value, where, /^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal');

/** A point in time as RFC 3339 writes it. */
export const instant: Shape<string> = (value, where) =>
  matching(value, where, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/, 'a time as in RFC 3339');

function matching(value: unknown, where: string, pattern: RegExp, wanted: string): string {
  if (typeof value !== 'string' || value.length > 128 || !pattern.test(value)) throw malformed(where, wanted);
  return value;
}

export function integer(min: number, max: number): Shape<number> {
  return (value, where) => {
    if (!Number.isSafeInteger(value) || Object.is(value, -0) || (value as number) < min || (value as number) > max) {
      throw malformed(where, `a whole number from ${min} to ${max}`);
    }
    return value as number;
  };
}

export function oneOf<const T extends string>(...words: T[]): Shape<T> {
  return (value, where) => {
    if (!words.includes(value as T)) throw malformed(where, `one of ${words.join(', ')}`);
    return value as T;
  };
}

export function nullable<T>(inner: Shape<T>): Shape<T | null> {
  return (value, where) => (value === null ? null : inner(value, where));
}

export function list<T>(inner: Shape<T>, max: number = MAX_ENTRIES): Shape<T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) throw malformed(where, 'a list');
    if (value.length > max) throw new RecordError('RECORD_LIMIT', `${where}: ${value.length} entries, at most ${max} allowed`);
    return value.map((entry: unknown, index) => inner(entry, `${where}[${index}]`));
  };
}

/** Any names, values of one shape. */
export function dictionary<T>(inner: Shape<T>): Shape<Record<string, T>> {
  return (value, where) => {
    const entries = Object.entries(plainObject(value, where));
    if (entries.length > MAX_ENTRIES) throw new RecordError('RECORD_LIMIT', `${where}: more than ${MAX_ENTRIES} entries`);
    return Object.fromEntries(entries.map(([name, entry]) => [text(name, where), inner(entry, `${where}.${name}`)]));
  };
}

export function object<T extends object>(members: { [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  const names = Object.keys(members) as (keyof T & string)[];
  return (value, where) => {
    const given = plainObject(value, where);
    const strange = Object.keys(given).find((name) => !Object.hasOwn(members, name));
    if (strange !== undefined) throw new RecordError('RECORD_MALFORMED', `${where}: has "${strange}", which this version does not know`);
    const entries = names.map((name) => {
      if (!Object.hasOwn(given, name)) throw new RecordError('RECORD_MALFORMED', `${where}: lacks "${name}"`);
      return [name, members[name](given[name], `${where}.${name}`)];
    });
    return Object.fromEntries(entries) as T;
  };
}

function plainObject(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    throw malformed(where, 'a map');
  }
  return value as Record<string, unknown>;
}
