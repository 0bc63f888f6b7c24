/**
 * What a device says of itself when it is asked: signature pads and ISDv4 tablets, whose abilities no system knows. Each is asked
 * once while it is attached, so that a station's demands on its pen are checked before a guest comes.
 * Before it: a device that was just attached. After it: its entry in the list.
 */
import { PenError, type PenErrorCode } from '../errors.ts';
import type { PenProblem } from '../pens.ts';

/** One that did not answer may only have been switched off. */
const AGAIN_MS = 15_000;

/** Errors whose message ends with what to do: who may read the device, or who holds it, differs by system. */
const SAYS_ITSELF: ReadonlySet<PenErrorCode> = new Set(['PEN_FORBIDDEN', 'PEN_CLAIMED']);
const ASKED_AGAIN = `As said there. The device is asked again after ${AGAIN_MS / 1_000} seconds.`;

export class AskedOnce<Answer> {
  readonly #ask: () => Promise<Answer>;
  readonly #advice: string;
  #answer: Answer | null = null;
  #problem: PenProblem | null = null;
  #askedAt = -Infinity;
  #asking: Promise<void> | null = null;
  /** Sources that are open or being opened: the device is theirs. */
  #inUse = 0;

  constructor(ask: () => Promise<Answer>, advice: string) {
    this.#ask = ask;
    this.#advice = advice;
  }

  get answer(): Answer | null {
    return this.#answer;
  }

  get problem(): PenProblem | null {
    return this.#problem;
  }

  /** Asks where that was not done. @returns whether answer or problem may have changed */
  async ask(): Promise<boolean> {
    if (this.#answer !== null || this.#asking !== null || this.#inUse > 0 || performance.now() - this.#askedAt < AGAIN_MS) return false;
    this.#askedAt = performance.now();
    this.#asking = this.#askNow().finally(() => { this.#asking = null; });
    await this.#asking;
    return true;
  }

  /** The device is opened for reading: waits for a question that is under way, and asks none until `done`. */
  async use(): Promise<{ done: () => void }> {
    this.#inUse++;
    await this.#asking;
    return { done: () => { this.#inUse--; } };
  }

  /** It was found out by whoever opened it. */
  told(answer: Answer): void {
    this.#answer = answer;
    this.#problem = null;
  }

  async #askNow(): Promise<void> {
    try {
      this.told(await this.#ask());
    } catch (error) {
      const code = error instanceof PenError ? error.code : 'PEN_SILENT';
      this.#problem = { code, message: (error as Error).message, advice: SAYS_ITSELF.has(code) ? ASKED_AGAIN : this.#advice };
    }
  }
}
