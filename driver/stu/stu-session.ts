/**
 * The commands of a pad, each sent only in a status in which the pad takes it, and each looked after.
 * Before it: a `StuLink`. After it: `probe-pad.ts`, `stu-source.ts`, `image/send-picture.ts`, the two key agreements.
 *
 * Waits are the SDK's: 25 tries 50 ms apart; 80 ms before capturing is ended; 20 ms after it began or ended; 1,100 ms after a
 * reset (Tablet.cpp, Protocol.cpp).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PenError } from '../errors.ts';
import type { PadArea } from '../pad.ts';
import { answerTo, hex } from './answer.ts';
import type { PenOption } from './models.ts';
import type { NonVolatileWrites } from './non-volatile.ts';
import { Report, REPORT_LENGTH, type Askable } from './report-ids.ts';
import { decodeStatus, Result, resultWords, settableIn, Status, statusWords, type PadStatus } from './status.ts';
import type { StuLink } from './stu-link.ts';

const TRIES = 25;
const BETWEEN_TRIES_MS = 50;
const BEFORE_END_OF_CAPTURE_MS = 80;
const AFTER_CAPTURE_MS = 20;
const AFTER_RESET_MS = 1_100;

export interface InkThreshold {
  /** Pressure at which the pad begins and stops to draw, 0 to 1,023. */
  on: number;
  off: number;
}

/** Kept by the pad in memory that wears out: `non-volatile.ts`. */
export type KeptSetting = 'brightness' | 'contrast' | 'background16' | 'background24';

export class StuSession {
  readonly link: StuLink;
  readonly #pause: (ms: number) => Promise<unknown>;
  #last: Promise<unknown> = Promise.resolve();

  /** @param pause waits; given by tests that do not want to */
  constructor(link: StuLink, pause: (ms: number) => Promise<unknown> = sleep) {
    this.link = link;
    this.#pause = pause;
  }

  /** Work that must not be mixed with other work on the same pad. Not to be nested. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  get(name: Askable): Promise<Uint8Array> {
    return this.link.getReport(Report[name], REPORT_LENGTH[name]);
  }

  async status(): Promise<PadStatus> {
    return decodeStatus(await this.get('status'));
  }

  /**
   * Waits until the pad takes the report, sets it, and asks what became of it.
   * @throws PenError `PAD_REFUSED` with the pad's status or its reason
   */
  async command(report: Uint8Array): Promise<void> {
    const id = report[0] ?? 0;
    await this.waitFor(settableIn(id), `to take report ${hex(id)}`);
    await this.link.setReport(report);
    await this.checkResult(id);
  }

  /** @throws PenError `PAD_REFUSED` where the last report was not taken */
  async checkResult(id: number): Promise<void> {
    const { status, result } = await this.status();
    if (result !== Result.ok) throw new PenError('PAD_REFUSED', `The pad refused report ${hex(id)}: ${resultWords(result)}. It is ${statusWords(status)}.`);
  }

  /** @throws PenError `PAD_REFUSED` when it is in none of these after 25 tries */
  async waitFor(statuses: readonly number[], what: string): Promise<void> {
    for (let tries = TRIES; ; tries--) {
      const { status, result } = await this.status();
      if (statuses.includes(status)) return;
      if (tries === 0) {
        throw new PenError('PAD_REFUSED', `The pad was waited for ${what}, and is still ${statusWords(status)}; the last it said was ${resultWords(result)}. `
          + 'Unplug it and plug it in again.');
      }
      await this.pauseBetweenTries();
    }
  }

  async pauseBetweenTries(): Promise<void> {
    await this.#pause(BETWEEN_TRIES_MS);
  }

  /** Brings a pad that was left in the middle of something back to rest. @returns whether it had to be reset */
  async recover(): Promise<boolean> {
    const { status } = await this.status();
    if (status === Status.capture) await this.endCapture();
    if (status === Status.image) await this.link.setReport(Uint8Array.of(Report.endImage, 1)).catch(noPicture);
    try {
      await this.waitFor([Status.ready], 'to be ready');
      return false;
    } catch (error) {
      if (!(error instanceof PenError) || error.code !== 'PAD_REFUSED') throw error;
      await this.reset();
      return true;
    }
  }

  /** Soft: the pad keeps its place on the bus, and loses picture, capture, keys, option and thresholds. */
  async reset(): Promise<void> {
    await this.link.setReport(Uint8Array.of(Report.reset, 0));
    await this.#pause(AFTER_RESET_MS);
    await this.waitFor([Status.ready], 'to be ready after a reset');
  }

  clearScreen(): Promise<void> {
    return this.command(Uint8Array.of(Report.clearScreen, 0));
  }

  async setInking(on: boolean): Promise<void> {
    await this.command(Uint8Array.of(Report.inkingMode, on ? 1 : 0));
  }

  async inkThreshold(): Promise<InkThreshold> {
    const bytes = answerTo('inkThreshold', await this.get('inkThreshold'));
    return { on: bytes.getUint16(1, true), off: bytes.getUint16(3, true) };
  }

  setInkThreshold({ on, off }: InkThreshold): Promise<void> {
    return this.command(Uint8Array.of(Report.inkThreshold, ...little(on), ...little(off)));
  }

  setPenOption(option: PenOption): Promise<void> {
    return this.command(Uint8Array.of(Report.penOptionMode, option));
  }

  /** Where the pad itself draws ink. Models with `displayArea`. */
  setDisplayArea(area: PadArea): Promise<void> {
    return this.command(Uint8Array.of(Report.displayArea, ...rectangle(area)));
  }

  /** Fills a part of the screen with the background colour. Models with `areas`. */
  clearArea(area: PadArea): Promise<void> {
    return this.command(Uint8Array.of(Report.clearScreenArea, 0, 1, ...rectangle(area)));
  }

  /** A setting that the pad keeps for good; colours as 0xrrggbb or 565. */
  async setting(name: KeptSetting): Promise<number> {
    const bytes = answerTo(name, await this.get(name));
    return kept(name).reduce((value, at) => value + bytes.getUint8(1 + at) * 256 ** at, 0);
  }

  /** Writes such a setting where it has another value. @returns whether it was written @throws PenError `PAD_REFUSED` also the second time */
  async keep(name: KeptSetting, value: number, writes: NonVolatileWrites, pad: string): Promise<boolean> {
    if (await this.setting(name) === value) return false;
    writes.note(pad, Report[name]);
    await this.command(Uint8Array.of(Report[name], ...kept(name).map((at) => (value >>> (8 * at)) & 0xff)));
    return true;
  }

  /** Pen reports are encrypted from here on. @param session 32 bits that come back in each of them. Keys must have been agreed on. */
  async startCapture(session: number): Promise<void> {
    const bytes = new Uint8Array(5);
    bytes[0] = Report.startCapture;
    new DataView(bytes.buffer).setUint32(1, session);
    await this.command(bytes);
    await this.#pause(AFTER_CAPTURE_MS);
  }

  async endCapture(): Promise<void> {
    // too soon after a picture or the start, the pad would hang (SDK)
    await this.#pause(BEFORE_END_OF_CAPTURE_MS);
    await this.command(Uint8Array.of(Report.endCapture, 0));
    await this.#pause(AFTER_CAPTURE_MS);
    await this.waitFor([Status.ready], 'to end capturing');
  }
}

export function rectangle({ x1, y1, x2, y2 }: PadArea): number[] {
  return [...little(x1), ...little(y1), ...little(x2), ...little(y2)];
}

/** Places of its bytes, little-endian. */
function kept(name: KeptSetting): number[] {
  return Array.from({ length: REPORT_LENGTH[name] - 1 }, (_, at) => at);
}

function little(value: number): [number, number] {
  return [value & 0xff, (value >> 8) & 0xff];
}

/** A pad that is drawing has no picture to be given up: it becomes ready by itself. */
function noPicture(error: unknown): void {
  if (!(error instanceof PenError) || error.code !== 'PAD_REFUSED') throw error;
}
