/** Whatever signs on the surface itself, from Pointer Events. Before it: `driver/pointer`. */
import type { PenSourceInfo, SurfaceInfo } from '#biometrics/capture.ts';
import { normalisedPressure, type InkPoint } from '#biometrics/ink.ts';
import { isDown, type Sample } from '#biometrics/sample.ts';
import { PointerSource } from '#driver/pointer/pointer-source.ts';
import type { ScreenCapture } from '#kiosk/protocol/routes.ts';
import type { AttemptListener, AttemptPen, Place } from './attempt-pen.ts';
import type { Station } from './step.ts';

export interface ScreenPenOptions { instruments: Station['instruments']; touchBeforePen: number; rawUpdate: boolean }

export class ScreenPen implements AttemptPen {
  readonly #source: PointerSource;
  readonly #place: Place;

  constructor(surface: HTMLElement, place: Place, options: ScreenPenOptions) {
    this.#place = place;
    this.#source = new PointerSource(surface, {
      ...options,
      coalesced: 'getCoalescedEvents' in PointerEvent.prototype,
      userAgent: navigator.userAgent,
      openedAt: { timeStamp: performance.now(), wallClock: new Date() },
    });
  }

  get widthFromSpeed(): boolean {
    return this.#source.info.instrument !== 'pen';
  }

  open(listener: AttemptListener): void {
    void this.#source.open({
      samples: (samples) => listener.drawn(this.#traceOf(samples)),
      removed: (left) => {
        listener.erased();
        listener.drawn(this.#traceOf(left));
      },
      ended: () => {},
    });
  }

  capture(): { header: ScreenCapture; samples: Sample[] } {
    const { losses, anomalies, complete } = this.#source.findings();
    return { header: { source: this.#source.info, surface: surfaceInfo(this.#place), losses, anomalies, complete }, samples: this.#source.samples };
  }

  close(): void {
    void this.#source.close();
    this.#source.forget();
  }

  #traceOf(samples: readonly Sample[]): (InkPoint | null)[] {
    const { box } = this.#place;
    const { info } = this.#source;
    return samples.map((sample) => (isDown(sample) ? { x: sample.x - box.left, y: sample.y - box.top, pressure: shownPressure(sample, info) } : null));
  }
}

/** From 0 to 1; the middle where the instrument gives none. */
export function shownPressure(sample: Sample, source: PenSourceInfo): number {
  return sample.pressure === null ? 0.5 : normalisedPressure(sample, source);
}

/** Raw positions are the viewport's own: nothing had to be calibrated. */
export function surfaceInfo({ box, toPage }: Place): SurfaceInfo {
  return { width: box.width, height: box.height, devicePixelRatio, orientation: screen.orientation.angle, toPage, calibration: null };
}
