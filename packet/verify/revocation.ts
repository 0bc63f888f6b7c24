/**
 * Was a certificate taken back? By the revocation lists given, by those that came with the signature (they can only speak against
 * it), by the tenant's device list, and with `--online` by what its issuer says now.
 *
 * RFC 5280 section 5.3.2: a certificate is not to be believed since its invalidity date, which may lie before the day it was revoked.
 * What was signed before is as good as a proof that it was: a time-stamp, never the signer's own word.
 * Not done: indirect and delta lists (`keys/read-crl.ts` refuses them). Before and after: `certificate-standing.ts`.
 */
import { X509Certificate } from 'node:crypto';
import { RecordError } from '#biometrics/errors.ts';
import { describeCertificate } from '#keys/certificate.ts';
import { KeyError } from '#keys/errors.ts';
import { crlIssuedBy, disbelievedSince, entriesOf, readCrl } from '#keys/read-crl.ts';
import { sameBytes } from '../manifest.ts';
import { sha256 } from '../sha256.ts';
import type { Asked } from './asked.ts';
import { signedBy } from './chain.ts';
import { addresses, type Learnt } from './online.ts';
import type { Report } from './result.ts';
import { nameCertificate, nameList, nameOf, type Signer } from './signer.ts';
import { describeList, placeLists, type GivenList } from './tenant-papers.ts';
import { evidenceOn } from './validation-data.ts';

/** @param path from the signer's certificate upwards, DER */
export async function judgeRevocation(signer: Signer, path: readonly Uint8Array[], asked: Asked, report: Report): Promise<void> {
  const isTrusted = asked.trust?.some((root) => sameBytes(root, path.at(-1) as Uint8Array)) === true;
  if (isTrusted) placeLists(asked.papers, path.slice(1));
  const lists = [...asked.papers.revocationLists, ...await carriedLists(signer, path, asked, report)];
  let answered = 0;
  for (const [index, certificate] of path.entries()) {
    const issuer = path[index + 1];
    const learnt = issuer === undefined || !isTrusted ? null : await asked.online?.about(certificate, issuer) ?? null;
    if (learnt?.evidence != null) answered += 1;
    const said = [...revocationsOf(certificate, lists, asked), ...answersOn(certificate, issuer, signer, learnt)];
    tellRevoked(signer, certificate, index, said, { now: asked.now, report });
    if (issuer !== undefined && isTrusted) tellUnknown(signer, certificate, issuer, learnt, lists, asked, report);
  }
  tellWhatWasNotAsked(signer, path, lists, { ...asked, isAnswered: path.length > 1 && answered === path.length - 1 }, report);
}

/**
 * EN 319 102-1 clause 5.2.5: where a certificate names who tells of its revocation, nobody who did not ask knows that it holds. A word that
 * is in force at the time proven, or now, or later, is an answer.
 */
function tellUnknown({ what, provenTime, stored, crls }: Signer, certificate: Uint8Array, issuer: Uint8Array, learnt: Learnt | null, lists: readonly GivenList[], { now }: Asked, report: Report): void {
  const named = addresses(certificate);
  if (learnt?.evidence != null) {
    report.note('REVOCATION_ASKED', `${what}: of ${nameCertificate(certificate)} its issuer says, as of ${learnt.evidence.thisUpdate.toISOString()}, that it was ${learnt.evidence.revokedSince === null ? 'not ' : ''}revoked.`);
    return;
  }
  if (named.ocsp.length + named.crls.length === 0) return;
  const at = (provenTime ?? now).getTime();
  const all = { ...stored, crls: [...stored.crls, ...[...crls, ...lists.map(({ der }) => der)].map((der) => ({ der, start: 0 }))] };
  if (evidenceOn(certificate, issuer, all).some(({ thisUpdate, nextUpdate }) => thisUpdate.getTime() >= at || (nextUpdate !== null && nextUpdate.getTime() >= at))) return;
  const why = learnt === null ? 'nothing at hand tells it. Give its list with --revoked, or ask with --online' : `it was asked and is not known: ${learnt.why}. Try again later, or give its list with --revoked`;
  report.doubt('TRY_LATER', 'REVOCATION_UNKNOWN', `${what}: ${nameCertificate(certificate)} names where it is told whether it was revoked, and ${why}.`);
}

/** Those of the lists inside that the issuer of a certificate on the path has signed; they can only speak against it. */
async function carriedLists({ what, crls, others, stored }: Signer, path: readonly Uint8Array[], asked: Asked, report: Report): Promise<GivenList[]> {
  if (crls.length + stored.crls.length === 0) return [];
  const issuers = [...path.slice(1), ...others, ...asked.trust ?? []].filter((candidate) => path.some((certificate) => isIssuer(certificate, candidate)));
  const found: GivenList[] = [];
  for (const der of [...crls, ...stored.crls.map((each) => each.der)]) {
    const read = readCarried(der, issuers);
    // a store holds the lists of others too
    if (read === null && !crls.includes(der)) continue;
    if (read === null) {
      report.note('CARRIED_LIST_NOT_USED', `${what}: a revocation list that came with it is not by the issuer of its certificate, or cannot be read; it was not used.`);
      continue;
    }
    const list = { ...read, der, sha256: await sha256(der) };
    if (asked.papers.revocationLists.some((given) => given.sha256 === list.sha256)) continue;
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

/** OCSP answers that lie in the file (RFC 6960), and what was asked for now. */
function answersOn(certificate: Uint8Array, issuer: Uint8Array | undefined, { stored }: Signer, learnt: Learnt | null): Revoked[] {
  const answers = [...issuer === undefined ? [] : evidenceOn(certificate, issuer, { ...stored, crls: [] }), ...learnt?.evidence == null ? [] : [learnt.evidence]];
  return answers.flatMap(({ kind, revokedSince, thisUpdate }) => {
    const since = revokedSince?.toISOString();
    return since === undefined ? [] : [{ at: since, since, reason: 'no reason read', by: `the ${kind === 'crl' ? 'revocation list' : 'OCSP answer'} of ${thisUpdate.toISOString()}` }];
  });
}

function revocationsOf(certificate: Uint8Array, lists: readonly GivenList[], { papers: { devices } }: Asked): Revoked[] {
  const said: Revoked[] = [];
  for (const { crl, issuer } of lists) {
    const entries = entriesOf(certificate, crl);
    if (entries.length === 0 || !isIssuer(certificate, issuer)) continue;
    for (const entry of entries) said.push({ at: entry.revokedAt, since: disbelievedSince(entry), reason: entry.reason, by: nameOf(crl) });
  }
  if (devices === null) return said;
  const { sha256: hash } = describeCertificate(certificate);
  for (const { sha256: listed, revoked } of devices.list.devices) {
    if (listed === hash && revoked !== null) said.push({ at: revoked.at, since: disbelievedSince({ ...revoked, revokedAt: revoked.at }), reason: revoked.reason, by: nameList(devices.list) });
  }
  return said;
}

/** Times in RFC 3339. */
interface Revoked { at: string; since: string; reason: string; by: string }

/** Of several lists, the one that goes back furthest counts. A superseded key may be good for some days yet: what exists now was signed before. */
function tellRevoked({ what, claimedTime, provenTime }: Signer, certificate: Uint8Array, index: number, said: readonly Revoked[], { now, report }: { now: Date; report: Report }): void {
  const [first] = said.toSorted((a, b) => Date.parse(a.since) - Date.parse(b.since));
  if (first === undefined) return;
  const { at, since, reason } = first;
  const words = `${what}: ${nameCertificate(certificate)} was revoked on ${at} (${reason}); what it signed is not to be believed since ${since}, says ${said.map(({ by }) => by).join('; ')}.`;
  if ((provenTime ?? now) < new Date(since)) {
    const proof = provenTime === null ? 'That day has not come' : `A time-stamp proves that this signature existed before, at ${provenTime.toISOString()}`;
    report.note('SIGNED_BEFORE_REVOCATION', `${words} ${proof}.`);
    return;
  }
  const because = index === 0 ? 'REVOKED_NO_POE' : 'REVOKED_CA_NO_POE';
  report.doubt(because, index === 0 ? 'CERTIFICATE_REVOKED' : 'AUTHORITY_REVOKED', `${words} ${timeWords(claimedTime, provenTime, since)}`);
}

function timeWords(claimed: string | null, proven: Date | null, since: string): string {
  const stamp = proven === null ? 'nothing proves it' : `a time-stamp proves only that it existed by ${proven.toISOString()}`;
  if (claimed === null) return `It does not say when it was signed; ${stamp}.`;
  return `It says that it was signed at ${claimed}, ${new Date(claimed) < new Date(since) ? 'before' : 'after'} that: a claim, and ${stamp}.`;
}

/** False, too, where one of them cannot be read. */
function isIssuer(certificate: Uint8Array, issuer: Uint8Array): boolean {
  try {
    return signedBy(new X509Certificate(certificate), new X509Certificate(issuer));
  } catch {
    return false;
  }
}

/** When the oldest of the words in the file was said, if it covers every certificate but the root at the time proven. */
function knownSince({ provenTime, stored, crls }: Signer, path: readonly Uint8Array[]): Date | null {
  if (provenTime === null || path.length < 2) return null;
  const all = { ...stored, crls: [...stored.crls, ...crls.map((der) => ({ der, start: 0 }))] };
  const newest = path.slice(0, -1).map((certificate, index) => Math.max(...evidenceOn(certificate, path[index + 1] as Uint8Array, all).map(({ thisUpdate }) => thisUpdate.getTime())));
  const oldest = Math.min(...newest);
  return oldest >= provenTime.getTime() ? new Date(oldest) : null;
}

/** What came with the signature is as old as the signature: it does not say what was revoked since. */
function tellWhatWasNotAsked(signer: Signer, path: readonly Uint8Array[], lists: readonly GivenList[], { papers, now, isAnswered }: Asked & { isAnswered: boolean }, report: Report): void {
  const { what, certificate } = signer;
  const given = papers.revocationLists.filter(({ issuer }) => isIssuer(certificate, issuer));
  const known = knownSince(signer, path);
  if (known !== null) report.note('REVOCATION_KNOWN', `${what}: what lies in the file says of each certificate whether it was revoked, as of ${known.toISOString()} or later: after the time that is proven.`);
  else if (!isAnswered && papers.devices === null && given.length === 0) {
    const carried = lists.length === papers.revocationLists.length ? '' : ` The revocation list that came with ${what} is as old as it is.`;
    report.note('REVOCATION_NOT_CHECKED', `Whether a certificate was revoked was not asked: give the newest lists with --revoked (a tenant's with --devices too), or ask with --online.${carried}`);
  }
  // A tenant's device list and revocation list are made together, under one number.
  const editions = [...given.map(({ crl, issuer }) => ({ number: crl.number ?? 0, issuer })), ...(papers.devices === null ? [] : [{ number: papers.devices.list.number, issuer: papers.devices.root }])];
  const newest = Math.max(...editions.map(({ number }) => number));
  const newer = lists.find(({ crl, issuer }) => (crl.number ?? 0) > newest && editions.some((edition) => sameBytes(edition.issuer, issuer)));
  if (newer !== undefined) {
    report.warn('REVOCATION_NOT_CHECKED', `${what} came with ${nameOf(newer.crl)}, which is newer than the one given: ask the tenant for the newest.`);
  }
  for (const { crl } of given) {
    if (crl.nextUpdate !== null && new Date(crl.nextUpdate) < now) {
      report.warn('REVOCATION_NOT_CHECKED', `The ${nameOf(crl)} is old: the next one was due on ${crl.nextUpdate}. What was revoked since is not known here.`);
    }
  }
}
