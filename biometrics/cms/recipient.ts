/**
 * One way for one examiner into an envelope: the content key wrapped for their certificate (RFC 5652 section 6.2).
 *
 *   rsa   KeyTransRecipientInfo, RSAES-OAEP with SHA-256 throughout (RFC 4055)
 *   p256  KeyAgreeRecipientInfo, a throw-away P-256 key, dhSinglePass-stdDH-sha256kdf, AES-256 key wrap (RFC 5753)
 *
 * CMS does not authenticate this part of an envelope: `open.ts` compares it with the list in the signed record.
 */
import { RecordError } from '../errors.ts';
import { keyTypeOf, readCertificateParts, unsupported } from './certificate.ts';
import {
  Members, Tag, algorithm, around, children, element, equalBytes, malformed, nothing, octetString, oid,
  readBitString, readDer, readOid, sequence, smallInteger, type Element,
} from './der.ts';
import { OID } from './object-identifiers.ts';

export interface Recipient {
  kind: 'rsa' | 'p256';
  /** IssuerAndSerialNumber, DER. */
  name: Element;
  wrappedKey: Uint8Array<ArrayBuffer>;
  /** SubjectPublicKeyInfo of the throw-away key; null for `rsa`. */
  ephemeral: Uint8Array<ArrayBuffer> | null;
}

export interface PrivateKey {
  kind: 'rsa' | 'p256';
  key: CryptoKey;
}

const { subtle } = globalThis.crypto;
const RSA = { name: 'RSA-OAEP', hash: 'SHA-256' };
const ECDH = { name: 'ECDH', namedCurve: 'P-256' };

/** RFC 4055 section 2.1: a hash's parameters are NULL, as we write, or absent, as OpenSSL does; the two are equal. */
const [OAEP, OAEP_SHORT] = [algorithm(OID.sha256, nothing()), algorithm(OID.sha256)].map((sha256) =>
  algorithm(OID.rsaOaep, sequence(element(around(0), sha256), element(around(1), algorithm(OID.mgf1, sha256))))) as [Uint8Array, Uint8Array];
const KEY_WRAP = algorithm(OID.aes256Wrap);
const KEY_AGREEMENT = algorithm(OID.stdDhSha256Kdf, KEY_WRAP);

/** ECC-CMS-SharedInfo (RFC 5753 section 7.2): what the wrapping key is for, and its 256 bits. */
const SHARED_INFO = sequence(KEY_WRAP, element(around(2), octetString(Uint8Array.of(0, 0, 1, 0))));

/**
 * Wraps a content key for one certificate.
 * @param contentKey an extractable AES key
 * @returns RecipientInfo, DER. @throws RecordError `CMS_MALFORMED`, `CMS_ALGORITHM` for a key neither RSA nor P-256
 */
export async function wrapKeyFor(certificate: Uint8Array, contentKey: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  const { keyType, name, publicKey } = readCertificateParts(certificate);
  if (keyType === 'rsa') {
    const wrapped = await subtle.wrapKey('raw', contentKey, await subtle.importKey('spki', publicKey, RSA, false, ['wrapKey']), RSA);
    return sequence(smallInteger(0), name, OAEP, octetString(new Uint8Array(wrapped)));
  }
  if (keyType !== 'p256') throw unsupported(`an examiner's key of type ${keyType}: it must be RSA or P-256`);
  const ephemeral = await subtle.generateKey(ECDH, true, ['deriveBits']);
  const wrappingKey = await deriveWrappingKey(ephemeral.privateKey, await subtle.importKey('spki', publicKey, ECDH, false, []), 'wrapKey');
  const point = new Uint8Array(await subtle.exportKey('raw', ephemeral.publicKey));
  return element(around(1),
    smallInteger(3),
    element(around(0), element(around(1), algorithm(OID.ecPublicKey), element(Tag.bitString, Uint8Array.of(0), point))),
    KEY_AGREEMENT,
    sequence(sequence(name, octetString(new Uint8Array(await subtle.wrapKey('raw', contentKey, wrappingKey, 'AES-KW'))))),
  );
}

/** @throws RecordError `CMS_MALFORMED`, `CMS_ALGORITHM` */
export function readRecipient(info: Element): Recipient {
  if (info.tag === Tag.sequence) {
    const members = new Members(info, 'recipient');
    members.version(0);
    const name = members.next(Tag.sequence);
    const encryption = members.next(Tag.sequence).whole;
    if (!equalBytes(encryption, OAEP) && !equalBytes(encryption, OAEP_SHORT)) {
      throw unsupported('a recipient with other than RSA-OAEP with SHA-256');
    }
    const wrappedKey = members.next(Tag.octetString).content;
    members.end();
    return { kind: 'rsa', name, wrappedKey, ephemeral: null };
  }
  const members = new Members(info, 'recipient', around(1));
  members.version(3);
  const [originator, another] = children(members.next(around(0)), 'originator');
  if (originator === undefined || another !== undefined) throw malformed('originator', 'should be one key');
  const originatorKey = new Members(originator, 'originator', around(1));
  if (readOid(new Members(originatorKey.next(Tag.sequence), 'originator').next(Tag.oid)) !== OID.ecPublicKey) {
    throw unsupported('an originator with other than an EC key');
  }
  const point = readBitString(originatorKey.next(Tag.bitString), 'originator');
  originatorKey.end();
  if (members.optional(around(1)) !== null) throw unsupported('a recipient with user keying material');
  if (!equalBytes(members.next(Tag.sequence).whole, KEY_AGREEMENT)) {
    throw unsupported('a recipient with other than dhSinglePass-stdDH-sha256kdf and AES-256 key wrap');
  }
  const [key, second] = children(members.next(Tag.sequence), 'recipient keys');
  if (key === undefined || second !== undefined) throw malformed('recipient', 'should wrap one key');
  members.end();
  const wrapped = new Members(key, 'recipient key');
  const [name, wrappedKey] = [wrapped.next(Tag.sequence), wrapped.next(Tag.octetString).content];
  wrapped.end();
  return { kind: 'p256', name, wrappedKey, ephemeral: p256PublicKey(point) };
}

/** Imports a PKCS#8 private key. @throws RecordError `CMS_MALFORMED`, `CMS_ALGORITHM` for a key neither RSA nor P-256 */
export async function importPrivateKey(pkcs8: Uint8Array): Promise<PrivateKey> {
  const members = new Members(readDer(pkcs8, 'private key'), 'private key');
  members.next(Tag.integer);
  const kind = keyTypeOf(members.next(Tag.sequence));
  if (kind !== 'rsa' && kind !== 'p256') throw unsupported(`a private key of type ${kind}: it must be RSA or P-256`);
  try {
    const bytes = new Uint8Array(pkcs8);
    const key = kind === 'rsa'
      ? await subtle.importKey('pkcs8', bytes, RSA, false, ['unwrapKey'])
      : await subtle.importKey('pkcs8', bytes, ECDH, false, ['deriveBits']);
    return { kind, key };
  } catch (error) {
    throw new RecordError('CMS_MALFORMED', 'the private key is no readable PKCS#8', { cause: error });
  }
}

/** The content key, or null if this recipient is not the holder of the key (the two cannot be told from a changed byte). */
export async function unwrapKey(recipient: Recipient, { kind, key }: PrivateKey): Promise<CryptoKey | null> {
  if (recipient.kind !== kind) return null;
  const { wrappedKey, ephemeral } = recipient;
  try {
    if (ephemeral === null) return await subtle.unwrapKey('raw', wrappedKey, key, RSA, 'AES-GCM', false, ['decrypt']);
    const wrappingKey = await deriveWrappingKey(key, await subtle.importKey('spki', ephemeral, ECDH, false, []), 'unwrapKey');
    return await subtle.unwrapKey('raw', wrappedKey, wrappingKey, 'AES-KW', 'AES-GCM', false, ['decrypt']);
  } catch {
    return null;
  }
}

/** ANSI X9.63 key derivation, one round of SHA-256: exactly the 256 bits needed. */
async function deriveWrappingKey(privateKey: CryptoKey, publicKey: CryptoKey, usage: 'wrapKey' | 'unwrapKey'): Promise<CryptoKey> {
  const shared = new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256));
  const derived = await subtle.digest('SHA-256', Uint8Array.of(...shared, 0, 0, 0, 1, ...SHARED_INFO));
  return subtle.importKey('raw', derived, 'AES-KW', false, [usage]);
}

function p256PublicKey(point: Uint8Array): Uint8Array<ArrayBuffer> {
  return sequence(algorithm(OID.ecPublicKey, oid(OID.p256)), element(Tag.bitString, Uint8Array.of(0), point));
}
