/**
 * Sorts the samples of one attempt: what is the signature, and what of it shows as ink.
 *
 * Before: the source's samples. After: the capture keeps `samples` as they came; the screen draws the points. A stroke that begins
 * beside the surface is no ink: with a pen display the same pen presses the page's buttons. It is kept out from contact to lift and
 * counted. In-air samples belong to the capture wherever they are. Positions are mapped for showing only.
 */
import { apply, type Affine } from '#biometrics/affine.ts';
import type { PenSourceInfo } from '#biometrics/capture.ts';
import { isDown, type Sample } from '#biometrics/sample.ts';
import { normalisedPressure } from '#biometrics/units.ts';

/** CSS pixels from the surface's upper left corner and pressure from 0 to 1; null: lifted. */
export type InkPoint = readonly [x: number, y: number, pressure: number] | null;

export interface Drawing {
  source: PenSourceInfo;
  /** From raw to the surface's CSS pixels. */
  toSurface: Affine;
  /** Whether a stroke may begin at this raw place. */
  begins(x: number, y: number): boolean;
}

export class DrawnSamples {
  readonly samples: Sample[] = [];
  /** Strokes that began outside. */
  strokesOutside = 0;
  readonly #drawing: Drawing;
  #stroke: 'none' | 'ink' | 'outside' = 'none';

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
  }

  /** @returns what there is to draw now */
  add(samples: readonly Sample[]): InkPoint[] {
    const points: InkPoint[] = [];
    for (const sample of samples) {
      if (isDown(sample)) this.#contact(sample, points);
      else this.#lifted(sample, points);
    }
    return points;
  }

  /** Overwrites what was kept: samples are biometric data. */
  wipe(): void {
    for (const sample of this.samples) overwrite(sample);
    this.samples.length = 0;
  }

  #contact(sample: Sample, points: InkPoint[]): void {
    if (this.#stroke === 'none') {
      this.#stroke = this.#drawing.begins(sample.x, sample.y) ? 'ink' : 'outside';
      if (this.#stroke === 'outside') this.strokesOutside++;
    }
    if (this.#stroke === 'outside') return;
    this.samples.push(sample);
    const [x, y] = apply(this.#drawing.toSurface, sample.x, sample.y);
    points.push([hundredths(x), hundredths(y), Math.round(normalisedPressure(sample, this.#drawing.source) * 1_000) / 1_000]);
  }

  #lifted(sample: Sample, points: InkPoint[]): void {
    this.samples.push(sample);
    if (this.#stroke === 'ink') points.push(null);
    this.#stroke = 'none';
  }
}

export function overwrite(sample: Sample): void {
  Object.assign(sample, {
    x: 0, y: 0, z: null, pressure: null, tangentialPressure: null, tiltX: null, tiltY: null, azimuth: null, altitude: null, twist: null,
    transducerSerial: null, deviceTime: null, hostTime: 0, switches: 0, marks: 0,
  } satisfies Partial<Sample>);
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
