/**
 * A pen that was recorded earlier: gives the samples of a capture again, in their own time or at once.
 * For `demo`, tests and "try it". What it hands over says so: its source kind is `recorded`.
 */
import type { Capture, PenSourceInfo } from '#biometrics/capture.ts';
import type { Sample } from '#biometrics/sample.ts';
import { PenError } from './errors.ts';
import type { PenFindings, PenListener, PenSource } from './source.ts';

export interface RecordedPenOptions {
  /** 1 plays in the recording's own time, 2 twice as fast; `Infinity` hands over everything at once. */
  speed?: number;
}

const NS_PER_MS = 1e6;
/** One screen frame: a browser would not show more often. */
const TICK_MS = 16;

export class RecordedPen implements PenSource {
  readonly info: PenSourceInfo;
  readonly #capture: Capture;
  readonly #speed: number;
  #listener: PenListener | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #next = 0;
  #state: 'new' | 'open' | 'ended' = 'new';

  constructor(capture: Capture, options: RecordedPenOptions = {}) {
    this.#capture = capture;
    this.#speed = options.speed ?? 1;
    this.info = { ...capture.source, kind: 'recorded' };
  }

  open(listener: PenListener): Promise<void> {
    if (this.#state !== 'new') return Promise.reject(new PenError('PEN_ALREADY_OPEN', 'this recording was opened before; make a new RecordedPen'));
    this.#state = 'open';
    this.#listener = listener;
    const startedAt = performance.now();
    const first = this.#capture.samples[0]?.hostTime ?? 0;
    const tick = (): void => {
      const until = this.#speed === Infinity ? Infinity : first + (performance.now() - startedAt) * this.#speed * NS_PER_MS;
      this.#handOver(until);
      if (this.#next >= this.#capture.samples.length) this.#end();
      else this.#timer = setTimeout(tick, TICK_MS);
    };
    this.#timer = setTimeout(tick, 0);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#end();
    return Promise.resolve();
  }

  findings(): PenFindings {
    const { losses, anomalies, reports, complete, samples } = this.#capture;
    return { losses, anomalies, reports, complete: complete && this.#next >= samples.length };
  }

  /** A host clock that ran backwards in the recording must not stall it: what comes first is handed over first. */
  #handOver(until: number): void {
    const due: Sample[] = [];
    for (let sample = this.#capture.samples[this.#next]; sample !== undefined && sample.hostTime <= until; sample = this.#capture.samples[this.#next]) {
      due.push(sample);
      this.#next++;
    }
    if (due.length > 0) this.#listener?.samples(due);
  }

  #end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    clearTimeout(this.#timer);
    this.#listener?.ended(null);
  }
}
