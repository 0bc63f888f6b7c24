/**
 * Key agreement of the older pads (300, 500, 520; "v1"): Diffie-Hellman modulo a 128-bit prime that the pad keeps, whose
 * base has 16 bits; the shared number, filled up with zeros from the left to 16 bytes, is an AES-128 key.
 *
 * This is no protection. Discrete logarithms of this size are computed in minutes on a desk computer, and nobody authenticates
 * the other side. It keeps ink out of a cable trace that is only glanced at. OpenSSL refuses such sizes, hence BigInt.
 *
 * Source: SDK, Tablet_OpenSSL.cpp (OpenSSL_EncryptionHandler) and ProtocolHelper.cpp (host key set, then pad key polled).
 */
import { randomBytes } from 'node:crypto';
import { PenError } from '../errors.ts';
import { answerTo } from './answer.ts';
import { penCipher, type PenCipher } from './pen-cipher.ts';
import { Report } from './report-ids.ts';
import { DEVICE_KEY_IN } from './status.ts';
import type { StuSession } from './stu-session.ts';

const SIZE = 16;

/** @throws PenError `PAD_REFUSED` also where the pad has no prime, or offers a key that makes the secret known to all */
export async function agreeByDiffieHellman(session: StuSession): Promise<PenCipher> {
  const prime = numberIn(await session.get('dhPrime'), 'dhPrime', SIZE);
  const base = numberIn(await session.get('dhBase'), 'dhBase', 2);
  if (prime < 5n || base < 2n) throw new PenError('PAD_REFUSED', 'The pad has no numbers to agree on a key with: its encryption is switched off.');
  const secret = 1n + (numberOf(randomBytes(SIZE)) % (prime - 2n));
  await session.command(Uint8Array.of(Report.hostPublicKey, ...bytesOf(power(base, secret, prime))));
  await session.waitFor(DEVICE_KEY_IN, 'to have calculated its key');
  const theirs = numberIn(await session.get('devicePublicKey'), 'devicePublicKey', SIZE);
  if (theirs < 2n || theirs > prime - 2n) throw new PenError('PAD_REFUSED', 'The pad answered with a public key that makes the shared key known to everybody.');
  return penCipher(bytesOf(power(theirs, secret, prime)));
}

function numberIn(report: Uint8Array, name: 'dhPrime' | 'dhBase' | 'devicePublicKey', size: number): bigint {
  answerTo(name, report);
  return numberOf(report.subarray(1, 1 + size));
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function bytesOf(number: bigint): Uint8Array {
  return Buffer.from(number.toString(16).padStart(2 * SIZE, '0'), 'hex');
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
