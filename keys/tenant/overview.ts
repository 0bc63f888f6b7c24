/** What a tenant has given out, what it took back, and what ends soon. */
import { describeCertificate } from '../certificate.ts';
import { fingerprint } from '../fingerprint.ts';
import type { DeviceListEntry } from './documents.ts';
import type { Tenant } from './folder.ts';

export const SOON_DAYS = 60;
const DAY_MS = 86_400_000;

export interface Overview {
  tenant: string;
  root: { fingerprint: string; sha256: string; notAfter: string };
  administrator: { subject: string; notAfter: string };
  configuration: { number: number; issuedAt: string; custody: 'any' | 'split'; examiners: { name: string; split: string | null; notAfter: string }[] } | null;
  lists: { number: number; issuedAt: string; nextUpdate: string | null };
  devices: DeviceListEntry[];
  /** What ends within 60 days or has ended, as sentences that say what to do; nothing of what is revoked. */
  due: string[];
}

export function overview(tenant: Tenant, now = new Date()): Overview {
  const [root, administrator] = [describeCertificate(tenant.root), describeCertificate(tenant.administrator.certificate)];
  const paper = tenant.configuration?.paper ?? null;
  const examiners = (paper?.examiners ?? []).map(({ name, certificate, custody }) => ({
    name, split: custody === null ? null : `${custody.threshold} of ${custody.shares}`, notAfter: describeCertificate(Buffer.from(certificate, 'base64')).notAfter,
  }));
  const { devices } = tenant.devices.paper;
  const { number, nextUpdate } = tenant.crl.list;
  const soon = (end: string | null): boolean => end !== null && Date.parse(end) - now.getTime() < SOON_DAYS * DAY_MS;
  const ends = (end: string): string => `${Date.parse(end) <= now.getTime() ? 'ended' : 'ends'} on ${end.slice(0, 10)}`;
  const stations = devices.filter((entry) => entry.use === 'device' && entry.revoked === null && isLatest(entry, devices) && soon(entry.notAfter));
  return {
    tenant: tenant.name,
    root: { fingerprint: fingerprint(tenant.root), sha256: root.sha256, notAfter: root.notAfter },
    administrator: { subject: administrator.subject, notAfter: administrator.notAfter },
    configuration: paper === null ? null : { number: paper.number, issuedAt: paper.issuedAt, custody: paper.custody, examiners },
    lists: { number: number ?? 0, issuedAt: tenant.devices.paper.issuedAt, nextUpdate },
    devices,
    due: [
      ...(soon(root.notAfter) ? [`The root ${ends(root.notAfter)}: make a new tenant and enrol every station under it.`] : []),
      ...(soon(administrator.notAfter) ? [`The administrator's certificate ${ends(administrator.notAfter)}: countersign keys tenant administrator NAME`] : []),
      ...examiners.filter(({ notAfter }) => soon(notAfter)).map(({ name, notAfter }) => `The certificate of the examiner ${name} ${ends(notAfter)}: ask for a new one, and configure.`),
      ...stations.map(({ site, station, notAfter }) => `The certificates of ${station} at ${site} ${notAfter <= now.toISOString() ? 'ended' : 'end'} on ${notAfter.slice(0, 10)}: have it make a new request, and enrol it.`),
      ...(nextUpdate !== null && Date.parse(nextUpdate) - now.getTime() < 30 * DAY_MS ? [`The revocation list is to be renewed by ${nextUpdate.slice(0, 10)}: countersign keys tenant renew-lists`] : []),
    ],
  };
}

/** Of a station that let its certificates end and was enrolled again, only the newer ones matter. */
function isLatest(entry: DeviceListEntry, devices: readonly DeviceListEntry[]): boolean {
  return !devices.some((other) => other.site === entry.site && other.station === entry.station && other.use === entry.use && other.notAfter > entry.notAfter);
}
