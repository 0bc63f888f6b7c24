/** An organisation's seal certificate of an authority, where one is installed: who vouches for it, and until when. */
import { installedSeal, sealWarning, wordsOf } from '#keys/index.ts';
import type { Finding } from './finding.ts';

const id = 'seal';

/** @returns nothing where there is none: the station's own seal is enough */
export function seal(home: string, now = new Date()): Finding[] {
  try {
    const installed = installedSeal(home);
    if (installed === null) return [];
    const { subject, kind, issuer, notAfter } = installed;
    const warning = sealWarning(installed, now);
    return [{ id, state: warning === null ? 'ok' : 'warning', detail: `${subject}, ${wordsOf(kind, issuer)}, until ${notAfter.slice(0, 10)}`, advice: warning ?? '' }];
  } catch (error) {
    return [{ id, state: 'warning', detail: (error as Error).message, advice: 'Documents go on being sealed with the station’s own certificate.' }];
  }
}
