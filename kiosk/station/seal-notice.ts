/**
 * Tells the desk of an organisation's seal certificate that ends within 30 days, or that cannot be used (`keys/signers/`). It stops
 * nothing: once it has ended, documents are sealed with the station's own certificate again.
 *
 * Before: `upkeep.ts`. After: a notice. Looked at once an hour: it changes about once in a year.
 */
import { installedSeal, sealWarning } from '#keys/index.ts';
import type { Station } from './station.ts';

const EVERY_MS = 3_600_000;
const CODE = 'SEAL_ENDS';

/** @returns a function to be called as often as one likes */
export function sealWatch(station: Pick<Station, 'home' | 'notices' | 'keys'>): (now: Date) => void {
  let due = 0;
  return (now) => {
    if (now.getTime() < due) return;
    due = now.getTime() + EVERY_MS;
    const message = sealProblem(station, now);
    if (message === null) station.notices.clear(CODE);
    else station.notices.set({ code: CODE, severity: 'warning', message });
  };
}

function sealProblem({ home, keys }: Pick<Station, 'home' | 'keys'>, now: Date): string | null {
  try {
    const seal = installedSeal(home);
    const installed = keys.awaiting === null ? keys.organisationSeal : null;
    if (installed !== null && 'problem' in installed) return installed.problem;
    return seal === null ? null : sealWarning(seal, now);
  } catch (error) {
    return (error as Error).message;
  }
}
