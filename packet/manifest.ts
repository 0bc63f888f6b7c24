/**
 * The two lists of digests in a packet: `META-INF/ASiCManifest001.xml` (ETSI EN 319 162-1 clause A.4), which the
 * container's signature covers, and `SHA256SUMS`, for people with `sha256sum -c`. A later version has its own of each.
 *
 * Both are written in one fixed form and read by writing them again: a manifest that says the same in other words
 * is refused. That keeps a general XML reader, and what hides in XML, out of verification.
 */
import { PacketError } from './errors.ts';
import { fromHex, toHex } from './sha256.ts';

/** One data object: its name in the container and the SHA-256 (hex) of its bytes. */
export interface ManifestEntry { name: string; sha256: string }

export const SIGNATURE_NAME = 'META-INF/signature001.p7s';
export const MANIFEST_NAME = 'META-INF/ASiCManifest001.xml';
export const SUMS_NAME = 'SHA256SUMS';
/** The file a reader should open first: `Rootfile` of the manifest. */
export const DOCUMENT_NAME = 'document.pdf';

const MIME_TYPES: Record<string, string> = {
  pdf: 'application/pdf', json: 'application/json', xml: 'text/xml', p7s: 'application/pkcs7-signature', tst: 'application/vnd.etsi.timestamp-token',
};

/** Of the packet's version whose manifest it is: what is over the manifest, and the file that a reader should open first. */
export interface ManifestOf { number: number; proof: string; document: string }

const FIRST: ManifestOf = { number: 1, proof: SIGNATURE_NAME, document: DOCUMENT_NAME };

export function manifestNameOf(number: number): string {
  return `META-INF/ASiCManifest${String(number).padStart(3, '0')}.xml`;
}

export function writeManifest(entries: readonly ManifestEntry[], { proof, document }: ManifestOf = FIRST): Uint8Array {
  return new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>
<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
  <asic:SigReference URI="${proof}" MimeType="${mimeTypeOf(proof)}"/>
${entries.map((entry) => dataObjectReference(entry, document)).join('')}</asic:ASiCManifest>
`);
}

/** @throws PacketError CONTAINER_MALFORMED unless the bytes are exactly what `writeManifest` writes for what they say. */
export function readManifest(bytes: Uint8Array, of: ManifestOf = FIRST): ManifestEntry[] {
  const text = new TextDecoder().decode(bytes);
  const found = text.matchAll(/URI="([A-Za-z0-9._/-]+)"[^>]*>\s*<ds:DigestMethod[^>]*>\s*<ds:DigestValue>([A-Za-z0-9+/]{43}=)</g);
  const entries = Array.from(found, ([, name, digest]) => ({ name: name as string, sha256: fromBase64(digest as string) }));
  if (!sameBytes(writeManifest(entries, of), bytes)) {
    throw new PacketError('CONTAINER_MALFORMED', `This packet cannot be read: ${manifestNameOf(of.number)} is not written as a Countersign packet writes it.`);
  }
  return entries;
}

/** In the format of `sha256sum`, binary mode. */
export function writeSums(entries: readonly ManifestEntry[]): Uint8Array {
  return new TextEncoder().encode(entries.map(({ name, sha256 }) => `${sha256} *${name}\n`).join(''));
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

function mimeTypeOf(name: string): string {
  return MIME_TYPES[name.split('.').pop() as string] ?? 'text/plain';
}

function dataObjectReference({ name, sha256 }: ManifestEntry, document: string): string {
  const root = name === document ? ' Rootfile="true"' : '';
  return `  <asic:DataObjectReference URI="${name}" MimeType="${mimeTypeOf(name)}"${root}>
    <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
    <ds:DigestValue>${btoa(String.fromCharCode(...fromHex(sha256)))}</ds:DigestValue>
  </asic:DataObjectReference>
`;
}

function fromBase64(text: string): string {
  return toHex(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
}
