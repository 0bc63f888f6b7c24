/**
 * As high a PAdES level as the network gives within a moment, for a signature that this program made just now (ETSI EN 319 142-1): B-T with
 * a token in the room of its /Contents, B-LT where lists and answers come in the time that is left, B-B where nothing does. Somebody waits
 * for it, so it never throws and is never late; what is missing is added later, by `upgrade-document.ts` or by an addendum.
 *
 * The bytes are our own: nothing is read of them but the signature, and no byte that its /ByteRange covers changes.
 * Before: `sign-document.ts`. After: `kiosk/station/signature-level.ts`.
 */
import { createHash } from 'node:crypto';
import type { Signer } from '#biometrics/signer.ts';
import { fetchTimeStamp, provenTime, type TimeStamp } from '../time-stamp/index.ts';
import { addToSecurityStore } from './security-store.ts';
import { cmsIn, fillRoom, signatureValueIn, withTimeStamp } from './signature-time-stamp.ts';
import { collectValidationData } from './validation-data.ts';

export interface FreshSignature {
  /** Taken over: the room of its /Contents is written to in place. */
  signedPdf: Uint8Array;
  byteRange: readonly number[];
  seal: Signer;
}

export interface RaiseOptions {
  /** Address of a time-stamp authority, and the roots under which it is believed, DER. Null: none is asked. */
  authority: { url: string; roots: readonly Uint8Array[] } | null;
  /** Whether lists and answers are asked for at the addresses in the certificates. */
  mayFetch: boolean;
  /** Revocation lists at hand, DER. */
  crls: readonly Uint8Array[];
  /** For all of it, milliseconds. */
  budgetMs: number;
  /** Goes to addresses in private networks that certificates name: for tests, never at a station. */
  allowPrivate?: boolean;
}

export interface Raised {
  signedPdf: Uint8Array;
  level: 'B-B' | 'B-T' | 'B-LT';
  /** Code of what kept it from the next level; null at B-LT. */
  notHigher: string | null;
  /** What the time-stamp says; null at B-B. */
  timeStamp: TimeStamp | null;
  /** Of the signature value, hex: all that a time-stamp fetched later needs. */
  signatureSha256: string;
}

/** Less time than this is not begun with. */
const LEAST_MS = 150;

/** Never rejects for what a network, an authority or a certificate does. @throws RecordError `CMS_MALFORMED` where `byteRange` is of no signature */
export async function raiseFresh({ signedPdf, byteRange, seal }: FreshSignature, options: RaiseOptions): Promise<Raised> {
  const until = performance.now() + options.budgetMs;
  const cms = cmsIn(signedPdf, byteRange);
  const digest = new Uint8Array(createHash('sha256').update(signatureValueIn(cms)).digest());
  const signatureSha256 = Buffer.from(digest).toString('hex');
  const bare = { signedPdf, level: 'B-B', timeStamp: null, signatureSha256 } as const;
  if (options.authority === null) return { ...bare, notHigher: 'NO_TIME_STAMP_AUTHORITY' };
  const { url, roots } = options.authority;
  let timeStamp: TimeStamp;
  try {
    const fetched = await fetchTimeStamp(url, digest, { deadlineMs: options.budgetMs, roots });
    timeStamp = fetched.timeStamp;
    if (provenTime(timeStamp) === null) return { ...bare, notHigher: 'TIME_STAMP_INVALID' };
    if (!fillRoom(signedPdf, byteRange, withTimeStamp(cms, fetched.token))) return { ...bare, notHigher: 'SIGNATURE_TOO_LARGE' };
  } catch (error) {
    return { ...bare, notHigher: codeOf(error) };
  }
  const stamped = { signedPdf, level: 'B-T', timeStamp, signatureSha256 } as const;
  const left = Math.floor(until - performance.now());
  if (left < LEAST_MS) return { ...stamped, notHigher: 'NO_TIME_LEFT' };
  try {
    const data = await collectValidationData(
      [{ certificate: seal.certificate, time: timeStamp.time }, { certificate: timeStamp.certificate, time: timeStamp.time }],
      {
        trust: [...roots, ...seal.chain.slice(-1)], now: new Date(),
        given: { certificates: [...seal.chain, ...timeStamp.certificates], crls: [...options.crls], ocsps: [] },
        online: options.mayFetch ? { deadlineMs: left, allowPrivate: options.allowPrivate ?? false, signal: AbortSignal.timeout(left) } : null,
      },
    );
    return { ...stamped, signedPdf: await addToSecurityStore(signedPdf, data), level: 'B-LT', notHigher: null };
  } catch (error) {
    return { ...stamped, notHigher: codeOf(error) };
  }
}

/** A message may hold an address or a name; a code does not. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (typeof code === 'string') return code;
  return error instanceof Error && error.name === 'TimeoutError' ? 'NO_TIME_LEFT' : 'UNEXPECTED';
}
