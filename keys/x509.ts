/**
 * Issues X.509 certificates (RFC 5280) with the extensions that OpenSSL, NSS and browsers ask for.
 *
 * Before it: `demo-authority.ts`, `examiner.ts`, `transport.ts` and `tenant/` say who the certificate is for.
 * It checks nobody's identity: a certificate is worth what its issuer's care is worth.
 */
import { randomBytes, type KeyObject } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { OctetString } from 'asn1js';
import { BasicConstraints, ExtKeyUsage, GeneralName, GeneralNames, GeneralSubtree, NameConstraints } from 'pkijs';
import { around, element, octetString, sequence, smallInteger } from '#biometrics/cms/der.ts';
import { publicKeyDer, type KeyPair } from './key-pair.ts';
import { KeyUsage } from './key-usage.ts';
import {
  authorityKeyIdentifier, bitString, distinguishedName, extension, integer, keyIdentifier, signatureAlgorithm, signed, time, type Name,
} from './x509-parts.ts';

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
  subjectKeyIdentifier: '2.5.29.14', keyUsage: '2.5.29.15', subjectAltName: '2.5.29.17', basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30', extendedKeyUsage: '2.5.29.37', serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

const GeneralNameType = { dns: 2, ip: 7 } as const;

/** Certificates are valid from so long before they are made, for verifiers whose clock is behind. */
export const EARLY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Issues one certificate. Self-signed where the request's public key is the issuer's own.
 * @returns DER
 * @throws KeyError `NAME_INVALID`
 */
export async function issueCertificate(request: CertificateRequest, issuer: Issuer): Promise<Uint8Array> {
  const from = Date.now() - EARLY_MS;
  return signed(sequence(
    element(around(0), smallInteger(2)),
    integer(serialNumber()),
    signatureAlgorithm(issuer.keys.privateKey),
    distinguishedName(issuer.name),
    sequence(time(new Date(from)), time(new Date(from + request.days * DAY_MS))),
    distinguishedName(request.subject),
    publicKeyDer(request.publicKey),
    element(around(3), sequence(...extensions(request, issuer))),
  ), issuer.keys.privateKey);
}

function extensions({ use, publicKey }: CertificateRequest, issuer: Issuer): Uint8Array[] {
  const constraints = use.kind === 'authority' ? { cA: true, pathLenConstraint: 0 } : { cA: false };
  const list = [
    extension(OID.basicConstraints, true, der(new BasicConstraints(constraints))),
    extension(OID.keyUsage, true, bits(keyUsage(use, publicKey))),
    extension(OID.subjectKeyIdentifier, false, octetString(keyIdentifier(publicKey))),
    authorityKeyIdentifier(issuer.keys.publicKey),
  ];
  if (use.kind === 'server') {
    list.push(extension(OID.extendedKeyUsage, false, der(new ExtKeyUsage({ keyPurposes: [OID.serverAuth] }))));
    list.push(extension(OID.subjectAltName, false, der(new GeneralNames({ names: use.hosts.map((host) => generalName(host, false)) }))));
  }
  if (use.kind === 'authority' && use.hosts !== undefined) {
    const permittedSubtrees = use.hosts.map((host) => new GeneralSubtree({ base: generalName(host, true) }));
    list.push(extension(OID.nameConstraints, true, der(new NameConstraints({ permittedSubtrees }))));
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
function bits(byte: number): Uint8Array {
  return bitString(Uint8Array.of(byte), 31 - Math.clz32(byte & -byte));
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

/** 16 random bytes, positive and without a leading zero byte, so that the DER is as long as it says. */
function serialNumber(): Uint8Array {
  const bytes = Uint8Array.from(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function der(value: { toSchema(): { toBER(sizeOnly: boolean): ArrayBuffer } }): Uint8Array {
  return new Uint8Array(value.toSchema().toBER(false));
}
