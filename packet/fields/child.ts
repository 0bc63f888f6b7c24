/** The process in which a document is searched. Started by `find-fields.ts`. */
import { serve } from '../child/index.ts';
import { openInViewer } from '../viewer.ts';
import { foundIn } from './found-in.ts';
import type { Template } from './template.ts';

await serve(async (templates: Template[], document) => ({ result: await foundIn(document, await openInViewer(document), templates) }));
