/**
 * Who vouches for the name in a certificate, called what it is: its owner alone, a demonstration, a tenant's own authority, a
 * certification authority, or somebody who is not at hand. A name is no proof: whether the root is believed is `certificate-standing.ts`.
 *
 * Before: `signature.ts`. After: the result; `words.ts` says it.
 */
import { X509Certificate } from 'node:crypto';
import { readCertificateParts } from '#biometrics/cms/certificate.ts';
import { equalBytes } from '#biometrics/cms/der.ts';
import { describeCertificate } from '#keys/certificate.ts';
import { sealKindOf } from '#keys/signers/seal-certificate.ts';
import { isDemo, pathOf } from './chain.ts';
import type { SignatureResult } from './result.ts';

/**
 * @param others certificates that may lie between, DER; anything may stand among them
 * @param roots those given, DER
 */
export function vouchedFor(certificate: Uint8Array, others: readonly Uint8Array[], roots: readonly Uint8Array[]): NonNullable<SignatureResult['vouched']> {
  const { issuer } = describeCertificate(certificate);
  if (isDemo(certificate)) return { kind: 'demo', issuer };
  if (isSelfSigned(certificate)) return { kind: 'self-signed', issuer };
  const path = pathOf(certificate, others, [...roots, ...others.filter(isSelfSigned)]);
  return path.length === 1 ? { kind: 'unknown', issuer } : { kind: sealKindOf(path.slice(1)), issuer: describeCertificate(path.at(-1) as Uint8Array).subject };
}

/** The root above a certificate, given or carried, DER; null where none is reached. A self-signed one is its own. */
export function rootAbove(certificate: Uint8Array, others: readonly Uint8Array[], roots: readonly Uint8Array[]): Uint8Array | null {
  const path = pathOf(certificate, others, [...roots, ...others.filter(isSelfSigned)]);
  return path.length > 1 || isSelfSigned(certificate) ? path.at(-1) as Uint8Array : null;
}

/** Not by `checkIssued`, which asks for keyCertSign: a seal's own certificate need not have it. */
function isSelfSigned(der: Uint8Array): boolean {
  try {
    const { subject, issuer } = readCertificateParts(der);
    const certificate = new X509Certificate(der);
    return equalBytes(subject, issuer) && certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}
