/**
 * The packet: everything about one completed signing in one ASiC-E container with CAdES (ETSI EN 319 162-1).
 *
 *   mimetype                        first and stored, so that the type is seen at byte 38 (clause A.1)
 *   document.pdf                    the signed PDF
 *   audit.json                      the audit trail (audit.schema.json)
 *   audit.pdf                       the same to read (audit-page.ts); older packets have none
 *   consent.txt                     the consent text as shown, UTF-8
 *   SHA256SUMS                      of those above, for `sha256sum -c`
 *   META-INF/ASiCManifest001.xml    digests of all those above
 *   META-INF/signature001.p7s       detached CAdES over the manifest by the seal key, with signing-time
 *
 * What a later version adds: `packet-version.ts`.
 * Before: `sign-document.ts` and `audit.ts`. After: the outbox wraps the bytes; `verify/` and the examiner read them.
 * A packet is not encrypted: only the sealed record inside the PDF is.
 */
import { buildSignedData } from '#biometrics/cms.ts';
import type { Signer } from '#biometrics/signer.ts';
import type { AuditEvent, Disclosed } from './audit.ts';
import { readAuditFile, writeAuditFile, type AuditFile, type AuditOrigin } from './audit-file.ts';
import { PacketError } from './errors.ts';
import { DOCUMENT_NAME, MANIFEST_NAME, readManifest, SIGNATURE_NAME, SUMS_NAME, writeManifest, writeSums, type ManifestEntry } from './manifest.ts';
import { readVersions, type PacketVersion } from './packet-version.ts';
import { fromHex, sha256 } from './sha256.ts';
import { readZip, writeZip } from './zip.ts';

export const MIME_TYPE = 'application/vnd.etsi.asic-e+zip';
const AUDIT_NAME = 'audit.json';
const AUDIT_PAGE_NAME = 'audit.pdf';
const CONSENT_NAME = 'consent.txt';

/** What a packet says where nobody told it more. */
const NOT_SAID: AuditOrigin = { station: null, place: null, disclosed: [] };

export interface PacketContents {
  signedPdf: Uint8Array;
  /** Not checked here: `verifyTrail` does. */
  audit: readonly AuditEvent[];
  /** Left out: not said, and nothing disclosed. */
  origin?: AuditOrigin;
  /** `auditPage` makes it of the same trail; it is not made here because this file also runs in browsers. Left out: none. */
  auditPdf?: Uint8Array;
  /** The text shown to the guest, its language (BCP 47) and its version. */
  consent: { text: string; language: string; version: string };
  requestId: string;
  signedAt: Date;
  demo: boolean;
  seal: Signer;
}

export interface Packet {
  /** Of the newest version. */
  signedPdf: Uint8Array;
  /** Those after the first. */
  versions: PacketVersion[];
  audit: AuditEvent[];
  /** What `audit.json` says beside its events. All of it is a claim until the signature is verified. */
  request: string;
  signedAt: string;
  demo: boolean;
  /** Whose trail it is; null where the packet does not say. */
  station: AuditOrigin['station'];
  /** What the trail names by salted hashes. `checkDisclosed` tells whether it does. */
  disclosed: Disclosed[];
  consent: { text: string; bytes: Uint8Array; sha256: string; language: string; version: string };
  /** Of the first version: digests as the manifest claims them, and the bytes that the signature covers. */
  manifest: { entries: ManifestEntry[]; bytes: Uint8Array };
  /** The detached CMS, DER. */
  signature: Uint8Array;
  /** `SHA256SUMS`. */
  sums: Uint8Array;
  /** Every file by its name in the container. */
  files: Map<string, Uint8Array>;
}

/**
 * Deterministic but for the signature value: the same contents give the same bytes before it.
 * @throws whatever `seal.sign` throws.
 */
export async function buildPacket({ signedPdf, audit, origin = NOT_SAID, auditPdf, consent, requestId, signedAt, demo, seal }: PacketContents): Promise<Uint8Array> {
  const consentBytes = new TextEncoder().encode(consent.text);
  const { language, version } = consent;
  const auditBytes = writeAuditFile({
    request: requestId,
    signedAt: signedAt.toISOString(),
    demo,
    consent: { sha256: await sha256(consentBytes), language, version },
    ...origin,
    events: [...audit],
  });
  const data = new Map([[DOCUMENT_NAME, signedPdf], [AUDIT_NAME, auditBytes], [CONSENT_NAME, consentBytes]]);
  if (auditPdf !== undefined) data.set(AUDIT_PAGE_NAME, auditPdf);
  data.set(SUMS_NAME, writeSums(await digests(data)));
  const manifest = writeManifest(await digests(data));
  const signature = await buildSignedData({ content: null, digest: fromHex(await sha256(manifest)), signer: seal, signingTime: signedAt });
  return writeZip(new Map([
    ['mimetype', new TextEncoder().encode(MIME_TYPE)],
    ...data,
    [MANIFEST_NAME, manifest],
    [SIGNATURE_NAME, signature],
  ]));
}

/**
 * Takes a packet apart, within limits. It checks that everything is there and readable, not that anything is true:
 * that is `verify`.
 * @throws PacketError CONTAINER_MALFORMED or CONTAINER_LIMIT.
 */
export function readPacket(bytes: Uint8Array): Packet {
  const files = readZip(bytes);
  const file = (name: string): Uint8Array => {
    const found = files.get(name);
    if (found === undefined) throw new PacketError('CONTAINER_MALFORMED', `This packet cannot be read: ${name} is missing. It was damaged or is not a Countersign packet.`);
    return found;
  };
  if (files.keys().next().value !== 'mimetype' || new TextDecoder().decode(file('mimetype')) !== MIME_TYPE) {
    throw new PacketError('CONTAINER_MALFORMED', `This is no packet: its first file is not "mimetype" with ${MIME_TYPE}.`);
  }
  const { events, consent, ...about }: AuditFile = readAuditFile(file(AUDIT_NAME));
  const manifest = file(MANIFEST_NAME);
  const consentBytes = file(CONSENT_NAME);
  const original = file(DOCUMENT_NAME);
  const versions = readVersions(files);
  return {
    ...about,
    signedPdf: versions.at(-1)?.signedPdf ?? original,
    versions,
    audit: events,
    consent: { ...consent, text: new TextDecoder().decode(consentBytes), bytes: consentBytes },
    manifest: { entries: readManifest(manifest), bytes: manifest },
    signature: file(SIGNATURE_NAME),
    sums: file(SUMS_NAME),
    files,
  };
}

/** The digests of files in their order, as manifest and SHA256SUMS list them. */
export async function digests(files: ReadonlyMap<string, Uint8Array>): Promise<ManifestEntry[]> {
  return Promise.all(Array.from(files, async ([name, bytes]) => ({ name, sha256: await sha256(bytes) })));
}
