/**
 * Sorts the samples of one attempt: what is the signature, and what of it shows as ink.
 *
 * Before: the source's samples, which are overwritten once they are kept as bytes. After: the capture has them as they came; the screen
 * draws the points. A stroke that begins
 * beside the surface is no ink: with a pen display the same pen presses the page's buttons. It is kept out from contact to lift and
 * counted. In-air samples belong to the capture wherever they are. Positions are mapped for showing only.
 */
import { apply, type Affine } from '#biometrics/affine.ts';
import type { PenSourceInfo } from '#biometrics/capture.ts';
import { isDown, type Sample } from '#biometrics/sample.ts';
import { normalisedPressure } from '#biometrics/units.ts';
import { SampleBatches } from '../capture-bytes.ts';

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
  readonly samples = new SampleBatches();
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
      overwrite(sample);
    }
    return points;
  }

  #contact(sample: Sample, points: InkPoint[]): void {
    if (this.#stroke === 'none') {
      this.#stroke = this.#drawing.begins(sample.x, sample.y) ? 'ink' : 'outside';
      if (this.#stroke === 'outside') this.strokesOutside++;
    }
    if (this.#stroke === 'outside') return;
    this.samples.add(sample);
    const [x, y] = apply(this.#drawing.toSurface, sample.x, sample.y);
    points.push([hundredths(x), hundredths(y), Math.round(normalisedPressure(sample, this.#drawing.source) * 1_000) / 1_000]);
  }

  #lifted(sample: Sample, points: InkPoint[]): void {
    this.samples.add(sample);
    if (this.#stroke === 'ink') points.push(null);
    this.#stroke = 'none';
  }
}

/** Samples are biometric data. */
export function overwrite(sample: Sample): void {
  sample.x = sample.y = sample.hostTime = sample.switches = sample.marks = 0;
  sample.z = sample.pressure = sample.tangentialPressure = sample.tiltX = sample.tiltY = sample.azimuth = sample.altitude = sample.twist = null;
  sample.transducerSerial = sample.deviceTime = null;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
