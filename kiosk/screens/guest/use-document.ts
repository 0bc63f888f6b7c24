import { useEffect, useState } from 'react';
import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import type { GuestRequest } from '#kiosk/protocol/messages.ts';
import { sha256 } from '../link/sha256.ts';
import { openDocument } from '../pdf/open-document.ts';

export interface OpenDocument {
  pdf: PDFDocumentProxy;
  /** SHA-256 of the very bytes given to pdf.js. */
  sha256: string;
  firstPage: PDFPageProxy;
  /** The page the signature field is on. */
  fieldPage: PDFPageProxy;
}

/** Fetches D, hashes it, opens it; lets go of everything when the request goes away. */
export function useDocument(request: GuestRequest | null): OpenDocument | 'loading' | 'failed' {
  const [document, setDocument] = useState<OpenDocument | 'loading' | 'failed'>('loading');
  useEffect(() => {
    if (request === null) return;
    const abort = new AbortController();
    let opened: PDFDocumentProxy | null = null;
    const load = async (): Promise<void> => {
      const response = await fetch(request.documentUrl, { cache: 'no-store', signal: abort.signal });
      if (!response.ok) throw new Error(`the station answered ${response.status} for the document`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const hash = await sha256(bytes);
      opened = await openDocument(bytes);
      const [firstPage, fieldPage] = await Promise.all([opened.getPage(1), opened.getPage(request.field.page)]);
      if (!abort.signal.aborted) setDocument({ pdf: opened, sha256: hash, firstPage, fieldPage });
    };
    load().catch(() => { if (!abort.signal.aborted) setDocument('failed'); });
    return () => {
      abort.abort();
      void opened?.loadingTask.destroy();
      setDocument('loading');
    };
    // `step.ts` keeps one object per request, however often the station repeats it.
  }, [request]);
  return document;
}
