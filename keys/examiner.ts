/**
 * Examiner key pairs: whom records are sealed to. Made on the custodian's machine; a station only ever gets the certificate.
 *
 * The certificate is self-signed: it carries a public key and a name, and proves neither. The key file is plain
 * PKCS#8, so that stock OpenSSL opens a record with it; the custodian keeps it under lock.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeCertificate, readCertificate, type CertificateDescription } from './certificate.ts';
import { KeyError } from './errors.ts';
import { makePrivateFolder, writePrivateFile } from './file-secret-store.ts';
import { makeKeyPair, privateKeyPem, type KeyKind } from './key-pair.ts';
import { toPem } from './pem.ts';
import { issueCertificate } from './x509.ts';

const VALID_DAYS = 3652;
const CERTIFICATE_SUFFIX = '.cert.pem';
const KEY_SUFFIX = '.key.pem';

export interface Examiner {
  /** File name without its ending. */
  name: string;
  certPath: string;
  /** DER */
  certificate: Uint8Array;
  description: CertificateDescription;
}

/**
 * Makes a key pair as `<name>.key.pem` (PKCS#8, mode 0600) and `<name>.cert.pem` in the folder.
 * @param options.name 1 to 64 characters, the certificate's common name; in the file names every run of other
 *   characters than letters and digits becomes a hyphen
 * @throws KeyError `EXAMINER_EXISTS` (nothing was written), `NAME_INVALID`, `SECRET_STORE`
 */
export async function createExaminer(folder: string, options: { name: string; type: KeyKind }):
Promise<{ keyPath: string; certPath: string; certificate: Uint8Array }> {
  const path = join(folder, fileName(options.name));
  const [keyPath, certPath] = [path + KEY_SUFFIX, path + CERTIFICATE_SUFFIX];
  const taken = [keyPath, certPath].find((file) => existsSync(file));
  if (taken !== undefined) throw new KeyError('EXAMINER_EXISTS', `${taken} is already there. Choose another name or another folder.`);
  const keys = await makeKeyPair(options.type);
  const name = { commonName: options.name };
  const certificate = await issueCertificate({ subject: name, publicKey: keys.publicKey, use: { kind: 'decryption' }, days: VALID_DAYS }, { name, keys });
  makePrivateFolder(folder);
  writePrivateFile(keyPath, Buffer.from(privateKeyPem(keys.privateKey)));
  writePrivateFile(certPath, Buffer.from(toPem('CERTIFICATE', certificate)));
  return { keyPath, certPath, certificate };
}

/** Every examiner certificate in a folder, by name. Private keys are not opened. @throws KeyError `CERTIFICATE_MALFORMED` */
export function listExaminers(folder: string): Examiner[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((file) => file.endsWith(CERTIFICATE_SUFFIX)).sort().map((file) => {
    const certPath = join(folder, file);
    const certificate = readCertificate(readFileSync(certPath));
    return { name: file.slice(0, -CERTIFICATE_SUFFIX.length), certPath, certificate, description: describeCertificate(certificate) };
  });
}

function fileName(name: string): string {
  const cleaned = name.normalize('NFC').toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '');
  if (cleaned === '') throw new KeyError('NAME_INVALID', `${JSON.stringify(name)} is no name for an examiner: it needs a letter or a digit.`);
  return cleaned;
}
