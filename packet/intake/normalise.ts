/**
 * Turns received bytes into D, the bytes that are hashed, shown and signed; in the child process.
 * They stay as they are wherever that is possible. They are written anew, once, before anybody sees them, if
 * they are encrypted, hold active content or have a cross-reference that an increment cannot build on; a
 * signed document, which that would break, is refused instead. Nothing is repaired after display.
 * A damaged file that only a viewer can read is refused: the place for a repair tool is `load`.
 */
import { findPackageJSON } from 'node:module';
import { readFileSync } from 'node:fs';
import { PDFDocument, PDFName, PDFRef } from 'pdf-lib';
import { type PDFDocumentProxy, version as viewerVersion } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { isSound, readCrossReference } from '../cross-reference.ts';
import { PacketError } from '../errors.ts';
import { readsTheSame } from '../placed-objects.ts';
import { certificationLevel } from '../signature-field.ts';
import { openInViewer } from '../viewer.ts';
import { visibleBox } from '../visible-box.ts';
import { dropUnreachable, holdsSignature, removeActiveContent } from './active-content.ts';

export interface PageSize {
  /** Points, of the visible box, before rotation. */
  width: number;
  height: number;
  /** Clockwise, when shown: 0, 90, 180 or 270. */
  rotate: number;
}

export interface Normalised {
  document: Uint8Array;
  pages: PageSize[];
  title: string | null;
  actions: string[];
  tool: string;
}

const maxTitleLength = 200;

/** @throws PacketError with the codes of `intake.ts`; anything else means a broken PDF. */
export async function normalise(received: Uint8Array, maxPages: number): Promise<Normalised> {
  const { pdf, decrypted } = await load(received);
  const extensible = decrypted || canBeExtended(received, pdf);
  const signed = holdsSignature(pdf);
  const reasons = [
    ...(decrypted ? ['decrypted'] : []),
    ...removeActiveContent(pdf).map((what) => `removed: ${what}`),
    ...(extensible ? [] : ['cross-reference rebuilt']),
  ];
  if (signed && reasons.length > 0) {
    throw new PacketError('PDF_SIGNED_ACTIVE', `This PDF is already signed, and making it safe to show would break its signature (${reasons.join(', ')}). Ask for a plain copy.`);
  }
  if (certificationLevel(pdf) === 1) {
    throw new PacketError('PDF_LOCKED', 'This PDF is certified as final, so that no further signature can be added. Ask for an uncertified copy.');
  }
  const asReceived = await openInViewer(received);
  checkPageCount(asReceived.numPages, maxPages);
  if (reasons.length === 0) return describe(received, pdf, asReceived, reasons);

  dropUnreachable(pdf);
  const document = await pdf.save({ useObjectStreams: false, addDefaultPage: false, updateFieldAppearances: false });
  const { pdf: rewritten } = await load(document);
  const shown = await openInViewer(document);
  if (shown.numPages !== asReceived.numPages || !canBeExtended(document, rewritten)) throw broken();
  return describe(document, rewritten, shown, reasons);
}

/** Loads for editing; with the empty password where the document asks for one. */
async function load(bytes: Uint8Array): Promise<{ pdf: PDFDocument; decrypted: boolean }> {
  const pdf = await PDFDocument.load(bytes, { updateMetadata: false, ignoreEncryption: true, parseSpeed: Infinity });
  if (!pdf.isEncrypted) return { pdf, decrypted: false };
  try {
    return { pdf: await PDFDocument.load(bytes, { updateMetadata: false, password: '', parseSpeed: Infinity }), decrypted: true };
  } catch (error) {
    throw new PacketError('PDF_ENCRYPTED', 'This PDF is protected by a password. Print it again without one.', { cause: error });
  }
}

/**
 * True if an increment can be appended to these very bytes.
 * @throws PacketError PDF_BROKEN where viewer and editor find different objects under one number.
 */
function canBeExtended(bytes: Uint8Array, pdf: PDFDocument): boolean {
  if (!startsWithHeader(bytes)) return false;
  const crossReference = readCrossReference(bytes);
  if (crossReference === null || !isSound(bytes, crossReference)) return false;
  const root = crossReference.trailer.get(PDFName.of('Root'));
  if (!(root instanceof PDFRef) || root !== pdf.context.trailerInfo.Root) return false;
  if (!readsTheSame(bytes, crossReference, pdf)) throw broken();
  return true;
}

function startsWithHeader(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-';
}

function checkPageCount(pages: number, maxPages: number): void {
  if (pages === 0) throw new PacketError('PDF_NO_PAGES', 'This PDF has no pages. Print it again from its program.');
  if (pages > maxPages) throw new PacketError('PDF_TOO_MANY_PAGES', `This PDF has ${pages} pages; at most ${maxPages} are allowed. Print only the pages to sign.`);
}

async function describe(document: Uint8Array, pdf: PDFDocument, shown: PDFDocumentProxy, actions: string[]): Promise<Normalised> {
  const edited = pdf.getPages();
  const pages: PageSize[] = [];
  for (let number = 1; number <= shown.numPages; number++) {
    const page = await shown.getPage(number);
    // Viewer and editor must mean the same page, or the stamp would land on another.
    const same = edited[number - 1];
    if (same === undefined || same.ref.objectNumber !== page.ref?.num) throw broken();
    const { x, y, width, height } = visibleBox(same.node);
    if ([x, y, x + width, y + height].some((edge, at) => edge !== page.view[at])) throw broken();
    pages.push({ width, height, rotate: page.rotate });
    page.cleanup();
  }
  // Opens the text: a first page that cannot be interpreted shows nothing.
  await (await shown.getPage(1)).getTextContent();
  const { info } = await shown.getMetadata();
  const title = (info as { Title?: unknown }).Title;
  return { document, pages, title: typeof title === 'string' ? plainTitle(title) : null, actions, tool };
}

/** Without control and direction characters, which could make a screen show another name. */
function plainTitle(title: string): string | null {
  const plain = title.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim().slice(0, maxTitleLength);
  return plain === '' ? null : plain;
}

function broken(): PacketError {
  return new PacketError('PDF_BROKEN', 'This PDF is damaged and cannot be read reliably. Print it again from its program.');
}

const editorPackage = findPackageJSON('pdf-lib', import.meta.url);
const editorVersion = editorPackage === undefined ? '' : (JSON.parse(readFileSync(editorPackage, 'utf8')) as { version: string }).version;
/** For the trail: what read and, where `actions` says so, wrote the document. */
const tool = `@cantoo/pdf-lib ${editorVersion}, pdfjs-dist ${viewerVersion}`;
