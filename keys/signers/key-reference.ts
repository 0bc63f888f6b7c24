/**
 * Where a private key lies, in one line that is no secret:
 *
 *   a file                     PKCS#8 in PEM or DER, mode 0600
 *   pkcs11:token=…;object=…    a token (RFC 7512): see `pkcs11-uri.ts`
 *   arn:aws:kms:…:key/…        AWS KMS: see `kms-key.ts`
 */
import { readPrivateKey } from '../certificate.ts';
import { KeyError } from '../errors.ts';
import { readPrivateFile } from '../file-secret-store.ts';
import { openKmsKey } from './kms-key.ts';
import { openPkcs11Key } from './pkcs11-key.ts';
import { readPkcs11Uri } from './pkcs11-uri.ts';
import { softwareKey, type SigningKey } from './signing-key.ts';

/**
 * @param askPin for a token whose URI names no file with the PIN
 * @throws KeyError `KEY_REFERENCE_INVALID`, `SIGNER_*`, `PIN_*`, `PRIVATE_KEY_*`, `SECRET_EXPOSED`, `SECRET_STORE`
 */
export async function openSigningKey(reference: string, askPin: () => Promise<string>): Promise<SigningKey> {
  if (reference.startsWith('arn:')) return openKmsKey({ keyArn: reference });
  if (reference.startsWith('pkcs11:')) {
    const place = readPkcs11Uri(reference);
    const { pinFile } = place;
    return openPkcs11Key(place, pinFile === null ? askPin : async () => firstLine(secretFile(pinFile)));
  }
  return softwareKey(readPrivateKey(secretFile(reference)), `The key in ${reference}`);
}

function secretFile(path: string): Uint8Array {
  const bytes = readPrivateFile(path);
  if (bytes === null) throw new KeyError('SECRET_STORE', `${path} is not there.`);
  return bytes;
}

function firstLine(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8').split(/\r?\n/, 1)[0]!;
}
