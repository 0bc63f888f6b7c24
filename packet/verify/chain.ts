/**
 * From a signer's certificate to a trusted root (RFC 5280 section 6, in the part that a tenant's CA needs): names,
 * signatures, validity at one time, basic constraints, path length, key usage, critical extensions.
 *
 * Not done: revocation (`revocation.ts`), name constraints and policies (a certificate that makes them critical is refused).
 * A claimed time proves nothing about a certificate: it must hold at the present, or at a time that a time-stamp proves.
 */
import { X509Certificate } from 'node:crypto';
import * as pkijs from 'pkijs';
import { describeCertificate, hasDates, serialOf } from '#keys/certificate.ts';
import { DEMO_AUTHORITY_NAME } from '#keys/demo-authority.ts';
import type { UndeterminedBecause } from './result.ts';

export interface ChainProblem { because: UndeterminedBecause; code: string; message: string }

/** Longest path from leaf to root, both counted. */
const LONGEST = 8;

/**
 * @param others certificates that may lie between; anything may stand among them, and what cannot be read is ignored.
 * @param at when every certificate must be valid: the present, or an earlier time at which the signature is `proven` to have existed
 * @returns null if the leaf leads to one of the roots and every certificate on the way holds; else why not.
 */
export function checkChain(leaf: Uint8Array, others: readonly Uint8Array[], roots: readonly Uint8Array[], at: Date, proven = false): ChainProblem | null {
  const signer = parse(leaf);
  if (signer === null) return { because: 'NO_SIGNING_CERTIFICATE_FOUND', code: 'CERTIFICATE_UNREADABLE', message: 'The signer\'s certificate cannot be read.' };
  const path = findPath(signer, readable(others), readable(roots));
  if (path === null) {
    return { because: 'NO_CERTIFICATE_CHAIN_FOUND', code: 'ROOT_UNKNOWN', message: `The certificate of ${name(signer)} does not lead to a root you trust. Its issuer is ${describeCertificate(signer.raw).issuer}.` };
  }
  return checkSigner(signer) ?? first(path, (certificate, index) => checkCertificate(certificate, index, path, at, proven)) ?? checkDemo(path);
}

/** The certificates from `leaf` to one of `roots`, both included, DER; the leaf alone where none is reached. */
export function pathOf(leaf: Uint8Array, others: readonly Uint8Array[], roots: readonly Uint8Array[]): Uint8Array[] {
  const signer = parse(leaf);
  const path = signer === null ? null : findPath(signer, readable(others), readable(roots));
  return path?.map(({ raw }) => new Uint8Array(raw)) ?? [leaf];
}

/** True for a certificate of a demo CA: its name says so, and `keys/` gives such a name to no other. */
export function isDemo(certificate: Uint8Array): boolean {
  const { subject, issuer } = describeCertificate(certificate);
  return isDemoName(subject) || issuer.includes(DEMO_AUTHORITY_NAME);
}

/** @param name as `CN=…, O=…` */
export function isDemoName(name: string): boolean {
  return /(^|, )CN=DEMO /.test(name) || name.includes(DEMO_AUTHORITY_NAME);
}

/**
 * Shortest path first. Each certificate is tried once, so that a heap of certificates that all name each other costs no
 * more than its square; of two paths to a root only the shorter is judged.
 */
function findPath(start: X509Certificate, others: readonly X509Certificate[], anchors: readonly X509Certificate[]): X509Certificate[] | null {
  const untried = new Set([...anchors, ...others]);
  let paths: X509Certificate[][] = [[start]];
  for (let length = 1; length <= LONGEST; length++) {
    const found = paths.find((path) => anchors.some((anchor) => anchor.raw.equals(last(path).raw)));
    if (found !== undefined) return found;
    paths = paths.flatMap((path) => Array.from(untried)
      .filter((issuer) => signedBy(last(path), issuer) && untried.delete(issuer))
      .map((issuer) => [...path, issuer]));
  }
  return null;
}

function last(path: readonly X509Certificate[]): X509Certificate {
  return path.at(-1) as X509Certificate;
}

/** Names, key identifiers and the signature itself. */
export function signedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function checkSigner(signer: X509Certificate): ChainProblem | null {
  const usage = keyUsage(signer);
  if (usage !== null && (usage & (DIGITAL_SIGNATURE | NON_REPUDIATION)) === 0) {
    return { because: 'CHAIN_CONSTRAINTS_FAILURE', code: 'KEY_USAGE', message: `The certificate of ${name(signer)} is not for signing.` };
  }
  return null;
}

/**
 * False for a certificate whose every purpose (RFC 5280 section 4.2.1.12) is a machine's: for TLS servers and clients, code, time-stamps,
 * OCSP. It may not be used for any other, so the key of a web server under the same root signs no document.
 */
export function mayBeForDocuments(certificate: Uint8Array): boolean {
  const signer = parse(certificate);
  const usage: unknown = signer === null ? null : extensionValue(signer, '2.5.29.37');
  return !(usage instanceof pkijs.ExtKeyUsage) || usage.keyPurposes.some((purpose) => !MACHINES.includes(purpose));
}

function checkCertificate(certificate: X509Certificate, index: number, path: readonly X509Certificate[], at: Date, proven: boolean): ChainProblem | null {
  if (at < certificate.validFromDate || at > certificate.validToDate) {
    const { notBefore, notAfter } = describeCertificate(certificate.raw);
    return { because: 'OUT_OF_BOUNDS_NO_POE', code: 'CERTIFICATE_NOT_VALID_NOW', message: `The certificate of ${name(certificate)} is valid from ${notBefore} to ${notAfter}, not ${proven ? `at ${at.toISOString()}, where a time-stamp sees the signature first` : 'now'}, and nothing proves that the signature was made in that time.` };
  }
  const unknown = parsed(certificate).extensions?.find(({ critical, extnID }) => critical && !UNDERSTOOD.includes(extnID));
  if (unknown !== undefined) {
    return { because: 'CHAIN_CONSTRAINTS_FAILURE', code: 'CRITICAL_EXTENSION', message: `The certificate of ${name(certificate)} has a critical extension (${unknown.extnID}) that is not understood here.` };
  }
  // the root is trusted because it was given, not because of a signature
  const isRoot = index === path.length - 1;
  if (!isRoot && WEAK.includes(parsed(certificate).signatureAlgorithm.algorithmId)) {
    return { because: 'CRYPTO_CONSTRAINTS_FAILURE', code: 'WEAK_ALGORITHM', message: `The certificate of ${name(certificate)} was signed with MD5 or SHA-1, which can be forged.` };
  }
  return weakKey(certificate.raw) ?? (index === 0 ? null : checkIssuer(certificate, index, path));
}

/** RSA keys that can be broken (EN 319 102-1 clause 5.2.8 with ETSI TS 119 312). */
export function weakKey(der: Uint8Array): ChainProblem | null {
  const certificate = parse(der);
  if (certificate === null) return null;
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength;
  if (bits === undefined || bits >= 2048) return null;
  return { because: 'CRYPTO_CONSTRAINTS_FAILURE', code: 'WEAK_ALGORITHM', message: `The key of ${name(certificate)} has ${bits} bits; fewer than 2048 can be broken.` };
}

/** RFC 5280 section 6.1.4 (k), (l), (m), (n). `index` counts from the leaf: certificates between are index - 1. */
function checkIssuer(certificate: X509Certificate, index: number, path: readonly X509Certificate[]): ChainProblem | null {
  const usage = keyUsage(certificate);
  const constraints = basicConstraints(certificate);
  const below = path.slice(1, index).filter(({ subject, issuer }) => subject !== issuer).length;
  if (constraints?.cA !== true || (usage !== null && (usage & KEY_CERT_SIGN) === 0)) {
    return { because: 'CHAIN_CONSTRAINTS_FAILURE', code: 'NOT_AN_AUTHORITY', message: `The certificate of ${name(certificate)} may not issue certificates.` };
  }
  const longest = constraints.pathLenConstraint;
  if (typeof longest === 'number' && below > longest) {
    return { because: 'CHAIN_CONSTRAINTS_FAILURE', code: 'PATH_TOO_LONG', message: `The certificate of ${name(certificate)} allows ${longest} authorities below it; there are ${below}.` };
  }
  return null;
}

/** A demo certificate proves nothing, whatever stands above it: a production root that signed one was misused. */
function checkDemo(path: readonly X509Certificate[]): ChainProblem | null {
  const demo = path.some(({ raw }) => isDemo(raw));
  if (!demo || isDemo(last(path).raw)) return null;
  return { because: 'CHAIN_CONSTRAINTS_FAILURE', code: 'DEMO_UNDER_PRODUCTION_ROOT', message: 'A demo certificate is never valid under a production root.' };
}

const DIGITAL_SIGNATURE = 0x80;
const NON_REPUDIATION = 0x40;
const KEY_CERT_SIGN = 0x04;
/** Key identifiers, key usage, alternative name, basic constraints, certificate policies, extended key usage. */
const UNDERSTOOD = ['2.5.29.14', '2.5.29.15', '2.5.29.17', '2.5.29.19', '2.5.29.32', '2.5.29.35', '2.5.29.37'];
const MACHINES = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.3', '1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.9'];
/** MD2, MD4, MD5 and SHA-1 with RSA; SHA-1 with ECDSA and with DSA. */
const WEAK = ['1.2.840.113549.1.1.2', '1.2.840.113549.1.1.3', '1.2.840.113549.1.1.4', '1.2.840.113549.1.1.5', '1.2.840.10045.4.1', '1.2.840.10040.4.3'];

/** The first octet of the KeyUsage bits (section 4.2.1.3), or null where the extension is missing. */
function keyUsage(certificate: X509Certificate): number | null {
  const value: unknown = extensionValue(certificate, '2.5.29.15');
  if (typeof value !== 'object' || value === null || !('valueBlock' in value)) return null;
  const { valueHexView } = value.valueBlock as { valueHexView?: Uint8Array };
  return valueHexView?.[0] ?? 0;
}

function basicConstraints(certificate: X509Certificate): pkijs.BasicConstraints | null {
  const value: unknown = extensionValue(certificate, '2.5.29.19');
  return value instanceof pkijs.BasicConstraints ? value : null;
}

function extensionValue(certificate: X509Certificate, id: string): unknown {
  return parsed(certificate).extensions?.find(({ extnID }) => extnID === id)?.parsedValue;
}

function readable(certificates: readonly Uint8Array[]): X509Certificate[] {
  return certificates.map(parse).filter((certificate) => certificate !== null);
}

function parsed(certificate: X509Certificate): pkijs.Certificate {
  return pkijs.Certificate.fromBER(new Uint8Array(certificate.raw));
}

/** Null for what cannot be read, dates included: a comparison with no date would hold. */
function parse(der: Uint8Array): X509Certificate | null {
  try {
    const certificate = new X509Certificate(der);
    parsed(certificate);
    // what no revocation list could be asked about
    serialOf(certificate.raw);
    return hasDates(certificate) ? certificate : null;
  } catch {
    return null;
  }
}

function name(certificate: X509Certificate): string {
  return describeCertificate(certificate.raw).subject;
}

function first<T, R>(items: readonly T[], check: (item: T, index: number) => R | null): R | null {
  for (const [index, item] of items.entries()) {
    const found = check(item, index);
    if (found !== null) return found;
  }
  return null;
}
