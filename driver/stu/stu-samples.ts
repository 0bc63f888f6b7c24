/**
 * Readings of a pad become samples: clock unwrapped, losses counted, oddities marked, presses of buttons taken out.
 * Before it: `pen-report.ts`. After it: the listener of the source, and its findings.
 */
import type { Capture, Channel, Losses } from '#biometrics/capture.ts';
import { Switch, type Sample } from '#biometrics/sample.ts';
import { UnwrappedClock } from '../loss/unwrapped-clock.ts';
import type { PadControls } from '../pad.ts';
import { RowMarker } from '../row-marker.ts';
import { Column, ROW_WIDTH, SampleRows } from '../sample-rows.ts';
import type { PenOption } from './models.ts';
import { PadButtons } from './pad-buttons.ts';
import { PadLosses, TURN } from './pad-losses.ts';
import type { NoPenReport, PenReading, PenReport } from './pen-report.ts';

const NS_PER_TICK = 1e6;
/** Readings in one report at most. */
const READINGS = 2;
/** Keys of `PenFindings.anomalies`. */
const ODD = { foreign: 'foreignReport', short: 'shortReport', unreadable: 'unreadableReport', duringPicture: 'duringPicture', inClear: 'inClear' } as const satisfies Record<NoPenReport | 'duringPicture' | 'inClear', string>;

export class StuSamples {
  readonly buttons = new PadButtons();
  readonly #rows = new SampleRows(READINGS);
  readonly #marker: RowMarker;
  readonly #toPixels: PadControls['toPixels'];
  readonly #clock = new UnwrappedClock(TURN, NS_PER_TICK);
  readonly #reports: NonNullable<Capture['reports']> = [];
  readonly #odd = new Map<string, number>();
  readonly #losses: PadLosses;
  #afterLoss = false;
  #hostTime = -1;
  #last: PenReading | null = null;
  /** Samples handed out so far. */
  taken = 0;

  constructor(option: PenOption, channels: readonly Channel[], toPixels: PadControls['toPixels']) {
    this.#losses = new PadLosses(option);
    this.#marker = new RowMarker(channels);
    this.#toPixels = toPixels;
  }

  /** Reports stopped on purpose: what is missing from here on is no loss, and numbers may begin anew. */
  interrupted(): void {
    this.#losses.interrupted();
    this.buttons.interrupted();
    this.#last = null;
  }

  /** A report that is no pen report, cannot be read, came while a picture was sent, or in clear where it should not. */
  odd(why: keyof typeof ODD): void {
    this.#odd.set(ODD[why], (this.#odd.get(ODD[why]) ?? 0) + 1);
  }

  /** @param hostTime ns since the source was opened. @returns the samples that belong to the signature, and the buttons pressed */
  take({ readings, plain }: PenReport, hostTime: number): { samples: Sample[]; pressed: string[] } {
    const rows = this.#rows;
    rows.wipe();
    const pressed: string[] = [];
    for (const reading of readings) {
      const deviceTime = reading.timeCount === null ? Number.NaN : this.#clock.next(reading.timeCount, hostTime);
      const repeated = this.#last !== null && same(this.#last, reading);
      // two samples of one report arrive at once: that is no interval between reports
      const counts = hostTime !== this.#hostTime || reading.timeCount !== null || reading.sequence !== null;
      if (counts && this.#losses.next(reading, deviceTime, hostTime, repeated)) this.#afterLoss = true;
      this.#hostTime = hostTime;
      const press = this.#press(reading);
      if (press.pressed !== null) pressed.push(press.pressed);
      if (press.ink) this.#fill(reading, deviceTime, hostTime, repeated);
      this.#last = reading;
    }
    const samples = rows.toSamples();
    rows.wipe();
    this.taken += samples.length;
    if (samples.length > 0) this.#reports.push({ hostTime, bytes: plain });
    return { samples, pressed };
  }

  losses(): Losses {
    return this.#losses.losses();
  }

  anomalies(): Record<string, number> {
    const { pauses } = this.#losses;
    return { ...this.#marker.anomalies(), ...Object.fromEntries(this.#odd), ...(pauses > 0 ? { pauses } : {}) };
  }

  reports(): NonNullable<Capture['reports']> {
    return this.#reports;
  }

  #press({ x, y, switches }: PenReading): { ink: boolean; pressed: string | null } {
    const [a, b, c, d, e, f] = this.#toPixels;
    return this.buttons.next(a * x + c * y + e, b * x + d * y + f, switches !== 0);
  }

  #fill(reading: PenReading, deviceTime: number, hostTime: number, repeated: boolean): void {
    const row = this.#rows.length++;
    const at = row * ROW_WIDTH;
    const { channels } = this.#rows;
    channels[at + Column.x] = reading.x;
    channels[at + Column.y] = reading.y;
    channels[at + Column.pressure] = reading.pressure;
    channels[at + Column.deviceTime] = deviceTime;
    channels[at + Column.hostTime] = hostTime;
    this.#rows.switches[row] = (reading.switches === 0 ? 0 : Switch.tip) | (reading.inRange ? Switch.inRange : 0);
    this.#rows.marks[row] = 0;
    this.#marker.mark(this.#rows, row, repeated, this.#afterLoss);
    this.#afterLoss = false;
  }
}

function same(one: PenReading, other: PenReading): boolean {
  return one.x === other.x && one.y === other.y && one.pressure === other.pressure && one.switches === other.switches
    && one.inRange === other.inRange && one.timeCount === other.timeCount && one.sequence === other.sequence;
}
