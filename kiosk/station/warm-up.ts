/**
 * Loads, after the station is ready, what the first signature will need: here what handles strokes, in the signing thread pdf-lib,
 * fonts and the envelope's library. None of it is needed to start, and all of it together takes longer than a start may.
 */
import { signingThread } from './signing-thread.ts';

export async function warmUp(log: (line: string) => void): Promise<void> {
  try {
    await Promise.all([signingThread.warm(), import('#biometrics/record.ts'), import('#biometrics/seal.ts'), import('#biometrics/ink.ts')]);
  } catch (error) {
    log(`warming up: ${(error as Error).message}`);
  }
}
