/** The process in which `search.ts` reads a document. Started by `find-fields.ts`. */
import { serve } from '../child/index.ts';
import { openInViewer } from '../viewer.ts';
import { search } from './search.ts';
import type { Template } from './template.ts';

await serve(async (templates: Template[], document) => {
  const opened = await openInViewer(document);
  // The editor is loaded only where somebody may have signed: that takes longer than the search, and most documents are not signed.
  if (!Buffer.from(document.buffer, document.byteOffset, document.byteLength).includes('/ByteRange')) return { result: await search(opened, templates) };
  const { fieldsLeft, leftOut, signedNames } = await import('../fields-left.ts');
  const found = await search(opened, templates, await signedNames(document));
  const fields = await fieldsLeft(document, found.fields);
  return { result: { ...found, fields, warnings: [...found.warnings, ...leftOut(found.fields, fields)] } };
});
