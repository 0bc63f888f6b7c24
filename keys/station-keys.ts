/**
 * A station's keys, made once and the same at every start. Four private keys, never one for two uses: device, seal,
 * transport, at-rest. Examiners and the store are known by their public halves only.
 *
 * Today every station is in demo mode. A signed tenant configuration will bring certificates of the tenant's own
 * authority into the same `StationKeys`, with `demo` false.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Signer } from '#biometrics/signer.ts';
import { AT_REST_KEY_LENGTH, createAtRestKey, type AtRestKey } from './at-rest-key.ts';
import { describeCertificate, readCertificate, readPrivateKey } from './certificate.ts';
import { openDemoCustody } from './custody.ts';
import { issueDemoKeys, type StationIdentity } from './demo-authority.ts';
import { KeyError } from './errors.ts';
import { listExaminers } from './examiner.ts';
import { flushFolder, makePrivateFolder, openFileSecretStore, writePrivateFile } from './file-secret-store.ts';
import { fromPem, toPem } from './pem.ts';
import type { Protection, SecretStore } from './secret-store.ts';
import { createSoftwareSigner } from './software-signer.ts';
import { openTransportKey, type TransportKey } from './transport.ts';

export interface StationKeys {
  demo: boolean;
  /** Signs records and audit heads. */
  device: Signer;
  /** Signs the PDF and the container. */
  seal: Signer;
  /** Root certificate, DER. */
  trust: Uint8Array;
  /** Whom records are sealed to: the name in the certificate, as guests read it; certificates in DER. */
  examiners: { name: string; certificate: Uint8Array; demo: boolean }[];
  atRest: AtRestKey;
  protection: Protection;
  /** RSA public key to which packets are wrapped: SubjectPublicKeyInfo DER; `id` is its SHA-256, lower-case hex. */
  storePublicKey: { spki: Uint8Array; id: string };
  /** Key, certificate and authority for these DNS names and IP addresses. */
  tls(hosts: string[]): Promise<TransportKey>;
}

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
 * Opens the keys under `<home>/keys`, or makes them where there are none.
 * @param atRestKey 32 bytes that whoever started the station keeps in memory, in place of the file: what lies under it
 *   cannot be read once the power is gone, not even by this machine
 * @throws KeyError `KEYS_INCOMPLETE`, `KEYS_OF_ANOTHER_STATION`, `CERTIFICATE_EXPIRED`, `CUSTODY_INCOMPLETE`,
 *   `NAME_INVALID`, `SECRET_EXPOSED`, `SECRET_STORE`
 */
export async function openStationKeys(home: string, identity: StationIdentity, atRestKey?: Uint8Array): Promise<StationKeys> {
  const folder = join(home, 'keys');
  if (!existsSync(folder)) await makeDemoStationKeys(home, folder, identity, atRestKey === undefined);
  const secrets = openFileSecretStore(folder);
  const trust = readCertificateFile(join(folder, FILES.root));
  const spki = readPublicKeyFile(join(folder, FILES.storePublicKey));
  const examiners = listExaminers(join(folder, FILES.examiners));
  if (examiners.length === 0) throw incomplete(join(folder, FILES.examiners));
  return {
    demo: true,
    device: openSigner(secrets, folder, FILES.deviceKey, FILES.deviceCertificate, trust, identity),
    seal: openSigner(secrets, folder, FILES.sealKey, FILES.sealCertificate, trust, identity),
    trust,
    examiners: examiners.map(({ certificate, description }) => ({ name: commonNameOf(description.subject), certificate, demo: true })),
    atRest: createAtRestKey(atRestKey ?? readSecret(secrets, folder, FILES.atRest)),
    protection: atRestKey === undefined ? secrets.protection : { kind: 'memory', held: true, advice: '' },
    storePublicKey: { spki, id: createHash('sha256').update(spki).digest('hex') },
    tls: (hosts) => openTransportKey(secrets, hosts),
  };
}

/** The folder is made under another name and renamed when complete, so a crash leaves no half set of keys. */
async function makeDemoStationKeys(home: string, folder: string, identity: StationIdentity, keepsAtRestKey: boolean): Promise<void> {
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

/** `CN` of a distinguished name as `describeCertificate` writes it; the whole name where it has none. */
function commonNameOf(subject: string): string {
  return /(?:^|, )CN=(.+?)(?=, [A-Z]+=|$)/.exec(subject)?.[1] ?? subject;
}

function readSecret(secrets: SecretStore, folder: string, name: string): Uint8Array {
  const bytes = secrets.read(name);
  if (bytes === null) throw incomplete(join(folder, name));
  return bytes;
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

function incomplete(path: string): KeyError {
  return new KeyError('KEYS_INCOMPLETE', `${path} is missing or damaged. Restore the key folder from its backup, or start with a new data folder.`);
}
