/** Which pens are attached and read from the device itself, and what keeps one from being read. */
import type { AttachedPen } from '#driver/index.ts';
import { isPad, penBrief } from '../pens/describe-pen.ts';
import { printable } from '../pens/printable.ts';
import type { Finding } from './finding.ts';

const id = 'pens';
const POINTER = 'The guest screen takes any pen the browser shows as one (Pointer Events).';

/** @param attached what there is, or why that is not known */
export function pens(attached: readonly AttachedPen[] | string): Finding {
  if (typeof attached === 'string') return { id, state: 'unknown', detail: `could not be looked for: ${attached}`, advice: POINTER };
  const found = attached.filter((pen) => !isPad(pen));
  const [usable, kept] = [found.filter(({ problem }) => problem === null), found.filter(({ problem }) => problem !== null)];
  const detail = [
    ...usable.map((pen) => printable(penBrief(pen))),
    ...kept.map(({ name, problem }) => `${printable(name)} is not read: ${problem!.message}`),
  ].join('; ');
  // the same advice for three pens is said once
  if (kept.length > 0) return { id, state: 'warning', detail, advice: [...new Set(kept.map(({ problem }) => problem!.advice))].join(' ') };
  if (attached.some(({ problem }) => problem === null)) return { id, state: 'ok', detail: detail === '' ? 'a signature pad' : detail, advice: '' };
  return { id, state: 'warning', detail: 'none is attached that is read from the device itself', advice: `${POINTER} Without one, "Try it" on the desk screen signs with the recorded pen.` };
}
