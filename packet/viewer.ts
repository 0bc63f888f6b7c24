/**
 * Opens a PDF with pdf.js, the viewer of the screens, so that what is checked and searched is what the guest
 * will see. Only for child processes: it parses foreign bytes. Nothing is rendered, no font is loaded, no
 * code of the document is run.
 * Before: `intake/child.ts`, `fields/child.ts`.
 */
import { getDocument, type PDFDocumentProxy, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { PacketError } from './errors.ts';

/** @throws PacketError PDF_ENCRYPTED, PDF_BROKEN */
export async function openInViewer(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  try {
    // A copy: pdf.js takes the buffer over, and refuses a Buffer.
    return await getDocument({
      data: new Uint8Array(bytes), verbosity: VerbosityLevel.ERRORS, enableXfa: false, useSystemFonts: false, disableFontFace: true, stopAtErrors: false,
    }).promise;
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') {
      throw new PacketError('PDF_ENCRYPTED', 'This PDF is protected by a password. Print it again without one.');
    }
    throw new PacketError('PDF_BROKEN', 'This PDF is damaged and cannot be shown. Print it again from its program.', { cause: error });
  }
}
