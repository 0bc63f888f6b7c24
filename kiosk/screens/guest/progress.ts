/** What happened on the way to one signature, over all attempts. `attempts` and `clears` go into the record. */
export class Progress {
  /** Of which request it is. */
  readonly request: string | null;
  attempts = 0;
  clears = 0;
  /** There is ink that would be lost. */
  inked = false;

  constructor(request: string | null) {
    this.request = request;
  }

  /** The surface is empty and ready. */
  begin(): void {
    this.attempts++;
    this.inked = false;
  }

  clear(): void {
    this.clears++;
  }

  setInked(any: boolean): void {
    this.inked = any;
  }
}
