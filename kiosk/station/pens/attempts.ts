/**
 * Which attempt is on which tablet, and that no device is opened while it is still being closed.
 *
 * Before: `begin-attempt.ts`; `visits.ts`, because whatever ends a visit ends its attempt. After: `attempt.ts`.
 */
import { Attempt, type AttemptOptions } from './attempt.ts';
import type { PenWhere } from './tablet-pens.ts';

/** The pen an attempt reads, as its screens are told. */
export interface AttemptPen { id: string; name: string; where: PenWhere }

interface Entry { attempt: Attempt; pen: AttemptPen }

export class Attempts {
  readonly #tablets = new Map<string, Entry>();
  /** Tablets of visits with an attempt. */
  readonly #read = new Set<string>();
  /** Resolves when a device is free again. */
  readonly #devices = new Map<string, Promise<void>>();
  /** Called when a device is free after an attempt. */
  onFree: (pen: AttemptPen) => void = () => {};

  on(tablet: string): Attempt | null {
    const attempt = this.#tablets.get(tablet)?.attempt ?? null;
    return attempt === null || attempt.destroyed ? null : attempt;
  }

  /** The pen that the attempt on this tablet reads; null where there is none. */
  penOn(tablet: string): AttemptPen | null {
    return this.on(tablet) === null ? null : this.#tablets.get(tablet)!.pen;
  }

  /** Whether an attempt reads this device. */
  reads(device: string): boolean {
    return [...this.#tablets].some(([tablet, { pen }]) => pen.id === device && this.on(tablet) !== null);
  }

  /** Takes the place of the one before. `opened` waits until the device is free; it rejects with PenError as `Attempt.open`. */
  begin(tablet: string, pen: AttemptPen, options: AttemptOptions): { attempt: Attempt; opened: Promise<void> } {
    this.end(tablet);
    const attempt = new Attempt(options);
    this.#tablets.set(tablet, { attempt, pen });
    this.#read.add(tablet);
    return { attempt, opened: this.alone(pen.id, async () => { if (!attempt.destroyed) await attempt.open(); }) };
  }

  /** False once its screen, or a newer one, has ended it: whatever is heard of it then came too late. */
  isWanted(tablet: string, attempt: Attempt): boolean {
    return this.#tablets.get(tablet)?.attempt === attempt;
  }

  /** The visit is over. @returns whether a pen was read during it, so that samples came through this process's heap */
  endVisit(tablet: string): boolean {
    this.end(tablet);
    return this.#read.delete(tablet);
  }

  /** Its samples are gone when this returns; the device is closed soon after. */
  end(tablet: string): void {
    const entry = this.#tablets.get(tablet);
    if (entry === undefined) return;
    this.#tablets.delete(tablet);
    const { attempt, pen } = entry;
    attempt.wipe();
    void this.alone(pen.id, () => attempt.destroy()).then(() => this.onFree(pen), () => this.onFree(pen));
  }

  /** Opens and closes of one device come one after the other. */
  alone<T>(device: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#devices.get(device) ?? Promise.resolve()).then(work);
    this.#devices.set(device, mine.then(() => {}, () => { /* told to its own caller */ }));
    return mine;
  }

  /** Resolves when every device is closed. */
  async endAll(): Promise<void> {
    this.#tablets.forEach((_, tablet) => this.end(tablet));
    await Promise.all(this.#devices.values());
  }
}
