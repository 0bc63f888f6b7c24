/** The process in which `search.ts` reads a document. Started by `find-fields.ts`. */
import { serve } from '../child/index.ts';
import { fieldsLeft, leftOut } from '../fields-left.ts';
import { openInViewer } from '../viewer.ts';
import { search } from './search.ts';
import type { Template } from './template.ts';

await serve(async (templates: Template[], document) => {
  const found = await search(await openInViewer(document), templates);
  const fields = await fieldsLeft(document, found.fields);
  return { result: { ...found, fields, warnings: [...found.warnings, ...leftOut(found.fields, fields)] } };
});
