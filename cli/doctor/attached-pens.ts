/** What is attached, for the checks of pens and pads: as a running station sees it, else looked for here. */
import type { AttachedPen } from '#driver/index.ts';
import { pensOfStation, withPens } from '../pens/open-pens.ts';

/** @returns the pens, or one sentence that says why they could not be looked for */
export async function attachedPens(home: string): Promise<readonly AttachedPen[] | string> {
  try {
    return (await pensOfStation(home))?.pens ?? await withPens(home, [], false, (pens) => [...pens.list()]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
