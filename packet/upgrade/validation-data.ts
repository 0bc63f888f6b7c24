/**
 * Collects what a verifier years from now needs and can no longer ask for (EN 319 142-1 clause 5.4.2): the certificates from each signer
 * and each time-stamp authority to a root, and for each but the root a revocation list or an OCSP answer.
 *
 * Taken from what is given, then, with permission, from the addresses in the certificates. Everything is checked before it is kept.
 * An answer made after the proven time is wanted; an older one that was in force then is taken and told, as nothing newer may exist yet.
 * Before: `upgrade-document.ts`. After: `security-store.ts`.
 */
import { X509Certificate } from 'node:crypto';
import { equalBytes } from '#biometrics/cms/der.ts';
import { readCertificate, describeCertificate } from '#keys/certificate.ts';
import { PacketError } from '../errors.ts';
import { checkChain, pathOf } from '../verify/chain.ts';
import { addressesOf } from './addresses.ts';
import { download, type Online } from './download.ts';
import { fromCrl, fromOcsp, type Evidence } from './evidence.ts';
import { needsNoCheck, ocspRequest } from './ocsp.ts';

/** DER, each once. */
export interface ValidationData {
  certificates: Uint8Array[];
  crls: Uint8Array[];
  ocsps: Uint8Array[];
}

/** Who signed, and by when that is proven. */
export interface Signatory { certificate: Uint8Array; time: Date }

export interface Sources {
  /** Roots, DER. */
  trust: readonly Uint8Array[];
  /** What is at hand: in the document, and given by the caller. */
  given: ValidationData;
  /** Null: nothing is fetched. */
  online: Online | null;
  now: Date;
}

const MAX_CRL = 4 * 1024 * 1024;
const MAX_OCSP = 64 * 1024;
const MAX_CERTIFICATE = 64 * 1024;
/** Clocks differ. */
const SKEW_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
/** Certificates on a path, and responders behind responders. */
const DEEPEST = 8;

/**
 * @returns what to keep, and sentences on what is weaker than it could be
 * @throws PacketError `CHAIN_INCOMPLETE`, `CERTIFICATE_REVOKED`, `REVOCATION_MISSING`, `REVOCATION_AWAY`, `REVOCATION_ADDRESS`, `REVOCATION_INVALID`
 */
export async function collectValidationData(signatories: readonly Signatory[], { given, ...rest }: Sources): Promise<ValidationData & { notes: string[] }> {
  // What was fetched for one serves for the next.
  const sources = { ...rest, given: { certificates: [...given.certificates], crls: [...given.crls], ocsps: [...given.ocsps] } };
  const kept = { certificates: new Map<string, Uint8Array>(), crls: new Map<string, Uint8Array>(), ocsps: new Map<string, Uint8Array>() };
  const notes = new Set<string>();
  const asked = new Set<string>();
  const waiting = signatories.map((signatory) => ({ ...signatory, depth: 0 }));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const path = await pathTo(next, sources);
    for (const certificate of path) {
      if (!kept.certificates.has(keyOf(certificate))) sources.given.certificates.push(certificate);
      kept.certificates.set(keyOf(certificate), certificate);
    }
    for (const [index, certificate] of path.slice(0, -1).entries()) {
      const issuer = path[index + 1] as Uint8Array;
      const question = `${keyOf(certificate)} ${next.time.getTime()}`;
      if (asked.has(question) || (next.depth > 0 && index === 0 && needsNoCheck(certificate))) continue;
      asked.add(question);
      const evidence = await evidenceOn(certificate, issuer, next.time, sources, notes);
      const kind = evidence.kind === 'crl' ? 'crls' : 'ocsps';
      kept[kind].set(keyOf(evidence.der), evidence.der);
      sources.given[kind].push(evidence.der);
      if (evidence.responder !== null && next.depth < DEEPEST) waiting.push({ certificate: evidence.responder, time: next.time, depth: next.depth + 1 });
    }
  }
  return { certificates: [...kept.certificates.values()], crls: [...kept.crls.values()], ocsps: [...kept.ocsps.values()], notes: [...notes] };
}

/** From the certificate to one of the roots, both included; valid at the proven time. */
async function pathTo({ certificate, time }: Signatory, { trust, given, online }: Sources): Promise<Uint8Array[]> {
  const others = [...given.certificates];
  let path = pathOf(certificate, others, trust);
  for (let top = certificate, depth = 0; !endsIn(trust, path) && depth < DEEPEST; depth++) {
    const above = online === null ? null : await fetchIssuer(top, online);
    if (above === null) break;
    others.push(above);
    top = above;
    path = pathOf(certificate, others, trust);
  }
  const problem = checkChain(certificate, others, trust, time, true);
  if (problem !== null) throw new PacketError('CHAIN_INCOMPLETE', `${problem.message} Give its root with --trust, and what lies between with --certificate.`);
  return path;
}

function endsIn(trust: readonly Uint8Array[], path: readonly Uint8Array[]): boolean {
  return trust.some((root) => equalBytes(root, path.at(-1) as Uint8Array));
}

async function fetchIssuer(certificate: Uint8Array, online: Online): Promise<Uint8Array | null> {
  const [address] = addressesOf(certificate).issuers;
  if (address === undefined) return null;
  const der = readCertificate(await download(address, { accept: 'application/pkix-cert', most: MAX_CERTIFICATE }, online));
  return new X509Certificate(certificate).checkIssued(new X509Certificate(der)) ? der : null;
}

async function evidenceOn(certificate: Uint8Array, issuer: Uint8Array, time: Date, sources: Sources, notes: Set<string>): Promise<Evidence> {
  const { given, online, now } = sources;
  const usable = [
    ...given.ocsps.map((der) => fromOcsp(der, certificate, issuer)), ...given.crls.map((der) => fromCrl(der, certificate, issuer)),
  ].filter((each) => each !== null && inForce(each, time, now)) as Evidence[];
  const newest = usable.toSorted((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime())[0];
  let chosen = newest;
  if (online !== null && (newest === undefined || newest.thisUpdate < time)) chosen = await fetchEvidence(certificate, issuer, time, now, online, newest);
  // Of contradicting words, the one that speaks against it counts.
  const against = usable.find(({ revokedSince }) => revokedSince !== null && revokedSince <= time);
  chosen = against ?? chosen;
  const whose = describeCertificate(certificate).subject;
  if (chosen === undefined) throw new PacketError('REVOCATION_MISSING', `Whether the certificate of ${whose} was revoked is told by nothing at hand. ${online === null ? 'Give a revocation list (--crl) or an OCSP answer (--ocsp), or let it be fetched (--online).' : 'It names no address to ask: give a revocation list (--crl) or an OCSP answer (--ocsp).'}`);
  if (chosen.revokedSince !== null && chosen.revokedSince <= time) throw new PacketError('CERTIFICATE_REVOKED', `The certificate of ${whose} was revoked: what it signed is not to be believed since ${chosen.revokedSince.toISOString()}, and only ${time.toISOString()} is proven.`);
  if (chosen.revokedSince !== null) notes.add(`The certificate of ${whose} was revoked since, at ${chosen.revokedSince.toISOString()}: after the time that is proven.`);
  if (chosen.thisUpdate < time) notes.add(`Of the certificate of ${whose} the newest word on revocation is of ${chosen.thisUpdate.toISOString()}, before ${time.toISOString()}, the time that is proven. A newer one, when there is one, makes this stronger: upgrade again then.`);
  return chosen;
}

/** Said something about that time: not from the future, and not out of date by then; without a term, a day. */
function inForce({ thisUpdate, nextUpdate }: Evidence, time: Date, now: Date): boolean {
  const until = nextUpdate?.getTime() ?? thisUpdate.getTime() + DAY_MS;
  return thisUpdate.getTime() <= now.getTime() + SKEW_MS && until >= time.getTime();
}

/** OCSP before a list: its answers are smaller, and newer. Of several addresses the first that gives something useful. */
async function fetchEvidence(certificate: Uint8Array, issuer: Uint8Array, time: Date, now: Date, online: Online, fallback: Evidence | undefined): Promise<Evidence | undefined> {
  const { ocsp, crls } = addressesOf(certificate);
  const attempts = [
    ...ocsp.map((address) => async () => fromOcsp(await download(address, { post: { body: ocspRequest(certificate, issuer), type: 'application/ocsp-request' }, accept: 'application/ocsp-response', most: MAX_OCSP }, online), certificate, issuer)),
    ...crls.map((address) => async () => fromCrl(await download(address, { accept: 'application/pkix-crl', most: MAX_CRL }, online), certificate, issuer)),
  ];
  let failure: PacketError | null = null;
  for (const attempt of attempts) {
    try {
      const evidence = await attempt();
      if (evidence !== null && inForce(evidence, time, now)) return evidence;
      failure ??= new PacketError('REVOCATION_INVALID', `What came for the certificate of ${describeCertificate(certificate).subject} from the address it names is not by its issuer, not about it, or out of date.`);
    } catch (error) {
      if (!(error instanceof PacketError)) throw error;
      failure = error;
    }
  }
  if (fallback === undefined && failure !== null) throw failure;
  return fallback;
}

function keyOf(der: Uint8Array): string {
  return Buffer.from(der).toString('base64');
}
