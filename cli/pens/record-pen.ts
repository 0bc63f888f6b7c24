/**
 * Writes what a HID pen sends into a hid-recorder file while it comes, so that a crash loses the end and not the file.
 *
 * Before it: an attached HID pen. After it: `countersign hid decode`, and whoever the file is sent to.
 * Not for pads and serial pens: their packets belong to a protocol, and the file stands on a report descriptor.
 *
 * Only its owner can read the file, and that is all: whatever was written with the pen meanwhile can be drawn again from it.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_REPORTS } from '#biometrics/limits.ts';
import type { AttachedPen, PenError, Pens, PenSource } from '#driver/index.ts';
import { recordingHeader, recordingReport } from '#driver/hid/recording/write.ts';

const WRITE_MS = 250;
/** As hid-recorder writes them: include/uapi/linux/input.h, BUS_*. */
const BUS_NUMBERS: Record<string, number | undefined> = { usb: 0x03, bluetooth: 0x05, i2c: 0x18, host: 0x19, spi: 0x1c };

export interface RecordOptions {
  /** Replace a file that is there. */
  force: boolean;
  stop: AbortSignal;
  /** Called a few times a second with what has been written. */
  progress: (reports: number) => void;
}

export interface Recorded {
  reports: number;
  /** From the first report to the last. */
  seconds: number;
  /** Why it ended before it was stopped; null: it was stopped. */
  cut: string | null;
}

/** @throws PenError as `PenSource.open`; Error where the pen has no descriptor, or the file cannot be made */
export async function recordPen(pens: Pens, pen: AttachedPen, path: string, { force, stop, progress }: RecordOptions): Promise<Recorded> {
  if (pen.kind !== 'hid') throw new Error(`${pen.name} is no HID pen: its packets have no report descriptor, which a hid-recorder file needs. "countersign pens watch" shows what it sends.`);
  const source = pens.source(pen.id);
  const { promise, resolve } = Promise.withResolvers<PenError | null>();
  await source.open({ samples: () => undefined, ended: resolve });
  try {
    const file = new RecordingFile(path, force, headerOf(pen, source));
    try {
      for (let going = !stop.aborted; going && !file.full;) {
        going = await Promise.race([sleep(WRITE_MS, true, { signal: stop }).catch(() => false), promise.then(() => false)]);
        file.add(source);
        progress(file.reports);
      }
      await source.close();
      file.add(source);
      return { reports: file.reports, seconds: file.seconds, cut: cutBy(file, await promise) };
    } finally {
      file.close();
    }
  } finally {
    await source.close();
  }
}

class RecordingFile {
  readonly #file: number;
  #firstNs = 0;
  #lastNs = 0;
  reports = 0;

  constructor(path: string, force: boolean, header: string) {
    if (force) rmSync(path, { force: true });
    this.#file = created(path);
    writeSync(this.#file, header);
  }

  /** As many as a source keeps. */
  get full(): boolean {
    return this.reports >= MAX_REPORTS;
  }

  get seconds(): number {
    return (this.#lastNs - this.#firstNs) / 1e9;
  }

  /** Writes the reports that came since the last time. */
  add(source: PenSource): void {
    const fresh = source.findings().reports?.slice(this.reports) ?? [];
    const last = fresh.at(-1);
    if (last === undefined) return;
    if (this.reports === 0) this.#firstNs = fresh[0]!.hostTime;
    this.#lastNs = last.hostTime;
    writeSync(this.#file, fresh.map(({ hostTime, bytes }) => recordingReport({ timeUs: Math.floor((hostTime - this.#firstNs) / 1_000), bytes })).join(''));
    this.reports += fresh.length;
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** A new file of its own, never somebody else's, or one behind a link. */
function created(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new Error(`${path} is there already. Name another file, or replace it with --force.`, { cause: error });
    throw new Error(`${path} cannot be made: ${(error as Error).message}`, { cause: error });
  }
}

function headerOf(pen: AttachedPen, { info }: PenSource): string {
  if (info.descriptor === null) throw new Error(`this system does not tell the report descriptor of ${pen.name}, and a recording is of no use without it. Record on Linux.`);
  return recordingHeader({
    index: 0, name: pen.name, phys: '', bus: BUS_NUMBERS[pen.bus ?? ''] ?? 0, vendorId: pen.vendorId ?? 0, productId: pen.productId ?? 0, descriptor: info.descriptor,
  });
}

function cutBy({ full }: RecordingFile, error: PenError | null): string | null {
  if (error !== null) return error.message;
  return full ? `A recording has at most ${MAX_REPORTS} reports.` : null;
}
