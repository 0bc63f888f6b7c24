/**
 * Loads, after the station is ready, what the first signature will need: in the record thread what handles strokes, in the
 * signing thread pdf-lib, fonts and the envelope's library. None of it is needed to start, and all of it together takes longer than a start may.
 */
import { recordThread } from './record-thread.ts';
import { signingThread } from './signing-thread.ts';

export async function warmUp(log: (line: string) => void): Promise<void> {
  try {
    await Promise.all([signingThread.warm(), recordThread.warm()]);
  } catch (error) {
    log(`warming up: ${(error as Error).message}`);
  }
}
