/**
 * One attempt at a signature: samples come in, ink shows, and a capture comes out. Holds everything of the
 * attempt, so that `close` can destroy all of it.
 *
 * Before it: `driver/pointer`, or the recorded pen of "try it". After it: `signing-screen.tsx` sends the capture.
 */
import type { Capture, SurfaceInfo } from '#biometrics/capture.ts';
import { normalisedPressure } from '#biometrics/ink.ts';
import { isDown, type Sample } from '#biometrics/sample.ts';
import { PointerSource } from '#driver/pointer/pointer-source.ts';
import type { ScreenCapture } from '#kiosk/protocol/routes.ts';
import type { Rect } from '#kiosk/protocol/messages.ts';
import { apply, compose, fitInto, type Affine, type Box } from '#biometrics/affine.ts';
import { InkCanvas } from './ink-canvas.ts';
import { playRecording } from './play-recording.ts';
import { surfaceToPage } from './surface-map.ts';

export interface PadElements { surface: HTMLElement; frozen: HTMLCanvasElement; live: HTMLCanvasElement }

export interface PadOptions {
  instruments: 'pen' | 'any';
  touchBeforePen: number;
  rawUpdate: boolean;
  field: Rect;
  /** PDF user space to displayed page. */
  view: Affine;
  /** Called when there is ink for the first time, and when it is all gone again (a palm). */
  inked: (any: boolean) => void;
}

/** How much of the surface a recorded signature fills. */
const RECORDED_SHARE = 0.78;

export class SigningPad {
  readonly #box: Box;
  readonly #ink: InkCanvas;
  readonly #source: PointerSource;
  readonly #options: PadOptions;
  #recording: { capture: Capture; toClient: Affine; samples: Sample[] } | null = null;
  #inked = false;

  constructor(elements: PadElements, options: PadOptions) {
    this.#options = options;
    this.#box = elements.surface.getBoundingClientRect();
    this.#source = new PointerSource(elements.surface, {
      instruments: options.instruments,
      touchBeforePen: options.touchBeforePen,
      rawUpdate: options.rawUpdate,
      userAgent: navigator.userAgent,
      openedAt: { timeStamp: performance.now(), wallClock: new Date() },
    });
    this.#ink = new InkCanvas(elements.frozen, elements.live, this.#box, () => this.#source.info.instrument !== 'pen' && this.#recording === null);
    void this.#source.open({
      samples: (samples) => this.#show(samples),
      removed: (left) => {
        this.#ink.clear();
        this.#setInked(false);
        this.#show(left);
      },
      ended: () => {},
    });
  }

  get inked(): boolean {
    return this.#inked;
  }

  /** Shows a recorded pen in its own time; what is sent afterwards is the recording. */
  async play(capture: Capture, signal: AbortSignal): Promise<void> {
    this.#ink.clear();
    const middle = inset(this.#box, RECORDED_SHARE);
    const recording = { capture, toClient: fitInto(boundsOf(capture.samples), middle), samples: [] as Sample[] };
    this.#recording = recording;
    await playRecording(capture.samples, signal, (samples) => {
      recording.samples.push(...samples);
      this.#show(samples);
    });
  }

  /** What "Done" sends, but for what the screen knows itself. */
  capture(): { header: ScreenCapture; samples: Sample[] } {
    const toPage = surfaceToPage(this.#box, this.#options.field, this.#options.view);
    if (this.#recording === null) {
      const { losses, anomalies, complete } = this.#source.findings();
      return { header: { source: this.#source.info, surface: this.#surface(toPage), losses, anomalies, complete }, samples: this.#source.samples };
    }
    const { capture, toClient, samples } = this.#recording;
    const { losses, anomalies } = capture;
    const source = { ...capture.source, kind: 'recorded' as const, descriptor: null };
    const complete = capture.complete && samples.length === capture.samples.length;
    return { header: { source, surface: this.#surface(compose(toClient, toPage)), losses, anomalies, complete }, samples };
  }

  /** Stops listening and destroys the ink, on the screen and in memory. */
  close(): void {
    void this.#source.close();
    this.#source.forget();
    this.#recording = null;
    this.#ink.clear();
    this.#setInked(false);
  }

  #surface(toPage: Affine): SurfaceInfo {
    const angle = screen.orientation.angle;
    return { width: this.#box.width, height: this.#box.height, devicePixelRatio, orientation: angle, toPage, calibration: null };
  }

  #show(samples: readonly Sample[]): void {
    for (const sample of samples) {
      if (!isDown(sample)) {
        this.#ink.lift();
        continue;
      }
      const [x, y] = this.#recording === null ? [sample.x, sample.y] : apply(this.#recording.toClient, sample.x, sample.y);
      this.#ink.extend({ x: x - this.#box.left, y: y - this.#box.top, pressure: this.#pressure(sample) });
      this.#setInked(true);
    }
  }

  #pressure(sample: Sample): number {
    return sample.pressure === null ? 0.5 : normalisedPressure(sample, this.#recording?.capture.source ?? this.#source.info);
  }

  #setInked(any: boolean): void {
    if (any === this.#inked) return;
    this.#inked = any;
    this.#options.inked(any);
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
