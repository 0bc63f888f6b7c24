/**
 * Reads a revocation list (RFC 5280 section 5) from anybody: hostile bytes too. Time and memory grow with the length of the
 * list and with nothing in it. Lists of version 2 only: an extension that is critical and not known here changes
 * what the list means (section 5.2), so it refuses the list. One for a part of the certificates (section 5.2.5) is read only by who asks for
 * its scope; lists of other issuers' certificates (indirect), of some reasons, and of attribute certificates never are.
 *
 * `readCrl` believes what it reads; `crlIssuedBy` says whether the issuer signed it. Neither says that it is the newest.
 */
import { verify, X509Certificate, type KeyObject } from 'node:crypto';
import { describeName } from '#biometrics/cms.ts';
import { around, children, equalBytes, inPlace, Members, readBitString, readDer, readOid, sequence, smallInteger, Tag, type Element } from '#biometrics/cms/der.ts';
import { readCertificateParts } from '#biometrics/cms/certificate.ts';
import { RecordError } from '#biometrics/errors.ts';
import { serialOf } from './certificate.ts';
import { CRL_OID, ENUMERATED, REASONS, type ListScope, type RevocationList, type RevocationListReason, type RevokedCertificate } from './crl.ts';
import { KeyError } from './errors.ts';
import { KeyUsage, readKeyUsage } from './key-usage.ts';
import { SignatureAlgorithm } from './x509-parts.ts';

export type { RevocationList, RevokedCertificate } from './crl.ts';

const MAX_CRL = 4 * 1_024 * 1_024;
const MAX_ENTRIES = 65_536;
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
const ISSUING_DISTRIBUTION_POINT = '2.5.29.28';
const BOOLEAN = 0x01;

/**
 * @param lists `partitioned`: those too that say of a part of the certificates only; then `scope` must be asked before "not in the list" counts
 * @throws KeyError `CRL_MALFORMED`
 */
export function readCrl(der: Uint8Array, lists: 'complete' | 'partitioned' = 'complete'): RevocationList {
  return orMalformed(() => {
    const { issuer, thisUpdate, nextUpdate, revoked, extensions } = readSigned(der);
    const found = readExtensions(extensions, [CRL_OID.number, AUTHORITY_KEY_IDENTIFIER, ...(lists === 'partitioned' ? [ISSUING_DISTRIBUTION_POINT] : [])]);
    const scope = found.get(ISSUING_DISTRIBUTION_POINT);
    const number = found.get(CRL_OID.number);
    return {
      issuer: describeName(readDer(sequence(issuer.whole, smallInteger(0)), 'issuer')).issuer,
      number: number === undefined ? null : readNumber(number),
      thisUpdate: readTime(thisUpdate), nextUpdate: nextUpdate === null ? null : readTime(nextUpdate),
      entries: revoked.map(readEntry),
      scope: scope === undefined ? null : readScope(scope),
    };
  });
}

/**
 * Whether that issuer signed the list: names are the same bytes, the certificate may sign lists (cRLSign, where it
 * limits its key at all: RFC 5280 section 6.3.3 (f)), and the signature (ECDSA or RSA, with SHA-256, -384 or -512) is that of its key.
 * @throws KeyError `CRL_MALFORMED`, `CERTIFICATE_MALFORMED`
 */
export function crlIssuedBy(der: Uint8Array, issuerCertificate: Uint8Array): boolean {
  const { issuer, signed, algorithm, signature } = orMalformed(() => readSigned(der));
  const usage = readKeyUsage(issuerCertificate) ?? KeyUsage.cRLSign;
  if ((usage & KeyUsage.cRLSign) === 0 || !equalBytes(issuer.whole, readCertificateParts(issuerCertificate).subject)) return false;
  const publicKey = publicKeyOf(issuerCertificate);
  // with any other kind of key (Ed25519, X25519) node:crypto throws instead of answering no
  const type = publicKey.asymmetricKeyType;
  const scheme = SIGNATURES[algorithm];
  return scheme !== undefined && scheme.type === type && verify(scheme.hash, signed, publicKey, signature);
}

/** What a list of its issuer says of a certificate (DER): nothing, or one thing, unless its issuer was careless. Names are not compared here. */
export function entriesOf(certificate: Uint8Array, { entries }: RevocationList): RevokedCertificate[] {
  const serial = serialOf(certificate);
  return entries.filter((entry) => entry.serial === serial);
}

/**
 * From when nothing that a certificate signed is to be believed (RFC 5280 section 5.3.2), RFC 3339. A day behind the revocation itself is
 * for certificates that were replaced in peace (`tenant/enrol.ts`); RFC 5280 knows only earlier ones.
 */
export function disbelievedSince({ revokedAt, invalidSince, reason }: Omit<RevokedCertificate, 'serial'>): string {
  if (invalidSince === null) return revokedAt;
  return reason !== 'superseded' && Date.parse(invalidSince) > Date.parse(revokedAt) ? revokedAt : invalidSince;
}

/** RFC 5758 section 3.2 and RFC 4055 section 5. */
const SIGNATURES: Record<string, { type: 'ec' | 'rsa'; hash: string }> = {
  [SignatureAlgorithm.ecdsaWithSha256]: { type: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { type: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { type: 'ec', hash: 'sha512' },
  [SignatureAlgorithm.rsaWithSha256]: { type: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { type: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { type: 'rsa', hash: 'sha512' },
};

function publicKeyOf(certificate: Uint8Array): KeyObject {
  try {
    return new X509Certificate(certificate).publicKey;
  } catch (cause) {
    throw new KeyError('CERTIFICATE_MALFORMED', 'The certificate of the issuer of a revocation list, or the key in it, cannot be read.', { cause });
  }
}

interface SignedList {
  /** TBSCertList, DER: what the signature is over. */
  signed: Uint8Array;
  algorithm: string;
  signature: Uint8Array;
  issuer: Element;
  thisUpdate: Element;
  nextUpdate: Element | null;
  revoked: Element[];
  extensions: Element | null;
}

function readSigned(der: Uint8Array): SignedList {
  if (der.length > MAX_CRL) throw malformed(`it is longer than ${MAX_CRL} bytes`);
  const outer = new Members(readDer(der, 'the list'), 'the list');
  const body = outer.next(Tag.sequence);
  const algorithm = outer.next(Tag.sequence);
  const signature = readBitString(outer.next(Tag.bitString), 'signature');
  outer.end();
  const members = new Members(body, 'the list');
  members.version(1);
  // Section 5.1.1.2: the algorithm outside must be the one that was signed.
  if (!equalBytes(members.next(Tag.sequence).whole, algorithm.whole)) throw malformed('it names two signature algorithms');
  const issuer = members.next(Tag.sequence);
  const thisUpdate = nextTime(members);
  if (thisUpdate === null) throw malformed('it does not say when it was made');
  const nextUpdate = nextTime(members);
  const revoked = members.optional(Tag.sequence);
  const extensions = members.optional(around(0));
  members.end();
  return {
    signed: body.whole, algorithm: readOid(new Members(algorithm, 'signature algorithm').next(Tag.oid)), signature, issuer, thisUpdate, nextUpdate,
    revoked: revoked === null ? [] : children(revoked, 'the list', MAX_ENTRIES),
    extensions: extensions === null ? null : readDer(extensions.content, 'extensions'),
  };
}

function readEntry(entry: Element): RevokedCertificate {
  const members = new Members(entry, 'an entry');
  const serial = members.next(Tag.integer).content;
  const revokedAt = nextTime(members);
  if (revokedAt === null || serial.length === 0 || serial.length > 21) throw malformed('an entry lacks its time or its serial number');
  const found = readExtensions(members.optional(Tag.sequence), [CRL_OID.reason, CRL_OID.invalidityDate]);
  members.end();
  const reason = found.get(CRL_OID.reason);
  const invalidSince = found.get(CRL_OID.invalidityDate);
  return {
    serial: Buffer.from(serial).toString('hex').replace(/^0+(?=.)/, ''),
    revokedAt: readTime(revokedAt),
    reason: reason === undefined ? 'unspecified' : readReason(reason),
    invalidSince: invalidSince === undefined ? null : readTime(invalidSince, [Tag.generalizedTime]),
  };
}

/** Values by type. An unknown one is passed over, unless it is critical; none may come twice (section 4.2). */
function readExtensions(list: Element | null, known: readonly string[]): Map<string, Element> {
  const found = new Map<string, Element>();
  if (list === null) return found;
  if (list.tag !== Tag.sequence) throw malformed('its extensions are no sequence');
  for (const each of children(list, 'extensions')) {
    const members = new Members(each, 'extension');
    const type = readOid(members.next(Tag.oid));
    const critical = (members.optional(BOOLEAN)?.content[0] ?? 0) !== 0;
    const value = members.next(Tag.octetString);
    members.end();
    if (found.has(type)) throw malformed(`extension ${type} comes twice`);
    if (critical && !known.includes(type)) throw malformed(`extension ${type} is critical and not known here`);
    if (known.includes(type)) found.set(type, readDer(value.content, 'extension'));
  }
  return found;
}

function readScope(value: Element): ListScope {
  if (value.tag !== Tag.sequence) throw malformed('its distribution point is no sequence');
  const members = new Members(value, 'distribution point');
  const point = members.optional(around(0));
  const isTrue = (n: number): boolean => (members.optional(inPlace(n))?.content[0] ?? 0) !== 0;
  const [users, authorities] = [isTrue(1), isTrue(2)];
  if (members.optional(inPlace(3)) !== null) throw malformed('it is of some reasons only');
  if (isTrue(4)) throw malformed('it is of the certificates of other issuers (indirect)');
  if (isTrue(5) || (users && authorities)) throw malformed('it is of attribute certificates');
  members.end();
  return { names: point === null ? [] : readFullName(point), only: users ? 'users' : authorities ? 'authorities' : null };
}

/** A name relative to the issuer is one for directories, and matches nothing here. */
function readFullName(point: Element): Uint8Array[] {
  const [name] = children(point, 'distribution point');
  if (name?.tag !== around(0)) throw malformed('its distribution point has no full name');
  return children(name, 'distribution point').map(({ whole }) => whole);
}

function readReason(value: Element): RevocationListReason {
  const reason = value.tag === ENUMERATED && value.content.length === 1 ? REASONS[value.content[0]!] : null;
  if (reason === null || reason === undefined) throw malformed('an entry has a reason that does not exist');
  return reason;
}

function readNumber(value: Element): number {
  const number = Number(`0x${Buffer.from(value.content).toString('hex')}`);
  if (value.tag !== Tag.integer || !Number.isSafeInteger(number) || value.content[0]! >= 0x80) throw malformed('its number is not a whole one up to 2^53');
  return number;
}

function nextTime(members: Members): Element | null {
  return members.optional(Tag.utcTime) ?? members.optional(Tag.generalizedTime);
}

/** Whole seconds in UTC, as section 5.1.2.4 wants them. UTCTime from 50 on is of the last century (section 4.1.2.5.1). */
function readTime({ tag, content }: Element, tags: readonly number[] = [Tag.utcTime, Tag.generalizedTime]): string {
  const digits = Buffer.from(content).toString('latin1');
  const century = tag === Tag.generalizedTime ? '' : Number(digits.slice(0, 2)) < 50 ? '20' : '19';
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + digits);
  const text = parts === null ? '' : `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}.000Z`;
  const at = new Date(text);
  // A 31st of February would become a day of March.
  if (!tags.includes(tag) || Number.isNaN(at.getTime()) || at.toISOString() !== text) throw malformed('it has a time that cannot be read');
  return text;
}

function orMalformed<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof RecordError)) throw cause;
    throw malformed(cause.message, cause);
  }
}

function malformed(why: string, cause?: Error): KeyError {
  return new KeyError('CRL_MALFORMED', `This revocation list cannot be read: ${why}.`, { cause });
}
