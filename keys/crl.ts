/**
 * Revocation lists: X.509 CRL version 2 (RFC 5280 section 5), complete ones, signed by the authority itself. Read in
 * `read-crl.ts`.
 *
 * A list says what was revoked when it was made. One that is missing or old is no sign of good health.
 */
import { around, element, sequence, smallInteger } from '#biometrics/cms/der.ts';
import type { Issuer } from './x509.ts';
import { authorityKeyIdentifier, distinguishedName, extension, generalizedTime, integer, signatureAlgorithm, signed, time } from './x509-parts.ts';

export interface RevocationList {
  /** Distinguished name, e.g. `O=nord, CN=nord Countersign root`. */
  issuer: string;
  /** Grows with each list; null where the issuer does not number them. */
  number: number | null;
  /** RFC 3339 UTC, whole seconds. */
  thisUpdate: string;
  /** By when there will be a newer one; null where the issuer does not say. */
  nextUpdate: string | null;
  entries: RevokedCertificate[];
  /** Of a list that says of a part of its issuer's certificates only; null: of all. */
  scope: ListScope | null;
}

/** IssuingDistributionPoint, RFC 5280 section 5.2.5. */
export interface ListScope {
  /** Of the distribution point, GeneralName, DER; empty where it names none. */
  names: Uint8Array[];
  /** Certificates of authorities, or all others; null: both. */
  only: 'users' | 'authorities' | null;
}

export interface RevokedCertificate {
  /** Serial number, lower-case hexadecimal without leading zeros. */
  serial: string;
  revokedAt: string;
  reason: RevocationListReason;
  /** From when nothing signed by it is to be believed; null where the issuer does not say: then nothing better than `revokedAt` is known. */
  invalidSince: string | null;
}

/** CRLReason, RFC 5280 section 5.3.1, by its number; 7 is not used. */
export const REASONS = [
  'unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'certificateHold',
  null, 'removeFromCRL', 'privilegeWithdrawn', 'aACompromise',
] as const;

export type RevocationListReason = NonNullable<(typeof REASONS)[number]>;

export const CRL_OID = { number: '2.5.29.20', reason: '2.5.29.21', invalidityDate: '2.5.29.24' } as const;
export const ENUMERATED = 0x0a;

/** @returns DER. Times are cut to whole seconds. */
export async function encodeCrl(list: { number: number; thisUpdate: Date; nextUpdate: Date; entries: readonly RevokedCertificate[] }, issuer: Issuer): Promise<Uint8Array> {
  return signed(sequence(
    smallInteger(1),
    signatureAlgorithm(issuer.keys.privateKey),
    distinguishedName(issuer.name),
    time(list.thisUpdate),
    time(list.nextUpdate),
    // Section 5.1.2.6: where nothing is revoked, the list must be absent.
    ...(list.entries.length === 0 ? [] : [sequence(...list.entries.map(entry))]),
    element(around(0), sequence(
      authorityKeyIdentifier(issuer.keys.publicKey),
      extension(CRL_OID.number, false, integer(bigEndian(list.number.toString(16)))),
    )),
  ), issuer.keys.privateKey);
}

function entry({ serial, revokedAt, reason, invalidSince }: RevokedCertificate): Uint8Array {
  const extensions = [
    // Section 5.3.1: the reason code is left out instead of saying "unspecified".
    ...(reason === 'unspecified' ? [] : [extension(CRL_OID.reason, false, element(ENUMERATED, Uint8Array.of(REASONS.indexOf(reason))))]),
    ...(invalidSince === null ? [] : [extension(CRL_OID.invalidityDate, false, generalizedTime(new Date(invalidSince)))]),
  ];
  return sequence(integer(bigEndian(serial)), time(new Date(revokedAt)), ...(extensions.length === 0 ? [] : [sequence(...extensions)]));
}

function bigEndian(hex: string): Uint8Array {
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}
