/**
 * Takes certificates back: a tablet that was lost, stolen or given away. From `invalidSince` on nothing signed with its
 * keys is to be believed (RFC 5280 section 5.3.2), whatever time it claims: so that is the last moment at which the tablet
 * was surely in honest hands, not the moment at which somebody noticed.
 *
 * What was signed before needs a proof that it was: a thief can write any time. A time-stamp is such a proof, and a shipped
 * audit head; without one `verify` calls it indeterminate (EN 319 102-1: REVOKED_NO_POE).
 */
import { KeyError } from '../errors.ts';
import { EARLY_MS } from '../x509.ts';
import type { DeviceListEntry, Revocation, RevocationReason } from './documents.ts';
import { addEdition, openTenant, type Tenant } from './folder.ts';
import { makeLists } from './lists.ts';
import { unlockAdministrator, unlockRoot, type Unlock } from './unlock.ts';

export interface RevokeOptions extends Unlock {
  station: string;
  /** Where several sites have a station of that name. */
  site?: string;
  invalidSince: Date;
  reason: RevocationReason;
  /**
   * What of certificates that were made after `invalidSince`, where there were others before: those of a lost tablet's successor
   * of the same name are to be kept; those that a thief had made for himself are not. Where it is left out, neither is guessed.
   */
  newer?: 'keep' | 'revoke' | undefined;
}

/**
 * All certificates of a station that were still good at `invalidSince`. One that is revoked already is revoked from an
 * earlier moment, never from a later one.
 * @throws KeyError `STATION_UNKNOWN`, `REVOCATION_INVALID`, `TENANT_CHANGED`; as `unlockRoot`. Nothing was revoked.
 */
export async function revoke(tenant: Tenant, { station, site, invalidSince, reason, newer, ...unlock }: RevokeOptions): Promise<{ tenant: Tenant; revoked: DeviceListEntry[] }> {
  const devices = tenant.devices.paper.devices;
  const place = siteOf(devices, station, site);
  const now = new Date();
  if (Number.isNaN(invalidSince.getTime()) || invalidSince > now) throw new KeyError('REVOCATION_INVALID', 'The time from which nothing is to be believed should be one that has passed, as in 2026-11-20T18:00:00Z.');
  const revocation: Revocation = { at: now.toISOString(), invalidSince: invalidSince.toISOString(), reason };
  const own = devices.filter((entry) => entry.station === station && entry.site === place);
  const good = own.filter((entry) => Date.parse(entry.notAfter) > invalidSince.getTime()
    && (entry.revoked === null || Date.parse(entry.revoked.invalidSince) > invalidSince.getTime()));
  const madeAfter = (entry: DeviceListEntry): boolean => Date.parse(entry.notBefore) + EARLY_MS > invalidSince.getTime();
  const successor = good.find(madeAfter);
  if (successor !== undefined && newer === undefined && !own.every(madeAfter)) throw twoOf(station, successor, invalidSince);
  const concerned = new Set(newer === 'keep' ? good.filter((entry) => !madeAfter(entry)) : good);
  const after = devices.map((entry) => (concerned.has(entry) ? { ...entry, revoked: revocation } : entry));
  const revoked = after.filter((entry) => entry.revoked === revocation);
  if (revoked.length === 0) throw new KeyError('REVOCATION_INVALID', `Every certificate of ${station} had ended or was revoked by ${invalidSince.toISOString()} already.`);
  return { tenant: await newLists(tenant, after, unlock), revoked };
}

/** The same lists once more, before the revocation list is due. @throws KeyError `TENANT_CHANGED`; as `unlockRoot` */
export async function renewLists(tenant: Tenant, unlock: Unlock = {}): Promise<Tenant> {
  return newLists(tenant, tenant.devices.paper.devices, unlock);
}

async function newLists(tenant: Tenant, devices: DeviceListEntry[], unlock: Unlock): Promise<Tenant> {
  const sign = { administrator: await unlockAdministrator(tenant, unlock), root: await unlockRoot(tenant, unlock) };
  const { files } = await makeLists(tenant.name, tenant, devices, sign);
  addEdition(tenant.folder, tenant.edition, files);
  return openTenant(tenant.folder);
}

function twoOf(station: string, { notBefore }: DeviceListEntry, invalidSince: Date): KeyError {
  const made = new Date(Date.parse(notBefore) + EARLY_MS).toISOString();
  return new KeyError('REVOCATION_INVALID', `${station} was given certificates on ${made}, too, after ${invalidSince.toISOString()}. Nothing was revoked. Say --newer keep where these are of another, good tablet, `
    + 'and --newer revoke where whoever has the lost one may have asked for them.');
}

function siteOf(devices: readonly DeviceListEntry[], station: string, site: string | undefined): string {
  const sites = [...new Set(devices.filter((entry) => entry.station === station).map((entry) => entry.site))];
  const place = site ?? (sites.length === 1 ? sites[0] : undefined);
  if (place !== undefined && sites.includes(place)) return place;
  throw new KeyError('STATION_UNKNOWN', sites.length > 1 && site === undefined
    ? `There is a ${station} at ${sites.join(' and at ')}. Say which with --site.`
    : `No certificate was given to a station "${station}"${site === undefined ? '' : ` at ${site}`}. See: countersign keys tenant list`);
}
