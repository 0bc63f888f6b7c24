/**
 * Turns received bytes into D, the bytes that are hashed, shown and signed; in the child process.
 * They stay as they are wherever that is possible. They are written anew, once, before anybody sees them, if
 * they are encrypted, hold active content or layers, or have a cross-reference that an increment cannot build on; a
 * signed document, which that would break, is refused instead. What the editor or pdf.js cannot read and a viewer can is written by
 * PDFium, else its pages are copied, else they become pictures; whatever is written must show what was received
 * (`same-appearance.ts`), or it is refused. Nothing is repaired after display.
 */
import { findPackageJSON } from 'node:module';
import { readFileSync } from 'node:fs';
import { PDFDocument, PDFName, PDFRef } from '../pdf-lib.ts';
import { type PDFDocumentProxy, version as viewerVersion } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { type CrossReference, isSound, readCrossReference } from '../cross-reference.ts';
import { DocumentForm } from '../document-form.ts';
import { PacketError } from '../errors.ts';
import { checkSignable } from '../permissions.ts';
import { isPackedAsSaid, reachesTheSame, readsTheSame } from '../reads-the-same.ts';
import { openInViewer } from '../viewer.ts';
import { visibleBox } from '../visible-box.ts';
import { holdsSignature, removeActiveContent, removeUsageRights } from './active-content.ts';
import { broken } from './broken.ts';
import { dropMissing, dropNulls, dropUnreachable, refersBeyond } from './every-object.ts';
import { changingLayers, removeLayers } from './optional-content.ts';
import { mendPageTree } from './page-tree.ts';
import { mostPictured, picturesOf } from './page-pictures.ts';
import { openInPdfium, type PdfiumDocument, pdfiumTool } from './pdfium.ts';
import { differenceOf } from './same-appearance.ts';
import { evenAnnotations, unchosenBoxes } from './uneven-annotations.ts';
import { unevenSyntax } from './uneven-syntax.ts';

export interface PageSize {
  /** Of the visible box, before rotation; in units of user space. */
  width: number;
  height: number;
  /** Points to a unit of user space: 1, but where the page says otherwise (UserUnit, ISO 32000-2, table 31). */
  unit: number;
  /** Clockwise, when shown: 0, 90, 180 or 270. */
  rotate: number;
}

export interface Normalised {
  document: Uint8Array;
  /** The same, opened by the viewer. */
  shown: PDFDocumentProxy;
  pages: PageSize[];
  title: string | null;
  actions: string[];
  tool: string;
}

const maxTitleLength = 200;

/** Where the editor fails on these, a repair may help. */
const repairable = new Set<string>(['PDF_BROKEN', 'PDF_ENCRYPTED']);
/** Points: 200 inches. Readers differ beyond, and a larger unit of user space (UserUnit, ISO 32000-2, table 31) does not make paper larger. */
const longestEdge = 14_400;

/** The received bytes and what the screens' viewer makes of them; where it makes nothing of them, what it makes of PDFium's writing of them. */
interface Received { bytes: Uint8Array; shown: PDFDocumentProxy }

/** @throws PacketError with the codes of `intake.ts`; anything else means a broken PDF. */
export async function normalise(bytes: Uint8Array, maxPages: number): Promise<Normalised> {
  const shown = await openInViewer(bytes).catch((error: unknown) => {
    if (!(error instanceof PacketError) || error.code !== 'PDF_BROKEN') throw error;
    return error;
  });
  if (shown instanceof PacketError) return repair(bytes, null, maxPages, shown);
  checkPageCount(shown.numPages, maxPages);
  try {
    return await made({ bytes, shown }, bytes, []);
  } catch (error) {
    if (!canBeRepaired(error)) throw error;
    return repair(bytes, await hasItsPages(shown) ? shown : null, maxPages, error);
  }
}

/** pdf.js believes the number that a page tree gives, and finds out page by page. */
async function hasItsPages(shown: PDFDocumentProxy): Promise<boolean> {
  try {
    for (let number = 1; number <= shown.numPages; number++) (await shown.getPage(number)).cleanup();
    return true;
  } catch {
    return false;
  }
}

function canBeRepaired(error: unknown): boolean {
  return !(error instanceof PacketError) || repairable.has(error.code);
}

/**
 * D, of the received bytes or of what a tool made of them.
 * @param done by that tool.
 */
async function made(received: Received, bytes: Uint8Array, done: string[]): Promise<Normalised> {
  const { pdf, decrypted } = await load(bytes);
  const crossReference = decrypted ? null : extensibleCrossReference(bytes, pdf);
  const signed = holdsSignature(pdf);
  const layers = changingLayers(pdf);
  const reasons = [
    ...done,
    ...(decrypted ? ['decrypted'] : []),
    ...(!signed && removeUsageRights(pdf) ? ['removed: usage rights'] : []),
    ...removeActiveContent(pdf).map((what) => `removed: ${what}`),
    ...evenAnnotations(pdf, signed),
    ...(layers !== null ? [layers] : removeLayers(pdf) ? ['removed: switches of layers, all of which are shown'] : []),
    ...(dropNulls(pdf) ? ['removed: names with null characters'] : []),
    ...(crossReference === null ? [] : unevenSyntax(bytes, crossReference).map((what) => `written anew: ${what}`)),
    ...(mendPageTree(pdf) ? ['page tree put right'] : []),
    ...(crossReference === null && !decrypted ? ['cross-reference rebuilt'] : []),
  ];
  if (signed && reasons.length > 0) throw signedAlready(reasons.join(', '));
  checkSignable(new DocumentForm(pdf));
  if (layers !== null) return pictured(received, layers);
  if (reasons.length === 0) return describe(bytes, pdf, received.shown, reasons);

  dropUnreachable(pdf);
  dropMissing(pdf);
  // At once: nobody else waits for this process, and pdf-lib's pauses add up to seconds.
  const document = await pdf.save({ useObjectStreams: false, addDefaultPage: false, updateFieldAppearances: false, objectsPerTick: Infinity });
  return checked(received, document, reasons, done.some((action) => action.includes('PDFium')) ? [pdfiumTool] : []);
}

/**
 * Of a document that the editor cannot read, or reads otherwise than a viewer: a viewer's reading of it, or pictures of it.
 * @param shown by pdf.js; null: it cannot.
 */
async function repair(bytes: Uint8Array, shown: PDFDocumentProxy | null, maxPages: number, cause: unknown): Promise<Normalised> {
  const source = await openInPdfium(bytes);
  let received: Received;
  try {
    // Unreadable as it is, its signature may stand anywhere; the word is enough.
    if ((source?.signatureCount ?? 0) > 0 || Buffer.from(bytes).includes('/ByteRange')) throw signedAlready('repaired');
    received = { bytes, shown: shown ?? await shownByPdfium(source, cause) };
    checkPageCount(received.shown.numPages, maxPages);
    const ways: [string, () => Promise<Uint8Array | null>][] = [
      ['repaired: written anew by PDFium', async () => source?.written() ?? null],
      ['repaired: pages copied into a new document by PDFium, without bookmarks and form', async () => source?.copied() ?? null],
      ['repaired: pages copied into a new document by pdf.js, without bookmarks and form', async () => received.shown.extractPages([{ document: null }])],
    ];
    for (const [way, write] of ways) {
      try {
        const bytes = await write();
        if (bytes !== null) return await made(received, bytes, [way]);
      } catch (error) {
        if (!canBeRepaired(error)) throw error;
      }
    }
    if (source === null) throw broken(cause);
  } finally {
    source?.close();
  }
  return pictured(received, 'damaged so that no editor can read it');
}

/** The shapes and the text of its pages; what they look like is compared with the received bytes, in PDFium. */
async function shownByPdfium(source: PdfiumDocument | null, cause: unknown): Promise<PDFDocumentProxy> {
  const written = source?.written() ?? null;
  if (written === null) throw cause;
  return openInViewer(written);
}

async function pictured(received: Received, why: string): Promise<Normalised> {
  if (received.shown.numPages > mostPictured) {
    throw new PacketError('PDF_BROKEN', `This PDF can only be taken in as pictures of its pages (${why}), and ${received.shown.numPages} pages are too many for that. Print it again from its program.`);
  }
  const document = await picturesOf(received.bytes, received.shown, await titleOf(received.shown));
  const action = `turned into pictures of its pages, as the screen shows them: ${why}; its text, links and form fields are lost`;
  return checked(received, document, [action], [pdfiumTool]);
}

/** @throws PacketError PDF_BROKEN where the document written shows anything else than the received one. */
async function checked(received: Received, document: Uint8Array, actions: string[], tools: string[]): Promise<Normalised> {
  const { pdf } = await load(document);
  const shown = await openInViewer(document);
  const difference = await differenceOf(received, { bytes: document, shown }, {
    annotations: !actions.some((action) => action.endsWith(' annotation') || action === unchosenBoxes),
    pictures: actions.some((action) => action.startsWith('turned into pictures')),
  });
  if (difference !== null) throw broken(difference);
  const crossReference = extensibleCrossReference(document, pdf);
  if (crossReference === null || unevenSyntax(document, crossReference).length > 0) throw broken();
  const described = await describe(document, pdf, shown, actions);
  return { ...described, tool: [described.tool, ...tools].join(', ') };
}

function signedAlready(reasons: string): PacketError {
  return new PacketError('PDF_SIGNED_ACTIVE', `This PDF is already signed, and making it safe to show would break its signature (${reasons}). Ask for a plain copy.`);
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
 * Where an increment can be appended to these very bytes, their cross-reference; else null.
 * @throws PacketError PDF_BROKEN where viewer and editor find different objects under one number.
 */
function extensibleCrossReference(bytes: Uint8Array, pdf: PDFDocument): CrossReference | null {
  if (!startsWithHeader(bytes)) return null;
  const crossReference = readCrossReference(bytes);
  if (crossReference === null || !isSound(bytes, crossReference) || !isPackedAsSaid(bytes, crossReference)) return null;
  const root = crossReference.trailer.get(PDFName.of('Root'));
  if (!(root instanceof PDFRef) || root !== pdf.context.trailerInfo.Root) return null;
  if (!readsTheSame(bytes, crossReference, pdf) || !reachesTheSame(bytes, crossReference, pdf)) throw broken();
  return refersBeyond(pdf, crossReference.trailer, crossReference.highest) ? null : crossReference;
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
  // A viewer counts by the page tree or, of a file that is linearised, by that: after an increment it is no longer.
  if (edited.length !== shown.numPages) throw broken();
  const pages: PageSize[] = [];
  for (let number = 1; number <= shown.numPages; number++) {
    const page = await shown.getPage(number);
    // Viewer and editor must mean the same page, or the stamp would land on another.
    const same = edited[number - 1];
    if (same === undefined || same.ref.objectNumber !== page.ref?.num) throw broken();
    const { x, y, width, height } = visibleBox(same.node);
    if ([x, y, x + width, y + height].some((edge, at) => edge !== page.view[at])) throw broken();
    if (Math.max(width, height) * page.userUnit > longestEdge) {
      throw new PacketError('PDF_PAGE_SIZE', `Page ${number} of this PDF is larger than 5 m. Print it on a usual paper size.`);
    }
    pages.push({ width, height, unit: page.userUnit, rotate: page.rotate });
    page.cleanup();
  }
  // Opens the text: a first page that cannot be interpreted shows nothing.
  await (await shown.getPage(1)).getTextContent();
  return { document, shown, pages, title: await titleOf(shown), actions, tool };
}

async function titleOf(shown: PDFDocumentProxy): Promise<string | null> {
  const { info } = await shown.getMetadata();
  const title = (info as { Title?: unknown }).Title;
  return typeof title === 'string' ? plainTitle(title) : null;
}

/** Without control and direction characters, which could make a screen show another name. */
function plainTitle(title: string): string | null {
  const plain = title.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim().slice(0, maxTitleLength);
  return plain === '' ? null : plain;
}

const editorPackage = findPackageJSON('pdf-lib', import.meta.url);
const editorVersion = editorPackage === undefined ? '' : (JSON.parse(readFileSync(editorPackage, 'utf8')) as { version: string }).version;
/** For the trail: what read and, where `actions` says so, wrote the document. */
const tool = `@cantoo/pdf-lib ${editorVersion}, pdfjs-dist ${viewerVersion}`;
