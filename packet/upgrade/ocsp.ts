/**
 * The Online Certificate Status Protocol (RFC 6960): the question about one certificate, and the answer, read from anybody and checked:
 * signed by the issuer or by whom the issuer lets answer (section 4.2.2.2), and about this certificate.
 * The question holds no nonce, as RFC 5019 has it for servers that answer many: the times in the answer say how fresh it is.
 * Before: `evidence.ts`. Not done: whether a responder's own certificate was revoked; `validation-data.ts` asks that.
 */
import { createHash, verify, X509Certificate } from 'node:crypto';
import { readCertificateParts } from '#biometrics/cms/certificate.ts';
import { algorithm, around, children, equalBytes, inPlace, malformed, Members, nothing, octetString, readBitString, readDer, readOid, sequence, Tag, type Element } from '#biometrics/cms/der.ts';
import { hasDates } from '#keys/certificate.ts';
import { extensionsOf } from '../time-stamp/authority-certificate.ts';
import { signedBy } from '../verify/chain.ts';

export interface OcspAnswer {
  status: 'good' | 'revoked' | 'unknown';
  /** Null unless revoked. */
  revokedAt: Date | null;
  thisUpdate: Date;
  nextUpdate: Date | null;
  /** The certificate that the issuer gave to a responder of its own, DER; null where the issuer answered itself. */
  responder: Uint8Array | null;
}

const OID = { basic: '1.3.6.1.5.5.7.48.1.1', noCheck: '1.3.6.1.5.5.7.48.1.5', extendedKeyUsage: '2.5.29.37', ocspSigning: '1.3.6.1.5.5.7.3.9', sha1: '1.3.14.3.2.26' } as const;
const HASHES: Record<string, string> = { [OID.sha1]: 'sha1', '2.16.840.1.101.3.4.2.1': 'sha256', '2.16.840.1.101.3.4.2.2': 'sha384', '2.16.840.1.101.3.4.2.3': 'sha512' };
const SIGNATURES: Record<string, string> = {
  '1.2.840.10045.4.3.2': 'sha256', '1.2.840.10045.4.3.3': 'sha384', '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256', '1.2.840.113549.1.1.12': 'sha384', '1.2.840.113549.1.1.13': 'sha512',
};
const ENUMERATED = 0x0a;

/** OCSPRequest, DER. The hashes in it are names (RFC 5019 section 2.1.1 wants SHA-1), and protect nothing. */
export function ocspRequest(certificate: Uint8Array, issuer: Uint8Array): Uint8Array {
  const { nameHash, keyHash, serial } = certificateId(certificate, issuer, 'sha1');
  const id = sequence(algorithm(OID.sha1, nothing()), octetString(nameHash), octetString(keyHash), serial);
  return sequence(sequence(sequence(sequence(id))));
}

/**
 * @param der OCSPResponse
 * @returns null where it says nothing about this certificate, or not by anybody who may
 * @throws RecordError `CMS_MALFORMED`
 */
export function readOcspAnswer(der: Uint8Array, certificate: Uint8Array, issuer: Uint8Array): OcspAnswer | null {
  const outer = new Members(readDer(der, 'OCSP answer'), 'OCSP answer');
  if (!equalBytes(outer.next(ENUMERATED).content, Uint8Array.of(0))) return null;
  const body = new Members(readDer(outer.next(around(0)).content, 'OCSP answer'), 'OCSP answer');
  if (readOid(body.next(Tag.oid)) !== OID.basic) return null;
  const basic = new Members(readDer(body.next(Tag.octetString).content, 'OCSP answer'), 'OCSP answer');
  const data = basic.next(Tag.sequence);
  const signatureAlgorithm = readOid(new Members(basic.next(Tag.sequence), 'OCSP signature').next(Tag.oid));
  const signature = readBitString(basic.next(Tag.bitString), 'OCSP signature');
  const carried = basic.optional(around(0));
  const certificates = carried === null ? [] : children(readDer(carried.content, 'OCSP certificates'), 'OCSP certificates', 16).map(({ whole }) => whole);

  const { producedAt, responses } = readData(data);
  const single = responses.find((each) => isAbout(each, certificate, issuer));
  const signer = [issuer, ...certificates.filter((each) => mayAnswer(each, issuer, producedAt))].find((each) => fits(each, data.whole, signatureAlgorithm, signature));
  if (single === undefined || signer === undefined) return null;
  return { ...readSingle(single), responder: signer === issuer ? null : signer };
}

/** True for a responder's certificate whose issuer says that nobody need ask about it (RFC 6960 section 4.2.2.2.1). */
export function needsNoCheck(certificate: Uint8Array): boolean {
  return extensionsOf(certificate).some(({ type }) => type === OID.noCheck);
}

function readData(data: Element): { producedAt: Date; responses: Element[] } {
  const members = new Members(data, 'OCSP data');
  members.optional(around(0));
  if (members.optional(around(1)) === null) members.next(around(2));
  const producedAt = readTime(members.next(Tag.generalizedTime));
  return { producedAt, responses: children(members.next(Tag.sequence), 'OCSP data') };
}

function readSingle(single: Element): Omit<OcspAnswer, 'responder'> {
  const members = new Members(single, 'OCSP status');
  members.next(Tag.sequence);
  const good = members.optional(inPlace(0));
  const revoked = good === null ? members.optional(around(1)) : null;
  if (good === null && revoked === null) members.next(inPlace(2));
  const thisUpdate = readTime(members.next(Tag.generalizedTime));
  const next = members.optional(around(0));
  return {
    status: good !== null ? 'good' : revoked !== null ? 'revoked' : 'unknown',
    revokedAt: revoked === null ? null : readTime(children(revoked, 'OCSP status')[0]),
    thisUpdate,
    nextUpdate: next === null ? null : readTime(readDer(next.content, 'OCSP status')),
  };
}

function isAbout(single: Element, certificate: Uint8Array, issuer: Uint8Array): boolean {
  const id = new Members(new Members(single, 'OCSP status').next(Tag.sequence), 'OCSP status');
  const hash = HASHES[readOid(new Members(id.next(Tag.sequence), 'OCSP status').next(Tag.oid))];
  if (hash === undefined) return false;
  const wanted = certificateId(certificate, issuer, hash);
  return equalBytes(id.next(Tag.octetString).content, wanted.nameHash) && equalBytes(id.next(Tag.octetString).content, wanted.keyHash)
    && equalBytes(id.next(Tag.integer).whole, wanted.serial);
}

function certificateId(certificate: Uint8Array, issuer: Uint8Array, hash: string): { nameHash: Uint8Array; keyHash: Uint8Array; serial: Uint8Array } {
  const { serial } = readCertificateParts(certificate);
  const { subject, publicKey } = readCertificateParts(issuer);
  const key = new Members(readDer(publicKey, 'public key'), 'public key');
  key.next(Tag.sequence);
  const digest = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash(hash).update(bytes).digest());
  return { nameHash: digest(subject), keyHash: digest(readBitString(key.next(Tag.bitString), 'public key')), serial };
}

/** A responder of the issuer's own: directly below it, for OCSP, and valid when it answered. */
function mayAnswer(candidate: Uint8Array, issuer: Uint8Array, at: Date): boolean {
  const usage = extensionsOf(candidate).find(({ type }) => type === OID.extendedKeyUsage);
  if (usage === undefined || !children(readDer(usage.value, 'extended key usage'), 'extended key usage').map(readOid).includes(OID.ocspSigning)) return false;
  try {
    const certificate = new X509Certificate(candidate);
    return hasDates(certificate) && at >= certificate.validFromDate && at <= certificate.validToDate && signedBy(certificate, new X509Certificate(issuer));
  } catch {
    return false;
  }
}

function fits(certificate: Uint8Array, data: Uint8Array, signatureAlgorithm: string, signature: Uint8Array): boolean {
  const hash = SIGNATURES[signatureAlgorithm];
  if (hash === undefined) return false;
  try {
    return verify(hash, data, new X509Certificate(certificate).publicKey, signature);
  } catch {
    return false;
  }
}

function readTime(element: Element | undefined): Date {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(Buffer.from(element?.content ?? []).toString('latin1'));
  const time = new Date(parts === null ? Number.NaN : `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`);
  if (element?.tag !== Tag.generalizedTime || Number.isNaN(time.getTime())) throw malformed('OCSP answer', 'has a time that cannot be read');
  return time;
}
