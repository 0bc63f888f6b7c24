/**
 * May the certificate behind a signature be believed? Its path to a root, revocation, and the tenant's device list
 * (EN 319 102-1 clauses 5.2.6 and 5.6.2, in the part that needs no network).
 *
 * Before: `signature.ts` (seals) and `opened-record.ts` (devices) verified the signature itself.
 * A time that the signer names decides nothing here: with its key anyone writes any time. A time-stamp proves that a signature
 * existed then; it held if nothing was to be said against its certificate up to then. A certificate that was revoked with a
 * time-stamp later than that stays REVOKED_NO_POE and is not REVOKED: no time-stamp proves that a signature did not exist before.
 */
import { X509Certificate } from 'node:crypto';
import { RecordError } from '#biometrics/errors.ts';
import { describeCertificate } from '#keys/certificate.ts';
import type { RevocationList } from '#keys/crl.ts';
import { KeyError } from '#keys/errors.ts';
import { crlIssuedBy, readCrl } from '#keys/read-crl.ts';
import type { DeviceListEntry, StationName } from '#keys/tenant/documents.ts';
import { sameBytes } from '../manifest.ts';
import { sha256 } from '../sha256.ts';
import type { Asked } from './asked.ts';
import { checkChain, pathOf, signedBy } from './chain.ts';
import type { Report } from './result.ts';
import { describeList, entryOf, serialOf, type GivenList } from './tenant-papers.ts';

export interface Signer {
  /** How the findings name it, e.g. `Signature "guest"`. */
  what: string;
  use: DeviceListEntry['use'];
  /** DER, and those that may lie between it and a root. */
  certificate: Uint8Array;
  others: readonly Uint8Array[];
  /** Revocation lists that came with the signature, DER: anything may be among them. */
  crls: readonly Uint8Array[];
  /** When it was signed, by the signer's own word; null where it does not say. */
  claimedTime: string | null;
  /** When a time-stamp authority saw the signature; null where none did. */
  provenTime: Date | null;
  /** Whose signature it says it is; null where it does not say. */
  station: StationName | null;
}

/** @returns whether the certificate can be believed; null where no root was given */
export async function judgeCertificate(signer: Signer, asked: Asked, report: Report): Promise<boolean | null> {
  const before = report.errors;
  if (asked.trust === undefined) {
    report.warn('TRUST_NOT_CHECKED', 'No root certificate was given: this shows that nothing was changed since it was signed, not who signed it.');
  } else checkPath(signer, asked.trust, asked, report);
  checkClaimedTime(signer, report);
  const path = pathOf(signer.certificate, signer.others, asked.trust ?? signer.others);
  const lists = [...asked.papers.revocationLists, ...await carriedLists(signer, path, asked, report)];
  for (const [index, certificate] of path.entries()) checkRevocation(signer, certificate, index, lists, report);
  await checkListed(signer, asked, report);
  tellWhatWasNotAsked(signer, lists, asked, report);
  return asked.trust === undefined ? null : report.errors === before;
}

function checkPath({ what, certificate, others, provenTime }: Signer, trust: readonly Uint8Array[], { now }: Asked, report: Report): void {
  const problem = checkChain(certificate, others, trust, provenTime ?? now, provenTime !== null);
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

/** Those of the lists inside that the issuer of a certificate on the path has signed; they can only speak against it. */
async function carriedLists({ what, crls, others }: Signer, path: readonly Uint8Array[], asked: Asked, report: Report): Promise<GivenList[]> {
  if (crls.length === 0) return [];
  const issuers = [...path.slice(1), ...others, ...asked.trust ?? []].filter((candidate) => path.some((certificate) => isIssuer(certificate, candidate)));
  const found: GivenList[] = [];
  for (const der of crls) {
    const read = readCarried(der, issuers);
    if (read === null) {
      report.note('CARRIED_LIST_NOT_USED', `${what}: a revocation list that came with it is not by the issuer of its certificate, or cannot be read; it was not used.`);
      continue;
    }
    const list = { ...read, sha256: await sha256(der) };
    found.push(list);
    asked.carried.set(list.sha256, describeList('carried', list));
  }
  return found;
}

function readCarried(der: Uint8Array, issuers: readonly Uint8Array[]): Pick<GivenList, 'crl' | 'issuer'> | null {
  try {
    const crl = readCrl(der);
    const issuer = issuers.find((candidate) => crlIssuedBy(der, candidate));
    return issuer === undefined ? null : { crl, issuer };
  } catch (error) {
    if (error instanceof KeyError || error instanceof RecordError) return null;
    throw error;
  }
}

function checkRevocation(signer: Signer, certificate: Uint8Array, index: number, lists: readonly GivenList[], report: Report): void {
  for (const { crl, issuer } of lists) {
    const entry = entryOf(certificate, crl);
    if (entry === null || !isIssuer(certificate, issuer)) continue;
    const { revokedAt, invalidSince, reason } = entry;
    tellRevoked(signer, certificate, index, { at: revokedAt, since: invalidSince ?? revokedAt, reason }, nameOf(crl), report);
  }
}

/** False, too, where one of them cannot be read. */
function isIssuer(certificate: Uint8Array, issuer: Uint8Array): boolean {
  try {
    return signedBy(new X509Certificate(certificate), new X509Certificate(issuer));
  } catch {
    return false;
  }
}

function nameOf({ number, thisUpdate }: RevocationList): string {
  return `revocation list ${number ?? 'without a number'} of ${thisUpdate}`;
}

/** RFC 3339. */
interface Revoked { at: string; since: string; reason: string }

function tellRevoked({ what, claimedTime, provenTime }: Signer, certificate: Uint8Array, index: number, { at, since, reason }: Revoked, by: string, report: Report): void {
  const said = `${what}: ${nameCertificate(certificate)} was revoked on ${at} (${reason}), says ${by}; what it signed is not to be believed since ${since}.`;
  if (provenTime !== null && provenTime < new Date(since)) {
    report.note('SIGNED_BEFORE_REVOCATION', `${said} A time-stamp proves that this signature existed before, at ${provenTime.toISOString()}.`);
    return;
  }
  const because = index === 0 ? 'REVOKED_NO_POE' : 'REVOKED_CA_NO_POE';
  report.doubt(because, index === 0 ? 'CERTIFICATE_REVOKED' : 'AUTHORITY_REVOKED', `${said} ${timeWords(claimedTime, provenTime, since)}`);
}

function nameCertificate(certificate: Uint8Array): string {
  return `the certificate of ${describeCertificate(certificate).subject} (serial number ${serialOf(certificate)})`;
}

function timeWords(claimed: string | null, proven: Date | null, since: string): string {
  const stamp = proven === null ? 'nothing proves it' : `a time-stamp proves only that it existed by ${proven.toISOString()}`;
  if (claimed === null) return `It does not say when it was signed; ${stamp}.`;
  return `It says that it was signed at ${claimed}, ${new Date(claimed) < new Date(since) ? 'before' : 'after'} that: a claim, and ${stamp}.`;
}

/**
 * CHAIN_CONSTRAINTS_FAILURE: the standard's words for a certificate that does not meet what the verifier demands of it beyond the
 * path (clause 5.1.3), and the list is such a demand. Not SIG_CONSTRAINTS_FAILURE, which is about attributes of the signature.
 */
async function checkListed(signer: Signer, { papers: { devices } }: Asked, report: Report): Promise<void> {
  if (devices === null) return;
  const { list } = devices;
  const hash = await sha256(signer.certificate);
  const entries = list.devices.filter((entry) => entry.sha256 === hash);
  const entry = entries.find(({ use }) => use === signer.use);
  const who = nameCertificate(signer.certificate);
  const by = `device list ${list.number} of ${list.tenant}, of ${list.issuedAt}`;
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
  if (entry.revoked !== null) {
    const { at, invalidSince, reason } = entry.revoked;
    tellRevoked(signer, signer.certificate, 0, { at, since: invalidSince, reason }, by, report);
  }
}

/** What came with the signature is as old as the signature: it does not say what was revoked since. */
function tellWhatWasNotAsked({ what, certificate }: Signer, lists: readonly GivenList[], { papers, now }: Asked, report: Report): void {
  const given = papers.revocationLists.filter(({ issuer }) => isIssuer(certificate, issuer));
  if (papers.devices === null && given.length === 0) {
    const carried = lists.length === 0 ? '' : ` The revocation list that came with ${what} is as old as it is.`;
    report.note('REVOCATION_NOT_CHECKED', `Whether a certificate was revoked was not asked: give the tenant's newest lists with --devices and --revoked.${carried}`);
  }
  const newest = Math.max(...given.map(({ crl }) => crl.number ?? 0));
  const newer = lists.find(({ crl, issuer }) => (crl.number ?? 0) > newest && given.some((list) => sameBytes(list.issuer, issuer)));
  if (given.length > 0 && newer !== undefined) {
    report.warn('REVOCATION_NOT_CHECKED', `${what} came with ${nameOf(newer.crl)}, which is newer than the one given: ask the tenant for the newest.`);
  }
  for (const { crl } of given) {
    if (crl.nextUpdate !== null && new Date(crl.nextUpdate) < now) {
      report.warn('REVOCATION_NOT_CHECKED', `The ${nameOf(crl)} is old: the next one was due on ${crl.nextUpdate}. What was revoked since is not known here.`);
    }
  }
}
