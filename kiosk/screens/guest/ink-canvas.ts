/**
 * Live ink: the stroke under the pen is drawn anew once per frame, finished strokes are frozen in a second
 * canvas, and long ones piece by piece. Both use `biometrics/ink.ts`, the same outline that stamp and replay draw.
 *
 * No `desynchronized` context: with some graphics drivers it shows nothing.
 */
import { strokeOutline, type InkPoint } from '#biometrics/ink.ts';

const INK = '#13294b';

/** Points drawn anew at each frame at most, so that a frame costs no more however long the pen stays down. */
const LONGEST_LIVE = 200;
/** Points that a piece repeats of the one before it: an outline needs a few to settle. */
const OVERLAP = 20;

export class InkCanvas {
  readonly #frozen: CanvasRenderingContext2D;
  readonly #live: CanvasRenderingContext2D;
  readonly #size: number;
  readonly #simulatePressure: () => boolean;
  #stroke: InkPoint[] = [];
  #frame = 0;

  /**
   * @param box CSS pixels
   * @param simulatePressure whether width comes from speed, for instruments without pressure
   */
  constructor(frozen: HTMLCanvasElement, live: HTMLCanvasElement, box: { width: number; height: number }, simulatePressure: () => boolean) {
    this.#frozen = contextOf(frozen, box);
    this.#live = contextOf(live, box);
    this.#size = Math.min(9, Math.max(4, box.height / 60));
    this.#simulatePressure = simulatePressure;
  }

  /** Adds to the stroke under the pen. */
  extend(point: InkPoint): void {
    this.#stroke.push(point);
    this.#frame ||= requestAnimationFrame(() => this.#drawLive());
  }

  /** The pen was lifted: freezes the stroke. */
  lift(): void {
    if (this.#stroke.length === 0) return;
    this.#cancelFrame();
    erase(this.#live);
    this.#fill(this.#frozen, true);
    this.#stroke = [];
  }

  clear(): void {
    this.#cancelFrame();
    this.#stroke = [];
    erase(this.#live);
    erase(this.#frozen);
  }

  #drawLive(): void {
    this.#frame = 0;
    erase(this.#live);
    if (this.#stroke.length > LONGEST_LIVE) {
      this.#fill(this.#frozen, false);
      this.#stroke = this.#stroke.slice(-OVERLAP);
    }
    this.#fill(this.#live, false);
  }

  #fill(context: CanvasRenderingContext2D, last: boolean): void {
    const outline = strokeOutline(this.#stroke, { size: this.#size, simulatePressure: this.#simulatePressure(), last });
    context.fillStyle = INK;
    context.fill(pathOf(outline));
  }

  #cancelFrame(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}

function contextOf(canvas: HTMLCanvasElement, box: { width: number; height: number }): CanvasRenderingContext2D {
  canvas.width = Math.round(box.width * devicePixelRatio);
  canvas.height = Math.round(box.height * devicePixelRatio);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser gives no 2D canvas');
  context.scale(devicePixelRatio, devicePixelRatio);
  return context;
}

function erase(context: CanvasRenderingContext2D): void {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
}

/** Through the middles of the outline's edges, so that it has no corners. */
function pathOf(outline: readonly [number, number][]): Path2D {
  const path = new Path2D();
  const first = outline[0];
  if (first === undefined) return path;
  path.moveTo(first[0], first[1]);
  outline.forEach(([x, y], index) => {
    const [nextX, nextY] = outline[(index + 1) % outline.length] ?? first;
    path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  });
  path.closePath();
  return path;
}
