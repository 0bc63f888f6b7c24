/**
 * Waits until pads and serial tablets have answered what they are. The list is told before that: asking one that is silent takes
 * seconds (`#driver/process/asked-once.ts`).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AttachedPen, Pens } from '#driver/index.ts';

const PATIENCE_MS = 10_000;

/** @param padsLeft pads on USB are not asked, and not waited for */
export async function answered(pens: Pens, padsLeft: boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => { if (!pens.list().some((pen) => isAsked(pen) && !(padsLeft && pen.kind === 'stu-hid'))) resolve(); };
  const unsubscribe = pens.onChange(look);
  const patience = new AbortController();
  look();
  await Promise.race([promise, sleep(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  unsubscribe();
}

/** Neither an answer nor a problem yet. */
function isAsked({ kind, gives, problem }: AttachedPen): boolean {
  return kind !== 'hid' && gives === null && problem === null;
}
