/**
 * Custody by m of n: any `threshold` of `shares` holders open the examiner's key together, fewer learn nothing of it.
 *
 * What is split is a random 256-bit key, by Shamir's scheme (Communications of the ACM 22 (1979), 612-613) over GF(2^8)
 * in `shamir-secret-sharing`, which Cure53 and Zellic have audited (its README links both reports). The scheme does not
 * notice a wrong share; three things here do: each share's checksum, the tag of the locked key, and the comparison with
 * the certificate. It does not protect from a copy of the key made before splitting or after joining.
 */
import { createHash, createPrivateKey, createPublicKey, randomBytes, X509Certificate } from 'node:crypto';
import { combine, split } from 'shamir-secret-sharing';
import { KeyError } from '../errors.ts';
import { publicKeyDer } from '../key-pair.ts';
import { lockKey, unlockKey, type LockedKey } from './locked-key.ts';
import type { Share, SplitSet } from './share.ts';

const MOST_SHARES = 255;

/**
 * @param pkcs8 DER
 * @param certificate DER, of the same key
 * @param count `shares` from 2 to 255, `threshold` from 2 to `shares`
 * @throws KeyError `SPLIT_INVALID`, `CERTIFICATE_OF_ANOTHER_KEY`
 */
export async function splitKey(pkcs8: Uint8Array, certificate: Uint8Array, count: { shares: number; threshold: number }):
Promise<{ locked: LockedKey; shares: Share[] }> {
  const { shares, threshold } = count;
  if (!Number.isInteger(shares) || !Number.isInteger(threshold) || threshold < 2 || threshold > shares || shares > MOST_SHARES) {
    throw new KeyError('SPLIT_INVALID', `A key is split into 2 to ${MOST_SHARES} shares, of which at least 2 and at most all are needed.`);
  }
  proveKey(pkcs8, certificate);
  const set: SplitSet = { set: randomBytes(8).toString('hex'), threshold, shares, certificateSha256: sha256(certificate) };
  const key = new Uint8Array(randomBytes(32));
  const parts = await split(key, shares, threshold);
  const locked = lockKey(pkcs8, key, set);
  key.fill(0);
  return { locked, shares: parts.map((data, at) => ({ ...set, index: at + 1, data })) };
}

/**
 * @returns PKCS#8, DER, proven to be the key of the certificate; overwrite it after use
 * @throws KeyError `SHARE_OF_ANOTHER_SET`, `SHARE_TWICE`, `SHARES_TOO_FEW`, `LOCKED_KEY_OF_ANOTHER_SET`, `LOCKED_KEY_DAMAGED`,
 *   `CERTIFICATE_OF_ANOTHER_KEY`
 */
export async function joinKey(locked: LockedKey, shares: readonly Share[], certificate: Uint8Array): Promise<Buffer> {
  if (sha256(certificate) !== locked.certificateSha256) throw anotherCertificate();
  checkShares(shares);
  if (shares[0] !== undefined && !sameSet(shares[0], locked)) {
    throw new KeyError('LOCKED_KEY_OF_ANOTHER_SET', `The locked key is of set ${locked.set}, the shares are of set ${shares[0].set}.`);
  }
  if (shares.length < locked.threshold) {
    throw new KeyError('SHARES_TOO_FEW', `${locked.threshold} shares are needed; ${shares.length} came.`);
  }
  const key = await combine(shares.map(({ data }) => data));
  const pkcs8 = unlockKey(locked, key);
  key.fill(0);
  if (pkcs8 === null) {
    throw new KeyError('LOCKED_KEY_DAMAGED', 'The shares do not open the locked key: the locked key or one of the shares was changed. Try another copy, and other shares.');
  }
  proveKey(pkcs8, certificate);
  return pkcs8;
}

/** That shares are of one set, each once. @throws KeyError `SHARE_OF_ANOTHER_SET`, `SHARE_TWICE` */
export function checkShares(shares: readonly Share[]): void {
  const [first] = shares;
  const seen = new Set<number>();
  for (const share of shares) {
    if (!sameSet(share, first!)) throw new KeyError('SHARE_OF_ANOTHER_SET', `Share ${share.index} is of set ${share.set}, not of set ${first!.set} as the first.`);
    if (seen.has(share.index)) throw new KeyError('SHARE_TWICE', `Share ${share.index} was given twice.`);
    seen.add(share.index);
  }
}

/** Whether two files come from the same splitting. */
export function sameSet(one: SplitSet, other: SplitSet): boolean {
  return one.set === other.set && one.threshold === other.threshold && one.shares === other.shares && one.certificateSha256 === other.certificateSha256;
}

/** @throws KeyError `CERTIFICATE_OF_ANOTHER_KEY` */
function proveKey(pkcs8: Uint8Array, certificate: Uint8Array): void {
  const own = publicKeyDer(createPublicKey(createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })));
  if (!Buffer.from(own).equals(publicKeyDer(new X509Certificate(certificate).publicKey))) throw anotherCertificate();
}

function anotherCertificate(): KeyError {
  return new KeyError('CERTIFICATE_OF_ANOTHER_KEY', 'This certificate is not the one of this key.');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
