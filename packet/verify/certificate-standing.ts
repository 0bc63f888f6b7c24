/**
 * May the certificate behind a signature be believed? Its path to a root, revocation, and the tenant's device list
 * (EN 319 102-1 clauses 5.2.6 and 5.6.2).
 *
 * Before: `signature.ts` (seals) and `opened-record.ts` (devices) verified the signature itself.
 * A time that the signer names decides nothing here: with its key anyone writes any time. A time-stamp proves that a signature
 * existed then; it held if nothing was to be said against its certificate up to then. A certificate that was revoked with a
 * time-stamp later than that stays REVOKED_NO_POE and is not REVOKED: no time-stamp proves that a signature did not exist before.
 */
import { describeCertificate } from '#keys/certificate.ts';
import type { DeviceList } from '#keys/tenant/documents.ts';
import { tenantOfRoot } from '#keys/tenant/names.ts';
import { sha256 } from '../sha256.ts';
import type { Asked } from './asked.ts';
import { checkChain, mayBeForDocuments, pathOf } from './chain.ts';
import type { Report } from './result.ts';
import { judgeRevocation } from './revocation.ts';
import { nameCertificate, nameList, type Signer } from './signer.ts';

/** @returns whether the certificate can be believed; null where no root was given */
export async function judgeCertificate(found: Signer, asked: Asked, report: Report): Promise<boolean | null> {
  const before = report.errors;
  const signer = asked.online === null || asked.trust === undefined ? found : { ...found, others: await asked.online.complete(found.certificate, found.others, asked.trust) };
  if (asked.trust === undefined) {
    report.warn('TRUST_NOT_CHECKED', 'No root certificate was given: this shows that nothing was changed since it was signed, not who signed it.');
  } else checkPath(signer, asked.trust, asked, report);
  checkClaimedTime(signer, report);
  const path = pathOf(signer.certificate, signer.others, asked.trust ?? signer.others);
  await judgeRevocation(signer, path, asked, report);
  const root = path.at(-1) ?? signer.certificate;
  const isOfAuthority = signer.use === 'seal' && asked.trust !== undefined && report.errors === before && tenantUnder(root) === null;
  if (asked.papers.devices === null) checkNamed(signer, root, report);
  // an organisation's seal, under a root that the verifier gave: the tenant's list is of what the tenant's authority gave out
  else if (isOfAuthority) report.note('SEAL_OF_AUTHORITY', `${signer.what}: ${nameCertificate(signer.certificate)} is of another authority than the company's; its device list says nothing of it.`);
  else await checkListed(signer, asked.papers.devices.list, report);
  return asked.trust === undefined ? null : report.errors === before;
}

function checkPath({ what, certificate, others, provenTime }: Signer, trust: readonly Uint8Array[], { now }: Asked, report: Report): void {
  const problem = checkChain(certificate, others, trust, provenTime ?? now, provenTime !== null);
  if (!mayBeForDocuments(certificate)) {
    report.doubt('CHAIN_CONSTRAINTS_FAILURE', 'KEY_USAGE', `${what}: ${nameCertificate(certificate)} is for machines (TLS, code, time-stamps), not for signing documents.`);
  }
  if (problem !== null) report.doubt(problem.because, problem.code, `${what}: ${problem.message}`);
  else if (provenTime !== null && checkChain(certificate, others, trust, now) !== null) {
    report.note('HELD_BY_TIME_STAMP', `${what}: a certificate is no longer valid, but a time-stamp proves that the signature existed at ${provenTime.toISOString()}, when it was.`);
  }
}

/** A claimed time cannot be shown to be right, but sometimes to be wrong: who dates back must not forget the certificate. */
function checkClaimedTime({ what, certificate, claimedTime, provenTime }: Signer, report: Report): void {
  const claimed = claimedTime === null ? Number.NaN : Date.parse(claimedTime);
  const { notBefore, notAfter } = describeCertificate(certificate);
  if (claimed < Date.parse(notBefore) || claimed > Date.parse(notAfter)) {
    report.warn('TIME_OUTSIDE_CERTIFICATE', `${what}: it says that it was signed at ${claimedTime}, when its certificate, valid from ${notBefore} to ${notAfter}, was not: the clock was wrong, or another time was written.`);
  }
  if (provenTime !== null && claimed > provenTime.getTime()) {
    report.warn('TIME_CONTRADICTED', `${what}: it says that it was signed at ${claimedTime}, and a time-stamp proves that it existed before, at ${provenTime.toISOString()}: the clock was wrong, or another time was written.`);
  }
}

/**
 * Without the list, the names that a tenant's root gave tell whose certificate it is and what for (`keys/tenant/names.ts`): else an
 * administrator, or any station of the tenant, could sign the records of another.
 */
function checkNamed({ what, use, certificate, station }: Signer, root: Uint8Array, report: Report): void {
  const tenant = tenantUnder(root);
  if (tenant === null) return;
  const { subject } = describeCertificate(certificate);
  const [, site, isFor, name] = /^O=[^,]+, OU=([^,]+), CN=(device|seal) ([^,]+)$/.exec(subject) ?? [];
  if (isFor !== use) {
    report.doubt('CHAIN_CONSTRAINTS_FAILURE', 'CERTIFICATE_OF_OTHER_USE', `${what}: by its name, the certificate of ${subject} is not the ${use} certificate of a station.`);
  } else if (station !== null && (station.tenant !== tenant || station.site !== site || station.station !== name)) {
    report.doubt('CHAIN_CONSTRAINTS_FAILURE', 'STATION_DIFFERS', `${what} says that it is of station "${station.station}" at "${station.site}", ${station.tenant}; it was signed with the certificate of ${subject}.`);
  }
}

/** Null for any root but a tenant's: what names mean under it is not known here. */
function tenantUnder(root: Uint8Array): string | null {
  try {
    return tenantOfRoot(root);
  } catch {
    return null;
  }
}

/**
 * CHAIN_CONSTRAINTS_FAILURE: the standard's words for a certificate that does not meet what the verifier demands of it beyond the
 * path (clause 5.1.3), and the list is such a demand. Not SIG_CONSTRAINTS_FAILURE, which is about attributes of the signature.
 */
async function checkListed(signer: Signer, list: DeviceList, report: Report): Promise<void> {
  const hash = await sha256(signer.certificate);
  const entries = list.devices.filter((entry) => entry.sha256 === hash);
  const entry = entries.find(({ use }) => use === signer.use);
  const who = nameCertificate(signer.certificate);
  const by = nameList(list);
  if (entry === undefined) {
    const why = entries[0] === undefined ? `does not contain ${who}` : `contains ${who} as a ${entries[0].use} certificate, and here it stands as a ${signer.use} certificate`;
    report.doubt('CHAIN_CONSTRAINTS_FAILURE', 'DEVICE_NOT_LISTED', `${signer.what}: ${by}, ${why}.`);
    return;
  }
  const { station } = signer;
  if (station !== null && (station.tenant !== list.tenant || station.site !== entry.site || station.station !== entry.station)) {
    report.doubt('CHAIN_CONSTRAINTS_FAILURE', 'STATION_DIFFERS', `${signer.what} says that it is of station "${station.station}" at "${station.site}", ${station.tenant}; `
      + `${by}, gave ${who} to station "${entry.station}" at "${entry.site}".`);
  }
}
