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

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-](\d\d):(\d\d))$/;

/**
 * A point in time as RFC 3339 writes it, T and Z in upper case, on a day that the calendar has. Second 60 may stand in any minute:
 * which minutes had a leap second is not known to a program of today.
 */
export const instant: Shape<string> = (value, where) => {
  const written = matching(value, where, INSTANT, 'a time as in RFC 3339');
  const [year, month, day, ...clock] = INSTANT.exec(written)!.slice(1).map((digits) => Number(digits ?? 0)) as [number, number, number, ...number[]];
  const highest = [23, 59, 60, 23, 59]; // hour, minute, second; hours and minutes of the offset
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month) && clock.every((part, index) => part <= highest[index]!);
  if (!exists) throw malformed(where, 'a time that exists');
  return written;
};

/** Days of a month in the Gregorian calendar, also before its time. */
function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

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

/** A size that FORMAT.md limits. @throws RecordError `RECORD_LIMIT` above `limit`, `RECORD_MALFORMED` for what is no size */
export function counted(limit: number): Shape<number> {
  const whole = integer(0, Number.MAX_SAFE_INTEGER);
  return (value, where) => {
    const count = whole(value, where);
    if (count > limit) throw new RecordError('RECORD_LIMIT', `${where}: ${count}, at most ${limit} allowed`);
    return count;
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

/**
 * The names first, then the values in the order in which they were given, so that of two things wrong the first one is told; the
 * result has its members in the order of `members`.
 */
export function object<T extends object>(members: { [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  const names = Object.keys(members) as (keyof T & string)[];
  return (value, where) => {
    const given = plainObject(value, where);
    const strange = Object.keys(given).find((name) => !Object.hasOwn(members, name));
    if (strange !== undefined) throw new RecordError('RECORD_MALFORMED', `${where}: has ${JSON.stringify(strange.slice(0, 80))}, which this version does not know`);
    const lacking = names.find((name) => !Object.hasOwn(given, name));
    if (lacking !== undefined) throw new RecordError('RECORD_MALFORMED', `${where}: lacks "${lacking}"`);
    const read = new Map((Object.keys(given) as (keyof T & string)[]).map((name) => [name, members[name](given[name], `${where}.${name}`)]));
    return Object.fromEntries(names.map((name) => [name, read.get(name)])) as T;
  };
}

function plainObject(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    throw malformed(where, 'a map');
  }
  return value as Record<string, unknown>;
}
