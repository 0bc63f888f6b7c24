/**
 * Gives a station its two certificates, once a person has compared the fingerprint of its request with the one on the
 * tablet: whoever could exchange the request on its way would otherwise be a station of this tenant.
 *
 * A station that is enrolled again gets new certificates; it destroys the old keys when it takes them. The old certificates
 * are left to end by themselves unless asked otherwise: under a revoked certificate everything ever signed needs a
 * time-stamp to be shown valid (EN 319 102-1: REVOKED_NO_POE), which mere renewal must not cost. Superseded ones stay good
 * for some days, since the station signs with them until it has taken the new enrolment.
 */
import { X509Certificate, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { describeCertificate } from '../certificate.ts';
import { KeyError } from '../errors.ts';
import { fingerprint, isFingerprintOf } from '../fingerprint.ts';
import { toPem } from '../pem.ts';
import { issueCertificate, type Issuer } from '../x509.ts';
import type { DeviceListEntry, StationName } from './documents.ts';
import { readEnrolmentRequest, type RequestedKeys } from './enrolment-request.ts';
import { addEdition, givenCertificates, openTenant, type Tenant } from './folder.ts';
import { deviceListEntry, makeLists } from './lists.ts';
import { stationSubject } from './names.ts';
import { signPaper } from './paper.ts';
import { unlockAdministrator, unlockRoot, type Unlock } from './unlock.ts';

export const MOST_MONTHS = 24;
const DAY_MS = 86_400_000;

export interface EnrolOptions extends Unlock {
  /** As the tablet shows it; spaces and capitals do not matter. */
  fingerprint: string;
  /** 1 to 24; 24 where it is left out. */
  months?: number;
  /** Revokes the certificates that the station had before as superseded in so many days from now, 0 to 90; where it is left out they end by themselves. */
  supersedeInDays?: number;
}

export interface Enrolled {
  station: StationName;
  /** Certificates, DER. */
  device: Uint8Array;
  seal: Uint8Array;
  /** The signed `Enrolment`, and where it lies. */
  enrolment: Uint8Array;
  path: string;
  /** What the station had before, as it is revoked now. */
  superseded: DeviceListEntry[];
  tenant: Tenant;
}

/**
 * What can be said of a request before anybody has compared its fingerprint.
 * @throws KeyError `PAPER_MALFORMED`, `NAME_INVALID`, `REQUEST_INVALID`, `PAPER_OF_ANOTHER`, `NOT_CONFIGURED`
 */
export function checkRequest(tenant: Tenant, request: Uint8Array): RequestedKeys & { fingerprint: string } {
  const asked = readEnrolmentRequest(request);
  if (asked.station.tenant !== tenant.name) {
    throw new KeyError('PAPER_OF_ANOTHER', `This request is for the tenant "${asked.station.tenant}", not for "${tenant.name}". Name the folder of that tenant with --folder, or have the station ask again, on a new data folder: countersign keys station request --tenant ${tenant.name}`);
  }
  if (tenant.configuration === null) {
    throw new KeyError('NOT_CONFIGURED', 'No configuration was made yet: without an examiner a station may capture nothing. First: countersign keys tenant configure --examiner CERT --store-key PUB');
  }
  const known = givenCertificates(tenant.folder).map((certificate) => new X509Certificate(certificate).publicKey);
  if ([asked.device, asked.seal].some((key) => known.some((other) => other.equals(key)))) {
    throw new KeyError('REQUEST_INVALID', `The keys of this request have their certificates already. The enrolment lies in ${tenant.folder}; for new certificates have the station make a new request.`);
  }
  return { ...asked, fingerprint: fingerprint(request) };
}

/**
 * @param request the file as the station wrote it
 * @throws KeyError as `checkRequest`; `FINGERPRINT_DIFFERS`, `VALIDITY_INVALID`, `TENANT_CHANGED`; as `unlockRoot`. Nothing was given out.
 */
export async function enrol(tenant: Tenant, request: Uint8Array, options: EnrolOptions): Promise<Enrolled> {
  const { station, device: deviceKey, seal: sealKey, fingerprint: expected } = checkRequest(tenant, request);
  if (!isFingerprintOf(options.fingerprint, request)) {
    throw new KeyError('FINGERPRINT_DIFFERS', `This request has the fingerprint ${expected}, not ${options.fingerprint}. If that is what the tablet shows, this is not its request: somebody may have exchanged it. Nothing was given out.`);
  }
  const days = daysOf(tenant, options.months ?? MOST_MONTHS);
  const inDays = options.supersedeInDays ?? null;
  if (inDays !== null && (!Number.isInteger(inDays) || inDays < 0 || inDays > 90)) throw new KeyError('VALIDITY_INVALID', 'Old certificates are superseded in 0 to 90 days, in whole days.');
  const sign = { administrator: await unlockAdministrator(tenant, options), root: await unlockRoot(tenant, options) };
  const issue = (use: 'device' | 'seal', publicKey: KeyObject) => issueStation(station, use, publicKey, days, sign.root);
  const [device, seal] = [await issue('device', deviceKey), await issue('seal', sealKey)];

  const { kept, superseded } = supersede(tenant.devices.paper.devices, station, new Date(), inDays);
  const lists = await makeLists(tenant.name, tenant, [...kept, deviceListEntry(station, 'device', device), deviceListEntry(station, 'seal', seal)], sign);
  const base64 = (der: Uint8Array): string => Buffer.from(der).toString('base64');
  const enrolment = await signPaper({
    kind: 'countersign enrolment', version: 1, station, root: base64(tenant.root), device: base64(device), seal: base64(seal),
    configuration: base64(tenant.configuration!.cms), crl: base64(lists.crl),
  }, sign.administrator);
  const name = `${station.site}.${station.station}`;
  const edition = addEdition(tenant.folder, tenant.edition, {
    ...lists.files,
    [`${name}.device.cert.pem`]: toPem('CERTIFICATE', device), [`${name}.seal.cert.pem`]: toPem('CERTIFICATE', seal),
    [`${station.station}.request.json`]: request, [`${station.station}.enrolment`]: enrolment,
  });
  return { station, device, seal, enrolment, path: join(edition, `${station.station}.enrolment`), superseded, tenant: await openTenant(tenant.folder) };
}

/** digitalSignature and nonRepudiation without an extended use: what plain `openssl cms -verify` accepts. */
function issueStation(station: StationName, use: 'device' | 'seal', publicKey: KeyObject, days: number, root: Issuer): Promise<Uint8Array> {
  return issueCertificate({ subject: stationSubject(station, use), publicKey, use: { kind: 'signing' }, days }, root);
}

function supersede(devices: readonly DeviceListEntry[], { site, station }: StationName, now: Date, inDays: number | null): { kept: DeviceListEntry[]; superseded: DeviceListEntry[] } {
  const superseded: DeviceListEntry[] = [];
  if (inDays === null) return { kept: [...devices], superseded };
  const kept = devices.map((entry) => {
    if (entry.site !== site || entry.station !== station || entry.revoked !== null || Date.parse(entry.notAfter) <= now.getTime()) return entry;
    const invalidSince = new Date(now.getTime() + inDays * DAY_MS).toISOString();
    superseded.push({ ...entry, revoked: { at: now.toISOString(), invalidSince, reason: 'superseded' } });
    return superseded.at(-1)!;
  });
  return { kept, superseded };
}

/** Whole days that end before so many calendar months are over, and before the root ends. */
function daysOf(tenant: Tenant, months: number): number {
  if (!Number.isInteger(months) || months < 1 || months > MOST_MONTHS) throw new KeyError('VALIDITY_INVALID', `A station's certificates live 1 to ${MOST_MONTHS} months, in whole months.`);
  const now = new Date();
  const end = new Date(now);
  end.setUTCMonth(end.getUTCMonth() + months);
  // Of a month too short for this day, its last day.
  if (end.getUTCDate() !== now.getUTCDate()) end.setUTCDate(0);
  const { notAfter } = describeCertificate(tenant.root);
  if (Date.parse(notAfter) < end.getTime()) throw new KeyError('VALIDITY_INVALID', `The tenant's root ends on ${notAfter}, before ${months} months are over. Choose fewer --months, and make a new tenant in time.`);
  return Math.floor((end.getTime() - now.getTime()) / DAY_MS);
}
