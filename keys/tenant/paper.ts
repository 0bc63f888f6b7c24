/**
 * A tenant's paper, signed: JSON in CMS SignedData by the administrator, whose certificate stands under the tenant's root.
 * `openssl cms -verify -inform DER -in PAPER -CAfile ROOT` shows it.
 *
 * The root alone gives names, so a name tells whether a certificate is an administrator's (`names.ts`). A station's own
 * certificates name a site, so that a stolen tablet cannot write itself a configuration.
 * Not checked here: whether a newer edition exists; whoever keeps the papers compares numbers. Somebody who can change a paper
 * on its way can change the parts of the CMS that are not signed: it opens as the same paper, with another `sha256`.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { RecordError } from '#biometrics/errors.ts';
import { buildSignedData, verifySignedData } from '#biometrics/cms.ts';
import type { Signer } from '#biometrics/signer.ts';
import { describeCertificate } from '../certificate.ts';
import { KeyError } from '../errors.ts';
import { SHAPES, type PaperKind, type PaperOf } from './documents.ts';
import { administratorName, tenantOfRoot } from './names.ts';

export interface OpenedPaper<K extends PaperKind> {
  paper: PaperOf<K>;
  /** Of the signed bytes (the CMS), lower-case hex: what a record names. */
  sha256: string;
  /** DER. */
  administrator: Uint8Array;
}

/** Longer is no paper of ours. */
const MAX_PAPER = 16 * 1_024 * 1_024;

/** @returns ContentInfo, DER. @throws KeyError `SIGN_FAILED`, `PAPER_MALFORMED` for one that `openPaper` would not take */
export async function signPaper(paper: PaperOf<PaperKind>, administrator: Signer): Promise<Uint8Array> {
  const json = Buffer.from(JSON.stringify(readShape(paper.kind, paper)));
  return buildSignedData({ content: json, signer: administrator, signingTime: new Date() });
}

/**
 * @param root the tenant's root certificate, DER
 * @param at when the administrator's certificate must not have ended yet; null for a paper that was checked when it came
 * @throws KeyError `PAPER_MALFORMED`, `PAPER_NOT_GENUINE`; `CERTIFICATE_MALFORMED` where `root` is no tenant's root
 */
export async function openPaper<K extends PaperKind>(kind: K, cms: Uint8Array, root: Uint8Array, at: Date | null = new Date()): Promise<OpenedPaper<K>> {
  if (cms.length > MAX_PAPER) throw new KeyError('PAPER_MALFORMED', `This is no ${kind}: it is longer than ${MAX_PAPER} bytes.`);
  const { valid, content, certificate, problems } = await verify(kind, cms);
  if (!valid || content === null) throw new KeyError('PAPER_NOT_GENUINE', `The signature of this ${kind} does not hold: ${problems.join('; ') || 'it carries nothing'}.`);
  const tenant = tenantOfRoot(root);
  checkAdministrator(kind, certificate, { root, tenant }, at);
  const paper = readPaper(kind, content);
  if (tenantOf(paper) !== tenant) {
    throw new KeyError('PAPER_NOT_GENUINE', `This ${kind} is for the tenant "${tenantOf(paper)}", of whom its signer is no administrator.`);
  }
  return { paper, sha256: createHash('sha256').update(cms).digest('hex'), administrator: certificate };
}

/** A paper in clear: an enrolment request, or the content of a signed one. @throws KeyError `PAPER_MALFORMED` */
export function readPaper<K extends PaperKind>(kind: K, json: Uint8Array): PaperOf<K> {
  if (json.length > MAX_PAPER) throw new KeyError('PAPER_MALFORMED', `This is no ${kind}: it is longer than ${MAX_PAPER} bytes.`);
  try {
    return readShape(kind, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)));
  } catch (cause) {
    if (cause instanceof KeyError) throw cause;
    throw new KeyError('PAPER_MALFORMED', `This is no ${kind}: it is not JSON in UTF-8.`, { cause });
  }
}

function readShape<K extends PaperKind>(kind: K, value: unknown): PaperOf<K> {
  try {
    return SHAPES[kind](value, kind) as PaperOf<K>;
  } catch (cause) {
    if (!(cause instanceof RecordError)) throw cause;
    throw new KeyError('PAPER_MALFORMED', `This is no ${kind} that can be read here: ${cause.message}.`, { cause });
  }
}

async function verify(kind: PaperKind, cms: Uint8Array): ReturnType<typeof verifySignedData> {
  try {
    return await verifySignedData(cms);
  } catch (cause) {
    throw new KeyError('PAPER_MALFORMED', `This is no signed ${kind}: ${(cause as Error).message}.`, { cause });
  }
}

function checkAdministrator(kind: PaperKind, certificate: Uint8Array, { root, tenant }: { root: Uint8Array; tenant: string }, at: Date | null): void {
  const [signer, authority] = [readSigner(kind, certificate), new X509Certificate(root)];
  const { subject, notAfter } = describeCertificate(certificate);
  const refuse = (why: string): never => { throw new KeyError('PAPER_NOT_GENUINE', `This ${kind} was signed by "${subject}", ${why}`); };
  if (!signer.checkIssued(authority) || !signer.verify(authority.publicKey)) refuse("whose certificate is not of this tenant's authority.");
  const { organization, commonName } = administratorName(tenant, '');
  if (!subject.startsWith(`O=${organization}, CN=${commonName}`)) refuse('who is no administrator of the tenant.');
  if (at !== null && at > signer.validToDate) refuse(`whose certificate ended on ${notAfter}. Ask for one signed anew.`);
}

function readSigner(kind: PaperKind, certificate: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(certificate);
  } catch (cause) {
    throw new KeyError('PAPER_MALFORMED', `This is no signed ${kind}: the certificate of its signer cannot be read.`, { cause });
  }
}

function tenantOf(paper: PaperOf<PaperKind>): string {
  return 'tenant' in paper ? paper.tenant : paper.station.tenant;
}
