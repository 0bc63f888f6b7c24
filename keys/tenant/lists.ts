/**
 * Device list and revocation list: made together, with one number, by every command that changes either. The device list
 * is the tenant's own, signed by the administrator; the revocation list says the same of what is revoked to any X.509
 * verifier, signed by the root.
 */
import { describeCertificate, serialOf } from '../certificate.ts';
import { encodeCrl, type RevokedCertificate } from '../crl.ts';
import type { Signer } from '#biometrics/signer.ts';
import type { Issuer } from '../x509.ts';
import type { DeviceListEntry, StationName } from './documents.ts';
import { paperFile, type Tenant } from './folder.ts';
import type { StationUse } from './names.ts';
import { signPaper } from './paper.ts';

/**
 * By when a newer revocation list will be there. Each takes the root's key out of its safe, so it is a quarter and some
 * days; after a loss a new one is made at once, whatever this says. A station never stops because its list is old: it
 * carries it, and who verifies looks for a newer one.
 */
const CRL_DAYS = 100;
const DAY_MS = 86_400_000;

export interface Lists {
  files: Record<string, Uint8Array>;
  crl: Uint8Array;
}

/**
 * @param before the lists that these follow; null for the first
 * @param others more revoked certificates, of no station
 */
export async function makeLists(
  tenant: string, before: Pick<Tenant, 'devices' | 'crl'> | null, devices: DeviceListEntry[], sign: { administrator: Signer; root: Issuer }, others: RevokedCertificate[] = [],
): Promise<Lists> {
  const at = new Date();
  const number = Math.max(before?.devices.paper.number ?? 0, before?.crl.list.number ?? 0) + 1;
  const revoked = devices.flatMap(({ serial, revoked: revocation }): RevokedCertificate[] => (revocation === null ? []
    : [{ serial, revokedAt: revocation.at, reason: revocation.reason, invalidSince: revocation.invalidSince }]));
  const known = new Set(devices.map(({ serial }) => serial));
  const kept = (before?.crl.list.entries ?? []).filter(({ serial }) => !known.has(serial));
  const crl = await encodeCrl({ number, thisUpdate: at, nextUpdate: new Date(at.getTime() + CRL_DAYS * DAY_MS), entries: [...revoked, ...kept, ...others] }, sign.root);
  const list = await signPaper({ kind: 'countersign device list', version: 1, tenant, number, issuedAt: at.toISOString(), devices }, sign.administrator);
  return { files: { [paperFile('devices', number)]: list, [paperFile('crl', number)]: crl }, crl };
}

export function deviceListEntry({ site, station }: StationName, use: StationUse, certificate: Uint8Array): DeviceListEntry {
  const { sha256, notBefore, notAfter } = describeCertificate(certificate);
  return { site, station, use, serial: serialOf(certificate), sha256, notBefore, notAfter, revoked: null };
}
