/** The process in which `normalise.ts` reads received bytes, and the document it makes is searched. Started by `intake.ts`. */
import { hasRoom, serve } from '../child/index.ts';
import { foundIn } from '../fields/found-in.ts';
import type { Template } from '../fields/template.ts';
import { normalise } from './normalise.ts';

await serve(async ({ maxPages, templates }: { maxPages: number; templates: Template[] }, received) => {
  const { document, shown, ...normalised } = await normalise(received, maxPages);
  const result = { ...normalised, found: hasRoom() ? await foundIn(document, shown, templates) : null };
  // what nothing was done to is there already
  return result.actions.length === 0 ? { result } : { result, output: document };
});
