/**
 * A `Signer` whose private key lies in this process's memory: ECDSA over P-256 with SHA-256 (FIPS 186-5).
 *
 * It does not protect the key from whoever controls the process or reads the secret store; a PKCS#11 token or KMS
 * behind the same interface does.
 */
import { createPrivateKey, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Signer } from '#biometrics/signer.ts';
import { KeyError } from './errors.ts';

const signAsync = promisify<string, Uint8Array, KeyObject, Buffer>(sign);

/**
 * @param privateKey PKCS#8 DER of a P-256 key
 * @param certificate DER, of that key
 * @param chain certificates above it, DER, root last
 * @throws KeyError `PRIVATE_KEY_MALFORMED` where the key is not of P-256 or not the certificate's
 */
export function createSoftwareSigner(privateKey: Uint8Array, certificate: Uint8Array, chain: readonly Uint8Array[]): Signer {
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1' || !new X509Certificate(certificate).checkPrivateKey(key)) {
    throw new KeyError('PRIVATE_KEY_MALFORMED', 'The private key is not the P-256 key of its certificate.');
  }
  return {
    certificate,
    chain,
    algorithm: 'ecdsa-p256-sha256',
    async sign(data) {
      try {
        return new Uint8Array(await signAsync('sha256', data, key));
      } catch (cause) {
        throw new KeyError('SIGN_FAILED', `Signing failed: ${(cause as Error).message}`, { cause });
      }
    },
  };
}
