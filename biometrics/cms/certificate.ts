/**
 * The parts of an X.509 certificate (RFC 5280) that CMS refers to, byte for byte as they stand in it.
 * Does not judge a certificate: dates, usage, path and revocation are the caller's.
 */
import { Members, Tag, around, children, equalBytes, malformed, readDer, readOid, sequence, type Element } from './der.ts';
import { RecordError } from '../errors.ts';
import { OID } from './object-identifiers.ts';

export interface CertificateParts {
  /** IssuerAndSerialNumber, DER: how CMS names this certificate. */
  name: Uint8Array<ArrayBuffer>;
  issuer: Uint8Array<ArrayBuffer>;
  /** INTEGER, DER. */
  serial: Uint8Array<ArrayBuffer>;
  subject: Uint8Array<ArrayBuffer>;
  /** SubjectPublicKeyInfo, DER. */
  publicKey: Uint8Array<ArrayBuffer>;
  keyType: KeyType;
}

export type KeyType = 'rsa' | 'p256' | 'p384' | 'p521' | 'other';

/** @throws RecordError `CMS_MALFORMED` */
export function readCertificateParts(der: Uint8Array): CertificateParts {
  const body = new Members(new Members(readDer(der, 'certificate'), 'certificate').next(Tag.sequence), 'certificate');
  body.optional(around(0));
  const serial = body.next(Tag.integer);
  body.next(Tag.sequence);
  const issuer = body.next(Tag.sequence);
  body.next(Tag.sequence);
  const subject = body.next(Tag.sequence);
  const publicKey = body.next(Tag.sequence);
  return {
    name: sequence(issuer.whole, serial.whole),
    issuer: issuer.whole,
    serial: serial.whole,
    subject: subject.whole,
    publicKey: publicKey.whole,
    keyType: keyTypeOf(new Members(publicKey, 'public key').next(Tag.sequence)),
  };
}

/** The kind of key an AlgorithmIdentifier (of a public key or of PKCS#8) speaks of. */
export function keyTypeOf(algorithm: Element): KeyType {
  const members = new Members(algorithm, 'key algorithm');
  const oid = readOid(members.next(Tag.oid));
  if (oid === OID.rsaEncryption) return 'rsa';
  const curve = oid === OID.ecPublicKey ? members.optional(Tag.oid) : null;
  const curves: Record<string, KeyType> = { [OID.p256]: 'p256', [OID.p384]: 'p384', [OID.p521]: 'p521' };
  return (curve && curves[readOid(curve)]) ?? 'other';
}

/** IssuerAndSerialNumber for people: the issuer as "CN=…, O=…", the serial number in hexadecimal. */
export function describeName(name: Element): { issuer: string; serial: string } {
  const members = new Members(name, 'issuer and serial number');
  const parts = children(members.next(Tag.sequence), 'issuer').flatMap((set) => children(set, 'issuer')).map((attribute) => {
    const [type, value] = children(attribute, 'issuer');
    if (type?.tag !== Tag.oid || value === undefined) throw malformed('issuer', 'has an attribute without type or value');
    const dotted = readOid(type);
    return `${ATTRIBUTE_NAMES[dotted] ?? dotted}=${new TextDecoder().decode(value.content)}`;
  });
  return { issuer: parts.join(', '), serial: hex(members.next(Tag.integer).content) };
}

/** RFC 4514 section 3. */
const ATTRIBUTE_NAMES: Record<string, string> = {
  '2.5.4.3': 'CN', '2.5.4.6': 'C', '2.5.4.7': 'L', '2.5.4.8': 'ST', '2.5.4.10': 'O', '2.5.4.11': 'OU',
};

/** Of `certificates`, those above `leaf`: its issuer first, as far as they are there. */
export function chainAbove(leaf: Uint8Array, certificates: readonly Uint8Array[]): Uint8Array[] {
  const chain: Uint8Array[] = [];
  const bySubject = new Map(certificates.map((der) => [hex(readCertificateParts(der).subject), der]));
  for (let at = readCertificateParts(leaf); !equalBytes(at.issuer, at.subject);) {
    const above = bySubject.get(hex(at.issuer));
    if (above === undefined || chain.includes(above)) break;
    chain.push(above);
    at = readCertificateParts(above);
  }
  return chain;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** SHA-256, hexadecimal: how records name a certificate or a document. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return hex(await sha256(bytes));
}

export async function sha256(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
}

export function unsupported(what: string): RecordError {
  return new RecordError('CMS_ALGORITHM', what);
}
