/**
 * Finds where to sign in D, and reads its text for the reading view. Before: `intake/`. After: the desk picks
 * where there are several; `sign-document.ts` stamps there.
 */
import { type ChildLimits, runInChild } from '../child/index.ts';
import type { Found } from './search.ts';

/**
 * @returns `fields`: at least one, guest before companion, each inside its page; `text`: one string per page,
 *   lines in reading order.
 * @throws PacketError PDF_TIMEOUT, PDF_MEMORY, PDF_BROKEN
 */
export async function findFields(document: Uint8Array, limits: ChildLimits): Promise<Found> {
  const { result } = await runInChild<null, Found>(new URL('child.ts', import.meta.url), null, document, limits);
  return result;
}
