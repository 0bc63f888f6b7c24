/**
 * One attempt at a signature: a pen draws, ink shows, and a capture comes out. Holds everything of the attempt, so that
 * `close` can destroy all of it.
 *
 * Before it: an `AttemptPen`. After it: `signing-screen.tsx` sends the capture.
 */
import type { Box } from '#biometrics/affine.ts';
import type { InkPoint } from '#biometrics/ink.ts';
import type { AttemptListener, AttemptPen } from './attempt-pen.ts';
import { InkCanvas } from './ink-canvas.ts';

export interface PadElements { surface: HTMLElement; frozen: HTMLCanvasElement; live: HTMLCanvasElement }

export interface PadListener extends Pick<AttemptListener, 'lost' | 'button' | 'played'> {
  /** Called when there is ink for the first time, and when it is all gone again. */
  inked(any: boolean): void;
}

export class SigningPad {
  readonly #pen: AttemptPen;
  readonly #ink: InkCanvas;
  readonly #listener: PadListener;
  #inked = false;
  #lost = false;

  constructor({ frozen, live }: PadElements, box: Box, pen: AttemptPen, listener: PadListener) {
    this.#pen = pen;
    this.#listener = listener;
    this.#ink = new InkCanvas(frozen, live, box, () => pen.widthFromSpeed);
    pen.open({
      drawn: (points) => this.#show(points),
      erased: () => this.#erase(),
      lost: (why) => {
        this.#lost = true;
        this.#erase();
        listener.lost(why);
      },
      button: (button) => listener.button(button),
      played: () => listener.played(),
    });
  }

  get inked(): boolean {
    return this.#inked;
  }

  /** The station gave it up. */
  get lost(): boolean {
    return this.#lost;
  }

  /** What "Done" sends, but for what the screen knows itself. */
  capture(): ReturnType<AttemptPen['capture']> {
    return this.#pen.capture();
  }

  /** Stops listening and destroys the ink, on the screen and in memory. Closing twice is no error. */
  close(): void {
    this.#pen.close();
    this.#erase();
  }

  #show(points: readonly (InkPoint | null)[]): void {
    for (const point of points) {
      if (point === null) this.#ink.lift();
      else this.#ink.extend(point);
    }
    if (points.some((point) => point !== null)) this.#setInked(true);
  }

  #erase(): void {
    this.#ink.clear();
    this.#setInked(false);
  }

  #setInked(any: boolean): void {
    if (any === this.#inked) return;
    this.#inked = any;
    this.#listener.inked(any);
  }
}
