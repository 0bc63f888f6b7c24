/**
 * Reading private keys and certificates as people hand them over: PEM or DER, and what a certificate says.
 *
 * Nothing here decides whether a certificate is trusted: that is a chain to a root, and `packet/verify` builds it.
 */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readCertificateParts } from '#biometrics/cms/certificate.ts';
import { readDer } from '#biometrics/cms/der.ts';
import { RecordError } from '#biometrics/errors.ts';
import { KeyError } from './errors.ts';
import { fromPem } from './pem.ts';

export interface CertificateDescription {
  /** Distinguished names in the order of the certificate, e.g. `CN=seal, OU=site, O=tenant`. */
  subject: string;
  issuer: string;
  /** Hexadecimal, upper case, as `openssl x509 -serial` prints it. */
  serial: string;
  /** RFC 3339 UTC. */
  notBefore: string;
  notAfter: string;
  /** SHA-256 of the DER, lower-case hex. */
  sha256: string;
  /** `P-256`, `RSA-3072`, …; the algorithm's own name where it is none of these. */
  keyType: string;
}

/**
 * A private key as PKCS#8 DER.
 * @param pemOrDer PKCS#8, SEC 1 or PKCS#1, without a passphrase.
 * @throws KeyError `PRIVATE_KEY_ENCRYPTED`, `PRIVATE_KEY_MALFORMED`
 */
export function readPrivateKey(pemOrDer: Uint8Array): Uint8Array {
  return new Uint8Array(parsePrivateKey(Buffer.from(pemOrDer)).export({ type: 'pkcs8', format: 'der' }));
}

function parsePrivateKey(bytes: Buffer): KeyObject {
  const text = bytes.toString('latin1');
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(text)) {
    throw new KeyError('PRIVATE_KEY_ENCRYPTED',
      'The private key is under a passphrase. Take it off in a safe place first: openssl pkcs8 -in KEY -out PLAINKEY');
  }
  try {
    return text.includes('-----BEGIN ')
      ? createPrivateKey({ key: bytes, format: 'pem' })
      : createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new KeyError('PRIVATE_KEY_MALFORMED',
      'This is not a private key. Expected PKCS#8 in PEM (-----BEGIN PRIVATE KEY-----) or DER.', { cause });
  }
}

/**
 * A certificate as DER. Of a PEM file with several, the first.
 * @throws KeyError `CERTIFICATE_MALFORMED`
 */
export function readCertificate(pemOrDer: Uint8Array): Uint8Array {
  const der = fromPem('CERTIFICATE', Buffer.from(pemOrDer).toString('latin1'))[0] ?? new Uint8Array(pemOrDer);
  parseCertificate(der);
  return der;
}

/**
 * Every certificate of a PEM file, in order, or the one in DER.
 * @throws KeyError `CERTIFICATE_MALFORMED` where one of them is none, or there is none
 */
export function readCertificates(pemOrDer: Uint8Array): Uint8Array[] {
  const blocks = fromPem('CERTIFICATE', Buffer.from(pemOrDer).toString('latin1'));
  const found = blocks.length === 0 ? [new Uint8Array(pemOrDer)] : blocks;
  for (const der of found) parseCertificate(der);
  return found;
}

/** @throws KeyError `CERTIFICATE_MALFORMED` */
export function describeCertificate(der: Uint8Array): CertificateDescription {
  const certificate = parseCertificate(der);
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serial: certificate.serialNumber,
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    keyType: keyTypeOf(publicKeyOf(certificate)),
  };
}

/**
 * The serial number as lists name it: lower-case hexadecimal without leading zeros. Of its bytes, since lists are compared by them: of a
 * negative one (some authorities made such, RFC 5280 section 4.1.2.2) OpenSSL shows the amount behind a minus.
 * @throws KeyError `CERTIFICATE_MALFORMED`
 */
export function serialOf(der: Uint8Array): string {
  try {
    return Buffer.from(readDer(readCertificateParts(der).serial, 'serial number').content).toString('hex').replace(/^0+(?=.)/, '');
  } catch (cause) {
    if (!(cause instanceof RecordError)) throw cause;
    throw new KeyError('CERTIFICATE_MALFORMED', `This certificate cannot be read: ${cause.message}.`, { cause });
  }
}

/**
 * OpenSSL takes a certificate with a date that is none, and nobody could say whether it is valid. Asked by its text ("Bad time
 * value"): as a Date, Node 24 gives NaN for it at one time and a moment in some other age at another.
 */
export function hasDates({ validFrom, validTo }: X509Certificate): boolean {
  return !Number.isNaN(Date.parse(validFrom)) && !Number.isNaN(Date.parse(validTo));
}

function parseCertificate(der: Uint8Array): X509Certificate {
  try {
    const certificate = new X509Certificate(der);
    if (!hasDates(certificate)) throw new RangeError('a date of the certificate is none');
    return certificate;
  } catch (cause) {
    throw new KeyError('CERTIFICATE_MALFORMED',
      'This is not a certificate. Expected X.509 in PEM (-----BEGIN CERTIFICATE-----) or DER.', { cause });
  }
}

function publicKeyOf(certificate: X509Certificate): KeyObject {
  try {
    return certificate.publicKey;
  } catch (cause) {
    throw new KeyError('CERTIFICATE_MALFORMED', `The public key in the certificate of "${oneLine(certificate.subject)}" cannot be read: it is damaged, or of a kind that is not known here.`, { cause });
  }
}

/** Node puts each part of a name on a line of its own; a name may be empty. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

function keyTypeOf(key: KeyObject): string {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  if (namedCurve === 'prime256v1') return 'P-256';
  if (modulusLength !== undefined) return `RSA-${modulusLength}`;
  return namedCurve ?? key.asymmetricKeyType ?? 'unknown';
}
