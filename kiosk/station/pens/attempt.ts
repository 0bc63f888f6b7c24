/**
 * One attempt at a signature with a pen that the station reads: from opening the device to the capture, or to nothing.
 *
 * Before: `attempts.ts`, which says when. After: ink for the guest screens while it lasts, one capture at "Done". Samples and
 * reports are held here, in memory alone, samples as bytes, and are overwritten when it ends, whichever way. What the device library and the
 * channel from the pen process have copied on their own heaps lives until it is collected.
 *
 * Reports are all that the device sent while it was open: also those of strokes that are no part of the signature.
 */
import { compose, type Affine } from '#biometrics/affine.ts';
import type { Calibration, PenSourceInfo } from '#biometrics/capture.ts';
import type { Sample } from '#biometrics/sample.ts';
import { MAX_BATCH } from '#biometrics/samples.ts';
import { PenError } from '#driver/errors.ts';
import type { PadControls } from '#driver/pad.ts';
import type { PackedReports } from '#driver/process/packed-reports.ts';
import type { AttachedPenSource } from '#driver/pens.ts';
import type { GuestToStation, StationToGuest } from '#kiosk/protocol/messages.ts';
import { reportsInPieces, wipeReports, type CaptureBytes } from '../capture-bytes.ts';
import { DrawnSamples, overwrite, type InkPoint } from './drawn-samples.ts';

export type PenBegin = Extract<GuestToStation, { type: 'pen-begin' }>;

/** The window of a guest screen that began an attempt: it alone hears of it. Another window numbers its own attempts. */
export interface PenScreen { send(message: Extract<StationToGuest, { type: 'ink' | 'pen-lost' | 'pad-button' }>): void }

/** How the device lies on the surface of this attempt, known once it is open. */
export interface Layout {
  calibration: Calibration;
  /** Whether a stroke may begin at this raw place. */
  begins(x: number, y: number): boolean;
}

export interface AttemptOptions {
  begin: PenBegin;
  screen: PenScreen;
  source: AttachedPenSource;
  /** Called once the source is open. @throws PenError where the device cannot be laid on the screen */
  lay(source: AttachedPenSource): Layout;
  /** The pen went on. */
  drawn(points: InkPoint[]): void;
  /** The device moved, on the surface or not. */
  alive(): void;
  /** It was lost while it lasted; its samples are destroyed already. */
  lost(error: PenError): void;
}

const CLOSE_WITHIN_MS = 5_000;

export class Attempt {
  readonly begin: PenBegin;
  readonly screen: PenScreen;
  /** The page that began it has gone while it was being finished: where it is refused, nobody can press "Done" again. */
  abandoned = false;
  readonly #options: AttemptOptions;
  readonly #early: Sample[] = [];
  #layout: Layout | null = null;
  #drawn: DrawnSamples | null = null;
  /** All reports, packed for "Done". */
  #reports: Promise<PackedReports[]> | null = null;
  /** `finished`: closed for "Done", its capture kept until it is destroyed. */
  #state: 'open' | 'finished' | 'destroyed' = 'open';
  /** "Done" has come, and it is being closed, or is. */
  #finishing = false;

  constructor(options: AttemptOptions) {
    this.begin = options.begin;
    this.screen = options.screen;
    this.#options = options;
  }

  get destroyed(): boolean {
    return this.#state === 'destroyed';
  }

  /** "Done" has not come, and it is not over. */
  get isUnderWay(): boolean {
    return this.#state === 'open' && !this.#finishing;
  }

  get calibration(): Calibration | null {
    return this.#layout?.calibration ?? null;
  }

  get info(): PenSourceInfo {
    return this.#options.source.info;
  }

  /** The pad's own screen; null for everything else. */
  get pad(): PadControls | null {
    return this.#options.source.pad;
  }

  /** @throws PenError as `PenSource.open`, and where the device cannot be laid on the screen; it is destroyed then. Not where it was over already: that was told */
  async open(): Promise<void> {
    const { source, lay } = this.#options;
    try {
      await source.open({ samples: (samples) => this.#take(samples), ended: (error) => this.#ended(error) });
      // ended by the screen while it was being opened
      if (this.#state === 'destroyed') return await this.destroy();
      const layout = lay(source);
      this.#layout = layout;
      this.#drawn = new DrawnSamples({ source: source.info, toSurface: this.#toSurface(layout.calibration.toScreen), begins: layout.begins });
    } catch (error) {
      const over = this.destroyed;
      await this.destroy();
      if (over) return;
      throw error;
    }
    this.#take(this.#early.splice(0));
  }

  /** Ends reading and gives everything it has. It may be asked again: "Done" is pressed once more where a disk was full. */
  async finish(): Promise<CaptureBytes | null> {
    const drawn = this.#drawn;
    const layout = this.#layout;
    if (this.#state === 'destroyed' || drawn === null || layout === null) return null;
    const { source, begin: { surface, screen, toPage } } = this.#options;
    this.#finishing = true;
    // samples under way arrive before this resolves
    const whole = await this.#close();
    // lost while it was being closed
    if (this.destroyed) return null;
    if (!whole) {
      this.#lose(new PenError('PEN_GONE', 'The pen did not answer when it was to be closed.'));
      return null;
    }
    this.#state = 'finished';
    const { calibration } = layout;
    const { reports, losses, anomalies, complete } = source.findings();
    this.#reports ??= reports === null ? null : reportsInPieces(reports);
    const packed = await this.#reports;
    // ended while they were packed
    if (this.destroyed) return null;
    return {
      source: source.info, losses, complete,
      anomalies: drawn.strokesOutside === 0 ? anomalies : { ...anomalies, strokesOutside: drawn.strokesOutside },
      samples: drawn.samples.bytes, reports: packed,
      surface: {
        width: surface.width, height: surface.height, devicePixelRatio: screen.devicePixelRatio, orientation: screen.orientation,
        toPage: compose(calibration.toScreen, toPage), calibration,
      },
    };
  }

  /** Closes the source and overwrites samples and reports. Twice is no error. Resolves when the device is free. */
  async destroy(): Promise<void> {
    this.wipe();
    await this.#close();
    // what arrived with the close
    this.wipe();
  }

  /** False where the device does not let go: other guests' signatures wait behind this one, and so does the station's end. */
  #close(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), CLOSE_WITHIN_MS);
    this.#options.source.close().then(() => resolve(true), () => resolve(false)).finally(() => clearTimeout(timer));
    return promise;
  }

  #toSurface(toScreen: Affine): Affine {
    const { left, top } = this.begin.surface;
    return compose(toScreen, [1, 0, 0, 1, -left, -top]);
  }

  #take(samples: readonly Sample[]): void {
    if (this.#state === 'destroyed') return samples.forEach(overwrite);
    if (this.#drawn === null) {
      for (const sample of samples) this.#early.push(sample);
      return;
    }
    if (samples.length === 0) return;
    const points = this.#drawn.add(samples);
    this.#options.alive();
    if (this.#drawn.samples.length > MAX_BATCH) return this.#lose(new PenError('PEN_OVERFLOW', 'The pen wrote for longer than a capture may last.'));
    if (points.length > 0) this.#options.drawn(points);
  }

  #ended(error: PenError | null): void {
    if (error !== null && this.#state === 'open') this.#lose(error);
  }

  #lose(error: PenError): void {
    this.wipe();
    void this.#options.source.close();
    this.#options.lost(error);
  }

  /** Overwrites what it holds; nothing is taken after that. The device is still open. */
  wipe(): void {
    this.#state = 'destroyed';
    this.#drawn?.samples.wipe();
    this.#early.splice(0).forEach(overwrite);
    void this.#reports?.then(wipeReports);
    this.#reports = null;
    for (const report of this.#options.source.findings().reports ?? []) report.bytes.fill(0);
  }
}
