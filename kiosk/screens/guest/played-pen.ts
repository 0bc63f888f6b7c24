/** The recorded pen of "try it": shown in its own time, fitted into the surface; what is sent afterwards is the recording. */
import { apply, compose, fitInto, type Affine, type Box } from '#biometrics/affine.ts';
import type { Capture } from '#biometrics/capture.ts';
import { isDown, type Sample } from '#biometrics/sample.ts';
import type { ScreenCapture } from '#kiosk/protocol/routes.ts';
import type { AttemptListener, AttemptPen, Place } from './attempt-pen.ts';
import { playRecording } from './play-recording.ts';
import { shownPressure, surfaceInfo } from './screen-pen.ts';

/** How much of the surface a recorded signature fills. */
const SHARE = 0.78;
/** After the recorded pen has signed: time to look at it, ms. */
const ADMIRE = 1_200;

export class PlayedPen implements AttemptPen {
  readonly widthFromSpeed = false;
  readonly #recording: Capture;
  readonly #place: Place;
  readonly #toClient: Affine;
  readonly #stopped = new AbortController();
  #samples: Sample[] = [];

  constructor(recording: Capture, place: Place) {
    this.#recording = recording;
    this.#place = place;
    this.#toClient = fitInto(boundsOf(recording.samples), inset(place.box, SHARE));
  }

  open(listener: AttemptListener): void {
    const { signal } = this.#stopped;
    const play = async (): Promise<void> => {
      await playRecording(this.#recording.samples, signal, (samples) => {
        this.#samples.push(...samples);
        listener.drawn(samples.map((sample) => this.#pointOf(sample)));
      });
      await new Promise((resolve) => { setTimeout(resolve, ADMIRE); });
      if (!signal.aborted) listener.played();
    };
    void play();
  }

  capture(): { header: ScreenCapture; samples: Sample[] } {
    const { losses, anomalies, source, complete, samples } = this.#recording;
    const surface = surfaceInfo({ box: this.#place.box, toPage: compose(this.#toClient, this.#place.toPage) });
    const header = { source: { ...source, kind: 'recorded' as const, descriptor: null }, surface, losses, anomalies };
    return { header: { ...header, complete: complete && this.#samples.length === samples.length }, samples: this.#samples };
  }

  close(): void {
    this.#stopped.abort();
    this.#samples = [];
  }

  #pointOf(sample: Sample): { x: number; y: number; pressure: number } | null {
    if (!isDown(sample)) return null;
    const [x, y] = apply(this.#toClient, sample.x, sample.y);
    const { left, top } = this.#place.box;
    return { x: x - left, y: y - top, pressure: shownPressure(sample, this.#recording.source) };
  }
}

function inset(box: Box, share: number): Box {
  const width = box.width * share;
  const height = box.height * share;
  return { left: box.left + (box.width - width) / 2, top: box.top + (box.height - height) / 2, width, height };
}

/** Around the ink of a recording; a pen's y points down, as a screen's does. */
function boundsOf(samples: readonly Sample[]): Box {
  const down = samples.filter(isDown);
  const [left, right] = rangeOf(down.map((sample) => sample.x));
  const [top, bottom] = rangeOf(down.map((sample) => sample.y));
  return { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

function rangeOf(values: readonly number[]): [number, number] {
  return values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
}
