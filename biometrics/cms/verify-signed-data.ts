/**
 * Verifies CMS SignedData with one signer (RFC 5652 section 5.6): ours, and those that PDF signatures of others
 * commonly carry (ECDSA and RSA PKCS#1 v1.5 with SHA-256, -384 or -512).
 *
 * Says whether the signature fits the certificate inside. Does not say whether that certificate is to be trusted.
 */
import { RecordError } from '../errors.ts';
import { readCertificateParts, unsupported, type KeyType } from './certificate.ts';
import { Members, Tag, around, children, element, equalBytes, malformed, readDer, readOid, type Element } from './der.ts';
import { OID } from './object-identifiers.ts';

export interface VerifiedSignedData {
  /** Digest and signature match, and the signed reference to the certificate, if there is one, fits it. */
  valid: boolean;
  digestMatches: boolean;
  signatureMatches: boolean;
  /** The signer's certificate, DER. */
  certificate: Uint8Array;
  /** All certificates carried, the signer's included, DER. */
  certificates: Uint8Array[];
  /** All certificate revocation lists carried, DER. */
  crls: Uint8Array[];
  /** The time the signer claims, or null. */
  signingTime: Date | null;
  hasSigningCertificateV2: boolean;
  /** The signed reference names the signer's certificate; true where there is none. */
  referenceFits: boolean;
  /** The content carried inside; null where it is detached. */
  content: Uint8Array<ArrayBuffer> | null;
  /** Values of the signed attributes by type, DER; each type stands once, with one value. */
  signedAttributes: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** The signature value: what a signature time-stamp (RFC 3161 appendix A) is over. */
  signature: Uint8Array<ArrayBuffer>;
  /** `unsignedAttrs [1]` as it stands, which nothing protects; null where there is none. */
  unsignedAttributes: Uint8Array<ArrayBuffer> | null;
  /** What is wrong, as sentences. Empty when valid. */
  problems: string[];
}

type Hash = 'SHA-256' | 'SHA-384' | 'SHA-512';

const HASHES: Record<string, Hash> = { [OID.sha256]: 'SHA-256', [OID.sha384]: 'SHA-384', [OID.sha512]: 'SHA-512' };

/** Signature algorithms: the family of key, and the hash where the identifier names it. */
const SIGNATURES: Record<string, { family: 'ec' | 'rsa'; hash: Hash | null }> = {
  [OID.ecdsaWithSha256]: { family: 'ec', hash: 'SHA-256' },
  [OID.ecdsaWithSha384]: { family: 'ec', hash: 'SHA-384' },
  [OID.ecdsaWithSha512]: { family: 'ec', hash: 'SHA-512' },
  [OID.rsaEncryption]: { family: 'rsa', hash: null },
  [OID.sha256WithRsa]: { family: 'rsa', hash: 'SHA-256' },
  [OID.sha384WithRsa]: { family: 'rsa', hash: 'SHA-384' },
  [OID.sha512WithRsa]: { family: 'rsa', hash: 'SHA-512' },
};

const CURVES: Partial<Record<KeyType, { namedCurve: string; octets: number }>> = {
  p256: { namedCurve: 'P-256', octets: 32 }, p384: { namedCurve: 'P-384', octets: 48 }, p521: { namedCurve: 'P-521', octets: 66 },
};

const { subtle } = globalThis.crypto;

/**
 * @param der ContentInfo, exactly: cut the padding of a PDF signature's /Contents off before
 * @param content what should have been signed, where the caller holds it: a signature that carries content of its own counts only if
 *   that is the same, or one made over something else entirely would hold for it
 * @param type the content type that the caller expects: what was signed as one thing is never read as another
 * @throws RecordError `CMS_MALFORMED` if it cannot be read, is of another content type, carries no signer's certificate,
 *   or has no content to check; `CMS_ALGORITHM` for an algorithm not listed above
 */
export async function verifySignedData(der: Uint8Array, content?: Uint8Array, type: string = OID.data): Promise<VerifiedSignedData> {
  const parts = readSignedData(der);
  const foundType = readOid(parts.contentType);
  if (foundType !== type) throw malformed('SignedData', `is over content of type ${foundType} and not ${type}`);
  const signed = content ?? parts.content ?? undefined;
  if (signed === undefined) throw new RecordError('CMS_MALFORMED', 'the content is detached and was not given');
  const certificate = parts.certificates.find((candidate) => equalBytes(readCertificateParts(candidate).name, parts.signerName));
  if (certificate === undefined) throw new RecordError('CMS_MALFORMED', 'the certificate of the signer is not inside');

  const attributes = readAttributes(parts.attributes);
  const scheme = SIGNATURES[parts.signatureAlgorithm];
  const hash = HASHES[parts.digestAlgorithm];
  if (scheme === undefined) throw unsupported(`signature algorithm ${parts.signatureAlgorithm}`);
  if (hash === undefined) throw unsupported(`digest algorithm ${parts.digestAlgorithm}`);

  const contentType = attributes.get(OID.contentType);
  const claimed = attributes.get(OID.messageDigest);
  if (contentType === undefined || claimed?.tag !== Tag.octetString) {
    throw malformed('signed attributes', 'lack content type or message digest');
  }
  const carriesOther = parts.content !== null && !equalBytes(parts.content, signed);
  const digestMatches = !carriesOther && equalBytes(claimed.content, await digest(hash, signed)) && equalBytes(contentType.whole, parts.contentType.whole);
  const toBeSigned = element(Tag.set, parts.attributes.content);
  const signatureMatches = await signatureFits(certificate, scheme.family, scheme.hash ?? hash, parts.signature, toBeSigned);
  const reference = attributes.get(OID.signingCertificateV2);
  const referenceFits = reference === undefined || await certificateReferenceFits(reference, certificate);

  const problems = [
    digestMatches ? null : 'the content is not what was signed',
    signatureMatches ? null : 'the signature does not fit the certificate',
    referenceFits ? null : 'the signed reference names another certificate',
  ].filter((problem) => problem !== null);
  return {
    valid: problems.length === 0, digestMatches, signatureMatches, certificate, certificates: parts.certificates, crls: parts.crls,
    signingTime: readTime(attributes.get(OID.signingTime)), hasSigningCertificateV2: reference !== undefined, referenceFits,
    content: parts.content, signature: parts.signature, unsignedAttributes: parts.unsignedAttributes, problems,
    signedAttributes: new Map(Array.from(attributes, ([attribute, { whole }]) => [attribute, whole])),
  };
}

interface SignedDataParts {
  contentType: Element;
  content: Uint8Array<ArrayBuffer> | null;
  certificates: Uint8Array[];
  crls: Uint8Array[];
  /** IssuerAndSerialNumber, DER. */
  signerName: Uint8Array;
  digestAlgorithm: string;
  attributes: Element;
  signatureAlgorithm: string;
  signature: Uint8Array<ArrayBuffer>;
  unsignedAttributes: Uint8Array<ArrayBuffer> | null;
}

function readSignedData(der: Uint8Array): SignedDataParts {
  const contentInfo = new Members(readDer(der, 'CMS'), 'CMS');
  if (readOid(contentInfo.next(Tag.oid)) !== OID.signedData) throw malformed('CMS', 'is not SignedData');
  const [inner] = children(contentInfo.next(around(0)), 'CMS');
  if (inner === undefined) throw malformed('CMS', 'is empty');

  const signedData = new Members(inner, 'SignedData');
  signedData.next(Tag.integer);
  signedData.next(Tag.set);
  const encapsulated = new Members(signedData.next(Tag.sequence), 'content of SignedData');
  const contentType = encapsulated.next(Tag.oid);
  const wrapped = encapsulated.optional(around(0));
  const content = wrapped === null ? null : readDer(wrapped.content, 'content of SignedData');
  if (content !== null && content.tag !== Tag.octetString) throw malformed('content of SignedData', 'is no OCTET STRING');
  const certificates = signedData.optional(around(0));
  const crls = signedData.optional(around(1));
  const [signerInfo, second] = children(signedData.next(Tag.set), 'signers');
  if (signerInfo === undefined || second !== undefined) throw malformed('SignedData', 'should have exactly one signer');

  const signer = new Members(signerInfo, 'SignerInfo');
  signer.next(Tag.integer);
  return {
    contentType,
    content: content?.content ?? null,
    certificates: certificates === null ? [] : children(certificates, 'certificates').map(({ whole }) => whole),
    crls: crls === null ? [] : children(crls, 'revocation lists').map(({ whole }) => whole),
    signerName: signer.next(Tag.sequence).whole,
    digestAlgorithm: readOid(new Members(signer.next(Tag.sequence), 'digest algorithm').next(Tag.oid)),
    attributes: signer.next(around(0)),
    signatureAlgorithm: readOid(new Members(signer.next(Tag.sequence), 'signature algorithm').next(Tag.oid)),
    signature: signer.next(Tag.octetString).content,
    unsignedAttributes: signer.optional(around(1))?.whole ?? null,
  };
}

/** Attribute values by type; each type at most once, each with one value (RFC 5652 section 11). */
function readAttributes(set: Element): Map<string, Element> {
  const found = new Map<string, Element>();
  for (const each of children(set, 'signed attributes')) {
    const members = new Members(each, 'signed attribute');
    const type = readOid(members.next(Tag.oid));
    const [value, second] = children(members.next(Tag.set), 'signed attribute');
    if (value === undefined || second !== undefined || found.has(type)) {
      throw malformed('signed attributes', `have ${type} with other than one value`);
    }
    found.set(type, value);
  }
  return found;
}

async function signatureFits(
  certificate: Uint8Array, family: 'ec' | 'rsa', hash: Hash, signature: Uint8Array<ArrayBuffer>, data: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { keyType, publicKey } = readCertificateParts(certificate);
  const curve = CURVES[keyType];
  if (family === 'rsa' ? keyType !== 'rsa' : curve === undefined) {
    throw unsupported(`a signature of family ${family} with a key of type ${keyType}`);
  }
  if (curve === undefined) {
    const key = await importKey(publicKey, { name: 'RSASSA-PKCS1-v1_5', hash });
    return subtle.verify('RSASSA-PKCS1-v1_5', key, signature, data);
  }
  const pair = readEcdsaSignature(signature, curve.octets);
  const key = await importKey(publicKey, { name: 'ECDSA', namedCurve: curve.namedCurve });
  return pair !== null && subtle.verify({ name: 'ECDSA', hash }, key, pair, data);
}

async function importKey(publicKey: Uint8Array<ArrayBuffer>, algorithm: RsaHashedImportParams | EcKeyImportParams): Promise<CryptoKey> {
  try {
    return await subtle.importKey('spki', publicKey, algorithm, false, ['verify']);
  } catch (error) {
    throw new RecordError('CMS_MALFORMED', 'the public key of the certificate is unreadable', { cause: error });
  }
}

/** ECDSA-Sig-Value (RFC 3279 section 2.2.3) as the two numbers side by side that WebCrypto takes; null if it is none. */
function readEcdsaSignature(der: Uint8Array, octets: number): Uint8Array<ArrayBuffer> | null {
  try {
    const members = new Members(readDer(der, 'signature'), 'signature');
    const numbers = [members.next(Tag.integer), members.next(Tag.integer)].map(({ content }) => content.subarray(content[0] === 0 ? 1 : 0));
    if (numbers.some((number) => number.length > octets)) return null;
    const pair = new Uint8Array(2 * octets);
    numbers.forEach((number, index) => pair.set(number, (index + 1) * octets - number.length));
    return pair;
  } catch {
    return null;
  }
}

/** Whether the first ESSCertIDv2 is the hash of this certificate. */
async function certificateReferenceFits(reference: Element, certificate: Uint8Array): Promise<boolean> {
  const list = new Members(reference, 'signing certificate').next(Tag.sequence);
  const id = new Members(new Members(list, 'signing certificate').next(Tag.sequence), 'signing certificate');
  const named = id.optional(Tag.sequence);
  const hash = named === null ? 'SHA-256' : HASHES[readOid(new Members(named, 'hash algorithm').next(Tag.oid))];
  if (hash === undefined) throw unsupported('the hash algorithm of the signing certificate');
  return equalBytes(id.next(Tag.octetString).content, await digest(hash, certificate));
}

async function digest(hash: Hash, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle.digest(hash, new Uint8Array(bytes)));
}

function readTime(value: Element | undefined): Date | null {
  if (value === undefined) return null;
  const digits = new TextDecoder().decode(value.content);
  const century = value.tag === Tag.utcTime ? (Number(digits.slice(0, 2)) < 50 ? '20' : '19') : '';
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + digits) ?? [];
  if (second === undefined) throw malformed('signing time', 'is no UTCTime or GeneralizedTime in UTC');
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
