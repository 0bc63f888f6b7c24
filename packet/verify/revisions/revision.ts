/** Two revisions of a PDF that follow one another, and the two ways in which they may not. Before: `check.ts`. After: `compare.ts`. */
import type { PdfSignature } from '../../read-signed-pdf.ts';
import type { PdfView } from './view.ts';

export interface Revision {
  before: PdfView;
  after: PdfView;
  /** Signatures and document time-stamps that end with this revision. */
  signatures: readonly PdfSignature[];
  /** Those of all revisions before. */
  earlier: readonly PdfSignature[];
}

/** A change that is not allowed; the message is the end of a sentence that says which. */
export class NotAllowed extends Error {}

/** Nothing can be said about the change; the message is the end of a sentence that says why. */
export class NotComparable extends Error {}
