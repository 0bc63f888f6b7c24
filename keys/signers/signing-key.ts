/**
 * A private key wherever it lies (a file, a PKCS#11 token, AWS KMS), before anybody has certified it; with its certificate it
 * becomes a `Signer`.
 *
 * Every signature is checked with the public key before it is given on: a token or service that answers with something else
 * must not end up in a document. Nothing on the way to "Done" waits for a key that is elsewhere: the station seals with its
 * own, and others sign later.
 */
import { createPrivateKey, createPublicKey, sign, verify, X509Certificate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Signer, SignerAlgorithm } from '#biometrics/signer.ts';
import { KeyError } from '../errors.ts';

export interface SigningKey {
  readonly publicKey: KeyObject;
  readonly algorithm: SignerAlgorithm;
  /**
   * Hashes the bytes with SHA-256 and signs.
   * @returns as `Signer.sign`
   * @throws KeyError `SIGNER_AWAY`, `SIGNER_REFUSED`, `SIGN_FAILED`
   */
  sign(data: Uint8Array): Promise<Uint8Array>;
  /** Ends the session with the token; signs nothing after. */
  close(): Promise<void>;
}

/** NIST SP 800-57 part 1 table 2 gives 2,048 bits no more than 112 bits of strength: enough until 2030, and what many tokens hold. */
const RSA_BITS = { least: 2_048, most: 4_096 } as const;

/** @throws KeyError `SIGNER_KEY_UNFIT` for a key other than P-256 and RSA of 2,048 to 4,096 bits. `what` begins the message. */
export function algorithmOf(publicKey: KeyObject, what: string): SignerAlgorithm {
  const { namedCurve, modulusLength = 0 } = publicKey.asymmetricKeyDetails ?? {};
  if (namedCurve === 'prime256v1') return 'ecdsa-p256-sha256';
  // RSASSA-PSS keys are of another type: PDF readers take them less often
  if (publicKey.asymmetricKeyType === 'rsa' && modulusLength >= RSA_BITS.least && modulusLength <= RSA_BITS.most) return 'rsa-pkcs1-sha256';
  throw new KeyError('SIGNER_KEY_UNFIT', `${what} is a key of another kind. Sealing takes ECDSA P-256, or RSA of ${RSA_BITS.least} to ${RSA_BITS.most} bits.`);
}

/** @param sign gives the signature over bytes, in the form of `SigningKey.sign`. `what` begins messages. */
export function checkedKey(publicKey: KeyObject, what: string, sign: SigningKey['sign'], close: SigningKey['close'] = async () => {}): SigningKey {
  return {
    publicKey, algorithm: algorithmOf(publicKey, what), close,
    async sign(data) {
      const signature = await sign(data);
      if (!verify('sha256', data, publicKey, signature)) {
        throw new KeyError('SIGN_FAILED', `${what} gave a signature that is not of its public key. It was thrown away; find out what answers there.`);
      }
      return signature;
    },
  };
}

/** @param privateKey PKCS#8 DER. @throws KeyError `SIGNER_KEY_UNFIT` */
export function softwareKey(privateKey: Uint8Array, what: string): SigningKey {
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
  const signAsync = promisify<string, Uint8Array, KeyObject, Buffer>(sign);
  return checkedKey(createPublicKey(key), what, async (data) => new Uint8Array(await signAsync('sha256', data, key)));
}

/**
 * @param certificate DER, of that key
 * @param chain certificates above it, DER, root last
 * @throws KeyError `CERTIFICATE_OF_ANOTHER_KEY`
 */
export function signerWith(key: SigningKey, certificate: Uint8Array, chain: readonly Uint8Array[]): Signer {
  if (!new X509Certificate(certificate).publicKey.equals(key.publicKey)) {
    throw new KeyError('CERTIFICATE_OF_ANOTHER_KEY', 'The certificate is not of the key that should seal. Name the key that it was asked for with.');
  }
  return { certificate, chain, algorithm: key.algorithm, sign: (data) => key.sign(data) };
}
