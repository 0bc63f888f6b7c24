/**
 * Whether a certificate may sign time-stamps (RFC 3161 section 2.3): extended key usage with the one purpose timeStamping,
 * critical; and whether the token's own words about its authority fit it. The path to a root is `verify/chain.ts`.
 */
import { createHash } from 'node:crypto';
import { readCertificateParts } from '#biometrics/cms/certificate.ts';
import { Members, Tag, around, children, equalBytes, readDer, readOid, sequence, type Element } from '#biometrics/cms/der.ts';
import { OID } from './object-identifiers.ts';

const BOOLEAN = 0x01;

/** @throws RecordError `CMS_MALFORMED` */
export function isForTimeStamps(certificate: Uint8Array): boolean {
  const usage = extensionsOf(certificate).find(({ type }) => type === OID.extendedKeyUsage);
  if (usage === undefined || !usage.critical) return false;
  const purposes = children(readDer(usage.value, 'extended key usage'), 'extended key usage').map(readOid);
  return purposes.length === 1 && purposes[0] === OID.timeStamping;
}

export interface Extension { type: string; critical: boolean; value: Uint8Array<ArrayBuffer> }

/** @throws RecordError `CMS_MALFORMED` */
export function extensionsOf(certificate: Uint8Array): Extension[] {
  const body = new Members(readDer(certificate, 'certificate'), 'certificate').next(Tag.sequence);
  const wrapped = children(body, 'certificate').find(({ tag }) => tag === around(3));
  if (wrapped === undefined) return [];
  return children(readDer(wrapped.content, 'extensions'), 'extensions').map((extension) => {
    const members = new Members(extension, 'extension');
    const type = readOid(members.next(Tag.oid));
    const critical = members.optional(BOOLEAN);
    return { type, critical: critical !== null && critical.content[0] !== 0, value: members.next(Tag.octetString).content };
  });
}

/**
 * SigningCertificate (RFC 2634 section 5.4): its first ESSCertID names this certificate by SHA-1, as RFC 3161 knew it before
 * RFC 5816. To pass off another certificate by it would take a second preimage of SHA-1, which nobody can make; collisions do not help.
 * @param value DER
 * @throws RecordError `CMS_MALFORMED`
 */
export function namedBySha1(value: Uint8Array, certificate: Uint8Array): boolean {
  const list = new Members(readDer(value, 'signing certificate'), 'signing certificate').next(Tag.sequence);
  const id = new Members(new Members(list, 'signing certificate').next(Tag.sequence), 'signing certificate');
  const digest = id.next(Tag.octetString).content;
  return equalBytes(digest, new Uint8Array(createHash('sha1').update(certificate).digest())) && issuerAndSerialFit(id.optional(Tag.sequence), certificate);
}

/** IssuerSerial (RFC 5035 section 5.4.1.1) may be left out; the issuer is one directoryName. */
function issuerAndSerialFit(named: Element | null, certificate: Uint8Array): boolean {
  if (named === null) return true;
  const members = new Members(named, 'issuer and serial number');
  const [issuer] = children(members.next(Tag.sequence), 'issuer');
  if (issuer?.tag !== DIRECTORY_NAME) return false;
  return equalBytes(sequence(issuer.content, members.next(Tag.integer).whole), readCertificateParts(certificate).name);
}

const DIRECTORY_NAME = around(4);

/**
 * Whether the token's `tsa` is the subject of the certificate (RFC 3161 section 2.4.2). A name of another form than a
 * directory name is left aside: the signed reference to the certificate is what binds the two.
 */
export function isSubject(name: Element, certificate: Uint8Array): boolean {
  if (name.tag !== DIRECTORY_NAME) return true;
  return comparable(readDer(name.content, 'tsa')) === comparable(readDer(readCertificateParts(certificate).subject, 'subject'));
}

/** Types and texts, without regard to the string type, to case and to repeated spaces (RFC 5280 section 7.1, in its common part). */
function comparable(name: Element): string {
  return JSON.stringify(children(name, 'name').flatMap((set) => children(set, 'name')).map((attribute) => {
    const members = new Members(attribute, 'name');
    const type = readOid(members.next(Tag.oid));
    const [, value] = children(attribute, 'name');
    return [type, new TextDecoder().decode(value?.content).trim().replace(/\s+/g, ' ').toLowerCase()];
  }));
}
