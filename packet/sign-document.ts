/**
 * Makes a signed PDF of a document D: one increment with the sealed record, the ink and the small print, and
 * a PAdES signature over all of it. D stays the first bytes, unchanged.
 * Before: `kiosk/station`, with the sealed record of `biometrics/seal.ts`. After: `container.ts`.
 */
import { createHash } from 'node:crypto';
import { type PDFDocument, PDFHexString, PDFName, type PDFObject, type PDFRef, PDFString } from 'pdf-lib';
import type { InkOutline } from '#biometrics/ink.ts';
import type { Signer } from '#biometrics/signer.ts';
import { PacketError } from './errors.ts';
import type { Field } from './fields/field.ts';
import { coverRevision, signatureBy, signatureDictionary } from './pades.ts';
import { revise } from './revise.ts';
import { certificationLevel, certify, isSigned, placeSignature, type Touched } from './signature-field.ts';
import { drawStamp } from './stamp.ts';
import { embedFonts } from './text/index.ts';

export interface SignDocumentOptions {
  /** D, as intake returned it: for a second signer, the whole previous revision. */
  document: Uint8Array;
  /** Hex, as displayed and recorded. */
  documentSha256: string;
  field: Field;
  /** From `dynamicsFreeInk`: millimetres as the guest sees the page, but y upwards; any origin. */
  ink: readonly InkOutline[];
  /** DER of `sealRecord`. */
  sealedRecord: Uint8Array;
  requestId: string;
  signerName: string | null;
  place: string;
  signedAt: Date;
  demo: boolean;
  seal: Signer;
}

export interface SignedDocument {
  signedPdf: Uint8Array;
  /** Offset and length before, offset and length after `/Contents`; ends at the end of the file. */
  byteRange: number[];
  /** Hex. */
  sealedRecordSha256: string;
}

/**
 * @throws PacketError DOCUMENT_CHANGED, PDF_LOCKED, FIELD_OUTSIDE_PAGE, NO_GLYPH (name or place),
 *   INCREMENT_FAILED, SIGNATURE_TOO_LARGE; the signer's own error if its key is away.
 */
export async function signDocument(options: SignDocumentOptions): Promise<SignedDocument> {
  const { document, documentSha256, sealedRecord } = options;
  if (sha256(document).toString('hex') !== documentSha256) {
    throw new PacketError('DOCUMENT_CHANGED', 'The document is no longer the one that was shown. Print it again and have it signed anew.');
  }
  const sealedRecordSha256 = sha256(sealedRecord);
  const revised = await revise(document, sealedRecordSha256.subarray(0, 16), (pdf) => place(pdf, options, sealedRecordSha256.toString('hex')));
  const byteRange = await coverRevision(revised, revised.signature, signatureBy(options.seal));
  if (Buffer.compare(revised.bytes.subarray(0, document.length), document) !== 0) {
    throw new PacketError('INCREMENT_FAILED', 'The signed PDF does not begin with the document. Nothing was kept.');
  }
  return { signedPdf: revised.bytes, byteRange, sealedRecordSha256: sealedRecordSha256.toString('hex') };
}

/** Record, dictionary, ink and small print, in the document as it was loaded. */
async function place(pdf: PDFDocument, options: SignDocumentOptions, sealedRecordSha256: string): Promise<{ touched: Touched; signature: PDFRef }> {
  const { context } = pdf;
  if (certificationLevel(pdf) === 1) {
    throw new PacketError('PDF_LOCKED', 'This document is certified as final; any further signature would break it. Ask for an uncertified copy.');
  }
  const first = !isSigned(pdf);
  const dictionary = signatureDictionary(context, { ...options, certify: first });
  const entries: Record<string, PDFObject> = {
    CSGN_DocumentSHA256: PDFHexString.of(options.documentSha256),
    CSGN_DocumentLength: context.obj(options.document.length),
    CSGN_RequestId: PDFString.of(options.requestId.replaceAll(/[\\()]/g, '\\$&')),
    CSGN_SealedRecordSHA256: PDFHexString.of(sealedRecordSha256),
    CSGN_SealedRecord: context.register(context.stream(options.sealedRecord, { Type: 'CSGN_SealedRecord' })),
  };
  for (const [key, value] of Object.entries(entries)) dictionary.set(PDFName.of(key), value);
  const signature = context.register(dictionary);
  const fonts = await embedFonts(pdf);
  const touched = placeSignature(pdf, options.field, signature, (size, rotate) => drawStamp(context, fonts, options, size, rotate));
  if (first) certify(pdf, signature, touched);
  return { touched, signature };
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
