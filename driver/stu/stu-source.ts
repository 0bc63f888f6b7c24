/**
 * A signature pad as a source of samples, with its screen.
 * Before it: a `StuLink` and what `probePad` asked from it. After it: `kiosk/station/pens/`.
 *
 * Kept raw: x, y and pressure as the pad counts them. `tip` is set where the pad's own switch bits are not 0, `inRange` where its
 * ready bit is; what the pad draws on its screen follows a pressure threshold instead, which `limits` names.
 * `findings().reports` holds the reports in clear, without those of presses of buttons.
 *
 * While the screen is worked on nothing is taken: that is no signature on any picture. What came then is counted (`duringPicture`).
 */
import { MAX_REPORTS } from '#biometrics/limits.ts';
import { MAX_BATCH } from '#biometrics/samples.ts';
import { PenError } from '../errors.ts';
import type { PadControls, PadPicture } from '../pad.ts';
import type { AttachedPenSource } from '../pens.ts';
import type { PenFindings, PenListener } from '../source.ts';
import { PadOperation, type PadOptions } from './pad-operation.ts';
import { decodePenReport } from './pen-report.ts';
import type { ProbedPad } from './probe-pad.ts';
import { StuSamples } from './stu-samples.ts';
import type { StuLink } from './stu-link.ts';
import { stuSourceInfo } from './stu-source-info.ts';

/** In one report. */
const READINGS = 2;
const IN_CLEAR = 'some reports came in clear although encryption had been agreed on: the pad was restarted, or somebody else wrote on the cable';

/**
 * @param pad what `probePad` said of the same link. The source closes the link when it ends.
 * `open` may reject with `PAD_REFUSED` too: the pad stays busy with something else, or refuses what it needs to be told.
 */
export function stuSource(link: StuLink, pad: ProbedPad, options: PadOptions = {}): AttachedPenSource {
  return new StuSource(link, pad, options);
}

class StuSource implements AttachedPenSource {
  readonly info: AttachedPenSource['info'];
  readonly pad: PadControls;
  readonly #link: StuLink;
  readonly #operation: PadOperation;
  readonly #samples: StuSamples;
  #state: 'new' | 'opening' | 'open' | 'ended' = 'new';
  #listener: PenListener | null = null;
  #onButton: ((id: string) => void) | null = null;
  /** How many are working on the screen. */
  #showing = 0;
  #complete = true;
  /** Why it ended before it was open. */
  #lost: PenError | null = null;
  #startedAt = 0;
  #left: Promise<void> | null = null;

  constructor(link: StuLink, pad: ProbedPad, options: PadOptions) {
    this.#link = link;
    this.info = stuSourceInfo(pad, link.transport, new Date().toISOString());
    this.#operation = new PadOperation(link, pad, options, (limit) => {
      if (!this.info.limits.includes(limit)) this.info.limits.push(limit);
    });
    const { screenWidth, screenHeight, maxX, maxY } = pad.capability;
    const toPixels = [screenWidth / maxX, 0, 0, screenHeight / maxY, 0, 0] as const;
    this.#samples = new StuSamples(pad.penOption, this.info.channels, toPixels);
    this.pad = {
      width: screenWidth, height: screenHeight, toPixels,
      show: (picture) => this.#show(picture),
      clear: () => this.#onScreen(() => this.#operation.clear()),
      onButton: (listener) => { this.#onButton = listener; },
    };
    link.onReport((report, hostTime) => { this.#arrived(report, hostTime); });
    link.onEnd((why) => { this.#gone(why); });
  }

  async open(listener: PenListener): Promise<void> {
    if (this.#lost !== null) throw this.#lost;
    if (this.#state !== 'new') throw new PenError('PEN_ALREADY_OPEN', 'this pad was opened before; make a new source');
    this.#state = 'opening';
    try {
      await this.#operation.begin();
      if (this.#now() === 'ended') throw this.#lost ?? new PenError('PEN_GONE', `The pad at ${this.#link.path} was closed while it was opened.`);
    } catch (error) {
      this.#end();
      // what was told to the pad so far is taken back, also where it was closed meanwhile
      await this.#leave();
      throw error;
    }
    this.info.openedAt = new Date().toISOString();
    this.#startedAt = Number(process.hrtime.bigint());
    this.#listener = listener;
    this.#state = 'open';
  }

  async close(): Promise<void> {
    const listener = this.#end();
    await this.#leave();
    listener?.ended(null);
  }

  findings(): PenFindings {
    const damaged = this.#link.damaged();
    const anomalies = { ...this.#samples.anomalies(), ...(damaged > 0 ? { damagedFrame: damaged } : {}) };
    return { losses: this.#samples.losses(), anomalies, reports: this.#samples.reports(), complete: this.#complete };
  }

  /** TypeScript would take what was assigned before an `await` for what is still so after it. */
  #now(): string {
    return this.#state;
  }

  /** @returns whom to tell, once */
  #end(): PenListener | null {
    const listener = this.#listener;
    this.#listener = null;
    this.#state = 'ended';
    return listener;
  }

  /** Once, however often it ends. A pad that is gone cannot be left tidily. */
  #leave(): Promise<void> {
    this.#left ??= this.#operation.leave().catch(() => undefined).then(() => this.#link.close());
    return this.#left;
  }

  #gone(why: string): void {
    if (this.#state === 'ended') return;
    const error = new PenError('PEN_GONE', `The pad at ${this.#link.path} is gone (${why}). Plug it in again and sign once more.`);
    this.#complete = false;
    if (this.#state !== 'open') this.#lost = error;
    this.#end()?.ended(error);
    void this.#link.close();
  }

  #arrived(report: Uint8Array, hostTime: number): void {
    if (this.#state !== 'open') return;
    const decoded = decodePenReport(report, this.#operation.context);
    if (typeof decoded === 'string') return this.#samples.odd(decoded);
    if (this.#showing > 0) return this.#samples.odd('duringPicture');
    if (this.#operation.context.capture !== null && !decoded.encrypted) this.#inClear();
    const { samples, pressed } = this.#samples.take(decoded, hostTime - this.#startedAt);
    if (samples.length > 0) this.#listener?.samples(samples);
    for (const id of pressed) this.#onButton?.(id);
    if (this.#samples.taken > MAX_BATCH - READINGS || this.#samples.reports().length >= MAX_REPORTS) this.#overflow();
  }

  /** As after a pad lost its power for a moment. Kept, because it is what the pen did. */
  #inClear(): void {
    this.#samples.odd('inClear');
    if (!this.info.limits.includes(IN_CLEAR)) this.info.limits.push(IN_CLEAR);
  }

  #overflow(): void {
    this.#complete = false;
    this.#end()?.ended(new PenError('PEN_OVERFLOW', `${this.#samples.taken} samples came from the pad in one signature, more than a record may hold; sign again.`));
    void this.#leave();
  }

  #show(picture: PadPicture): Promise<void> {
    return this.#onScreen(async () => {
      await this.#operation.show(picture);
      this.#samples.buttons.set(picture.buttons);
    });
  }

  async #onScreen(work: () => Promise<void>): Promise<void> {
    if (this.#state === 'ended') throw this.#lost ?? new PenError('PEN_GONE', `The pad at ${this.#link.path} is closed.`);
    this.#showing++;
    try {
      await work();
    } finally {
      this.#showing--;
      this.#samples.interrupted();
    }
  }
}
