/**
 * What certificates, requests and revocation lists (RFC 5280, RFC 2986) have in common: names, times, extensions, and a
 * signature over it all. Each part is DER.
 */
import { createHash, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { algorithm, element, inPlace, Members, nothing, octetString, oid, readBitString, readDer, sequence, setOf, Tag } from '#biometrics/cms/der.ts';
import { KeyError } from './errors.ts';
import { publicKeyDer } from './key-pair.ts';

type Der = Uint8Array<ArrayBuffer>;

/** Parts of a distinguished name, each 1 to 64 characters. */
export interface Name {
  commonName: string;
  organization?: string;
  unit?: string;
}

const UTF8_STRING = 0x0c;
const TRUE = element(0x01, Uint8Array.of(0xff));

const OID = { commonName: '2.5.4.3', organization: '2.5.4.10', unit: '2.5.4.11', authorityKeyIdentifier: '2.5.29.35' } as const;

export const SignatureAlgorithm = { ecdsaWithSha256: '1.2.840.10045.4.3.2', rsaWithSha256: '1.2.840.113549.1.1.11' } as const;

/** SEQUENCE { what is signed, algorithm, signature }: the outer form of all three. `toBeSigned` names the algorithm too, where it must. */
export async function signed(toBeSigned: Uint8Array, privateKey: KeyObject): Promise<Der> {
  const signature = await promisify<string, Uint8Array, KeyObject, Buffer>(sign)('sha256', toBeSigned, privateKey);
  return sequence(toBeSigned, signatureAlgorithm(privateKey), bitString(signature));
}

/** RFC 5758 section 3.2 and RFC 4055 section 5: no parameters for ECDSA, NULL for RSA. */
export function signatureAlgorithm(key: KeyObject): Der {
  return key.asymmetricKeyType === 'rsa' ? algorithm(SignatureAlgorithm.rsaWithSha256, nothing()) : algorithm(SignatureAlgorithm.ecdsaWithSha256);
}

/** Each part in a SET of its own: O, OU, CN. @throws KeyError `NAME_INVALID` */
export function distinguishedName(name: Name): Der {
  const parts = [[OID.organization, name.organization], [OID.unit, name.unit], [OID.commonName, name.commonName]] as const;
  return sequence(...parts.flatMap(([type, text]) => (text === undefined ? [] : [setOf([
    sequence(oid(type), element(UTF8_STRING, new TextEncoder().encode(checkedName(text)))),
  ])])));
}

/**
 * RFC 5280 appendix A.1 allows 64 characters in each part of a name.
 * @throws KeyError `NAME_INVALID`
 */
export function checkedName(value: string): string {
  if (value.trim() === '' || [...value].length > 64 || /\p{Cc}/u.test(value)) {
    throw new KeyError('NAME_INVALID', `${JSON.stringify(value)} cannot stand in a certificate: 1 to 64 characters, no control characters.`);
  }
  return value;
}

/** Whole seconds; UTCTime up to 2049 and GeneralizedTime after (RFC 5280 section 4.1.2.5). */
export function time(at: Date): Der {
  return at.getUTCFullYear() < 2050 ? element(Tag.utcTime, ascii(digits(at).slice(2))) : generalizedTime(at);
}

/** Whole seconds, rounded down (RFC 5280 section 4.1.2.5.2). */
export function generalizedTime(at: Date): Der {
  return element(Tag.generalizedTime, ascii(digits(at)));
}

function digits(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, 'Z').replaceAll(/[-:T]/g, '');
}

export function extension(type: string, critical: boolean, value: Uint8Array): Der {
  return sequence(oid(type), ...(critical ? [TRUE] : []), octetString(value));
}

/** The extension by which verifiers find the issuer's key (RFC 5280 section 4.2.1.1). */
export function authorityKeyIdentifier(issuer: KeyObject): Der {
  return extension(OID.authorityKeyIdentifier, false, sequence(element(inPlace(0), keyIdentifier(issuer))));
}

/** RFC 7093 section 2, method 1: the leftmost 160 bits of SHA-256 over the public key's bit string. */
export function keyIdentifier(publicKey: KeyObject): Uint8Array {
  const info = new Members(readDer(publicKeyDer(publicKey), 'public key'), 'public key');
  info.next(Tag.sequence);
  return createHash('sha256').update(readBitString(info.next(Tag.bitString), 'public key')).digest().subarray(0, 20);
}

/** A BIT STRING of whole bytes, or with the last `unused` bits left out. */
export function bitString(bytes: Uint8Array, unused = 0): Der {
  return element(Tag.bitString, Uint8Array.of(unused), bytes);
}

/** A positive INTEGER from big-endian bytes, in its shortest form. */
export function integer(bytes: Uint8Array): Der {
  const first = bytes.findIndex((byte) => byte !== 0);
  const shortest = first === -1 ? Uint8Array.of(0) : bytes.subarray(first);
  return element(Tag.integer, shortest[0]! >= 0x80 ? Uint8Array.of(0) : new Uint8Array(), shortest);
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
