/**
 * Finds where to sign in D where `intake/` has not: again after the desk has drawn places, or where the child of intake has too little memory left for it.
 * After: the desk picks where there are several; `sign-document.ts` stamps there.
 */
import { type ChildLimits, runInChild } from '../child/index.ts';
import type { Found } from './found.ts';
import type { Template } from './template.ts';

/**
 * @param options.templates all that the house has learned; at most one is used.
 * @throws PacketError PDF_TIMEOUT, PDF_MEMORY, PDF_BROKEN
 */
export async function findFields(document: Uint8Array, limits: ChildLimits, { templates = [] }: { templates?: readonly Template[] } = {}): Promise<Found> {
  const { result } = await runInChild<readonly Template[], Found>(new URL('child.ts', import.meta.url), templates, document, limits);
  return result;
}
