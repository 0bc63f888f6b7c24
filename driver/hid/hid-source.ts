/**
 * A standard HID pen as a `PenSource`: each report as it came, and the sample that is in it.
 *
 * Before it: `HidLink` and the layout of the reports. After it: `PenListener`. The link belongs to the source: it is opened
 * and closed with it.
 *
 * Reports that come in one turn of the event loop are handed over together at its end. Reports of the device that are no pen's
 * (its keys, its touch surface) are kept among the reports and give no sample. A HID pen keeps no count of its reports: what
 * the system's own queue lost while this process was stopped is noticed only where the pen has a clock.
 */
import type { Capture, PenSourceInfo } from '#biometrics/capture.ts';
import { MAX_REPORTS, MAX_SECTION } from '#biometrics/limits.ts';
import { PenError } from '../errors.ts';
import type { AttachedPenSource } from '../pens.ts';
import { SampleRows } from '../sample-rows.ts';
import type { PenFindings, PenListener } from '../source.ts';
import type { ReportDescriptor } from './descriptor/field.ts';
import type { HidDevice } from './hid-device.ts';
import { readingError } from './hid-error.ts';
import type { HidLink } from './hid-link.ts';
import { PenDecoder } from './report/pen-decoder.ts';
import { DRIVER_VERSION, HOST } from '../this-driver.ts';

const ROWS = 256;
/** Of all reports of one signature, so that they fit a record with their times and lengths: a device may send 2,048 bytes eight thousand times a second. */
const MAX_REPORT_BYTES = 0.75 * MAX_SECTION;
/** Windows lets a pen it holds be opened and fails the first read; that comes at once. */
const WINDOWS_SETTLES_MS = 250;

export interface HidSourceOptions {
  device: HidDevice;
  descriptor: ReportDescriptor;
  /** Where the layout is from, where the device did not tell it. */
  layoutSource: string | null;
  open: () => Promise<HidLink>;
  platform?: NodeJS.Platform;
}

export class HidSource implements AttachedPenSource {
  readonly pad = null;
  readonly #options: HidSourceOptions;
  readonly #platform: NodeJS.Platform;
  readonly #decoder: PenDecoder;
  readonly #rows = new SampleRows(ROWS);
  readonly #reports: NonNullable<Capture['reports']> = [];
  #reportBytes = 0;
  #info: PenSourceInfo;
  #state: 'new' | 'opening' | 'open' | 'ended' = 'new';
  #listener: PenListener | null = null;
  #link: HidLink | null = null;
  /** Monotonic ns: zero of `hostTime`. */
  #zero = 0;
  #handOver: NodeJS.Immediate | null = null;
  #complete = true;
  /** Why it ended while it was being opened. */
  #lost: PenError | null = null;

  constructor(options: HidSourceOptions) {
    this.#options = options;
    this.#platform = options.platform ?? process.platform;
    this.#decoder = new PenDecoder(options.descriptor);
    this.#info = this.#describe();
  }

  /** Which of several kinds of report the pen sends, and so its channels, is known with its first one. */
  get info(): PenSourceInfo {
    return { ...this.#info, ...this.#told() };
  }

  async open(listener: PenListener): Promise<void> {
    if (this.#state !== 'new') throw new PenError('PEN_ALREADY_OPEN', `${this.#options.device.name} was opened before with this source; take a new one.`);
    this.#state = 'opening';
    this.#listener = listener;
    try {
      this.#link = await this.#options.open();
      this.#zero = Number(process.hrtime.bigint());
      this.#info = this.#describe();
      this.#link.onEnd((why) => { this.#gone(why); });
      this.#link.onReport((report, hostTime) => { this.#report(report, hostTime); });
      if (this.#platform === 'win32') await new Promise((resolve) => { setTimeout(resolve, WINDOWS_SETTLES_MS); });
      if (this.#state !== 'opening') throw this.#lost ?? this.#wasClosed();
    } catch (error) {
      await this.#shut();
      throw error;
    }
    this.#state = 'open';
  }

  async close(): Promise<void> {
    if (this.#state === 'open') this.#end(null);
    await this.#shut();
  }

  findings(): PenFindings {
    return { ...this.#decoder.findings(), reports: this.#reports, complete: this.#complete };
  }

  #report(report: Uint8Array, hostTime: number): void {
    if (this.#state === 'ended') return;
    this.#reportBytes += report.length;
    if (this.#reports.length >= MAX_REPORTS || this.#reportBytes > MAX_REPORT_BYTES) {
      this.#complete = false;
      this.#end(new PenError('PEN_OVERFLOW', `More than ${MAX_REPORTS} reports, or ${MAX_REPORT_BYTES} bytes of them, came in one signature; sign again.`));
      return;
    }
    const time = hostTime - this.#zero;
    this.#reports.push({ hostTime: time, bytes: report });
    this.#decoder.decode(report, time, this.#rows);
    if (this.#rows.length === ROWS) this.#handSamples();
    else if (this.#rows.length > 0) this.#handOver ??= setImmediate(() => { this.#handSamples(); });
  }

  #handSamples(): void {
    if (this.#handOver !== null) clearImmediate(this.#handOver);
    this.#handOver = null;
    if (this.#rows.length === 0) return;
    const samples = this.#rows.toSamples();
    this.#rows.clear();
    this.#listener!.samples(samples);
  }

  #gone(why: string): void {
    if (this.#state === 'ended') return;
    const error = readingError(this.#options.device.name, why, this.#platform, this.#reports.length > 0);
    this.#complete = false;
    if (this.#state === 'open') this.#end(error);
    this.#lost = error;
    this.#state = 'ended';
  }

  #end(error: PenError | null): void {
    // what waits is handed over while the source still counts as open
    this.#handSamples();
    const before = this.#state;
    this.#state = 'ended';
    this.#lost = error;
    if (before === 'open') this.#listener!.ended(error);
    void this.#shut();
  }

  async #shut(): Promise<void> {
    this.#state = 'ended';
    this.#rows.wipe();
    await this.#link?.close();
  }

  #wasClosed(): PenError {
    return new PenError('PEN_GONE', `${this.#options.device.name} was closed while it was being opened.`);
  }

  #told(): Pick<PenSourceInfo, 'channels' | 'deviceClock' | 'limits'> {
    const { channels, deviceClock, limits } = this.#decoder;
    return { channels, deviceClock, limits: [...limits, ...systemLimits(this.#platform, this.#options.layoutSource)] };
  }

  #describe(): PenSourceInfo {
    const { device: { name, vendorId, productId, serialNumber, bus, descriptor } } = this.#options;
    return {
      kind: 'hid', instrument: 'pen',
      device: { name, vendorId, productId, serialNumber, firmware: null, bus },
      driver: { name: 'countersign hid', version: DRIVER_VERSION },
      host: HOST,
      ...this.#told(), descriptor, openedAt: new Date().toISOString(),
    };
  }
}

/** What the path from the pen to this process cannot do. hidapi 0.15: linux (kernel's HIDRAW_BUFFER_SIZE), mac/hid.c, windows/hid.c. */
function systemLimits(platform: NodeJS.Platform, layoutSource: string | null): string[] {
  const limits = ['arrival times are taken when this process hears of a report, not when the system got it'];
  if (platform === 'linux') limits.push('Linux keeps 63 unread reports for a reader and drops what comes after them without a word');
  if (platform === 'darwin') limits.push('macOS: 30 unread reports are kept, and the oldest dropped without a word');
  if (platform === 'win32') limits.push('Windows keeps 64 unread reports');
  if (layoutSource !== null) limits.push(`the system does not tell the layout of the reports; it is taken from ${layoutSource}`);
  return limits;
}
