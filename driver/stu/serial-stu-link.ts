/**
 * A pad over a serial port (500, 430V, 530V, 540): every report in a frame of `serial-frame.ts`.
 * Before it: `#driver/serial`, opened with `STU_SERIAL`. After it: `stu-session.ts`.
 *
 * A report is asked for with {0x80, id} and comes back as itself; a report that is set is answered with {0x81, result}. Pen
 * reports come in between. Source: SDK, SerialInterface.cpp and the DemoCommon.hpp of its samples (baud rate).
 */
import { PenError } from '../errors.ts';
import type { SerialLink, SerialOptions } from '../serial/serial-link.ts';
import { hex } from './answer.ts';
import type { CrcInitial } from './crc16.ts';
import { Report, REPORT_LENGTH } from './report-ids.ts';
import { encodeFrame, FrameReader, type Frame } from './serial-frame.ts';
import { Result, resultWords } from './status.ts';
import type { StuLink } from './stu-link.ts';

/** How the port is opened: the pads' own rate, no flow control, ready to send but not "terminal ready". */
export const STU_SERIAL: SerialOptions = { baudRate: 128_000, dtr: false, rts: true };

const ANSWER_MS = 3_000;
/** A status is 9 bytes on the line and needs no work. */
const STATUS_MS = 1_500;

export interface SerialStuOptions {
  /**
   * First value of the checksum, which only a pad can settle. 0x0000 by default: the checksum known as "CRC-16" and "ANSI"
   * has it (CRC-16/ARC). What a pad's own frames say is found by `crcInitialSeen`, and named in the error when it is the other one.
   */
  crcInitial?: CrcInitial;
  /** How long an answer may take. 3,000 ms, as in the SDK. */
  timeoutMs?: number;
}

interface Waiting { reportId: number; resolve: (report: Uint8Array) => void; reject: (error: PenError) => void }

export function serialStuLink(link: SerialLink, options: SerialStuOptions = {}): StuLink {
  return new FramedPad(link, options.crcInitial ?? 0x0000, options.timeoutMs ?? ANSWER_MS);
}

class FramedPad implements StuLink {
  readonly transport = 'serial';
  readonly path: string;
  readonly #crcInitial: CrcInitial;
  readonly #link: SerialLink;
  readonly #timeoutMs: number;
  readonly #reader = new FrameReader();
  readonly #fitting: Record<CrcInitial, number> = { 0x0000: 0, 0xffff: 0 };
  #damaged = 0;
  #waiting: Waiting | null = null;
  /** Requests go one after the other: an answer does not say which one it is for. */
  #last: Promise<unknown> = Promise.resolve();
  #listener: ((report: Uint8Array, hostTime: number) => void) | null = null;
  #onEnd: ((why: string) => void) | null = null;
  /** Why the port is gone; null while it is there. */
  #gone: string | null = null;

  constructor(link: SerialLink, crcInitial: CrcInitial, timeoutMs: number) {
    this.path = link.path;
    this.#crcInitial = crcInitial;
    this.#link = link;
    this.#timeoutMs = timeoutMs;
    link.onData((bytes, hostTime) => {
      for (const frame of this.#reader.push(bytes)) this.#arrived(frame, hostTime);
    });
    link.onEnd((why) => {
      this.#gone = why;
      this.#waiting?.reject(new PenError('PEN_GONE', `The pad at ${this.path} is gone (${why}). Plug it in again.`));
      this.#onEnd?.(why);
    });
  }

  getReport(reportId: number, length: number): Promise<Uint8Array> {
    return this.#oneByOne(async () => {
      const report = await this.#ask(Uint8Array.of(Report.getReport, reportId), reportId);
      if (report.length >= length) return report;
      // an answer may leave out zeros at its end
      const whole = new Uint8Array(length);
      whole.set(report);
      return whole;
    });
  }

  setReport(report: Uint8Array): Promise<void> {
    return this.#oneByOne(async () => {
      const answer = await this.#ask(report, Report.setResult);
      const result = answer[1] ?? Result.ok;
      if (result !== Result.ok) throw this.#refused(report[0] ?? 0, result);
    });
  }

  onReport(listener: (report: Uint8Array, hostTime: number) => void): void {
    this.#listener = listener;
  }

  onEnd(listener: (why: string) => void): void {
    this.#onEnd = listener;
    if (this.#gone !== null) listener(this.#gone);
  }

  damaged(): number {
    return this.#damaged + this.#reader.broken;
  }

  async close(): Promise<void> {
    this.#waiting?.reject(new PenError('PEN_GONE', `The pad at ${this.path} was closed.`));
    await this.#link.close();
  }

  /** With which initial value the checksums so far are right; null: none had one, or both fit. */
  seen(): CrcInitial | null {
    const [zero, ones] = [this.#fitting[0x0000] > 0, this.#fitting[0xffff] > 0];
    if (zero === ones) return null;
    return zero ? 0x0000 : 0xffff;
  }

  async #oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const mine = before.then(work, work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  #ask(request: Uint8Array, answerId: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => { waiting.reject(this.#silent(request)); }, this.#timeoutMs);
      const settled = (then: () => void): void => {
        clearTimeout(timer);
        if (this.#waiting === waiting) this.#waiting = null;
        then();
      };
      const waiting: Waiting = {
        reportId: answerId,
        resolve: (report) => { settled(() => { resolve(report); }); },
        reject: (error) => { settled(() => { reject(error); }); },
      };
      this.#waiting = waiting;
      this.#link.write(encodeFrame(request, this.#crcInitial)).catch((error: PenError) => { waiting.reject(error); });
    });
  }

  #arrived({ report, crcInitials }: Frame, hostTime: number): void {
    // a frame without a checksum says nothing about it
    if (crcInitials.length === 1) this.#fitting[crcInitials[0]!]++;
    if (!crcInitials.includes(this.#crcInitial)) {
      this.#damaged++;
      return;
    }
    const waiting = this.#waiting;
    if (waiting !== null && report[0] === waiting.reportId) waiting.resolve(report);
    // a report that the pad does not have is answered like one that was set
    else if (waiting !== null && report[0] === Report.setResult && (report[1] ?? 0) !== Result.ok) waiting.reject(this.#refused(waiting.reportId, report[1] ?? 0));
    else if (report[0] !== Report.setResult) this.#listener?.(report, hostTime);
  }

  #refused(reportId: number, result: number): PenError {
    return new PenError('PAD_REFUSED', `The pad refused report ${hex(reportId)}: ${resultWords(result)}.${this.#crcAdvice()}`);
  }

  #silent(request: Uint8Array): PenError {
    const asked = hex(request[0] === Report.getReport ? request[1] ?? 0 : request[0] ?? 0);
    return new PenError('PEN_SILENT', `The pad at ${this.path} did not answer to report ${asked} within ${this.#timeoutMs} ms. `
      + `Is it an STU pad, set to serial, at ${STU_SERIAL.baudRate} baud?${this.#crcAdvice() || this.#crcGuess()}`);
  }

  /** A pad may leave unanswered what arrives with a wrong checksum. */
  #crcGuess(): string {
    if (this.#fitting[this.#crcInitial] > 0) return '';
    return ` If it is, its checksums may begin with ${otherThan(this.#crcInitial)} and not with ${this.#crcInitial}: "npx countersign doctor" asks it.`;
  }

  #crcAdvice(): string {
    const other = otherThan(this.#crcInitial);
    if (this.#fitting[other] === 0) return '';
    return ` Its checksums begin with ${other} (${this.#fitting[other]} reports), not with ${this.#crcInitial} as set here: write into station.json "pens": { "stu": { "crcInitial": ${other} } }.`;
  }
}

function otherThan(initial: CrcInitial): CrcInitial {
  return initial === 0x0000 ? 0xffff : 0x0000;
}

/**
 * For `doctor`: with which initial value the pad's own frames are right. Asks for its status, whose answer, a refusal included,
 * carries a checksum; where nothing comes, once more with the other value, because a pad may leave unanswered what it takes for damaged.
 * @param link to nothing else meanwhile. @param set asked with first. @param timeoutMs for each of the two
 * @returns null when the pad said nothing, nothing with a checksum, or both
 */
export async function crcInitialSeen(link: SerialLink, set: CrcInitial, timeoutMs = STATUS_MS): Promise<CrcInitial | null> {
  for (const crcInitial of [set, otherThan(set)]) {
    const pad = new FramedPad(link, crcInitial, timeoutMs);
    await pad.getReport(Report.status, REPORT_LENGTH.status).catch(() => undefined);
    const seen = pad.seen();
    if (seen !== null) return seen;
  }
  return null;
}
