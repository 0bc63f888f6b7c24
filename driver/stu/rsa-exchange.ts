/**
 * Key agreement of the newer pads (430, 530, 540; "v2"): the host sends an RSA-2048 public key, the pad makes an AES-256 key
 * and returns it encrypted with OAEP (RFC 8017 section 7.1, SHA-1); of what comes out, the last 32 bytes are the key.
 *
 * It keeps ink from whoever listens on the USB cable. Nothing authenticates the pad, nor the host to it: whoever sits in
 * between from the start sees everything.
 *
 * Source: SDK, Tablet.cpp (initializeEncryption), Tablet_OpenSSL.cpp (OpenSSL_EncryptionHandler2), Protocol.cpp (layouts).
 */
import { constants, generateKeyPair, privateDecrypt, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { PenError } from '../errors.ts';
import { answerTo, hex } from './answer.ts';
import { penCipher, type PenCipher } from './pen-cipher.ts';
import { Report, REPORT_LENGTH } from './report-ids.ts';
import type { StuSession } from './stu-session.ts';

const Command = { setType: 1, setBlock: 2, getBlock: 4, generateKey: 5 } as const;
const Block = { exponent: 0, modulus: 1, encryptedKey: 2 } as const;
const AES_256 = 2;
const OAEP = 2;
const RSA_2048 = 2;
const MODULUS_SIZE = 256;
const KEY_SIZE = 32;
const BLOCK_SIZE = 64;
const CALCULATING = 0xfa;
const NOT_READY = 0xff;
/** Five times as long as for other commands, as in the SDK: the pad computes. */
const TRIES = 5 * 25;

/** A key pair of this process, for any number of agreements. */
export async function rsaKeyPair(): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  return promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_SIZE * 8, publicExponent: 0x10001 });
}

/** @throws PenError `PAD_REFUSED`, `PEN_SILENT` */
export async function agreeByRsa(session: StuSession, keys: { privateKey: KeyObject; publicKey: KeyObject }): Promise<PenCipher> {
  const { n, e } = keys.publicKey.export({ format: 'jwk' });
  const [modulus, exponent] = [Buffer.from(n!, 'base64url'), Buffer.from(e!, 'base64url')];
  await session.command(encryptionCommand(Command.setType, AES_256, (OAEP << 6) | RSA_2048));
  await session.command(encryptionCommand(Command.setBlock, Block.exponent, exponent.length, exponent));
  for (let at = 0; at < modulus.length; at += BLOCK_SIZE) {
    await session.command(encryptionCommand(Command.setBlock, Block.modulus, BLOCK_SIZE, modulus.subarray(at, at + BLOCK_SIZE)));
  }
  const taken = await encryptionStatus(session);
  if (taken.exponent !== 0 || taken.modulus !== 0) throw refused('did not take the public key', taken.exponent === 0 ? taken.modulus : taken.exponent);
  await session.command(encryptionCommand(Command.generateKey, 0, 0));
  await keyReady(session);
  return decryptedKey(await encryptedKey(session), keys.privateKey);
}

async function keyReady(session: StuSession): Promise<void> {
  for (let tries = TRIES; ; tries--) {
    const { result, key } = await encryptionStatus(session);
    if (result !== 0) throw refused('could not make a key', result);
    if (key === 0) return;
    // it may be asked before it has begun: the SDK waits to be told instead
    if ((key !== CALCULATING && key !== NOT_READY) || tries === 0) throw refused(key === CALCULATING ? 'takes too long to make a key' : 'has made no key', key);
    await session.pauseBetweenTries();
  }
}

async function encryptedKey(session: StuSession): Promise<Uint8Array> {
  const whole = new Uint8Array(MODULUS_SIZE);
  let at = 0;
  for (let index = 0; at < whole.length; index++) {
    await session.command(encryptionCommand(Command.getBlock, Block.encryptedKey, index));
    const bytes = answerTo('encryptionCommand', await session.get('encryptionCommand'));
    const length = bytes.getUint8(3);
    if (length === 0 || length > Math.min(BLOCK_SIZE, whole.length - at)) throw refused('gave back its key in parts that do not fit', length);
    whole.set(new Uint8Array(bytes.buffer, bytes.byteOffset + 4, length), at);
    at += length;
  }
  return whole;
}

function decryptedKey(encrypted: Uint8Array, privateKey: KeyObject): PenCipher {
  let plain: Buffer;
  try {
    plain = privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, encrypted);
  } catch (cause) {
    throw new PenError('PAD_REFUSED', 'The pad gave back a key that was not encrypted for this program.', { cause });
  }
  if (plain.length < KEY_SIZE) throw refused('gave back a key that is too short', plain.length);
  return penCipher(plain.subarray(-KEY_SIZE));
}

function encryptionCommand(command: number, parameter: number, lengthOrIndex: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const report = new Uint8Array(REPORT_LENGTH.encryptionCommand);
  report.set([Report.encryptionCommand, command, parameter, lengthOrIndex]);
  report.set(data, 4);
  return report;
}

async function encryptionStatus(session: StuSession): Promise<{ exponent: number; modulus: number; key: number; result: number }> {
  const bytes = answerTo('encryptionStatus', await session.get('encryptionStatus'));
  return { exponent: bytes.getUint8(4), modulus: bytes.getUint8(5), key: bytes.getUint8(6), result: bytes.getUint8(7) };
}

function refused(what: string, code: number): PenError {
  return new PenError('PAD_REFUSED', `The pad ${what} (${hex(code)}).`);
}
