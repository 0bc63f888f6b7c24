/**
 * Requests for a certificate (PKCS#10, RFC 2986), of P-256 keys only. Its signature shows that whoever made it holds the
 * private key. It does not show who that is: for this people compare fingerprints.
 */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { around, element, equalBytes, Members, readBitString, readDer, readOid, sequence, smallInteger, Tag } from '#biometrics/cms/der.ts';
import { RecordError } from '#biometrics/errors.ts';
import { KeyError } from './errors.ts';
import { publicKeyDer, type KeyPair } from './key-pair.ts';
import { distinguishedName, SignatureAlgorithm, signed, type Name } from './x509-parts.ts';

export interface CertificationRequest {
  /** Distinguished name, DER. */
  subject: Uint8Array;
  publicKey: KeyObject;
}

/** SubjectPublicKeyInfo of P-256 with an uncompressed point (RFC 5480 section 2.2): 26 bytes before a point of 65, which begins with 4. */
const P256_LENGTH = 91;
const POINT = 26;
const UNCOMPRESSED = 4;
const MAX_REQUEST = 4_096;

/** @returns DER. @throws KeyError `NAME_INVALID` */
export async function makeCertificateRequest(subject: Name, keys: KeyPair): Promise<Uint8Array> {
  return signed(sequence(smallInteger(0), distinguishedName(subject), publicKeyDer(keys.publicKey), element(around(0))), keys.privateKey);
}

/** What is asked for, once the signature was checked. Attributes are passed over. @throws KeyError `REQUEST_INVALID` */
export function readCertificateRequest(der: Uint8Array): CertificationRequest {
  try {
    return read(der);
  } catch (cause) {
    if (!(cause instanceof RecordError)) throw cause;
    throw invalid(cause.message, cause);
  }
}

function read(der: Uint8Array): CertificationRequest {
  if (der.length > MAX_REQUEST) throw invalid(`it is longer than ${MAX_REQUEST} bytes`);
  const request = new Members(readDer(der, 'request'), 'request');
  const info = request.next(Tag.sequence);
  const members = new Members(info, 'request');
  members.version(0);
  const subject = members.next(Tag.sequence).whole;
  const publicKey = readKey(members.next(Tag.sequence).whole);
  members.next(around(0));
  members.end();
  const algorithm = readOid(new Members(request.next(Tag.sequence), 'signature algorithm').next(Tag.oid));
  const signature = readBitString(request.next(Tag.bitString), 'signature');
  request.end();
  if (algorithm !== SignatureAlgorithm.ecdsaWithSha256 || !verify('sha256', info.whole, publicKey, signature)) {
    throw invalid('its signature is not that of the key inside');
  }
  return { subject, publicKey };
}

/** Named curve and uncompressed point only; written again, the key must be the same bytes. OpenSSL keeps a hybrid point as it came. */
function readKey(spki: Uint8Array): KeyObject {
  const key = parsed(spki);
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1' || spki.length !== P256_LENGTH || spki[POINT] !== UNCOMPRESSED || !equalBytes(publicKeyDer(key), spki)) {
    throw invalid('its key is not one of P-256');
  }
  return key;
}

function parsed(spki: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

function invalid(why: string, cause?: Error): KeyError {
  return new KeyError('REQUEST_INVALID', `This certificate request cannot be taken: ${why}. Have the station make a new one.`, { cause });
}
