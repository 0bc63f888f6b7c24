/** Opens the two private keys of a tenant's folder for one command. A passphrase is asked for only where a key is under one. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Signer } from '#biometrics/signer.ts';
import { describeCertificate, readPrivateKey } from '../certificate.ts';
import { decryptKeyPem, isEncryptedKey } from '../encrypted-key.ts';
import { KeyError } from '../errors.ts';
import { createSoftwareSigner } from '../software-signer.ts';
import type { Issuer } from '../x509.ts';
import { FILES, type Tenant } from './folder.ts';
import { rootName } from './names.ts';

export interface Unlock {
  passphrase?: () => Promise<string>;
  /** Where the root's key lies, if not in the tenant's folder: on a medium that is kept under lock. */
  rootKey?: string;
}

/** @throws KeyError `TENANT_INCOMPLETE`, `SECRET_EXPOSED`, `PASSPHRASE_WRONG`, `CERTIFICATE_OF_ANOTHER_KEY`, `CERTIFICATE_EXPIRED` */
export async function unlockAdministrator(tenant: Tenant, unlock: Unlock): Promise<Signer> {
  const { certificate, keyPath } = tenant.administrator;
  const key = await openKey(keyPath, certificate, unlock, 'Restore it from a copy of the folder, or make a new administrator: countersign keys tenant administrator NAME');
  const { notAfter } = describeCertificate(certificate);
  if (Date.parse(notAfter) < Date.now()) {
    throw new KeyError('CERTIFICATE_EXPIRED', `The administrator's certificate ended on ${notAfter}. Make a new one: countersign keys tenant administrator NAME`);
  }
  return createSoftwareSigner(key.export({ type: 'pkcs8', format: 'der' }), certificate, [tenant.root]);
}

/** @throws KeyError as `unlockAdministrator` */
export async function unlockRoot(tenant: Tenant, unlock: Unlock): Promise<Issuer> {
  const { notAfter } = describeCertificate(tenant.root);
  if (Date.parse(notAfter) < Date.now()) throw new KeyError('CERTIFICATE_EXPIRED', `The tenant's root ended on ${notAfter}. Make a new tenant and enrol every station under it: countersign keys tenant new`);
  const key = await openKey(unlock.rootKey ?? join(tenant.folder, FILES.rootKey), tenant.root, unlock, 'Where the root\'s key is kept on another medium, name it with --root-key FILE.');
  return { name: rootName(tenant.name), keys: { privateKey: key, publicKey: new X509Certificate(tenant.root).publicKey } };
}

async function openKey(path: string, certificate: Uint8Array, { passphrase }: Unlock, whereMissing: string): Promise<KeyObject> {
  const pem = readKeyFile(path, whereMissing);
  if (isEncryptedKey(pem) && passphrase === undefined) throw new KeyError('PASSPHRASE_WRONG', `${path} is under a passphrase, and none was given.`);
  const key = isEncryptedKey(pem) ? decryptKeyPem(pem, await passphrase!()) : plainKey(pem);
  if (!new X509Certificate(certificate).checkPrivateKey(key)) {
    throw new KeyError('CERTIFICATE_OF_ANOTHER_KEY', `${path} is not the key of "${describeCertificate(certificate).subject}".`);
  }
  return key;
}

function plainKey(pem: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(readPrivateKey(Buffer.from(pem, 'latin1'))), format: 'der', type: 'pkcs8' });
}

/** A medium without modes (FAT) shows its files to everyone who has it: the passphrase is what protects a key there. */
function readKeyFile(path: string, whereMissing: string): string {
  try {
    const pem = readFileSync(path, 'latin1');
    if (!isEncryptedKey(pem) && process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw new KeyError('SECRET_EXPOSED', `${path} can be read by other users of this machine, and is under no passphrase. Close it with: chmod 600 ${path}`);
    }
    return pem;
  } catch (cause) {
    if (cause instanceof KeyError) throw cause;
    throw new KeyError('TENANT_INCOMPLETE', `${path} cannot be read. ${whereMissing}`, { cause });
  }
}
