/**
 * Whether what a certification authority gave back may seal: it is of our key, whole up to a root, in time, and for signing.
 *
 * Does not say whether anybody trusts that root: readers have lists of their own. Revocation is not asked for here.
 */
import { X509Certificate, type KeyObject } from 'node:crypto';
import { readCertificateParts } from '#biometrics/cms.ts';
import { equalBytes } from '#biometrics/cms/der.ts';
import { describeCertificate } from '../certificate.ts';
import { DEMO_AUTHORITY_NAME } from '../demo-authority.ts';
import { KeyError } from '../errors.ts';
import { KeyUsage, readKeyUsage } from '../key-usage.ts';
import { tenantOfRoot } from '../tenant/names.ts';

/** Who vouches for the name in it. */
export type SealKind = 'self-signed' | 'demo' | 'tenant' | 'authority';

export interface SealCertificate {
  /** DER. */
  certificate: Uint8Array;
  /** Its issuer first, root last, DER; empty where it is self-signed. */
  chain: Uint8Array[];
  kind: SealKind;
}

const MAX_CHAIN = 8;

/** Extended uses (RFC 5280 section 4.2.1.12) under which PDF readers take a seal: any, documents (RFC 9336, Adobe, Microsoft), e-mail. */
const SEALING_USES = new Set(['2.5.29.37.0', '1.3.6.1.5.5.7.3.36', '1.2.840.113583.1.1.5', '1.3.6.1.4.1.311.10.3.12', '1.3.6.1.5.5.7.3.4']);

/**
 * @param given in any order, DER
 * @throws KeyError `CERTIFICATE_OF_ANOTHER_KEY`, `CERTIFICATE_MALFORMED`, `CERTIFICATE_EXPIRED`, `SEAL_CERTIFICATE_UNFIT`
 */
export function checkSealCertificate(given: readonly Uint8Array[], publicKey: KeyObject, now: Date): SealCertificate {
  for (const der of given) describeCertificate(der);
  const certificates = given.map((der) => new X509Certificate(der));
  const own = certificates.find((each) => each.publicKey.equals(publicKey));
  if (own === undefined) throw new KeyError('CERTIFICATE_OF_ANOTHER_KEY', 'None of these certificates is of the key that the request was made with.');
  checkUse(own);
  const path = pathOf(own, certificates);
  for (const each of path) checkDates(each, now);
  const chain = path.slice(1).map(({ raw }) => new Uint8Array(raw));
  return { certificate: new Uint8Array(own.raw), chain, kind: sealKindOf(chain) };
}

/** Who vouches for it, in words for whoever installs or reads it. */
export function wordsOf(kind: SealKind, issuer: string): string {
  switch (kind) {
    case 'self-signed': return 'self-signed: nobody but its owner vouches for the name in it';
    case 'demo': return 'of a demonstration: no evidence';
    case 'tenant': return `of the tenant’s own authority (${issuer}): only who was given its root can check the name in it`;
    case 'authority': return `issued by ${issuer}; each reader decides whether to trust that authority`;
  }
}

function checkUse(certificate: X509Certificate): void {
  const usage = readKeyUsage(new Uint8Array(certificate.raw));
  // RFC 5280 section 4.2.1.3: where it does not limit the key, every use is allowed
  if (usage !== null && (usage & (KeyUsage.digitalSignature | KeyUsage.nonRepudiation)) === 0) throw unfit('its KeyUsage has neither digitalSignature nor nonRepudiation. Ask the authority for one for sealing documents');
  // Node's `keyUsage` is the extended one
  const uses: readonly string[] | undefined = certificate.keyUsage;
  if (uses !== undefined && !uses.some((use) => SEALING_USES.has(use))) throw unfit(`it is for other uses (${uses.join(', ')}). Ask the authority for one for sealing documents`);
  if (certificate.ca && !isSelfSigned(certificate)) throw unfit('it is the certificate of an authority');
}

/** From the certificate to a self-signed one; each signature on the way was checked. */
function pathOf(own: X509Certificate, certificates: readonly X509Certificate[]): X509Certificate[] {
  const path = [own];
  for (let at = own; !isSelfSigned(at);) {
    const above = certificates.find((each) => each.ca && at.checkIssued(each) && at.verify(each.publicKey));
    if (above === undefined) throw unfit(`the certificate of its issuer is missing: ${oneLine(at.issuer)}. Give all certificates up to the root`);
    if (path.includes(above) || path.length >= MAX_CHAIN) throw unfit('its issuers go round in a circle');
    path.push(above);
    at = above;
  }
  return path;
}

/** Not by `checkIssued`: that asks for keyCertSign, which the self-signed certificate of a seal need not have. */
function isSelfSigned(certificate: X509Certificate): boolean {
  const { subject, issuer } = readCertificateParts(new Uint8Array(certificate.raw));
  return equalBytes(subject, issuer) && certificate.verify(certificate.publicKey);
}

function checkDates({ subject, validFromDate, validToDate }: X509Certificate, now: Date): void {
  if (validToDate < now) throw new KeyError('CERTIFICATE_EXPIRED', `The certificate of ${oneLine(subject)} ended on ${day(validToDate)}.`);
  if (validFromDate > now) throw unfit(`that of ${oneLine(subject)} begins on ${day(validFromDate)}. Wait, or set this machine’s clock`);
}

/** @param chain as in `SealCertificate` */
export function sealKindOf(chain: readonly Uint8Array[]): SealKind {
  const root = chain.at(-1);
  if (root === undefined) return 'self-signed';
  if (new X509Certificate(root).subject === `CN=${DEMO_AUTHORITY_NAME}`) return 'demo';
  try {
    tenantOfRoot(root);
    return 'tenant';
  } catch (error) {
    if (error instanceof KeyError) return 'authority';
    throw error;
  }
}

function unfit(why: string): KeyError {
  return new KeyError('SEAL_CERTIFICATE_UNFIT', `This certificate cannot be installed: ${why}.`);
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
