/**
 * PAdES baseline B-B (ETSI EN 319 142-1, 5.3 and 6.3): the signature dictionary, and the signature over all
 * bytes but its own. The signed attributes hold signing-certificate-v2 and no signing-time; the claimed time
 * is /M. It proves who sealed and that nothing changed; not when: that needs a time-stamp (B-T), for which
 * `/Contents` keeps room.
 * Before: `increment.ts`. After: the signed PDF.
 */
import { createHash, type Hash } from 'node:crypto';
import { type PDFContext, type PDFDict, PDFHexString, PDFNumber, type PDFObject, type PDFRef, PDFString } from './pdf-lib.ts';
import { buildSignedData } from '#biometrics/cms/signed-data.ts';
import type { Signer } from '#biometrics/signer.ts';
import { PacketError } from './errors.ts';
import type { Increment } from './increment.ts';

/** Room for the CMS, bytes. A chain of three and a time-stamp token with its own chain take about 6,000. */
const contentsRoom = 16_384;

/** Ten digits: wide enough for every file this program takes. */
const offsetPlaceholder = 9_999_999_999;

/** Zeros, written at once: character by character they took as long as the signature's arithmetic. */
class Room extends PDFHexString {
  override copyBytesInto(buffer: Uint8Array, offset: number): number {
    const size = this.sizeInBytes();
    buffer.fill(0x30, offset, offset + size);
    buffer[offset] = 0x3c;
    buffer[offset + size - 1] = 0x3e;
    return size;
  }
}

const zeros = '0'.repeat(contentsRoom * 2);

/** To be filled in by `coverRevision`. They come first, so that no text in the dictionary can be mistaken for them. */
const placeholders = (): { ByteRange: number[]; Contents: PDFHexString } => ({
  ByteRange: [0, offsetPlaceholder, offsetPlaceholder, offsetPlaceholder],
  Contents: new Room(zeros),
});

export interface SignatureOptions {
  signedAt: Date;
  /** Null leaves it out. */
  place: string | null;
  demo: boolean;
  /** Adds DocMDP with P 2: filling in forms and signing stay allowed. */
  certify: boolean;
  /** Adds a FieldMDP for each: /Action and /Fields (table 259). */
  locks?: readonly Record<string, PDFObject>[];
}

/** The dictionary of a signature that is still to be made, by `signatureBy`. */
export function signatureDictionary(context: PDFContext, options: SignatureOptions): PDFDict {
  const { signedAt, place, demo, certify, locks = [] } = options;
  const references = [...(certify ? [reference(context, 'DocMDP', { P: PDFNumber.of(2) })] : []), ...locks.map((lock) => reference(context, 'FieldMDP', lock))];
  return context.obj({
    ...placeholders(),
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    M: PDFString.fromDate(signedAt),
    ...(place === null ? {} : { Location: PDFHexString.fromText(place) }),
    Reason: PDFHexString.fromText(`${demo ? 'DEMO, not evidence. ' : ''}Seal over a document with a handwritten signature; designed to support an advanced electronic signature.`),
    ...(references.length === 0 ? {} : { Reference: references }),
  });
}

/** A signature reference (table 256). FieldMDP names the object that it is about: the document's catalog. */
function reference(context: PDFContext, method: 'DocMDP' | 'FieldMDP', parameters: Record<string, PDFObject>): PDFDict {
  const about = method === 'FieldMDP' ? { Data: context.trailerInfo.Root } : {};
  return context.obj({ Type: 'SigRef', TransformMethod: method, ...about, TransformParams: { Type: 'TransformParams', ...parameters, V: '1.2' } });
}

/** A document time-stamp (ISO 32000-2, 12.8.5; EN 319 142-1, 5.4.3), by a token over the same bytes that a signature would cover. */
export function timeStampDictionary(context: PDFContext): PDFDict {
  return context.obj({ ...placeholders(), Type: 'DocTimeStamp', Filter: 'Adobe.PPKLite', SubFilter: 'ETSI.RFC3161' });
}

/** For `coverRevision`: the CMS of a seal. It throws the signer's own error if its key is away. */
export function signatureBy(seal: Signer): (sha256: Uint8Array) => Promise<Uint8Array> {
  return (digest) => buildSignedData({ content: null, digest, signer: seal });
}

/**
 * Fills in `/ByteRange`, then `/Contents` with what `cover` makes of the SHA-256 of the covered bytes: all but its own.
 * @param signature the dictionary, written with this revision, whose bytes are changed in place
 * @param before of the bytes with which the revision begins: how many, and their SHA-256 as far as it goes, so that a large file is read once
 * @throws PacketError SIGNATURE_TOO_LARGE, INCREMENT_FAILED; whatever `cover` throws
 */
export async function coverRevision(
  { bytes: revision, spans }: Increment, signature: PDFRef, cover: (sha256: Uint8Array) => Promise<Uint8Array>, before: { length: number; sha256: Hash } = { length: 0, sha256: createHash('sha256') },
): Promise<number[]> {
  const span = spans.get(signature);
  if (span === undefined) throw new PacketError('INCREMENT_FAILED', 'The dictionary of the signature or time-stamp was not written. Nothing was kept.');
  const text = Buffer.from(revision.buffer, revision.byteOffset + span.start, span.end - span.start).toString('latin1');
  const opening = text.indexOf('<', text.indexOf('/Contents'));
  const contents = { start: span.start + opening, end: span.start + text.indexOf('>', opening) + 1 };
  const byteRange = [0, contents.start, contents.end, revision.length - contents.end];
  const [from, to] = [text.indexOf('[') + 1, text.indexOf(']')];
  writeText(revision, span.start + from, ` ${byteRange.join(' ')}`.padEnd(to - from));

  const digest = before.sha256.copy().update(revision.subarray(before.length, contents.start)).update(revision.subarray(contents.end)).digest();
  const cms = await cover(new Uint8Array(digest));
  if (cms.length > contentsRoom) {
    throw new PacketError('SIGNATURE_TOO_LARGE', `The signature or time-stamp takes ${cms.length} bytes and ${contentsRoom} are reserved. Use a shorter certificate chain, or another authority.`);
  }
  writeText(revision, contents.start + 1, Buffer.from(cms).toString('hex'));
  return byteRange;
}

function writeText(bytes: Uint8Array, at: number, text: string): void {
  bytes.set(Buffer.from(text, 'latin1'), at);
}
