/**
 * Reads an examiner's private key: PKCS#8 (RFC 5958), as PEM (RFC 7468) or DER. Runs in browsers.
 * It does not keep the key from being copied in memory; that is what a machine without a network is for.
 */
import { ExaminerError } from './errors.ts';

const HOW = 'openssl pkcs8 -topk8 -nodes -in KEY -out KEY.pkcs8.pem';

/** The kinds of key that open sealed records. */
const KINDS = [{ import: { name: 'ECDH', namedCurve: 'P-256' }, uses: ['deriveBits'] }, { import: { name: 'RSA-OAEP', hash: 'SHA-256' }, uses: ['decrypt'] }] as const;

/** @returns PKCS#8, DER, of an RSA or P-256 key. @throws ExaminerError `KEY_UNREADABLE`, `KEY_ENCRYPTED` */
export async function readPrivateKey(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const der = bytes[0] === 0x30 ? new Uint8Array(bytes) : fromPem(bytes);
  const tries = await Promise.allSettled(KINDS.map((kind) => globalThis.crypto.subtle.importKey('pkcs8', der, kind.import, false, [...kind.uses])));
  if (tries.every(({ status }) => status === 'rejected')) {
    throw new ExaminerError('KEY_UNREADABLE', 'this is no private key of a kind that opens sealed records: RSA or EC P-256, in PKCS#8');
  }
  return der;
}

function fromPem(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(bytes);
  const block = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]+)-----END \1-----/.exec(text);
  const [, label, base64 = ''] = block ?? [];
  if (label === 'ENCRYPTED PRIVATE KEY' || base64.includes('ENCRYPTED')) {
    throw new ExaminerError('KEY_ENCRYPTED', `this private key lies under a passphrase; take it out, on the examiner's machine only: ${HOW}`);
  }
  if (label === undefined) throw new ExaminerError('KEY_UNREADABLE', 'no private key here: a PEM file with "BEGIN PRIVATE KEY", or its DER, is needed');
  if (label !== 'PRIVATE KEY') throw new ExaminerError('KEY_UNREADABLE', `this is a "${label}"; convert it to PKCS#8: ${HOW}`);
  try {
    return Uint8Array.from(atob(base64.replace(/\s+/g, '')), (character) => character.charCodeAt(0));
  } catch (error) {
    throw new ExaminerError('KEY_UNREADABLE', 'the private key is damaged: what stands between its BEGIN and END lines is not Base64', { cause: error });
  }
}
