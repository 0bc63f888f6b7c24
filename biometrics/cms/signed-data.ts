/**
 * CMS SignedData with one signer (RFC 5652 section 5) of ECDSA P-256 (RFC 5753 section 2) or RSA PKCS#1 v1.5 (RFC 5754
 * section 3.2), carrying the CAdES signing-certificate-v2 attribute (RFC 5035; ETSI EN 319 122-1 clause 5.2.2.3).
 *
 * Does not say when: a signing time is only claimed, and PAdES forbids it here (EN 319 142-1 table 1), so it is
 * left out unless asked for.
 */
import { RecordError } from '../errors.ts';
import type { Signer, SignerAlgorithm } from '../signer.ts';
import { hex, readCertificateParts, sha256 } from './certificate.ts';
import { Tag, algorithm, around, element, nothing, octetString, oid, sequence, setOf, smallInteger } from './der.ts';
import { OID } from './object-identifiers.ts';

export interface SignedDataOptions {
  /** What is signed, carried inside; null: detached, and `digest` must be given. */
  content: Uint8Array | null;
  /** SHA-256 of the content, where it is detached. */
  digest?: Uint8Array;
  signer: Signer;
  /** The claimed time of signing; left out unless given. */
  signingTime?: Date;
  /** More signed attributes, each a DER `Attribute` (see `attribute`). */
  signedAttributes?: readonly Uint8Array[];
  /** More certificates to carry, besides the signer's and its chain, DER. */
  certificates?: readonly Uint8Array[];
  /** Certificate revocation lists to carry, DER. */
  crls?: readonly Uint8Array[];
}

/**
 * ECDSA without parameters, RSA with NULL (RFC 5754 sections 3.2 and 3.3). The identifier of RSA names its hash: EN 319 122-1 and
 * RFC 5754 allow plain rsaEncryption too, which leaves it to the reader.
 */
const SIGNATURE_ALGORITHM: Record<SignerAlgorithm, Uint8Array> = {
  'ecdsa-p256-sha256': algorithm(OID.ecdsaWithSha256), 'rsa-pkcs1-sha256': algorithm(OID.sha256WithRsa, nothing()),
};

/**
 * Signs.
 * @returns ContentInfo, DER.
 * @throws RecordError `CMS_MALFORMED` if neither content nor digest is given or the certificate is unreadable;
 *   whatever the signer throws
 */
export async function buildSignedData(options: SignedDataOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { content, signer, crls = [] } = options;
  const digest = content === null ? options.digest : await sha256(content);
  if (digest?.length !== 32) throw new RecordError('CMS_MALFORMED', 'detached content needs its SHA-256 digest of 32 bytes');

  const attributes = [
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, octetString(digest)),
    attribute(OID.signingCertificateV2, signingCertificate(await sha256(signer.certificate))),
    ...(options.signingTime === undefined ? [] : [attribute(OID.signingTime, time(options.signingTime))]),
    ...(options.signedAttributes ?? []),
  ];
  const signature = await signer.sign(setOf(attributes));
  const certificates = unique([signer.certificate, ...signer.chain, ...(options.certificates ?? [])]);

  const signerInfo = sequence(
    smallInteger(1),
    readCertificateParts(signer.certificate).name,
    algorithm(OID.sha256),
    setOf(attributes, around(0)),
    SIGNATURE_ALGORITHM[signer.algorithm],
    octetString(signature),
  );
  const around0 = element(around(0), ...(content === null ? [] : [octetString(content)]));
  const encapsulated = content === null ? sequence(oid(OID.data)) : sequence(oid(OID.data), around0);
  const signedData = sequence(
    smallInteger(1),
    setOf([algorithm(OID.sha256)]),
    encapsulated,
    setOf(certificates, around(0)),
    ...(crls.length === 0 ? [] : [setOf(crls, around(1))]),
    setOf([signerInfo]),
  );
  const wrapped = element(around(0), signedData);
  const contentInfo = sequence(oid(OID.signedData), wrapped);
  // each of them held the content
  for (const part of [around0, encapsulated, signedData, wrapped]) part.fill(0);
  return contentInfo;
}

/** A DER `Attribute` with one value, itself DER. */
export function attribute(type: string, value: Uint8Array): Uint8Array<ArrayBuffer> {
  return sequence(oid(type), setOf([value]));
}

/** SigningCertificateV2 with one ESSCertIDv2; SHA-256 is its default and therefore not written. */
function signingCertificate(certificateDigest: Uint8Array): Uint8Array {
  return sequence(sequence(sequence(octetString(certificateDigest))));
}

/** UTCTime until 2049, GeneralizedTime after (RFC 5652 section 11.3). */
function time(date: Date): Uint8Array {
  const digits = date.toISOString().replace(/\.\d+Z$/, 'Z').replace(/[-:T]/g, '');
  const short = date.getUTCFullYear() >= 1950 && date.getUTCFullYear() < 2050;
  return element(short ? Tag.utcTime : Tag.generalizedTime, new TextEncoder().encode(short ? digits.slice(2) : digits));
}

function unique(certificates: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(certificates.map((der) => [hex(der), der])).values()];
}
