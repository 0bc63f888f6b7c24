/** Where `pens watch` shows what it sees: one line that is drawn again on a terminal, plain lines elsewhere, JSON lines for programs. */
import { performance } from 'node:perf_hooks';
import type { Sample } from '#biometrics/sample.ts';
import type { AttachedPen, PenSource } from '#driver/index.ts';
import { sampleJson } from '#driver/hid/report/sample-json.ts';
import { liveLine } from './live-line.ts';
import { printable } from './printable.ts';
import type { Rate } from './rate.ts';

export interface Display {
  samples(samples: readonly Sample[], source: PenSource, rate: Rate): void;
  lost(pen: AttachedPen, why: string): void;
  back(pen: AttachedPen): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

type Write = (text: string) => void;

const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

function lostWords({ name }: AttachedPen, why: string): string {
  return printable(`${name}: ${why} Waiting for it to come back.`);
}

function backWords({ name }: AttachedPen): string {
  return printable(`${name} is back.`);
}

/** The newest sample, drawn again ten times a second, so that the rate falls when the pen has left. */
class LiveDisplay implements Display {
  readonly #write: Write;
  readonly #width: () => number;
  readonly #timer: ReturnType<typeof setInterval>;
  #latest: (() => string) | null = null;

  constructor(write: Write, width: () => number) {
    this.#write = write;
    this.#width = width;
    this.#timer = setInterval(() => { this.#draw(); }, REDRAW_MS);
  }

  samples(samples: readonly Sample[], source: PenSource, rate: Rate): void {
    const sample = samples.at(-1)!;
    this.#latest = () => liveLine({ sample, source: source.info, rate: rate.perSecond(performance.now()), ...source.findings() });
  }

  lost(pen: AttachedPen, why: string): void {
    this.#say(lostWords(pen, why));
  }

  back(pen: AttachedPen): void {
    this.#say(backWords(pen));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#draw();
    if (this.#latest !== null) this.#write('\n');
  }

  #draw(): void {
    // a line that wraps could not be drawn over
    if (this.#latest !== null) this.#write(CLEAR_LINE + this.#latest().slice(0, this.#width() - 1));
  }

  #say(text: string): void {
    this.#draw();
    this.#write(`${this.#latest === null ? '' : '\n'}${text}\n`);
    this.#latest = null;
  }
}

/** A line ten times a second while something comes, for files and pipes. */
class PlainDisplay implements Display {
  readonly #write: Write;
  #drawn = -Infinity;

  constructor(write: Write) {
    this.#write = write;
  }

  samples(samples: readonly Sample[], source: PenSource, rate: Rate): void {
    const now = performance.now();
    if (now - this.#drawn < REDRAW_MS) return;
    this.#drawn = now;
    this.#write(`${liveLine({ sample: samples.at(-1)!, source: source.info, rate: rate.perSecond(now), ...source.findings() })}\n`);
  }

  lost(pen: AttachedPen, why: string): void {
    this.#write(`${lostWords(pen, why)}\n`);
  }

  back(pen: AttachedPen): void {
    this.#write(`${backWords(pen)}\n`);
  }

  close(): void { /* nothing is left open */ }
}

/** Every sample, one a line; what happens to the pen on lines of its own. */
class JsonDisplay implements Display {
  readonly #write: Write;

  constructor(write: Write) {
    this.#write = write;
  }

  samples(samples: readonly Sample[], source: PenSource, rate: Rate): void {
    const { losses, anomalies } = source.findings();
    const perSecond = rate.perSecond(performance.now());
    this.#write(samples.map((sample) => `${JSON.stringify({ sample: sampleJson(sample, source.info), rate: perSecond, losses, anomalies })}\n`).join(''));
  }

  lost({ id }: AttachedPen, message: string): void {
    this.#write(`${JSON.stringify({ lost: id, message })}\n`);
  }

  back({ id }: AttachedPen): void {
    this.#write(`${JSON.stringify({ back: id })}\n`);
  }

  close(): void { /* nothing is left open */ }
}

export function displayOn(stream: NodeJS.WriteStream, json: boolean): Display {
  const write: Write = (text) => { stream.write(text); };
  if (json) return new JsonDisplay(write);
  return stream.isTTY ? new LiveDisplay(write, () => stream.columns) : new PlainDisplay(write);
}
