/**
 * Opens a HID device through node-hid.
 * Before it: a path of `HidDevice`. After it: `HidLink`.
 *
 * What the library needs help with (node-hid 3.4.0, tried on Linux):
 * - a read that fails emits 'error' once, with a string, and nothing after it, no 'close' (issues 153, 199, 520);
 *   without a listener it would end the process;
 * - a device without a 'data' listener is not read, so listening starts with `onReport`; the system holds 63 reports until then;
 * - `close` a second time throws a TypeError;
 * - no time is attached to a report: it is stamped here, when the event loop gets it.
 */
import type { PenError } from '../errors.ts';
import { exchangeError, openingError } from './hid-error.ts';
import type { HidLibrary, NativeDevice } from './hid-library.ts';
import type { HidLink } from './hid-link.ts';

/**
 * @param name for messages
 * @throws PenError `PEN_FORBIDDEN`, `PEN_CLAIMED`, `PEN_GONE`, `PEN_SILENT`
 */
export async function openHid(library: HidLibrary, path: string, name: string, platform: NodeJS.Platform = process.platform): Promise<HidLink> {
  try {
    // exclusive on macOS would take the pen from the cursor, which the guest presses "Done" with
    return new OpenHid(path, name, await library.HIDAsync.open(path, { nonExclusive: true }));
  } catch (error) {
    throw openingError(name, wordsOf(error), platform);
  }
}

class OpenHid implements HidLink {
  readonly path: string;
  readonly #name: string;
  readonly #device: NativeDevice;
  #onEnd: ((why: string) => void) | null = null;
  /** Why it cannot be used any more; null while it can. */
  #gone: string | null = null;
  #closing: Promise<void> | null = null;

  constructor(path: string, name: string, device: NativeDevice) {
    this.path = path;
    this.#name = name;
    this.#device = device;
    device.on('error', (error) => { this.#ended(wordsOf(error)); });
  }

  onReport(listener: (report: Uint8Array, hostTime: number) => void): void {
    this.#device.on('data', (report) => {
      const now = Number(process.hrtime.bigint());
      if (this.#closing === null) listener(report, now);
    });
  }

  onEnd(listener: (why: string) => void): void {
    this.#onEnd = listener;
    if (this.#gone !== null && this.#closing === null) this.#tell(this.#gone);
  }

  getFeature(reportId: number, length: number): Promise<Uint8Array> {
    return this.#whileOpen(() => this.#device.getFeatureReport(reportId, length));
  }

  async sendFeature(report: Uint8Array): Promise<void> {
    await this.#whileOpen(() => this.#device.sendFeatureReport(Buffer.from(report)));
  }

  async write(report: Uint8Array): Promise<void> {
    await this.#whileOpen(() => this.#device.write(Buffer.from(report)));
  }

  close(): Promise<void> {
    this.#closing ??= this.#device.close().catch(() => { /* it was gone already */ });
    return this.#closing;
  }

  #ended(why: string): void {
    if (this.#gone !== null) return;
    this.#gone = why;
    if (this.#closing === null) this.#tell(why);
  }

  #tell(why: string): void {
    const listener = this.#onEnd;
    this.#onEnd = null;
    listener?.(why);
  }

  async #whileOpen<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#gone !== null || this.#closing !== null) throw this.#goneError();
    try {
      return await work();
    } catch (error) {
      throw this.#gone === null && this.#closing === null ? exchangeError(this.#name, wordsOf(error)) : this.#goneError();
    }
  }

  #goneError(): PenError {
    return exchangeError(this.#name, `disconnected: ${this.#gone ?? 'it was closed'}`);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
