/**
 * Private keys under a passphrase: EncryptedPrivateKeyInfo (RFC 5958 section 3) with PBES2 (RFC 8018 section 6.2): PBKDF2 with
 * HMAC-SHA-256, then AES-256-CBC. Stock OpenSSL opens them: `openssl pkey -in KEY`.
 *
 * Node's own export takes 2,048 rounds of PBKDF2 and offers no other number; that is little against somebody who has
 * the file and time. A short or well-known passphrase is found at any number of rounds. CBC says nothing about changes:
 * a key is compared with its certificate before it is used.
 */
import { createCipheriv, createPrivateKey, pbkdf2, randomBytes, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { algorithm, nothing, octetString, sequence } from '#biometrics/cms/der.ts';
import { KeyError } from './errors.ts';
import { toPem } from './pem.ts';
import { integer } from './x509-parts.ts';

const OID = { pbes2: '1.2.840.113549.1.5.13', pbkdf2: '1.2.840.113549.1.5.12', hmacWithSha256: '1.2.840.113549.2.9', aes256Cbc: '2.16.840.1.101.3.4.1.42' } as const;

/** What OWASP's Password Storage Cheat Sheet (2023) asks of PBKDF2 with HMAC-SHA-256; about 0.2 s. */
const ROUNDS = 600_000;
const SHORTEST = 12;
/** In bytes of UTF-8: OpenSSL takes 1,024 (PEM_BUFSIZE), and a key under a longer one would never open again. */
const LONGEST = 1_000;

/** PEM. @throws KeyError `PASSPHRASE_UNFIT` */
export async function encryptedKeyPem(key: KeyObject, passphrase: string): Promise<string> {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const derived = await promisify(pbkdf2)(checkedPassphrase(passphrase), salt, ROUNDS, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', derived, iv);
  const encrypted = Buffer.concat([cipher.update(key.export({ type: 'pkcs8', format: 'der' })), cipher.final()]);
  derived.fill(0);
  const rounds = Buffer.alloc(4);
  rounds.writeUInt32BE(ROUNDS);
  return toPem('ENCRYPTED PRIVATE KEY', sequence(
    algorithm(OID.pbes2, sequence(
      algorithm(OID.pbkdf2, sequence(octetString(salt), integer(rounds), algorithm(OID.hmacWithSha256, nothing()))),
      algorithm(OID.aes256Cbc, octetString(iv)),
    )),
    octetString(encrypted),
  ));
}

export function isEncryptedKey(pem: string): boolean {
  return pem.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----');
}

/** @throws KeyError `PASSPHRASE_WRONG` */
export function decryptKeyPem(pem: string, passphrase: string): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem', passphrase: passphrase.normalize('NFC') });
  } catch (cause) {
    throw new KeyError('PASSPHRASE_WRONG', 'The passphrase does not open this key, or its file is damaged.', { cause });
  }
}

function checkedPassphrase(passphrase: string): string {
  const normal = passphrase.normalize('NFC');
  const [characters, bytes] = [[...normal].length, Buffer.byteLength(normal)];
  if (characters < SHORTEST) throw new KeyError('PASSPHRASE_UNFIT', `A passphrase of ${characters} characters: take ${SHORTEST} or more, e.g. five words drawn by lot.`);
  if (bytes > LONGEST) throw new KeyError('PASSPHRASE_UNFIT', `A passphrase of ${bytes} bytes: take ${LONGEST} or fewer, e.g. five words drawn by lot.`);
  return normal;
}
