/**
 * The second step of enrolment: what the tenant's administrator gave back is checked and installed, as one file.
 *
 * Before it: `station-request.ts`, and a person who compared the root's fingerprint with the administrator. Whoever could
 * exchange the enrolment unnoticed would be the tenant, and read every signature: that comparison is all that stands
 * against it. After it: `station-tenant.ts` opens what lies here at every start.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifySignedData } from '#biometrics/cms.ts';
import { describeCertificate } from './certificate.ts';
import { KeyError } from './errors.ts';
import { writePrivateFile } from './file-secret-store.ts';
import { fingerprint, isFingerprintOf } from './fingerprint.ts';
import { editionOf, editionOfCrl, openConfiguration, openRevocationList, papersInForce, refuseOlder, refuseRevokedAdministrator, revocationOf, type OpenedConfiguration, type OpenedCrl } from './station-papers.ts';
import { dropGenerationsBefore, GENERATION, generationsOf, kindOfKeys, refuseExaminerKeys, type Generation } from './station-folder.ts';
import { readRequest, sameStation } from './station-request.ts';
import type { Enrolment } from './tenant/documents.ts';
import { stationSubject, tenantOfRoot, type StationUse } from './tenant/names.ts';
import { openPaper, readPaper } from './tenant/paper.ts';

/** Genuine under the root that it brings; whether that root is the tenant's, a person has to say. */
export interface OpenedEnrolment {
  paper: Enrolment;
  sha256: string;
  /** Certificates, DER. */
  administrator: Uint8Array;
  root: Uint8Array;
  device: Uint8Array;
  seal: Uint8Array;
  configuration: OpenedConfiguration;
  crl: OpenedCrl;
}

/** The fingerprint of the root that an enrolment brings, to be compared with the administrator's. @throws KeyError `PAPER_MALFORMED` */
export async function rootOfEnrolment(cms: Uint8Array): Promise<{ tenant: string; fingerprint: string }> {
  const root = await rootInside(cms);
  return { tenant: tenantOfRoot(root), fingerprint: fingerprint(root) };
}

/**
 * Checks the enrolment against this station's request and brings its keys into force.
 * @param rootFingerprint as the administrator says it; spaces and capitals do not matter
 * @throws KeyError `PAPER_MALFORMED`, `PAPER_NOT_GENUINE`, `PAPER_OF_ANOTHER`, `PAPER_OLDER`, `KEYS_INCOMPLETE`, `KEYS_ARE_DEMO`,
 *   `EXAMINER_KEY_HERE`, `CERTIFICATE_EXPIRED`, `SECRET_STORE`; nothing was installed
 */
export async function installEnrolment(home: string, cms: Uint8Array, rootFingerprint: string, now = new Date()): Promise<OpenedEnrolment> {
  const folder = join(home, 'keys');
  refuseExaminerKeys(folder);
  const { inForce, pending } = tenantGenerations(home, folder);
  const root = await rootInside(cms);
  if (!isFingerprintOf(rootFingerprint, root)) {
    throw new KeyError('PAPER_NOT_GENUINE', `The root in this enrolment has the fingerprint ${fingerprint(root)}, not ${rootFingerprint}. Do not install it: compare once more with the administrator, in person or by telephone.`);
  }
  const enrolment = await openEnrolment(cms, now);
  const generation = [pending, inForce].find((each) => each !== null && holdsKeysOf(each, enrolment));
  if (generation === null || generation === undefined) {
    throw new KeyError('PAPER_OF_ANOTHER', 'The certificates in this enrolment are not for the keys of this station. Ask the administrator for the answer to this station’s latest request.');
  }
  const { paper: { station } } = readRequest(generation);
  if (!sameStation(station, enrolment.paper.station)) {
    throw new KeyError('PAPER_OF_ANOTHER', `This enrolment is of ${nameOf(enrolment.paper.station)}; this station is ${nameOf(station)}.`);
  }
  for (const certificate of [enrolment.device, enrolment.seal]) refuseUnusable(certificate, enrolment.crl, now);
  for (const { administrator } of [enrolment, enrolment.configuration]) refuseRevokedAdministrator(administrator, enrolment.crl);
  refuseExaminerKeys(folder, enrolment.configuration.paper.examiners.map((examiner) => bytesOf(examiner.certificate)));
  if (inForce !== null) await refuseStepBack(folder, inForce, enrolment);
  writePrivateFile(join(generation.folder, GENERATION.enrolment), cms);
  // durable by now: the keys before can go
  dropGenerationsBefore(folder, generation.number);
  return enrolment;
}

/** The enrolment in force, which was compared and dated when it came. @throws KeyError `KEYS_INCOMPLETE`, `PAPER_*` */
export async function openEnrolmentInForce(folder: string): Promise<OpenedEnrolment> {
  const inForce = kindOfKeys(folder) === 'tenant' ? generationsOf(folder).inForce : null;
  if (inForce === null) throw new KeyError('KEYS_INCOMPLETE', 'This station is not enrolled. Install its enrolment first: countersign keys station enrol FILE');
  return openEnrolment(readEnrolment(inForce), null);
}

/** @param at as `openPaper` */
async function openEnrolment(cms: Uint8Array, at: Date | null): Promise<OpenedEnrolment> {
  const root = await rootInside(cms);
  const { paper, sha256, administrator } = await openPaper('countersign enrolment', cms, root, at);
  const certificate = (use: StationUse): Uint8Array => checkedCertificate(bytesOf(paper[use]), root, paper.station, use);
  return {
    paper, sha256, administrator, root, device: certificate('device'), seal: certificate('seal'),
    configuration: await openConfiguration(bytesOf(paper.configuration), root, at),
    crl: openRevocationList(bytesOf(paper.crl), root),
  };
}

/** Read before anything is checked: only to say whose enrolment this claims to be. */
async function rootInside(cms: Uint8Array): Promise<Uint8Array> {
  const content = await verifySignedData(cms).then((verified) => verified.content, () => null);
  if (content === null) throw new KeyError('PAPER_MALFORMED', 'This is no enrolment. Expected the file that "countersign keys tenant enrol" makes.');
  const root = bytesOf(readPaper('countersign enrolment', content).root);
  tenantOfRoot(root);
  return root;
}

function tenantGenerations(home: string, folder: string): ReturnType<typeof generationsOf> {
  const kind = kindOfKeys(folder);
  if (kind === 'demo') throw new KeyError('KEYS_ARE_DEMO', `${home} is the data folder of a demonstration and never becomes another one’s. Make a request on a new data folder: countersign keys station request`);
  if (kind === 'none') throw new KeyError('KEYS_INCOMPLETE', `There are no keys in ${home} yet. Make a request first: countersign keys station request`);
  return generationsOf(folder);
}

function checkedCertificate(der: Uint8Array, root: Uint8Array, station: Enrolment['station'], use: StationUse): Uint8Array {
  const { subject } = describeCertificate(der);
  const [certificate, authority] = [new X509Certificate(der), new X509Certificate(root)];
  if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey) || certificate.ca) {
    throw new KeyError('PAPER_NOT_GENUINE', `The ${use} certificate in this enrolment ("${subject}") is not one of the tenant’s authority.`);
  }
  const { organization, unit, commonName } = stationSubject(station, use);
  if (subject !== `O=${organization}, OU=${unit}, CN=${commonName}`) throw new KeyError('PAPER_OF_ANOTHER', `The ${use} certificate in this enrolment is of "${subject}", not of ${nameOf(station)}.`);
  return der;
}

function holdsKeysOf({ folder }: Generation, { device, seal }: OpenedEnrolment): boolean {
  const holds = (file: string, certificate: Uint8Array): boolean =>
    existsSync(join(folder, file)) && new X509Certificate(certificate).checkPrivateKey(createPrivateKey(readFileSync(join(folder, file))));
  return holds(GENERATION.deviceKey, device) && holds(GENERATION.sealKey, seal);
}

function refuseUnusable(der: Uint8Array, crl: OpenedCrl, now: Date): void {
  const { subject, notBefore, notAfter, serial } = describeCertificate(der);
  if (Date.parse(notAfter) < now.getTime() || Date.parse(notBefore) > now.getTime()) {
    throw new KeyError('CERTIFICATE_EXPIRED', `The certificate of "${subject}" is for ${notBefore} to ${notAfter}, and this machine’s clock says ${now.toISOString()}. Check the clock, or ask for a new enrolment.`);
  }
  if (revocationOf(crl, serial) !== null) throw new KeyError('PAPER_NOT_GENUINE', `The certificate of "${subject}" is revoked already. Ask the administrator for a new enrolment.`);
}

/** Another root would be another tenant, whose records must not go on in this station's chain. */
async function refuseStepBack(folder: string, generation: Generation, given: OpenedEnrolment): Promise<void> {
  const before = await openEnrolment(readEnrolment(generation), null);
  if (!Buffer.from(before.root).equals(given.root)) {
    throw new KeyError('PAPER_OF_ANOTHER', `This station is enrolled under the root ${fingerprint(before.root)}, and this enrolment comes from ${fingerprint(given.root)}. For another authority start on a new data folder.`);
  }
  const { configuration, crl } = await papersInForce(folder, before);
  refuseOlder('configuration', editionOf(configuration), editionOf(given.configuration));
  refuseOlder('crl', editionOfCrl(crl), editionOfCrl(given.crl));
}

function readEnrolment({ folder }: Generation): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, GENERATION.enrolment)));
}

function nameOf({ tenant, site, station }: Enrolment['station']): string {
  return `${station} at ${site} of ${tenant}`;
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
