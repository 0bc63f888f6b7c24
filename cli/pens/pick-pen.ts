/** Which pen a command means: the one named, or the only one that can be opened. */
import type { AttachedPen, Pens } from '#driver/index.ts';

/** @throws Error that lists what is attached and says what to do */
export function pickPen(pens: Pens, id: string | undefined): AttachedPen {
  const attached = pens.list();
  if (id !== undefined) {
    const named = attached.find((pen) => pen.id === id);
    if (named === undefined) throw new Error(`no pen "${id}" is attached. ${listed(attached)}`);
    return usable(named);
  }
  const open = attached.filter(({ problem }) => problem === null);
  if (open.length > 1) throw new Error(`${open.length} pens are attached: say which. ${listed(open)}`);
  const [pen] = open.length === 0 ? attached : open;
  if (pen === undefined) throw new Error('no pen is attached that is read from the device. "countersign pens" says what the guest screen does then.');
  return usable(pen);
}

function usable(pen: AttachedPen): AttachedPen {
  if (pen.problem !== null) throw new Error(`${pen.name} cannot be opened: ${pen.problem.message} ${pen.problem.advice}`);
  return pen;
}

function listed(pens: readonly AttachedPen[]): string {
  return pens.length === 0 ? 'None is.' : `Attached: ${pens.map(({ id, name }) => `${id} (${name})`).join(', ')}.`;
}
