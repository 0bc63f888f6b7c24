/**
 * A station's keys in demo mode: made at the first start, under an authority of their own that is forgotten at once.
 *
 * Before: `station-keys.ts`, where the data folder has no keys. After: `custody.ts` holds the private halves that the
 * station must not have. A folder made here never becomes one of a tenant: its chain of records and its keys are demo.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Signer } from '#biometrics/signer.ts';
import { AT_REST_KEY_LENGTH } from './at-rest-key.ts';
import { describeCertificate, readCertificate, readPrivateKey } from './certificate.ts';
import { openDemoCustody } from './custody.ts';
import { issueDemoKeys, type StationIdentity } from './demo-authority.ts';
import { KeyError } from './errors.ts';
import { listExaminers } from './examiner.ts';
import { flushFolder, makePrivateFolder, writePrivateFile } from './file-secret-store.ts';
import { fromPem, toPem } from './pem.ts';
import type { SecretStore } from './secret-store.ts';
import { createSoftwareSigner } from './software-signer.ts';
import { incomplete, readSecret } from './station-secret.ts';
import type { SigningKeys } from './station-keys.ts';

/** Files under `<home>/keys`. */
const FILES = {
  root: 'root.cert.pem',
  deviceCertificate: 'device.cert.pem', deviceKey: 'device.key.pem',
  sealCertificate: 'seal.cert.pem', sealKey: 'seal.key.pem',
  atRest: 'at-rest.key',
  storePublicKey: 'store.public.pem',
  examiners: 'examiners',
} as const;

/**
 * @throws KeyError `KEYS_INCOMPLETE`, `KEYS_OF_ANOTHER_STATION`, `CERTIFICATE_EXPIRED`, `SECRET_EXPOSED`, `SECRET_STORE`
 */
export function openDemoKeys(folder: string, secrets: SecretStore, identity: StationIdentity): Omit<SigningKeys, 'atRest' | 'protection' | 'tls'> {
  const trust = readCertificateFile(join(folder, FILES.root));
  const spki = readPublicKeyFile(join(folder, FILES.storePublicKey));
  const examiners = listExaminers(join(folder, FILES.examiners));
  if (examiners.length === 0) throw incomplete(join(folder, FILES.examiners));
  const device = openSigner(secrets, folder, FILES.deviceKey, FILES.deviceCertificate, trust, identity);
  const seal = openSigner(secrets, folder, FILES.sealKey, FILES.sealCertificate, trust, identity);
  return {
    demo: true,
    awaiting: null,
    device,
    seal,
    // what an authority vouches for must not be on what is no evidence
    organisationSeal: null,
    trust,
    examiners: examiners.map(({ certificate, description }) => ({ name: commonNameOf(description.subject), certificate, demo: true, custody: null })),
    storePublicKey: { spki, id: createHash('sha256').update(spki).digest('hex') },
    custody: 'any',
    penMinimum: null,
    timeStamping: null,
    trusts: { documents: [], timeStamps: [] },
    certificates: [standing('device', device.certificate), standing('seal', seal.certificate)],
    papers: null,
    renewal: null,
  };
}

/** The folder is made under another name and renamed when complete, so a crash leaves no half set of keys. */
export async function makeDemoKeys(home: string, folder: string, identity: StationIdentity, keepsAtRestKey: boolean): Promise<void> {
  makePrivateFolder(home);
  const custody = await openDemoCustody(home);
  const { root, device, seal } = await issueDemoKeys(identity);
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  makePrivateFolder(join(unfinished, FILES.examiners));
  const write = (name: string, bytes: Uint8Array | string) => writePrivateFile(join(unfinished, name), Buffer.from(bytes));
  write(FILES.root, toPem('CERTIFICATE', root));
  write(FILES.deviceKey, toPem('PRIVATE KEY', device.privateKey));
  write(FILES.deviceCertificate, toPem('CERTIFICATE', device.certificate));
  write(FILES.sealKey, toPem('PRIVATE KEY', seal.privateKey));
  write(FILES.sealCertificate, toPem('CERTIFICATE', seal.certificate));
  if (keepsAtRestKey) write(FILES.atRest, randomBytes(AT_REST_KEY_LENGTH));
  write(FILES.storePublicKey, toPem('PUBLIC KEY', custody.storePublicKey));
  for (const { name, certificate } of custody.examiners) {
    write(join(FILES.examiners, `${name}.cert.pem`), toPem('CERTIFICATE', certificate));
  }
  renameSync(unfinished, folder);
  flushFolder(home);
}

function openSigner(
  secrets: SecretStore, folder: string, keyFile: string, certificateFile: string, trust: Uint8Array, identity: StationIdentity,
): Signer {
  const path = join(folder, certificateFile);
  const certificate = readCertificateFile(path);
  const { subject, notAfter } = describeCertificate(certificate);
  if (!subject.startsWith(`O=${identity.tenant}, OU=${identity.site}, `) || !subject.endsWith(` ${identity.station}`)) {
    throw new KeyError('KEYS_OF_ANOTHER_STATION',
      `${path} was issued to "${subject}", not to ${identity.station} at ${identity.site} of ${identity.tenant}. Use the data folder of this station, or a new one.`);
  }
  if (Date.parse(notAfter) < Date.now()) {
    throw new KeyError('CERTIFICATE_EXPIRED', `${path} ended on ${notAfter}. Start with a new data folder; check the clock first.`);
  }
  return createSoftwareSigner(readPrivateKey(readSecret(secrets, folder, keyFile)), certificate, [trust]);
}

function standing(use: 'device' | 'seal', certificate: Uint8Array): SigningKeys['certificates'][number] {
  const { notBefore, notAfter } = describeCertificate(certificate);
  return { use, name: '', notBefore, notAfter, revoked: null };
}

/** `CN` of a distinguished name as `describeCertificate` writes it; the whole name where it has none. */
function commonNameOf(subject: string): string {
  return /(?:^|, )CN=(.+?)(?=, [A-Z]+=|$)/.exec(subject)?.[1] ?? subject;
}

function readCertificateFile(path: string): Uint8Array {
  if (!existsSync(path)) throw incomplete(path);
  return readCertificate(readFileSync(path));
}

function readPublicKeyFile(path: string): Uint8Array {
  const spki = existsSync(path) ? fromPem('PUBLIC KEY', readFileSync(path, 'latin1'))[0] : undefined;
  if (spki === undefined) throw incomplete(path);
  return spki;
}
