/** Loss by sequence number: a device that counts its reports tells exactly how many are missing, up to one turn of its counter. */
export class SequenceLoss {
  readonly method = 'sequence';
  readonly #modulus: number;
  #last: number | null = null;
  count = 0;

  /** @param modulus how many different numbers there are, e.g. 65,536 */
  constructor(modulus: number) {
    this.#modulus = modulus;
  }

  /** @returns how many reports are missing between the one before and this one; a number that comes twice is a repetition, not a loss */
  next(sequence: number): number {
    const step = this.#last === null ? 1 : (sequence - this.#last + this.#modulus) % this.#modulus;
    this.#last = sequence;
    const missing = Math.max(0, step - 1);
    this.count += missing;
    return missing;
  }
}
