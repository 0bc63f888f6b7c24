/**
 * Makes a tenant: its root, and an administrator under it. The root names stations and administrators and signs the
 * revocation list; the administrator signs papers. Whoever has both keys is the tenant: can enrol a station of his own and
 * have records sealed to himself. He cannot open records sealed before.
 */
import type { KeyObject } from 'node:crypto';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Signer } from '#biometrics/signer.ts';
import { describeCertificate, serialOf } from '../certificate.ts';
import { encryptedKeyPem } from '../encrypted-key.ts';
import { KeyError } from '../errors.ts';
import { flushFolder, makePrivateFolder, writeNewFile } from '../file-secret-store.ts';
import { makeKeyPair, privateKeyPem } from '../key-pair.ts';
import { toPem } from '../pem.ts';
import { createSoftwareSigner } from '../software-signer.ts';
import { issueCertificate, type Issuer } from '../x509.ts';
import { addEdition, FILES, openTenant, paperFile, type Tenant } from './folder.ts';
import { makeLists } from './lists.ts';
import { administratorName, checkedAdministrator, checkedLabel, rootName } from './names.ts';
import { signPaper } from './paper.ts';
import { unlockRoot, type Unlock } from './unlock.ts';

const ROOT_DAYS = 3_652;
const ADMINISTRATOR_DAYS = 1_826;
const DAY_MS = 86_400_000;

export interface NewTenant {
  /** A label, as in `station.json`. */
  tenant: string;
  /** The administrator's name, as it stands on papers: 1 to 50 characters. */
  administrator: string;
  /** Null leaves both keys plain. */
  passphrase: string | null;
}

/**
 * @param folder must not be there yet
 * @throws KeyError `TENANT_EXISTS`, `NAME_INVALID`, `PASSPHRASE_UNFIT`, `SECRET_STORE`
 */
export async function newTenant(folder: string, { tenant, administrator, passphrase }: NewTenant): Promise<Tenant> {
  const path = resolve(folder);
  if (existsSync(path)) throw new KeyError('TENANT_EXISTS', `${path} is already there. Choose another folder with --folder.`);
  // `demo` is what a station without a tenant calls itself.
  if (tenant === 'demo') throw new KeyError('NAME_INVALID', '"demo" is the name of demonstrations, which are no evidence. Choose the company\'s own.');
  const root: Issuer = { name: rootName(checkedLabel(tenant, 'tenant')), keys: await makeKeyPair('p256') };
  const rootCertificate = await issueCertificate({ subject: root.name, publicKey: root.keys.publicKey, use: { kind: 'authority' }, days: ROOT_DAYS }, root);
  const made = await makeAdministrator({ tenant, name: administrator, passphrase, root, rootCertificate });
  const lists = await makeLists(tenant, null, [], { administrator: made.signer, root });
  const rootKey = await keyPem(root.keys.privateKey, passphrase);
  makePrivateFolder(dirname(path));
  const unfinished = mkdtempSync(`${path}.new-`);
  try {
    makePrivateFolder(join(unfinished, FILES.editions));
    writeNewFile(join(unfinished, FILES.rootKey), Buffer.from(rootKey));
    writeNewFile(join(unfinished, FILES.rootCertificate), Buffer.from(toPem('CERTIFICATE', rootCertificate)));
    addEdition(unfinished, 0, { ...made.files, ...lists.files });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
  flushFolder(dirname(path));
  return openTenant(path);
}

/**
 * A new administrator in place of the one before, whose certificate is revoked as superseded; the configuration in force is
 * signed anew, as the next edition, so that every station can be given it.
 * @throws KeyError as `unlockRoot`; `NAME_INVALID`, `PASSPHRASE_UNFIT`, `TENANT_CHANGED`
 */
export async function replaceAdministrator(tenant: Tenant, { name, newPassphrase, ...unlock }: { name: string; newPassphrase: string | null } & Unlock): Promise<Tenant> {
  const root = await unlockRoot(tenant, unlock);
  const made = await makeAdministrator({ tenant: tenant.name, name, passphrase: newPassphrase, root, rootCertificate: tenant.root });
  const now = new Date().toISOString();
  const lists = await makeLists(tenant.name, tenant, tenant.devices.paper.devices, { administrator: made.signer, root },
    [{ serial: serialOf(tenant.administrator.certificate), revokedAt: now, reason: 'superseded', invalidSince: now }]);
  const number = (tenant.configuration?.paper.number ?? 0) + 1;
  const configuration = tenant.configuration === null ? {}
    : { [paperFile('configuration', number)]: await signPaper({ ...tenant.configuration.paper, number, issuedAt: now }, made.signer) };
  addEdition(tenant.folder, tenant.edition, { ...made.files, ...lists.files, ...configuration });
  return openTenant(tenant.folder);
}

async function makeAdministrator(
  { tenant, name, passphrase, root, rootCertificate }: { tenant: string; name: string; passphrase: string | null; root: Issuer; rootCertificate: Uint8Array },
): Promise<{ signer: Signer; files: Record<string, string> }> {
  const { privateKey, publicKey } = await makeKeyPair('p256');
  // Nothing that an administrator signs is worth more than the root above.
  const days = Math.min(ADMINISTRATOR_DAYS, Math.floor((Date.parse(describeCertificate(rootCertificate).notAfter) - Date.now()) / DAY_MS));
  const certificate = await issueCertificate({ subject: administratorName(tenant, checkedAdministrator(name)), publicKey, use: { kind: 'signing' }, days }, root);
  return {
    signer: createSoftwareSigner(privateKey.export({ type: 'pkcs8', format: 'der' }), certificate, [rootCertificate]),
    files: {
      [FILES.administratorKey]: await keyPem(privateKey, passphrase),
      [FILES.administratorCertificate]: toPem('CERTIFICATE', certificate),
    },
  };
}

async function keyPem(key: KeyObject, passphrase: string | null): Promise<string> {
  return passphrase === null ? privateKeyPem(key) : encryptedKeyPem(key, passphrase);
}
