/**
 * CMS AuthEnvelopedData with AES-256-GCM (RFC 5083, RFC 5084): explicit parameters, a 12-byte nonce, a 16-byte
 * tag, no authenticated attributes. This is the part of the standard that OpenSSL 3 reads.
 *
 * Does not protect the list of recipients, and says nothing of the sender: what is inside is signed.
 */
import { RecordError } from '../errors.ts';
import { MAX_RECIPIENTS } from '../limits.ts';
import { readCertificateParts, unsupported } from './certificate.ts';
import {
  Members, Tag, algorithm, around, children, element, equalBytes, inPlace, malformed, octetString, oid, readDer,
  readOid, sequence, setOf, smallInteger,
} from './der.ts';
import { OID } from './object-identifiers.ts';
import { importPrivateKey, readRecipient, unwrapKey, wrapKeyFor, type Recipient } from './recipient.ts';

export interface DecryptionKey {
  /** PKCS#8, DER. */
  privateKey: Uint8Array;
  /** Its certificate, DER: picks the recipient by name. Without it every recipient of the key's kind is tried. */
  certificate?: Uint8Array;
}

export interface Envelope {
  recipients: Recipient[];
  nonce: Uint8Array<ArrayBuffer>;
  /** Ciphertext followed by the tag. */
  ciphertext: Uint8Array<ArrayBuffer>;
}

const NONCE = 12;
const TAG = 16;

const { subtle } = globalThis.crypto;

/**
 * Encrypts `content` so that each of the certificates' owners alone can open it.
 * @returns ContentInfo, DER.
 * @throws RecordError `NO_RECIPIENT` without certificates; `RECORD_LIMIT` above 32; `CMS_ALGORITHM`, `CMS_MALFORMED`
 *   for a certificate that cannot be used
 */
export async function buildEnvelope(content: Uint8Array, certificates: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  if (certificates.length === 0) throw new RecordError('NO_RECIPIENT', 'no examiner certificate: nobody could ever open this');
  limitRecipients(certificates.length);
  const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  const iv = globalThis.crypto.getRandomValues(new Uint8Array(NONCE));
  const plaintext = new Uint8Array(content);
  const sealed = new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv, tagLength: 8 * TAG }, key, plaintext));
  plaintext.fill(0);
  const recipients = await Promise.all(certificates.map((certificate) => wrapKeyFor(certificate, key)));
  return sequence(oid(OID.authEnvelopedData), element(around(0), sequence(
    smallInteger(0),
    setOf(recipients),
    sequence(
      oid(OID.data),
      algorithm(OID.aes256Gcm, sequence(octetString(iv), smallInteger(TAG))),
      element(inPlace(0), sealed.subarray(0, -TAG)),
    ),
    octetString(sealed.subarray(-TAG)),
  )));
}

/**
 * Reads an envelope without opening it.
 * @throws RecordError `CMS_MALFORMED`; `RECORD_LIMIT` above 32 recipients; `CMS_ALGORITHM` for EnvelopedData (which
 *   nothing authenticates) and for any parameters but those above
 */
export function readEnvelope(der: Uint8Array): Envelope {
  const contentInfo = new Members(readDer(der, 'sealed record'), 'sealed record');
  const type = readOid(contentInfo.next(Tag.oid));
  if (type === OID.envelopedData) throw unsupported('EnvelopedData instead of AuthEnvelopedData: its content could be changed unnoticed');
  if (type !== OID.authEnvelopedData) throw malformed('sealed record', `is CMS of type ${type} and not AuthEnvelopedData`);
  const wrapper = new Members(contentInfo.next(around(0)), 'sealed record', around(0));
  const envelope = new Members(wrapper.next(Tag.sequence), 'AuthEnvelopedData');
  wrapper.end();
  contentInfo.end();

  envelope.version(0);
  const infos = children(envelope.next(Tag.set), 'recipients');
  // RFC 5083 section 2.1: RecipientInfos is never empty. What nobody can open, nobody has checked.
  if (infos.length === 0) throw malformed('sealed record', 'has no recipient: nobody can open it');
  limitRecipients(infos.length);
  const recipients = infos.map(readRecipient);
  const encrypted = new Members(envelope.next(Tag.sequence), 'encrypted content');
  if (readOid(encrypted.next(Tag.oid)) !== OID.data) throw malformed('encrypted content', 'is not of type data');
  const nonce = readGcmNonce(new Members(encrypted.next(Tag.sequence), 'content encryption'));
  const ciphertext = encrypted.next(inPlace(0)).content;
  encrypted.end();
  if (envelope.optional(around(1)) !== null) throw unsupported('authenticated attributes, which this format does not use');
  const tag = envelope.next(Tag.octetString).content;
  envelope.end();
  if (tag.length !== TAG) throw unsupported(`a GCM tag of ${tag.length} bytes instead of ${TAG}`);

  const joined = new Uint8Array(ciphertext.length + TAG);
  joined.set(ciphertext);
  joined.set(tag, ciphertext.length);
  return { recipients, nonce, ciphertext: joined };
}

/**
 * Opens an envelope.
 * @throws RecordError `CMS_NOT_A_RECIPIENT` if the key opens no recipient's part; `CMS_DECRYPT` if the content was
 *   changed; `CMS_MALFORMED`, `CMS_ALGORITHM`
 */
export async function openEnvelope(envelope: Envelope, { privateKey, certificate }: DecryptionKey): Promise<Uint8Array<ArrayBuffer>> {
  const key = await importPrivateKey(privateKey);
  const name = certificate === undefined ? null : readCertificateParts(certificate).name;
  for (const recipient of envelope.recipients) {
    if (name !== null && !equalBytes(recipient.name.whole, name)) continue;
    const contentKey = await unwrapKey(recipient, key);
    if (contentKey !== null) return decrypt(envelope, contentKey);
  }
  throw new RecordError('CMS_NOT_A_RECIPIENT', `this key opens none of the ${envelope.recipients.length} recipients' parts: another examiner's key is needed`);
}

/** Each recipient's part costs a private key operation to try. */
function limitRecipients(count: number): void {
  if (count > MAX_RECIPIENTS) throw new RecordError('RECORD_LIMIT', `${count} recipients, at most ${MAX_RECIPIENTS} allowed`);
}

async function decrypt({ nonce, ciphertext }: Envelope, key: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await subtle.decrypt({ name: 'AES-GCM', iv: nonce, tagLength: 8 * TAG }, key, ciphertext));
  } catch (error) {
    throw new RecordError('CMS_DECRYPT', 'the sealed content does not decrypt: it was changed after it was sealed', { cause: error });
  }
}

function readGcmNonce(encryption: Members): Uint8Array<ArrayBuffer> {
  const cipher = readOid(encryption.next(Tag.oid));
  if (cipher !== OID.aes256Gcm) throw unsupported(`content encryption ${cipher} instead of AES-256-GCM`);
  const parameters = new Members(encryption.next(Tag.sequence), 'GCM parameters');
  const nonce = parameters.next(Tag.octetString).content;
  const tagLength = parameters.next(Tag.integer).content;
  parameters.end();
  encryption.end();
  if (nonce.length !== NONCE || !equalBytes(tagLength, Uint8Array.of(TAG))) {
    throw unsupported('GCM with other than a 12-byte nonce and a 16-byte tag');
  }
  return nonce;
}
