/** The process in which `search.ts` reads a document. Started by `find-fields.ts`. */
import { serve } from '../child/index.ts';
import { openInViewer } from '../viewer.ts';
import { search } from './search.ts';
import type { Template } from './template.ts';

await serve(async (templates: Template[], document) => ({ result: await search(await openInViewer(document), templates) }));
