/**
 * What the addresses in certificates give, for `--online` alone: issuers (RFC 5280 section 4.2.2.1), OCSP answers (RFC 6960) and revocation
 * lists. Whoever runs them learns that somebody here looks at such a certificate.
 *
 * A stranger's file says where to go: `packet/upgrade/download.ts` goes to no private network, and here the number of exchanges, their
 * bytes and the time of all of them are bounded. What comes counts only as far as the issuer, or a responder of the issuer's own, signed it
 * and it is in force now; nothing that goes wrong here is more than "not known".
 * Before: `certificate-standing.ts` and `authority-revocation.ts` ask. After: `packet/upgrade/evidence.ts` reads.
 */
import { X509Certificate } from 'node:crypto';
import { RecordError } from '#biometrics/errors.ts';
import { KeyError } from '#keys/errors.ts';
import { readCertificate } from '#keys/certificate.ts';
import { PacketError } from '../errors.ts';
import { addressesOf, type Addresses } from '../upgrade/addresses.ts';
import { download, type Online } from '../upgrade/download.ts';
import { fromCrl, fromOcsp, type Evidence } from '../upgrade/evidence.ts';
import { needsNoCheck, ocspRequest } from '../upgrade/ocsp.ts';
import { pathOf } from './chain.ts';
import { sameBytes } from '../manifest.ts';

/** `instead`: of this process, which reads a stranger's file and goes nowhere itself, another one goes. */
export type OnlineOptions = Pick<Online, 'allowPrivate' | 'deadlineMs' | 'instead'>;

/** What was learnt of one certificate. */
export type Learnt = { evidence: Evidence; why: null } | { evidence: null; why: string };

/** For all of one file; the process that goes instead of this one keeps to them too. */
export const MOST_EXCHANGES = 24;
export const MOST_MS = 30_000;
const MOST_CRL = 4 * 1024 * 1024;
const MOST_OCSP = 64 * 1024;
const MOST_CERTIFICATE = 64 * 1024;
/** Authorities on a way up. */
const HIGHEST = 8;
/** Clocks differ. */
const SKEW_MS = 5 * 60_000;
/** How long a word without a term is in force. */
const DAY_MS = 86_400_000;
const NOWHERE: Addresses = { crls: [], ocsp: [], issuers: [] };

export class OnlineEvidence {
  readonly #online: Online;
  readonly #now: Date;
  readonly #learnt = new Map<string, Promise<Learnt>>();
  readonly #issuers = new Map<string, Promise<Uint8Array | null>>();
  #left = MOST_EXCHANGES;
  /** Where something was asked, as `http://host`. */
  readonly asked = new Set<string>();

  constructor(options: OnlineOptions, now: Date) {
    this.#online = { ...options, signal: AbortSignal.timeout(MOST_MS) };
    this.#now = now;
  }

  /** `others` and the issuers that were fetched until the way up ends at a root, or nowhere. */
  async complete(certificate: Uint8Array, others: readonly Uint8Array[], roots: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    let all = others;
    for (let height = 0, at = certificate; height < HIGHEST; height++) {
      const top = pathOf(certificate, all, roots).at(-1) as Uint8Array;
      if (roots.some((root) => sameBytes(root, top))) break;
      const above = await this.#issuerOf(at);
      if (above === null || all.some((each) => sameBytes(each, above))) break;
      all = [...all, above];
      at = above;
    }
    return all;
  }

  /** Whether it was revoked, by the first address that gives a word in force. Asked once for each certificate. */
  about(certificate: Uint8Array, issuer: Uint8Array): Promise<Learnt> {
    return once(this.#learnt, certificate, () => this.#ask(certificate, issuer, true));
  }

  async #ask(certificate: Uint8Array, issuer: Uint8Array, andResponder: boolean): Promise<Learnt> {
    const { ocsp, crls } = addresses(certificate);
    const attempts = [
      ...ocsp.map((address) => async () => fromOcsp(await this.#fetch(address, { post: { body: ocspRequest(certificate, issuer), type: 'application/ocsp-request' }, accept: 'application/ocsp-response', most: MOST_OCSP }), certificate, issuer)),
      ...crls.map((address) => async () => fromCrl(await this.#fetch(address, { accept: 'application/pkix-crl', most: MOST_CRL }), certificate, issuer)),
    ];
    let why = 'it names no address to ask';
    for (const attempt of attempts) {
      try {
        const evidence = await attempt();
        if (evidence === null) why = 'what came is not by its issuer, or not about it';
        else if (!this.#isInForce(evidence)) why = `what came is of ${evidence.thisUpdate.toISOString()}, and not in force now`;
        else if (evidence.responder !== null && andResponder && !await this.#mayStillAnswer(evidence.responder, issuer)) why = 'the certificate of who answered was revoked, or may have been';
        else return { evidence, why: null };
      } catch (error) {
        why = reasonOf(error);
      }
    }
    return { evidence: null, why };
  }

  /** RFC 6960 section 4.2.2.2.1: of a responder whose certificate neither forbids the question nor says where to ask, the verifier decides. */
  async #mayStillAnswer(responder: Uint8Array, issuer: Uint8Array): Promise<boolean> {
    const { ocsp, crls } = addresses(responder);
    if (needsNoCheck(responder) || ocsp.length + crls.length === 0) return true;
    const { evidence } = await this.#ask(responder, issuer, false);
    return evidence?.revokedSince === null;
  }

  #isInForce({ thisUpdate, nextUpdate }: Evidence): boolean {
    const now = this.#now.getTime();
    return thisUpdate.getTime() <= now + SKEW_MS && (nextUpdate?.getTime() ?? thisUpdate.getTime() + DAY_MS) >= now;
  }

  #issuerOf(certificate: Uint8Array): Promise<Uint8Array | null> {
    return once(this.#issuers, certificate, async () => {
      for (const address of addresses(certificate).issuers) {
        try {
          const der = readCertificate(await this.#fetch(address, { accept: 'application/pkix-cert', most: MOST_CERTIFICATE }));
          if (new X509Certificate(certificate).checkIssued(new X509Certificate(der))) return der;
        } catch (error) {
          reasonOf(error);
        }
      }
      return null;
    });
  }

  async #fetch(address: string, exchange: Parameters<typeof download>[1]): Promise<Uint8Array> {
    if (this.#left-- <= 0) throw new PacketError('REVOCATION_AWAY', `More than ${MOST_EXCHANGES} addresses are named, and no more are asked for one file`);
    this.asked.add(URL.parse(address)?.origin ?? address);
    return download(address, exchange, this.#online);
  }
}

/** A certificate whose addresses cannot be read names none. */
export function addresses(certificate: Uint8Array): Addresses {
  try {
    return addressesOf(certificate);
  } catch (error) {
    if (error instanceof RecordError) return NOWHERE;
    throw error;
  }
}

function once<T>(known: Map<string, Promise<T>>, certificate: Uint8Array, ask: () => Promise<T>): Promise<T> {
  const key = Buffer.from(certificate).toString('base64');
  const found = known.get(key) ?? ask();
  known.set(key, found);
  return found;
}

/** Whatever a stranger's server sends is no fault of ours; anything else is. */
function reasonOf(error: unknown): string {
  if (error instanceof PacketError || error instanceof KeyError || error instanceof RecordError) return error.message.replace(/\.$/, '');
  if (error instanceof DOMException) return `all of it took longer than ${MOST_MS / 1000} s`;
  throw error;
}
