/**
 * Settings that a pad writes into memory that wears out with every writing: brightness, contrast, background colour.
 *
 * A setting is written only where the pad has another value, and once per pad in the life of this process, so that no loop
 * anywhere can wear a pad out. The pads' number (0x0a), Diffie-Hellman numbers (0x1a, 0x1b), interface (0x0c), start
 * picture (0x2f) and picture memory (0x94 to 0x9b) are written never: there is no code for it.
 */
import { PenError } from '../errors.ts';
import { hex } from './answer.ts';

export class NonVolatileWrites {
  readonly #written = new Set<string>();

  /** Notes that a setting is about to be written. @param pad tells pads apart. @throws PenError `PAD_REFUSED` the second time */
  note(pad: string, reportId: number): void {
    const key = `${pad} ${reportId}`;
    if (this.#written.has(key)) {
      throw new PenError('PAD_REFUSED', `Setting ${hex(reportId)} of this pad was written already since the program started, and its memory wears out. `
        + 'Whatever writes it again and again must be found; restart the program to set it once more.');
    }
    this.#written.add(key);
  }
}

/** Of this process. */
export const nonVolatileWrites = new NonVolatileWrites();
