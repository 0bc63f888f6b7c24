/**
 * Readers of foreign JSON: each takes an unknown value, gives back a fresh one of the right type, and
 * refuses everything else, unknown keys included. What comes out shares nothing with what went in.
 *
 * It does not protect from a huge text before `JSON.parse`: `parseJson` checks the length for that.
 */
import { ProtocolError } from './errors.ts';

/** @param at where the value stands, for the message, e.g. `capture.source.kind`. @throws ProtocolError `MALFORMED`, `TOO_LONG` */
export type Reader<T> = (value: unknown, at: string) => T;

/** @throws ProtocolError `MALFORMED` always. */
export function refuse(at: string, wanted: string): never {
  throw new ProtocolError('MALFORMED', `${at} must be ${wanted}`);
}

/** Parses JSON of at most `most` characters. @throws ProtocolError `TOO_LONG`, `MALFORMED` */
export function parseJson(json: string, most: number): unknown {
  if (json.length > most) throw new ProtocolError('TOO_LONG', `a message of ${json.length} characters; at most ${most} are taken`);
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw new ProtocolError('MALFORMED', 'the message is not JSON', { cause });
  }
}

/** Text of at most `most` UTF-16 units. */
export function text(most: number): Reader<string> {
  return (value, at) => {
    if (typeof value !== 'string') refuse(at, 'text');
    if (value.length > most) throw new ProtocolError('TOO_LONG', `${at} has ${value.length} characters; at most ${most} are taken`);
    return value;
  };
}

export function matching(pattern: RegExp, wanted: string): Reader<string> {
  return (value, at) => (typeof value === 'string' && pattern.test(value) ? value : refuse(at, wanted));
}

export function integer(least: number, most: number): Reader<number> {
  return (value, at) =>
    (Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? (value as number)
      : refuse(at, `a whole number from ${least} to ${most}`));
}

export const finite: Reader<number> = (value, at) => (Number.isFinite(value) ? (value as number) : refuse(at, 'a number'));

export function between(least: number, most: number): Reader<number> {
  return (value, at) => (finite(value, at) >= least && (value as number) <= most ? (value as number) : refuse(at, `a number from ${least} to ${most}`));
}

export const truth: Reader<boolean> = (value, at) => (typeof value === 'boolean' ? value : refuse(at, 'true or false'));

export const nothing: Reader<null> = (value, at) => (value === null ? null : refuse(at, 'null'));

export function oneOf<const T extends string | number>(allowed: readonly T[]): Reader<T> {
  return (value, at) => (allowed.includes(value as T) ? (value as T) : refuse(at, `one of ${allowed.join(', ')}`));
}

export function nullable<T>(inner: Reader<T>): Reader<T | null> {
  return (value, at) => (value === null ? null : inner(value, at));
}

export function optional<T>(inner: Reader<T>): Reader<T | undefined> {
  return (value, at) => (value === undefined ? undefined : inner(value, at));
}

export function list<T>(inner: Reader<T>, most: number): Reader<T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) refuse(at, 'a list');
    if (value.length > most) throw new ProtocolError('TOO_LONG', `${at} has ${value.length} entries; at most ${most} are taken`);
    return value.map((entry, index) => inner(entry, `${at}[${index}]`));
  };
}

/** Six numbers: an affine map. */
export const affine: Reader<[number, number, number, number, number, number]> = (value, at) => {
  const [a, b, c, d, e, f] = list(finite, 6)(value, at);
  return a === undefined || b === undefined || c === undefined || d === undefined || e === undefined || f === undefined ? refuse(at, 'six numbers') : [a, b, c, d, e, f];
};

type Shape = Record<string, Reader<unknown>>;
type Shaped<S extends Shape> = { [Key in keyof S]: ReturnType<S[Key]> };

/** An object with exactly these keys; those read by `optional` may be missing. */
export function object<S extends Shape>(shape: S): Reader<Shaped<S>> {
  return (value, at) => {
    const given = plainObject(value, at);
    const unknown = Object.keys(given).find((key) => !Object.hasOwn(shape, key));
    if (unknown !== undefined) refuse(at, `without "${unknown.slice(0, 40)}", which nobody knows`);
    const entries = Object.entries(shape).map(([key, read]) => [key, read(own(given, key), `${at}.${key}`)] as const);
    return Object.fromEntries(entries.filter(([, read]) => read !== undefined)) as Shaped<S>;
  };
}

/** An object of any keys, at most `most` of them, each a name of 1 to 60 characters. */
export function dictionary<T>(inner: Reader<T>, most: number): Reader<Record<string, T>> {
  return (value, at) => {
    const keys = Object.keys(plainObject(value, at));
    if (keys.length > most) throw new ProtocolError('TOO_LONG', `${at} has ${keys.length} keys; at most ${most} are taken`);
    if (keys.some((key) => key === '' || key.length > 60 || key === '__proto__')) refuse(at, 'keyed by short names');
    return Object.fromEntries(keys.map((key) => [key, inner((value as Record<string, unknown>)[key], `${at}.${key}`)]));
  };
}

function plainObject(value: unknown, at: string): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : refuse(at, 'an object');
}

function own(value: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
