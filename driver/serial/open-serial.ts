/**
 * Opens a serial port through @serialport/stream and @serialport/bindings-cpp.
 * Before it: a path from the settings. After it: `SerialLink`.
 *
 * What the library needs help with:
 * - 'error' without a listener would end the process, and a port that vanishes says so with 'close' alone (issues 378, 1480);
 * - bytes that arrive between opening and the first listener are kept here (issue 1838), the last 64 KiB of them;
 * - where a hang-up falls between poll and read, a tty reads as zero bytes for ever, and the library's own read then turns in
 *   circles without a word (seen once in 40 tries on a pseudo-terminal): `hangUpAware` reads in its place.
 *
 * The lock is flock(2) on Linux and macOS: it keeps out programs that ask for it, not the others. Opening drops what the
 * system had buffered before, which may have come at another baud rate.
 */
import { readSync } from 'node:fs';
import type { AutoDetectTypes, DarwinPortBinding, LinuxPortBinding } from '@serialport/bindings-cpp';
import { SerialPortStream } from '@serialport/stream';
import { PenError } from '../errors.ts';
import { openingError } from './opening-error.ts';
import type { SerialLink, SerialOptions } from './serial-link.ts';
import { serialPorts } from './serial-ports.ts';

type Port = SerialPortStream<AutoDetectTypes>;
type UnixPort = LinuxPortBinding | DarwinPortBinding;

/** More than any answer is long; a device that sends all the time must not fill the memory of a process that does not listen. */
const EARLY_BYTES = 65_536;

/**
 * Opens and locks a port: one stop bit, no flow control.
 * @param path `/dev/ttyUSB0`, `COM3`
 * @throws PenError `PEN_GONE` (no such port), `PEN_FORBIDDEN`, `PEN_CLAIMED`, `PEN_SILENT` (it is no serial port)
 */
export async function openSerial(path: string, options: SerialOptions): Promise<SerialLink> {
  const { baudRate, dataBits = 8, parity = 'none', dtr, rts } = options;
  const port: Port = new SerialPortStream({ binding: await binding(path), path, baudRate, dataBits, parity, stopBits: 1, lock: true, autoOpen: false });
  const link = new OpenPort(port);
  try {
    await called((done) => { port.open(done); });
  } catch (error) {
    throw openingError(path, error, process.platform, (await serialPorts()).map((there) => there.path));
  }
  // a port without modem lines (a pseudo-terminal, some adapters) is no error: what is not there needs no setting
  if (dtr !== undefined || rts !== undefined) await called((done) => { port.set({ dtr: dtr ?? true, rts: rts ?? true }, done); }).catch(() => undefined);
  return link;
}

class OpenPort implements SerialLink {
  readonly path: string;
  readonly #port: Port;
  #listener: ((bytes: Uint8Array, hostTime: number) => void) | null = null;
  #early: { bytes: Uint8Array; hostTime: number }[] = [];
  #earlyBytes = 0;
  #onEnd: ((why: string) => void) | null = null;
  /** Why the port is gone; null while it is there. */
  #gone: string | null = null;
  /** Rejects when the port is gone: the library would keep what was begun then waiting for the port to open again, for ever. */
  readonly #over = Promise.withResolvers<never>();
  #closing: Promise<void> | null = null;

  constructor(port: Port) {
    this.path = port.path;
    this.#port = port;
    this.#over.promise.catch(() => undefined);
    port.on('data', (bytes: Buffer) => { this.#arrived(bytes, Number(process.hrtime.bigint())); });
    port.on('error', (error) => { this.#ended(error.message); });
    port.on('close', (error: Error | null) => { this.#ended(error?.message ?? 'the port was closed'); });
  }

  onData(listener: (bytes: Uint8Array, hostTime: number) => void): void {
    this.#listener = listener;
    const early = this.#early;
    this.#forgetEarly();
    for (const { bytes, hostTime } of early) listener(bytes, hostTime);
  }

  onEnd(listener: (why: string) => void): void {
    this.#onEnd = listener;
    if (this.#gone !== null && this.#closing === null) this.#tell(this.#gone);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#whileOpen(() => called((done) => { this.#port.write(Buffer.from(bytes), (error) => { done(error ?? null); }); }));
  }

  async setBaudRate(rate: number): Promise<void> {
    await this.#whileOpen(async () => {
      await called((done) => { this.#port.drain(done); });
      await called((done) => { this.#port.update({ baudRate: rate }, done); });
      this.#forgetEarly();
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#port.isOpen ? called((done) => { this.#port.close(done); }).catch(() => undefined) : Promise.resolve();
    return this.#closing;
  }

  #arrived(bytes: Uint8Array, hostTime: number): void {
    if (this.#listener !== null) return this.#listener(bytes, hostTime);
    this.#early.push({ bytes, hostTime });
    this.#earlyBytes += bytes.length;
    while (this.#earlyBytes > EARLY_BYTES) this.#earlyBytes -= this.#early.shift()!.bytes.length;
  }

  #forgetEarly(): void {
    this.#early = [];
    this.#earlyBytes = 0;
  }

  #ended(why: string): void {
    if (this.#gone !== null) return;
    this.#gone = why;
    this.#over.reject(new Error(why));
    if (this.#closing === null) this.#tell(why);
  }

  #tell(why: string): void {
    const listener = this.#onEnd;
    this.#onEnd = null;
    listener?.(why);
  }

  async #whileOpen(work: () => Promise<void>): Promise<void> {
    if (this.#gone !== null || this.#closing !== null) throw this.#goneError(this.#gone ?? 'it was closed');
    try {
      await Promise.race([work(), this.#over.promise]);
    } catch (error) {
      throw this.#goneError((error as Error).message);
    }
  }

  #goneError(why: string): PenError {
    return new PenError('PEN_GONE', `The serial port ${this.path} cannot be used any more (${why}). Plug the pen in again.`);
  }
}

/** The native part is loaded with the first port: a station without serial pens does without it. */
async function binding(path: string): Promise<AutoDetectTypes> {
  try {
    const { autoDetect } = await import('@serialport/bindings-cpp');
    const system = autoDetect();
    if (process.platform === 'win32') return system;
    const open = system.open.bind(system) as (options: never) => Promise<UnixPort>;
    return { list: system.list.bind(system), open: async (options: never) => hangUpAware(await open(options)) } as AutoDetectTypes;
  } catch (error) {
    throw new PenError('PEN_FORBIDDEN', `${path} cannot be opened: the serial library is not there for this system (${(error as Error).message}).`, { cause: error });
  }
}

/** Waits for the port to be readable, then takes what is there without waiting; nothing there means it was hung up (termios: VMIN is 1). */
function hangUpAware(port: UnixPort): UnixPort {
  port.read = async (buffer, offset, length) => {
    await called((done) => { port.poller.once('readable', done); });
    if (port.fd === null) throw Object.assign(new Error('the port is closed'), { canceled: true });
    try {
      const bytesRead = readSync(port.fd, buffer, offset, length, null);
      if (bytesRead > 0) return { buffer, bytesRead };
    } catch (error) {
      // another wake-up than for data; wait again
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return port.read(buffer, offset, length);
      throw error;
    }
    throw new Error('the port was hung up');
  };
  return port;
}

/** A call that answers with `(error)`, as a promise. */
function called(work: (done: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    work((error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });
}
