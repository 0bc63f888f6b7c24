/**
 * A later version of a packet: the same container with more in it, made where the envelope may be opened (ETSI EN 319 162-1). Every file of
 * the version before lies in it unchanged and in its place, so that the earlier packet can be taken out of it byte by byte, and its own
 * manifest and signature go on being checked as they were. Version N adds
 *
 *   document-00N.pdf             the signed PDF with what was added: validation data, time-stamps, another seal
 *   version-00N.json             its number, and SHA-256 of the packet before (packet-version.schema.json)
 *   SHA256SUMS-00N               of every file before this one but `mimetype`, for `sha256sum -c`
 *   META-INF/ASiCManifest00N.xml digests of all those, the earlier manifests and signatures included (clause A.4)
 *   META-INF/timestamp00N.tst    an RFC 3161 token over that manifest (clause 4.4.4.2), or
 *   META-INF/signature00N.p7s    a detached CAdES signature over it by another seal
 *
 *   openssl ts -verify -token_in -in META-INF/timestamp002.tst -data META-INF/ASiCManifest002.xml -CAfile ROOT
 *   openssl cms -verify -binary -inform DER -in META-INF/signature002.p7s -content META-INF/ASiCManifest002.xml -CAfile ROOT -purpose any
 *
 * A time-stamp shows when this version existed, not who made it: its PDF is vouched for by the signatures inside.
 * Before: `container.ts` or a version before; `upgrade/`. After: `verify/packet-versions.ts`.
 */
import { PacketError } from './errors.ts';
import { DOCUMENT_NAME, manifestNameOf, readManifest, sameBytes, writeManifest, writeSums, type ManifestEntry } from './manifest.ts';
import { sha256 } from './sha256.ts';
import { looksLikeZip, readZip, writeZip, ZIP_LIMITS } from './zip.ts';

export interface VersionFile {
  format: 'countersign-packet-version';
  version: 1;
  /** Of the packet, from 2. */
  number: number;
  /** The signing request. */
  request: string;
  /** The packet before, and SHA-256 (hex) of its bytes. */
  previous: { number: number; sha256: string };
  document: string;
  /** What was done, by which software, and when by the clock of whoever did it, RFC 3339: claims. */
  made: { how: 'upgrade' | 'seal'; software: string; at: string };
}

export interface PacketVersion {
  number: number;
  about: VersionFile;
  /** The signed PDF of this version. */
  signedPdf: Uint8Array;
  manifest: { name: string; entries: ManifestEntry[]; bytes: Uint8Array };
  sums: { name: string; bytes: Uint8Array };
  /** What is over the manifest, DER. */
  proof: { kind: 'time-stamp' | 'seal'; name: string; bytes: Uint8Array };
}

export type Proof = { kind: 'time-stamp' | 'seal'; over: (manifest: Uint8Array) => Promise<Uint8Array> };

const MOST_VERSIONS = 99;
/** RFC 3339, UTC, as `Date` writes it: `Date.parse` alone takes remarks in brackets too, which would stand in a verifier's answer. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** Bytes of a time-stamp or signature with its certificates, far above what there are. */
const LARGEST_PROOF = 1024 * 1024;
const NAMES = /^(?:document-(\d{3})\.pdf|version-(\d{3})\.json|SHA256SUMS-(\d{3})|META-INF\/ASiCManifest(\d{3})\.xml|META-INF\/(?:signature(\d{3})\.p7s|timestamp(\d{3})\.tst))$/;

/** Which version a file of a packet came with. */
export function versionOf(name: string): number {
  return Number(NAMES.exec(name)?.slice(1).find((digits) => digits !== undefined) ?? 1);
}

export function proofNameOf(kind: PacketVersion['proof']['kind'], number: number): string {
  return kind === 'seal' ? `META-INF/signature${digitsOf(number)}.p7s` : `META-INF/timestamp${digitsOf(number)}.tst`;
}

/** The bytes of the packet as it was at a version. @param files of a later one, in their order */
export function packetAt(files: ReadonlyMap<string, Uint8Array>, number: number): Uint8Array {
  return writeZip(new Map([...files].filter(([name]) => versionOf(name) <= number)));
}

/**
 * By what a head or statement may name a packet: SHA-256 (hex) of its bytes, and of each version before that lies in it.
 * @param bytes of a packet; of anything else, its own hash alone
 */
export async function packetHashes(bytes: Uint8Array): Promise<string[]> {
  const files = filesIn(bytes);
  const newest = Math.max(1, ...Array.from(files.keys(), versionOf));
  return Promise.all([bytes, ...Array.from({ length: newest - 1 }, (_, index) => packetAt(files, index + 1))].map(sha256));
}

function filesIn(bytes: Uint8Array): Map<string, Uint8Array> {
  try {
    return looksLikeZip(bytes) ? readZip(bytes) : new Map<string, Uint8Array>();
  } catch (error) {
    if (error instanceof PacketError) return new Map();
    throw error;
  }
}

/**
 * @param files of the packet so far, in their order; `request`: its signing request
 * @returns the bytes of the next version
 * @throws PacketError `CONTAINER_LIMIT`; whatever `proof.over` throws
 */
export async function addVersion(
  files: ReadonlyMap<string, Uint8Array>, { request, signedPdf, made }: { request: string; signedPdf: Uint8Array; made: VersionFile['made'] }, proof: Proof,
): Promise<Uint8Array> {
  const before = Math.max(...Array.from(files.keys(), versionOf));
  const number = before + 1;
  if (number > MOST_VERSIONS) throw new PacketError('CONTAINER_LIMIT', `This packet has ${before} versions, and no more are added.`);
  const document = documentNameOf(number);
  const about: VersionFile = {
    format: 'countersign-packet-version', version: 1, number, request,
    previous: { number: before, sha256: await sha256(packetAt(files, before)) }, document, made,
  };
  const all = new Map([...files, [document, signedPdf], [aboutNameOf(number), new TextEncoder().encode(`${JSON.stringify(about, null, 2)}\n`)]]);
  all.set(sumsNameOf(number), writeSums(await digestsOfAll(all)));
  const manifest = writeManifest(await digestsOfAll(all), { number, proof: proofNameOf(proof.kind, number), document });
  all.set(manifestNameOf(number), manifest);
  refuseUnreadable(all, number);
  all.set(proofNameOf(proof.kind, number), await proof.over(manifest));
  return writeZip(all);
}

/** Before anybody is asked for a proof over it: what `readZip` would not take apart is of use to nobody. */
function refuseUnreadable(files: ReadonlyMap<string, Uint8Array>, number: number): void {
  const bytes = Array.from(files.values()).reduce((sum, { length }) => sum + length, LARGEST_PROOF);
  if (files.size + 1 <= ZIP_LIMITS.files && bytes <= ZIP_LIMITS.bytes) return;
  throw new PacketError('CONTAINER_LIMIT', `Version ${number} of this packet would be larger than any reader of packets takes (${ZIP_LIMITS.files} files, ${ZIP_LIMITS.bytes / 2 ** 20} MiB): each version holds those before. Nothing was made.`);
}

/**
 * The versions after the first, in order. Nothing is verified but that each is whole, and that nothing stands in another's place.
 * @throws PacketError `CONTAINER_MALFORMED`
 */
export function readVersions(files: ReadonlyMap<string, Uint8Array>): PacketVersion[] {
  const order = Array.from(files.keys(), versionOf);
  if (order.some((number, index) => number < (order[index - 1] ?? 1))) throw malformed('its versions do not follow each other');
  const highest = order.at(-1) ?? 1;
  return Array.from({ length: highest - 1 }, (_, index) => readVersion(files, index + 2));
}

function readVersion(files: ReadonlyMap<string, Uint8Array>, number: number): PacketVersion {
  const file = (name: string): Uint8Array => {
    const found = files.get(name);
    if (found === undefined) throw malformed(`${name} is missing`);
    return found;
  };
  const kinds = (['time-stamp', 'seal'] as const).filter((kind) => files.has(proofNameOf(kind, number)));
  const [kind, second] = kinds;
  if (kind === undefined || second !== undefined) throw malformed(`version ${number} should have one time-stamp or one signature`);
  const [manifestName, proof, document] = [manifestNameOf(number), proofNameOf(kind, number), documentNameOf(number)];
  const bytes = file(manifestName);
  return {
    number, about: readAbout(file(aboutNameOf(number)), number), signedPdf: file(document),
    manifest: { name: manifestName, bytes, entries: readManifest(bytes, { number, proof, document }) },
    sums: { name: sumsNameOf(number), bytes: file(sumsNameOf(number)) },
    proof: { kind, name: proof, bytes: file(proof) },
  };
}

function readAbout(bytes: Uint8Array, number: number): VersionFile {
  const about = parsed(bytes, number);
  const isWhole = about?.format === 'countersign-packet-version' && about.version === 1 && about.number === number && about.document === documentNameOf(number)
    && typeof about.request === 'string' && about.previous?.number === number - 1 && /^[0-9a-f]{64}$/.test(about.previous.sha256)
    && (about.made?.how === 'upgrade' || about.made?.how === 'seal') && typeof about.made.software === 'string' && typeof about.made.at === 'string' && TIME.test(about.made.at) && !Number.isNaN(Date.parse(about.made.at));
  if (!isWhole || !sameBytes(bytes, new TextEncoder().encode(`${JSON.stringify(about, null, 2)}\n`))) throw malformed(`${aboutNameOf(number)} is not written as a Countersign packet writes it`);
  return about;
}

function parsed(bytes: Uint8Array, number: number): VersionFile | null {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as VersionFile | null;
  } catch {
    throw malformed(`${aboutNameOf(number)} cannot be read`);
  }
}

function digestsOfAll(files: ReadonlyMap<string, Uint8Array>): Promise<ManifestEntry[]> {
  return Promise.all(Array.from(files).filter(([name]) => name !== 'mimetype').map(async ([name, bytes]) => ({ name, sha256: await sha256(bytes) })));
}

function documentNameOf(number: number): string {
  return number === 1 ? DOCUMENT_NAME : `document-${digitsOf(number)}.pdf`;
}

function aboutNameOf(number: number): string {
  return `version-${digitsOf(number)}.json`;
}

function sumsNameOf(number: number): string {
  return `SHA256SUMS-${digitsOf(number)}`;
}

function digitsOf(number: number): string {
  return String(number).padStart(3, '0');
}

function malformed(what: string): PacketError {
  return new PacketError('CONTAINER_MALFORMED', `This packet cannot be read: ${what}. It was damaged or is not a Countersign packet.`);
}
