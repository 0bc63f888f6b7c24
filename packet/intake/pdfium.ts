/**
 * PDFium, compiled to WebAssembly: a second viewer beside pdf.js, and the only tool here that writes what pdf-lib cannot read.
 * It runs without native code, so that the child process needs no more permission; scripts and XFA are not part of this build.
 * A document is opened with the empty password. Only for child processes: it parses foreign bytes, and hangs or dies with them.
 * Before: `normalise.ts`, `page-pictures.ts`, `same-appearance.ts`.
 */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { fileURLToPath } from 'node:url';
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium';

export interface PictureSize { width: number; height: number }

/** 150 dpi: small print stays legible. */
const pixelsPerPoint = 150 / 72;
const longestPicture = 2500;

/** Of a page in those proportions, its longer side as given. */
export function pictureSize({ width, height }: { width: number; height: number }, longer: number): PictureSize {
  const scale = longer / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Of a page (points) that is to be read from its picture. */
export function legibleSize(page: { width: number; height: number }): PictureSize {
  return pictureSize(page, Math.min(longestPicture, Math.max(page.width, page.height) * pixelsPerPoint));
}

/** Flags of `fpdfview.h` and `fpdf_save.h`. */
const withAnnotations = 1;
const printing = 0x800;
const withoutEncryption = 3;
const white = 0xffffffff;
const blueGreenRed = 2;

const packageFile = findPackageJSON('@embedpdf/pdfium', import.meta.url);
const packageVersion = packageFile === undefined ? '' : (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
/** For the trail. */
export const pdfiumTool = `@embedpdf/pdfium ${packageVersion}`;

let started: Promise<WrappedPdfiumModule> | null = null;

async function library(): Promise<WrappedPdfiumModule> {
  started ??= (async () => {
    const wasmBinary = readFileSync(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')));
    const wrapped = await init({ wasmBinary: wasmBinary.buffer.slice(wasmBinary.byteOffset, wasmBinary.byteOffset + wasmBinary.length) as ArrayBuffer });
    wrapped.PDFiumExt_Init();
    return wrapped;
  })();
  return started;
}

export interface PdfiumPage {
  /** Points, as shown: after rotation. */
  width: number;
  height: number;
  /** Quarter turns, clockwise. */
  turns: number;
  /**
   * A picture of the page, in pixels; 3 bytes each (blue, green, red), row by row without gaps.
   * @param turns quarter turns more than the page itself says.
   * @param use what layers are asked for: those of the screen or those of the printer.
   */
  picture(size: PictureSize, options?: { turns?: number; annotations?: boolean; use?: 'screen' | 'printer' }): Uint8Array;
}

export interface PdfiumDocument {
  pageCount: number;
  /** Signature fields that hold a signature. */
  signatureCount: number;
  /** @returns null where the page cannot be read. */
  page(index: number): PdfiumPage | null;
  /** All its objects written anew, without encryption, with a new cross-reference. @returns null where that fails. */
  written(): Uint8Array | null;
  /** Its pages in a new document; outlines, form and metadata stay behind. @returns null where that fails. */
  copied(): Uint8Array | null;
  close(): void;
}

/** @returns null where PDFium cannot open it without a password. */
export async function openInPdfium(bytes: Uint8Array): Promise<PdfiumDocument | null> {
  const pdfium = await library();
  const { wasmExports: memory } = pdfium.pdfium;
  const place = memory.malloc(bytes.length);
  if (place === 0) return null;
  heap(pdfium).set(bytes, place);
  const handle = pdfium.FPDF_LoadMemDocument(place, bytes.length, '');
  if (handle === 0) {
    memory.free(place);
    return null;
  }
  // Fields of a form are drawn by this alone (fpdf_formfill.h). Its open action and scripts are not asked for.
  const formInfo = pdfium.PDFiumExt_OpenFormFillInfo();
  const form = pdfium.PDFiumExt_InitFormFillEnvironment(handle, formInfo);
  const opened = { document: handle, form };
  return {
    pageCount: pdfium.FPDF_GetPageCount(handle),
    signatureCount: pdfium.FPDF_GetSignatureCount(handle),
    page: (index) => readPage(pdfium, opened, index),
    written: () => write(pdfium, handle),
    copied: () => {
      const copy = pdfium.FPDF_CreateNewDocument();
      const done = pdfium.FPDF_ImportPagesByIndex(copy, handle, 0, 0, 0);
      const copied = done ? write(pdfium, copy) : null;
      pdfium.FPDF_CloseDocument(copy);
      return copied;
    },
    close: () => {
      pdfium.PDFiumExt_ExitFormFillEnvironment(form);
      pdfium.PDFiumExt_CloseFormFillInfo(formInfo);
      pdfium.FPDF_CloseDocument(handle);
      memory.free(place);
    },
  };
}

/** The library's memory as it is now: it moves when it grows. (The package's types leave it to @types/emscripten.) */
function heap(pdfium: WrappedPdfiumModule): Uint8Array {
  return (pdfium.pdfium as unknown as { HEAPU8: Uint8Array }).HEAPU8;
}

interface Opened { document: number; form: number }

function readPage(pdfium: WrappedPdfiumModule, opened: Opened, index: number): PdfiumPage | null {
  const page = pdfium.FPDF_LoadPage(opened.document, index);
  if (page === 0) return null;
  const [width, height, turns] = [pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page), pdfium.FPDFPage_GetRotation(page)];
  pdfium.FPDF_ClosePage(page);
  return {
    width, height, turns,
    picture: (size, { turns: more = 0, annotations = true, use = 'screen' } = {}) => {
      const flags = (annotations ? withAnnotations : 0) | (use === 'printer' ? printing : 0);
      return draw(pdfium, opened, index, size, more, flags);
    },
  };
}

function draw(pdfium: WrappedPdfiumModule, { document, form }: Opened, index: number, { width, height }: PictureSize, turns: number, flags: number): Uint8Array {
  const page = pdfium.FPDF_LoadPage(document, index);
  const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, blueGreenRed, 0, 0);
  if (page === 0 || bitmap === 0) throw new Error(`PDFium cannot draw page ${index + 1}`);
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, white);
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, turns, flags);
  if ((flags & withAnnotations) !== 0) pdfium.FPDF_FFLDraw(form, bitmap, page, 0, 0, width, height, turns, flags);
  const [start, stride] = [pdfium.FPDFBitmap_GetBuffer(bitmap), pdfium.FPDFBitmap_GetStride(bitmap)];
  const picture = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = start + row * stride;
    picture.set(heap(pdfium).subarray(from, from + width * 3), row * width * 3);
  }
  pdfium.FPDFBitmap_Destroy(bitmap);
  pdfium.FPDF_ClosePage(page);
  return picture;
}

function write(pdfium: WrappedPdfiumModule, document: number): Uint8Array | null {
  const { wasmExports: memory, addFunction, removeFunction, setValue } = pdfium.pdfium;
  const parts: Uint8Array[] = [];
  const take = addFunction((_writer: number, data: number, size: number) => {
    parts.push(heap(pdfium).slice(data, data + size));
    return 1;
  }, 'iiii');
  // FPDF_FILEWRITE of fpdf_save.h: a version and a function.
  const writer = memory.malloc(8);
  setValue(writer, 1, 'i32');
  setValue(writer + 4, take, 'i32');
  const done = pdfium.FPDF_SaveAsCopy(document, writer, withoutEncryption);
  memory.free(writer);
  removeFunction(take);
  return done ? Buffer.concat(parts) : null;
}
