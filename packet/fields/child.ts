/** The process in which `search.ts` reads a document. Started by `find-fields.ts`. */
import { serve } from '../child/index.ts';
import { openInViewer } from '../viewer.ts';
import { search } from './search.ts';

await serve(async (_parameters: null, document) => ({ result: await search(await openInViewer(document)) }));
