/**
 * What two people compare over the telephone: the first 128 bits of SHA-256 as eight groups of four hexadecimal digits.
 *
 * 128 bits are enough here: whoever would pass off a file of his own must find one with the fingerprint of a file that
 * somebody else made (a second preimage, about 2^128 attempts). Finding two files of one fingerprint takes about 2^64 and
 * gains nothing, since a tablet makes its own request and an administrator the own root. All 256 bits would be twice as
 * much to read aloud, and people stop comparing. The groups are compared as a whole: never only the first and the last.
 */
import { createHash } from 'node:crypto';

/** `3FA9 00C1 …` of these bytes. */
export function fingerprint(bytes: Uint8Array): string {
  const digits = createHash('sha256').update(bytes).digest('hex').slice(0, 32).toUpperCase();
  return digits.match(/.{4}/g)!.join(' ');
}

/** Whether what somebody typed is the fingerprint of these bytes; spaces and capitals do not matter. */
export function isFingerprintOf(typed: string, bytes: Uint8Array): boolean {
  return typed.replaceAll(/\s/g, '').toUpperCase() === fingerprint(bytes).replaceAll(' ', '');
}
