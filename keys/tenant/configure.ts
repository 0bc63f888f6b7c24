/**
 * Makes the next edition of a tenant's configuration: to whom records are sealed, whom stations trust, what a pen must give.
 * What is not named stays as it was in the edition before. A station takes no older edition than the one it has.
 */
import { createPublicKey } from 'node:crypto';
import { describeCertificate, readCertificate } from '../certificate.ts';
import { KeyError } from '../errors.ts';
import { fromPem } from '../pem.ts';
import type { PenDemands, TenantConfiguration } from './documents.ts';
import { checkCustody, checkExaminer, type ExaminerChoice } from './examiner-choice.ts';
import { addEdition, openTenant, paperFile, type Tenant } from './folder.ts';
import { signPaper } from './paper.ts';
import { unlockAdministrator, type Unlock } from './unlock.ts';

export interface ConfigurationChanges {
  examiners?: readonly ExaminerChoice[];
  custody?: 'any' | 'split';
  /** RSA public key, SubjectPublicKeyInfo, PEM or DER. */
  storePublicKey?: Uint8Array;
  /** Certificates, PEM or DER. */
  trustTimeStamps?: readonly Uint8Array[];
  trustDocuments?: readonly Uint8Array[];
  penMinimum?: PenDemands | null;
  /** Address of a time-stamp authority that stations ask at Done; null: none. */
  timeStampAuthority?: string | null;
}

/**
 * @returns the tenant with its new configuration, and the file to give to stations
 * @throws KeyError `NOT_CONFIGURED` where the first edition lacks an examiner or the store's key; `EXAMINER_UNFIT`,
 *   `CONFIGURATION_INVALID`, `CERTIFICATE_MALFORMED`, `CERTIFICATE_EXPIRED`, `TENANT_CHANGED`; as `unlockAdministrator`. Nothing was added.
 */
export async function configure(tenant: Tenant, changes: ConfigurationChanges, unlock: Unlock = {}): Promise<Tenant & { configuration: NonNullable<Tenant['configuration']> }> {
  const before = tenant.configuration?.paper ?? null;
  const configuration: TenantConfiguration = {
    kind: 'countersign tenant configuration', version: 1, tenant: tenant.name, number: (before?.number ?? 0) + 1, issuedAt: new Date().toISOString(),
    examiners: chosen(changes.examiners ?? before?.examiners ?? []),
    custody: changes.custody ?? before?.custody ?? 'any',
    trust: {
      timeStamps: changes.trustTimeStamps?.map(trusted) ?? before?.trust.timeStamps ?? [],
      documents: changes.trustDocuments?.map(trusted) ?? before?.trust.documents ?? [],
    },
    storePublicKey: changes.storePublicKey === undefined ? before?.storePublicKey ?? missing('--store-key') : storeKey(changes.storePublicKey),
    penMinimum: changes.penMinimum === undefined ? before?.penMinimum ?? null : changes.penMinimum,
  };
  const authority = changes.timeStampAuthority === undefined ? before?.timeStamping?.authority ?? null : changes.timeStampAuthority;
  if (authority !== null) configuration.timeStamping = { authority: addressOf(authority, configuration.trust.timeStamps) };
  checkCustody(configuration.custody, configuration.examiners);
  const cms = await signPaper(configuration, await unlockAdministrator(tenant, unlock));
  addEdition(tenant.folder, tenant.edition, { [paperFile('configuration', configuration.number)]: cms });
  const after = await openTenant(tenant.folder);
  return { ...after, configuration: after.configuration! };
}

function chosen(examiners: readonly ExaminerChoice[]): ExaminerChoice[] {
  if (examiners.length === 0) missing('--examiner');
  const twice = examiners.find(({ certificate }, index) => examiners.findIndex((other) => other.certificate === certificate) !== index);
  if (twice !== undefined) throw new KeyError('EXAMINER_UNFIT', `The examiner certificate of ${twice.name} is named twice.`);
  // Those of the edition before, too: they may have ended since.
  for (const { certificate } of examiners) checkExaminer(Buffer.from(certificate, 'base64'));
  return [...examiners];
}

function missing(option: string): never {
  throw new KeyError('NOT_CONFIGURED', `The first configuration of a tenant needs ${option}: countersign keys tenant configure --examiner CERT --store-key PUB`);
}

function trusted(pemOrDer: Uint8Array): string {
  const certificate = readCertificate(pemOrDer);
  const { subject, notAfter } = describeCertificate(certificate);
  if (Date.parse(notAfter) <= Date.now()) throw new KeyError('CERTIFICATE_EXPIRED', `The certificate of "${subject}", which stations are to trust, ended on ${notAfter}.`);
  return Buffer.from(certificate).toString('base64');
}

/** A token of an authority that no station believes would be thrown away at every Done. */
function addressOf(authority: string, roots: readonly string[]): string {
  const url = URL.parse(authority);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new KeyError('CONFIGURATION_INVALID', `"${authority}" is no address of a time-stamp authority: it begins with http:// or https://, and holds no name or password.`);
  }
  if (roots.length === 0) throw new KeyError('CONFIGURATION_INVALID', 'A time-stamp authority needs a root under which stations believe it: give it with --trust-timestamps.');
  return url.href;
}

/** What packets are wrapped to offline must be RSA (RSA-OAEP of the AWS Encryption SDK's raw keyring, and KMS). */
function storeKey(pemOrDer: Uint8Array): string {
  const der = fromPem('PUBLIC KEY', Buffer.from(pemOrDer).toString('latin1'))[0] ?? pemOrDer;
  const key = parsedKey(der);
  if (key === null || key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2_048) {
    throw new KeyError('CONFIGURATION_INVALID', 'The store\'s key should be an RSA public key of 2048 bits or more, in PEM (-----BEGIN PUBLIC KEY-----) or DER: never a private key.');
  }
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}

function parsedKey(der: Uint8Array): ReturnType<typeof createPublicKey> | null {
  try {
    return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}
