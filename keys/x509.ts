/**
 * Issues X.509 certificates (RFC 5280) with the extensions that OpenSSL, NSS and browsers ask for.
 *
 * Before it: `demo-authority.ts`, `examiner.ts` and `transport.ts` say who the certificate is for.
 * It gives no revocation (CRL) and checks nobody's identity: a certificate is worth what its issuer's care is worth.
 */
import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { promisify } from 'node:util';
import { BitString, Integer, Null, OctetString, Sequence, Set as Asn1Set, Utf8String } from 'asn1js';
import {
  AlgorithmIdentifier, AttributeTypeAndValue, AuthorityKeyIdentifier, BasicConstraints, Certificate, ExtKeyUsage, Extension,
  GeneralName, GeneralNames, GeneralSubtree, NameConstraints, PublicKeyInfo, RelativeDistinguishedNames, Time,
} from 'pkijs';
import { KeyError } from './errors.ts';
import { publicKeyDer, type KeyPair } from './key-pair.ts';

/** Parts of a distinguished name, each 1 to 64 characters. */
export interface Name {
  commonName: string;
  organization?: string;
  unit?: string;
}

/** What the key may be used for; it decides the extensions. */
export type Use =
  /** Signs certificates. With `hosts`: only for these (NameConstraints, critical). */
  | { kind: 'authority'; hosts?: readonly string[] }
  /** Signs data that must stand up later: digitalSignature and nonRepudiation, no extended use, which OpenSSL's S/MIME purpose accepts. */
  | { kind: 'signing' }
  /** Receives encrypted content keys. */
  | { kind: 'decryption' }
  /** A TLS server under these DNS names and IP addresses. */
  | { kind: 'server'; hosts: readonly string[] };

export interface CertificateRequest {
  subject: Name;
  publicKey: KeyObject;
  use: Use;
  days: number;
}

export interface Issuer {
  name: Name;
  keys: KeyPair;
}

const OID = {
  commonName: '2.5.4.3', organization: '2.5.4.10', unit: '2.5.4.11',
  subjectKeyIdentifier: '2.5.29.14', keyUsage: '2.5.29.15', subjectAltName: '2.5.29.17', basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30', authorityKeyIdentifier: '2.5.29.35', extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2', rsaWithSha256: '1.2.840.113549.1.1.11',
} as const;

/** Bits of KeyUsage, RFC 5280 section 4.2.1.3, first bit leftmost. */
const KeyUsage = {
  digitalSignature: 0x80, nonRepudiation: 0x40, keyEncipherment: 0x20, keyAgreement: 0x08, keyCertSign: 0x04, cRLSign: 0x02,
} as const;

const GeneralNameType = { dns: 2, ip: 7 } as const;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Issues one certificate. Self-signed where the request's public key is the issuer's own.
 * Valid from an hour ago, for verifiers whose clock is behind.
 * @returns DER
 * @throws KeyError `NAME_INVALID`
 */
export async function issueCertificate(request: CertificateRequest, issuer: Issuer): Promise<Uint8Array> {
  const now = Date.now();
  const algorithm = signatureAlgorithm(issuer.keys.privateKey);
  const certificate = new Certificate({
    version: 2,
    serialNumber: new Integer({ valueHex: serialNumber().buffer }),
    signature: algorithm,
    signatureAlgorithm: algorithm,
    issuer: distinguishedName(issuer.name),
    subject: distinguishedName(request.subject),
    notBefore: time(now - HOUR_MS),
    notAfter: time(now - HOUR_MS + request.days * DAY_MS),
    subjectPublicKeyInfo: PublicKeyInfo.fromBER(buffer(publicKeyDer(request.publicKey))),
    extensions: extensions(request, issuer),
  });
  const tbs = Buffer.from(certificate.encodeTBS().toBER(false));
  const signature = await promisify<string, Buffer, KeyObject, Buffer>(sign)('sha256', tbs, issuer.keys.privateKey);
  certificate.signatureValue = new BitString({ valueHex: buffer(signature) });
  return new Uint8Array(certificate.toSchema(true).toBER(false));
}

function extensions({ use, publicKey }: CertificateRequest, issuer: Issuer): Extension[] {
  const constraints = use.kind === 'authority' ? { cA: true, pathLenConstraint: 0 } : { cA: false };
  const list = [
    extension(OID.basicConstraints, true, new BasicConstraints(constraints).toSchema()),
    extension(OID.keyUsage, true, bits(keyUsage(use, publicKey))),
    extension(OID.subjectKeyIdentifier, false, new OctetString({ valueHex: keyIdentifier(publicKey) })),
    extension(OID.authorityKeyIdentifier, false,
      new AuthorityKeyIdentifier({ keyIdentifier: new OctetString({ valueHex: keyIdentifier(issuer.keys.publicKey) }) }).toSchema()),
  ];
  if (use.kind === 'server') {
    list.push(extension(OID.extendedKeyUsage, false, new ExtKeyUsage({ keyPurposes: [OID.serverAuth] }).toSchema()));
    list.push(extension(OID.subjectAltName, false, new GeneralNames({ names: use.hosts.map((host) => generalName(host, false)) }).toSchema()));
  }
  if (use.kind === 'authority' && use.hosts !== undefined) {
    const permittedSubtrees = use.hosts.map((host) => new GeneralSubtree({ base: generalName(host, true) }));
    list.push(extension(OID.nameConstraints, true, new NameConstraints({ permittedSubtrees }).toSchema()));
  }
  return list;
}

function keyUsage(use: Use, publicKey: KeyObject): number {
  switch (use.kind) {
    case 'authority': return KeyUsage.keyCertSign | KeyUsage.cRLSign;
    case 'signing': return KeyUsage.digitalSignature | KeyUsage.nonRepudiation;
    case 'server': return KeyUsage.digitalSignature;
    case 'decryption': return publicKey.asymmetricKeyType === 'rsa' ? KeyUsage.keyEncipherment : KeyUsage.keyAgreement;
  }
}

/** A BIT STRING without trailing zero bits, as DER wants of named bits (X.690 section 11.2.2). */
function bits(byte: number): BitString {
  return new BitString({ valueHex: Uint8Array.of(byte).buffer, unusedBits: 31 - Math.clz32(byte & -byte) });
}

/** A DNS name or an address; as a constraint an address carries a mask of all ones (RFC 5280 section 4.2.1.10). */
function generalName(host: string, constraint: boolean): GeneralName {
  if (isIP(host) === 0) return new GeneralName({ type: GeneralNameType.dns, value: host });
  const address = isIPv4(host) ? host.split('.').map(Number) : ipv6Bytes(host);
  const value = Uint8Array.from(constraint ? [...address, ...address.map(() => 0xff)] : address);
  return new GeneralName({ type: GeneralNameType.ip, value: new OctetString({ valueHex: value.buffer }) });
}

/** The 16 bytes of an IPv6 address in any of its spellings: the URL parser writes it in hexadecimal groups first. */
function ipv6Bytes(address: string): number[] {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string) => part.split(':').filter((group) => group !== '').map((group) => Number.parseInt(group, 16));
  const before = groups(head);
  const after = groups(tail ?? '');
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
  return all.flatMap((group) => [group >> 8, group & 0xff]);
}

function extension(extnID: string, critical: boolean, value: { toBER(sizeOnly: boolean): ArrayBuffer }): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER(false) });
}

/** RFC 7093 section 2, method 1: the leftmost 160 bits of SHA-256 over the public key's bit string. */
function keyIdentifier(publicKey: KeyObject): ArrayBuffer {
  const info = PublicKeyInfo.fromBER(buffer(publicKeyDer(publicKey)));
  return buffer(createHash('sha256').update(info.subjectPublicKey.valueBlock.valueHexView).digest().subarray(0, 20));
}

function signatureAlgorithm(key: KeyObject): AlgorithmIdentifier {
  return key.asymmetricKeyType === 'rsa'
    ? new AlgorithmIdentifier({ algorithmId: OID.rsaWithSha256, algorithmParams: new Null() })
    : new AlgorithmIdentifier({ algorithmId: OID.ecdsaWithSha256 });
}

/** 16 random bytes, positive and without a leading zero byte, so that the DER is as long as it says. */
function serialNumber(): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

/** Assembled from ASN.1 parts: pkijs alone would put every part into one SET, which is a name of another meaning. */
function distinguishedName(name: Name): RelativeDistinguishedNames {
  const parts = [[OID.organization, name.organization], [OID.unit, name.unit], [OID.commonName, name.commonName]] as const;
  const value = parts.flatMap(([type, text]) => (text === undefined ? [] : [new Asn1Set({
    value: [new AttributeTypeAndValue({ type, value: new Utf8String({ value: checkedName(text) }) }).toSchema()],
  })]));
  return RelativeDistinguishedNames.fromBER(new Sequence({ value }).toBER(false));
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
function time(ms: number): Time {
  const value = new Date(Math.floor(ms / 1000) * 1000);
  return new Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value });
}

function buffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
