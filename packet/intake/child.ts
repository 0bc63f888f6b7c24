/** The process in which `normalise.ts` reads received bytes. Started by `intake.ts`. */
import { serve } from '../child/index.ts';
import { normalise } from './normalise.ts';

await serve(async ({ maxPages }: { maxPages: number }, received) => {
  const { document, ...result } = await normalise(received, maxPages);
  // what nothing was done to is there already
  return result.actions.length === 0 ? { result } : { result, output: document };
});
