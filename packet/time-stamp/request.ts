/**
 * TimeStampReq (RFC 3161 section 2.4.1). All it says of what is stamped is a SHA-256.
 * Before: the hash. After: `fetch.ts` sends it, `response.ts` holds the answer against it.
 */
import { Tag, element, oid, sequence, smallInteger } from '#biometrics/cms/der.ts';
import { sha256Imprint } from './imprint.ts';

export interface TimeStampRequest {
  /** What is to be stamped, 32 bytes. */
  sha256: Uint8Array;
  /** Random and new each time: an answer from before cannot be taken for one to this. 1 to 20 bytes, an unsigned number. */
  nonce: Uint8Array;
  /** Dotted object identifier of the authority's policy that is wanted; its own default where this is left out. */
  policy?: string;
}

const BOOLEAN_TRUE = element(0x01, Uint8Array.of(0xff));
/** 64 bits, as most programs send: some authorities take no more. */
const NONCE = 8;

export function newNonce(): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(NONCE));
}

/** @returns DER; certReq is set, since a token without its certificate could not be verified years later. */
export function timeStampRequest({ sha256, nonce, policy }: TimeStampRequest): Uint8Array<ArrayBuffer> {
  return sequence(
    smallInteger(1),
    sha256Imprint(sha256),
    ...(policy === undefined ? [] : [oid(policy)]),
    element(Tag.integer, integerOctets(nonce)),
    BOOLEAN_TRUE,
  );
}

/** The shortest octets of a number that is not negative (X.690 section 8.3.2). */
export function integerOctets(unsigned: Uint8Array): Uint8Array {
  const from = unsigned.findIndex((octet) => octet !== 0);
  if (from === -1) return Uint8Array.of(0);
  return unsigned[from]! < 0x80 ? unsigned.subarray(from) : Uint8Array.of(0, ...unsigned.subarray(from));
}
