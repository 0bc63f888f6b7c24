/**
 * Opens D with pdf.js: no scripts, no forms that answer, no links, nothing fetched from elsewhere.
 * It paints what the bytes say; it does not check signatures.
 */
import { getDocument, GlobalWorkerOptions, PDFWorker, type PDFDocumentProxy } from 'pdfjs-dist';

GlobalWorkerOptions.workerSrc = new URL('pdfjs-dist/build/pdf.worker.min.mjs', import.meta.url).href;

const files = `${import.meta.env.BASE_URL}pdfjs/`;
let worker: PDFWorker | null = null;

/** Starting the worker is most of the wait for the first page: call it while nobody waits. */
export function warmUp(): void {
  worker ??= new PDFWorker();
}

/** The bytes are handed to the worker and are gone afterwards. */
export function openDocument(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  warmUp();
  return getDocument({
    data: bytes,
    worker: worker ?? undefined,
    cMapUrl: `${files}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${files}standard_fonts/`,
    wasmUrl: `${files}wasm/`,
    iccUrl: `${files}iccs/`,
    enableXfa: false,
    isOffscreenCanvasSupported: true,
    stopAtErrors: false,
  }).promise;
}
