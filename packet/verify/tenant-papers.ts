/**
 * What the tenant says of its certificates, as the verifier was given it: the signed device list and the revocation lists.
 *
 * Both come from strangers too, so they are read in the child process, and count only under a root that is trusted: the list signed
 * by an administrator under it, a revocation list by the root itself, or by an authority that was found on the way to one
 * (`placeLists`). Anything else refuses the whole check instead of a part of it: a verifier who gave a list must not get an answer made
 * without it.
 *
 * Not shown: that a newer edition exists. Numbers and dates stand in the result, for whoever knows the newest.
 * After: `certificate-standing.ts`.
 */
import { describeCertificate } from '#keys/certificate.ts';
import type { RevocationList } from '#keys/crl.ts';
import { KeyError } from '#keys/errors.ts';
import { fromPem } from '#keys/pem.ts';
import { crlIssuedBy, entriesOf, readCrl } from '#keys/read-crl.ts';
import type { DeviceList } from '#keys/tenant/documents.ts';
import { openPaper } from '#keys/tenant/paper.ts';
import { PacketError } from '../errors.ts';
import { sha256 } from '../sha256.ts';
import type { PapersResult, Report, VerifyOptions } from './result.ts';

export interface TenantPapers {
  /** `root`: under which it was signed, DER. */
  devices: { list: DeviceList; sha256: string; root: Uint8Array } | null;
  revocationLists: GivenList[];
  /** By nobody known yet: an authority on the way to a root may turn out to have signed them. */
  unplaced: Omit<GivenList, 'issuer'>[];
}

/** A revocation list whose signature was checked, and the certificate that issued it, DER. */
export interface GivenList { der: Uint8Array; crl: RevocationList; issuer: Uint8Array; sha256: string }

/** @throws PacketError `PAPER_REFUSED` */
export async function readTenantPapers({ trust = [], timeStampTrust = [], devices, revoked = [], now = new Date() }: VerifyOptions, report: Report): Promise<TenantPapers> {
  if (trust.length === 0 && (devices !== undefined || revoked.length > 0)) {
    throw new PacketError('PAPER_REFUSED', 'A device list or revocation list counts only under the root of its tenant: give it with --trust.');
  }
  const lists = revoked.flatMap((bytes) => fromArmour(['X509 CRL'], bytes));
  const read = await Promise.all(lists.map((der) => readGivenCrl(der, [...trust, ...timeStampTrust])));
  const revocationLists = read.filter((list): list is GivenList => list.issuer !== null);
  const unplaced = read.filter(({ issuer }) => issuer === null).map(({ der, crl, sha256: hash }) => ({ der, crl, sha256: hash }));
  return { devices: devices === undefined ? null : await readDeviceList(devices, trust, revocationLists, now, report), revocationLists, unplaced };
}

/** Call with the authorities on a way that leads to a root given: a list that one of them signed counts from then on. */
export function placeLists(papers: TenantPapers, authorities: readonly Uint8Array[]): void {
  for (const list of papers.unplaced.splice(0)) {
    const issuer = authorities.find((authority) => crlIssuedBy(list.der, authority));
    if (issuer === undefined) papers.unplaced.push(list);
    else papers.revocationLists.push({ ...list, issuer });
  }
}

/** Call at the end. @throws PacketError `PAPER_REFUSED` */
export function refuseUnplaced({ unplaced }: TenantPapers): void {
  if (unplaced.length > 0) throw new PacketError('PAPER_REFUSED', 'This revocation list was not signed by any root you trust, nor by an authority between one and a signer here, or was changed since.');
}

/** The numbers and dates of what was used, for the result. */
export function papersResult({ devices, revocationLists }: TenantPapers): PapersResult {
  return {
    devices: devices === null ? null : { tenant: devices.list.tenant, number: devices.list.number, issuedAt: devices.list.issuedAt, sha256: devices.sha256 },
    revocationLists: revocationLists.map((list) => describeList('given', list)),
  };
}

export function describeList(from: 'given' | 'carried', { crl, issuer, sha256: hash }: GivenList): PapersResult['revocationLists'][number] {
  return {
    from, issuer: describeCertificate(issuer).subject, number: crl.number, thisUpdate: crl.thisUpdate, nextUpdate: crl.nextUpdate, sha256: hash,
  };
}

/**
 * An administrator's certificate that has ended since is told and accepted: years later no other list may exist, and a list can only
 * take away from what the root has issued. One that was revoked is not: who holds its key may leave revocations out.
 */
async function readDeviceList(
  bytes: Uint8Array, trust: readonly Uint8Array[], revocationLists: readonly GivenList[], now: Date, report: Report,
): Promise<TenantPapers['devices']> {
  const [cms = bytes, second] = fromArmour(['CMS', 'PKCS7'], bytes);
  if (second !== undefined) throw new PacketError('PAPER_REFUSED', 'This file holds several signed papers: give the newest device list alone.');
  const { root, paper, sha256: hash, administrator } = await underOneOf(trust, (root) => openPaper('countersign device list', cms, root, null));
  const { subject, notAfter } = describeCertificate(administrator);
  const [revocation] = revocationLists.filter(({ issuer }) => Buffer.from(issuer).equals(root)).flatMap(({ crl }) => entriesOf(administrator, crl));
  if (revocation !== undefined) {
    throw new PacketError('PAPER_REFUSED', `The device list was signed by "${subject}", whose certificate was revoked on ${revocation.revokedAt}. Ask the tenant for one signed anew.`);
  }
  if (now > new Date(notAfter)) {
    report.warn('LIST_SIGNER_EXPIRED', `The device list (number ${paper.number}, of ${paper.issuedAt}) was signed by "${subject}", whose certificate ended on ${notAfter}: who holds that key since could have written it.`);
  }
  return { list: paper, sha256: hash, root };
}

async function readGivenCrl(der: Uint8Array, roots: readonly Uint8Array[]): Promise<Omit<GivenList, 'issuer'> & { issuer: Uint8Array | null }> {
  try {
    const crl = readCrl(der);
    return { der, crl, issuer: roots.find((root) => crlIssuedBy(der, root)) ?? null, sha256: await sha256(der) };
  } catch (error) {
    throw error instanceof KeyError ? new PacketError('PAPER_REFUSED', error.message, { cause: error }) : error;
  }
}

/** The first root under which `read` succeeds; where there is none, what was said under each. */
async function underOneOf<T extends object>(roots: readonly Uint8Array[], read: (root: Uint8Array) => Promise<T>): Promise<T & { root: Uint8Array }> {
  const reasons = new Set<string>();
  for (const root of roots) {
    try {
      return { ...await read(root), root };
    } catch (error) {
      if (!(error instanceof KeyError)) throw error;
      reasons.add(error.message);
    }
  }
  throw new PacketError('PAPER_REFUSED', [...reasons].join(' '));
}

/** DER of every block under one of the labels (RFC 7468), or the bytes as they are: none of several is left out. */
function fromArmour(labels: readonly string[], bytes: Uint8Array): Uint8Array[] {
  if (Buffer.from(bytes.subarray(0, 4096)).indexOf('-----BEGIN ') === -1) return [bytes];
  const text = Buffer.from(bytes).toString('latin1');
  const blocks = labels.flatMap((label) => fromPem(label, text));
  return blocks.length === 0 ? [bytes] : blocks;
}
