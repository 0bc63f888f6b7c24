/** The process in which `search.ts` reads a document. Started by `find-fields.ts`. */
import { serve } from '../child/index.ts';
import { openInViewer } from '../viewer.ts';
import type { Field } from './field.ts';
import { search } from './search.ts';
import type { Template } from './template.ts';

await serve(async (templates: Template[], document) => {
  const found = await search(await openInViewer(document), templates);
  const { fields, warnings } = await left(document, found.fields);
  return { result: { ...found, fields, warnings: [...found.warnings, ...warnings] } };
});

/** The editor is loaded only where somebody may have signed: that takes longer than the search, and most documents are not signed. */
async function left(document: Uint8Array, fields: readonly Field[]): Promise<{ fields: readonly Field[]; warnings: readonly string[] }> {
  if (!Buffer.from(document.buffer, document.byteOffset, document.byteLength).includes('/ByteRange')) return { fields, warnings: [] };
  const { fieldsLeft, leftOut } = await import('../fields-left.ts');
  const kept = await fieldsLeft(document, fields);
  return { fields: kept, warnings: leftOut(fields, kept) };
}
