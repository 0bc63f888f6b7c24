/**
 * Makes a signed PDF of a document D: one increment with the sealed record, the ink and the small print, and
 * a PAdES signature over all of it. D stays the first bytes, unchanged.
 * Before: `kiosk/station`, with the sealed record of `biometrics/seal.ts`. After: `container.ts`.
 */
import { createHash } from 'node:crypto';
import { type PDFDocument, PDFHexString, PDFName, type PDFObject, type PDFRef, PDFString } from './pdf-lib.ts';
import type { InkOutline } from '#biometrics/ink.ts';
import type { Signer } from '#biometrics/signer.ts';
import { DocumentForm, type FormField, nameFor, type Touched } from './document-form.ts';
import { PacketError } from './errors.ts';
import type { Field } from './fields/field.ts';
import { emptyFormField, type Filling, Fillings, formFieldsOf, signatureFieldsOf } from './filled-field.ts';
import { coverRevision, signatureBy, signatureDictionary } from './pades.ts';
import { checkAllowed, forbidsAll, isLocked, isSigned, lockOf } from './permissions.ts';
import { revise } from './revise.ts';
import { certify, emptySignatureField, lockEntries, placeSignature, prepareSignature } from './signature-field.ts';
import { drawInitials, drawStamp } from './stamp.ts';
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
  /** That the name is probably written in, as a BCP 47 primary tag: the document's (`Hints.language`). */
  language?: string | null;
  place: string;
  signedAt: Date;
  demo: boolean;
  seal: Signer;
  /** What is filled in along with this signature: further initials, days, ticks (also those left empty). */
  fillings?: readonly Filling[];
  /**
   * All fields of all later signings, in the order of these: they are made, empty, in the first revision. Of the initials of a role, the
   * first place is the one that is signed; the others come as `fillings` of that signing. Nothing where others have signed before.
   */
  later?: readonly Field[];
  /** The last of several: it locks the whole form. One that is first as well locks only what it fills in, so that a seal may follow. */
  last?: boolean;
}

export interface SignedDocument {
  signedPdf: Uint8Array;
  /** Offset and length before, offset and length after `/Contents`; ends at the end of the file. */
  byteRange: number[];
  /** Hex. */
  sealedRecordSha256: string;
}

/**
 * @throws PacketError DOCUMENT_CHANGED, PDF_LOCKED, FIELD_OUTSIDE_PAGE, FIELD_NOT_PREPARED, NO_GLYPH (name, place or a filling),
 *   INCREMENT_FAILED, SIGNATURE_TOO_LARGE; the signer's own error if its key is away.
 */
export async function signDocument(options: SignDocumentOptions): Promise<SignedDocument> {
  const { document, documentSha256, sealedRecord } = options;
  const before = { length: document.length, sha256: createHash('sha256').update(document) };
  if (before.sha256.copy().digest('hex') !== documentSha256) {
    throw new PacketError('DOCUMENT_CHANGED', 'The document is no longer the one that was shown. Print it again and have it signed anew.');
  }
  const sealedRecordSha256 = sha256(sealedRecord);
  const revised = await revise(document, sealedRecordSha256.subarray(0, 16), (pdf) => place(pdf, options, sealedRecordSha256.toString('hex')));
  const byteRange = await coverRevision(revised, revised.signature, signatureBy(options.seal), before);
  if (Buffer.compare(revised.bytes.subarray(0, document.length), document) !== 0) {
    throw new PacketError('INCREMENT_FAILED', 'The signed PDF does not begin with the document. Nothing was kept.');
  }
  return { signedPdf: revised.bytes, byteRange, sealedRecordSha256: sealedRecordSha256.toString('hex') };
}

/** Record, dictionary, ink and small print, and all other fields of this signing and later ones, in the document as it was loaded. */
async function place(pdf: PDFDocument, options: SignDocumentOptions, sealedRecordSha256: string): Promise<{ touched: Touched; signature: PDFRef }> {
  const { context } = pdf;
  const { field, fillings = [], later = [] } = options;
  const form = new DocumentForm(pdf);
  const first = !isSigned(form);
  const fonts = await embedFonts(pdf, options.language ?? null);
  const places = new Fillings(form, fonts, options.demo);

  const signature = context.nextRef();
  const prepared = emptySignatureField(form, field);
  checkAllowed(form, [prepared?.name ?? nameFor(field)]);
  placeSignature(form, field, signature, (at) => (field.kind === 'initials' ? drawInitials(context, fonts, options, at) : drawStamp(context, fonts, options, at)));
  const filled = fillings.map((filling) => ({ filling, into: placeFor(form, places, filling.field, first) }));
  checkAllowed(form, filled.map(({ into }) => into.name));
  for (const { filling, into } of filled) places.fill(filling, into);
  const awaited = first ? prepare(form, places, later) : formFieldsOf(later).map((each) => placeFor(form, places, each, false));
  checkLeavesOpen(prepared, awaited);

  const locks = locksOf(form, prepared, filled.map(({ into }) => into.name), (options.last ?? false) && !first);
  const dictionary = signatureDictionary(context, { ...options, certify: first, locks });
  const entries: Record<string, PDFObject> = {
    CSGN_DocumentSHA256: PDFHexString.of(options.documentSha256),
    CSGN_DocumentLength: context.obj(options.document.length),
    CSGN_RequestId: PDFString.of(options.requestId.replaceAll(/[\\()]/g, '\\$&')),
    CSGN_SealedRecordSHA256: PDFHexString.of(sealedRecordSha256),
    CSGN_SealedRecord: context.register(context.stream(options.sealedRecord, { Type: 'CSGN_SealedRecord' })),
  };
  for (const [key, value] of Object.entries(entries)) dictionary.set(PDFName.of(key), value);
  context.assign(signature, dictionary);
  if (first) certify(form, signature);
  return { touched: form.touched, signature };
}

/** Where there is none yet, it can be made before anybody has signed, and not after (ISO 32000-2, table 257). */
function placeFor(form: DocumentForm, places: Fillings, field: Field, first: boolean): FormField {
  if (first) return places.prepare(field);
  const found = emptyFormField(form, field);
  if (found !== null) return found;
  throw new PacketError('FIELD_NOT_PREPARED', `This document is signed already, and nothing was kept free in it for ${words[field.kind]} of ${field.role} on page ${field.page}. Only signatures can still be added: leave it out, or have an unsigned copy signed.`);
}

const words: Record<Field['kind'], string> = { signature: 'the signature', initials: 'the initials', date: 'the date', check: 'the tick' };

/** All that later signings fill in. The last of their signatures ends it: its field says so from the beginning (12.7.5.5). */
function prepare(form: DocumentForm, places: Fillings, later: readonly Field[]): FormField[] {
  const signatures = signatureFieldsOf(later);
  return later.map((field) => (signatures.includes(field) ? prepareSignature(form, field, field === signatures.at(-1)) : places.prepare(field)));
}

/** The document's own field may say that its signature ends more than this one signing. @throws PacketError PDF_LOCKED */
function checkLeavesOpen(field: FormField | null, awaited: readonly FormField[]): void {
  const lock = field === null ? null : lockOf(field);
  const ended = lock === null ? undefined : awaited.find(({ name }) => forbidsAll(lock) || isLocked(lock, name));
  if (field !== null && ended !== undefined) {
    throw new PacketError('PDF_LOCKED', `This form ends with the signature in its field "${field.name}": "${ended.name}" cannot be filled in after it. Let that one sign last.`);
  }
}

/**
 * What this signature locks (12.8.2.4): what its field's own lock names; what was filled in along with it, or left empty; of the last of
 * several, everything.
 */
function locksOf(form: DocumentForm, field: FormField | null, filled: readonly string[], isLast: boolean): Record<string, PDFObject>[] {
  if (isLast) return [lockEntries(form.pdf, { action: 'All' })];
  const own = field === null ? null : lockOf(field);
  return [
    ...(own === null ? [] : [Object.fromEntries(own.entries().filter(([key]) => lockKeys.includes(key)).map(([key, value]) => [key.decodeText(), value]))]),
    ...(filled.length === 0 ? [] : [lockEntries(form.pdf, { action: 'Include', fields: [...filled] })]),
  ];
}

const lockKeys = [PDFName.of('Action'), PDFName.of('Fields')];

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
