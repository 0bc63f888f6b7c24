/**
 * What is found in D, in a child process, without the places that somebody else's signature has locked.
 * Before: `child.ts`, or that of `intake/`, which has just made D. After: `find-fields.ts` or `intake.ts`, in the parent.
 */
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Found, Searched } from './found.ts';
import { search } from './search.ts';
import type { Template } from './template.ts';

/** @throws PacketError PDF_LOCKED where no place to sign is left */
export async function foundIn(document: Uint8Array, opened: PDFDocumentProxy, templates: readonly Template[]): Promise<Found> {
  // The editor is loaded only where somebody may have signed: that takes longer than the search, and most documents are not signed.
  if (!Buffer.from(document.buffer, document.byteOffset, document.byteLength).includes('/ByteRange')) return withoutText(await search(opened, templates));
  const { fieldsLeft, leftOut, signedNames } = await import('../fields-left.ts');
  const found = withoutText(await search(opened, templates, await signedNames(document)));
  const fields = await fieldsLeft(document, found.fields);
  return { ...found, fields, warnings: [...found.warnings, ...leftOut(found.fields, fields)] };
}

function withoutText({ fields, fingerprint, form, template, hints, warnings }: Searched): Found {
  return { fields, fingerprint, form, template, hints, warnings };
}
