/**
 * The keys of a tenant's station as they are at a start: enrolled, or awaiting enrolment.
 *
 * Before it: `station-request.ts`, `station-enrolment.ts`, `station-papers.ts` put the files there. Nothing here asks for
 * the time: certificates that have ended are opened all the same, and `kiosk/station/capture-allowed.ts` decides.
 */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { describeCertificate, readPrivateKey } from './certificate.ts';
import type { StationIdentity } from './demo-authority.ts';
import { openFileSecretStore } from './file-secret-store.ts';
import { createSoftwareSigner } from './software-signer.ts';
import { openEnrolmentInForce } from './station-enrolment.ts';
import { openOrganisationSeal } from './signers/station-seal.ts';
import { GENERATION, generationsOf, type Generation } from './station-folder.ts';
import type { AwaitingKeys, CertificateStanding, PendingRequest, SigningKeys } from './station-keys.ts';
import { editionOf, editionOfCrl, papersInForce, revocationOf, type OpenedCrl } from './station-papers.ts';
import { anotherStation, readRequest, sameStation } from './station-request.ts';
import { readSecret } from './station-secret.ts';

type Shared = 'atRest' | 'protection' | 'tls';

/** @throws KeyError `KEYS_INCOMPLETE`, `KEYS_OF_ANOTHER_STATION`, `PAPER_*`, `SECRET_EXPOSED`, `SECRET_STORE` */
export async function openTenantKeys(folder: string, identity: StationIdentity): Promise<Omit<SigningKeys, Shared> | Omit<AwaitingKeys, Shared>> {
  const { inForce, pending } = generationsOf(folder);
  const asked = pending === null ? null : openRequest(pending, identity);
  if (inForce === null) return { demo: false, awaiting: asked! };
  openRequest(inForce, identity);
  const enrolment = await openEnrolmentInForce(folder);
  const { configuration, crl } = await papersInForce(folder, enrolment);
  const { examiners, custody, storePublicKey, penMinimum, timeStamping, trust } = configuration.paper;
  const spki = new Uint8Array(Buffer.from(storePublicKey, 'base64'));
  const secrets = openFileSecretStore(inForce.folder);
  const signer = (keyFile: string, certificate: Uint8Array) => createSoftwareSigner(readPrivateKey(readSecret(secrets, inForce.folder, keyFile)), certificate, [enrolment.root]);
  const recipients = examiners.map(({ name, certificate, custody: split }) => ({ name, certificate: new Uint8Array(Buffer.from(certificate, 'base64')), demo: false, custody: split }));
  return {
    demo: false,
    awaiting: null,
    device: signer(GENERATION.deviceKey, enrolment.device),
    seal: signer(GENERATION.sealKey, enrolment.seal),
    organisationSeal: await openOrganisationSeal(dirname(folder), (serial) => revocationOf(crl, serial) !== null),
    trust: enrolment.root,
    examiners: recipients,
    custody,
    storePublicKey: { spki, id: sha256(spki) },
    penMinimum,
    timeStamping: timeStamping === undefined ? null : { ...timeStamping, roots: trust.timeStamps.map(der) },
    trusts: { documents: trust.documents.map(der), timeStamps: trust.timeStamps.map(der) },
    certificates: [
      standing('device', '', enrolment.device, crl), standing('seal', '', enrolment.seal, crl),
      ...recipients.map(({ name, certificate }) => standing('examiner', name, certificate, crl)),
    ],
    papers: {
      enrolment: { sha256: enrolment.sha256, root: sha256(enrolment.root) },
      configuration: editionOf(configuration),
      crl: { ...editionOfCrl(crl), der: crl.der, nextUpdate: crl.list.nextUpdate },
    },
    renewal: asked,
  };
}

/** An examiner's certificate is of its own making: the tenant's list says nothing of it, and a newer configuration takes it back. */
function standing(use: CertificateStanding['use'], name: string, certificate: Uint8Array, crl: OpenedCrl): CertificateStanding {
  const { notBefore, notAfter, serial } = describeCertificate(certificate);
  return { use, name, notBefore, notAfter, revoked: use === 'examiner' ? null : revocationOf(crl, serial) };
}

function openRequest(generation: Generation, identity: StationIdentity): PendingRequest {
  const { path, fingerprint, paper } = readRequest(generation);
  if (!sameStation(paper.station, identity)) throw anotherStation(paper.station, path);
  return { path, fingerprint };
}

function der(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
