/**
 * A capture as bytes in memory that two threads share. On the heap of JavaScript a stroke is many small objects, which keep the thread
 * busy that collects them, and nobody can overwrite them for sure; bytes are there once, cost nothing to hand over, and whoever made
 * them overwrites them, whatever becomes of the other thread.
 *
 * Before: the body of "Done" (`body.ts`), or `pens/attempt.ts`. After: `record-worker.ts`, the only one that reads the samples.
 */
import { setImmediate as giveWay } from 'node:timers/promises';
import type { Capture } from '#biometrics/capture.ts';
import type { Sample } from '#biometrics/sample.ts';
import { BatchWriter, bytesOfBatch, decodeSamples } from '#biometrics/samples.ts';
import { packReports, unpackReports, type PackedReports } from '#driver/process/packed-reports.ts';

export interface CaptureBytes extends Omit<Capture, 'samples' | 'reports'> {
  /** Batches of `biometrics/samples.ts`, in order. */
  samples: readonly Uint8Array[];
  reports: readonly PackedReports[] | null;
}

/** Half a megabyte of samples. */
const SAMPLES_PER_BATCH = 4096;
const REPORTS_PER_PIECE = 8192;

/** Zeros, in memory of its own, which goes back to the system and not to an allocator: whoever is given it next finds nothing. */
export function sharedRoom(length: number): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(new SharedArrayBuffer(length, { maxByteLength: length }), 0, length);
}

/** Keeps samples as they come. */
export class SampleBatches {
  readonly #batches: BatchWriter<SharedArrayBuffer>[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The sample itself is the caller's, to be overwritten. @throws RecordError `BATCH_MALFORMED` for a NaN or infinite channel */
  add(sample: Sample): void {
    let last = this.#batches.at(-1);
    if (last === undefined || last.full) this.#batches.push(last = new BatchWriter(sharedRoom(bytesOfBatch(SAMPLES_PER_BATCH)), this.#length));
    last.add(sample);
    this.#length += 1;
  }

  /** Views: gone with `wipe`. */
  get bytes(): Uint8Array[] {
    return this.#batches.map((batch) => batch.bytes());
  }

  wipe(): void {
    for (const bytes of this.bytes) bytes.fill(0);
    this.#batches.length = 0;
    this.#length = 0;
  }
}

/** The event loop turns between two pieces. */
export async function reportsInPieces(reports: NonNullable<Capture['reports']>): Promise<PackedReports[]> {
  const pieces: PackedReports[] = [];
  for (let at = 0; at < reports.length; at += REPORTS_PER_PIECE) {
    const { first, times, lengths, bytes } = packReports(reports.slice(at, at + REPORTS_PER_PIECE), 0);
    pieces.push({ first: first + at, times: new Float64Array(shared(times).buffer), lengths: new Uint32Array(shared(lengths).buffer), bytes: shared(bytes) });
    await giveWay();
  }
  return pieces;
}

export function wipeReports(pieces: readonly PackedReports[]): void {
  for (const { times, bytes } of pieces) {
    times.fill(0);
    bytes.fill(0);
  }
}

/** Its own copy is overwritten. */
function shared({ buffer, byteOffset, byteLength }: Uint8Array | Float64Array | Uint32Array): Uint8Array<SharedArrayBuffer> {
  const own = new Uint8Array(buffer, byteOffset, byteLength);
  const copy = sharedRoom(byteLength);
  copy.set(own);
  own.fill(0);
  return copy;
}

/** Whether it was overwritten, in whole or at least begun with: a batch starts with a letter, and is overwritten from there on. For the thread that does it. */
export function isWiped({ samples }: CaptureBytes): boolean {
  return samples.some((batch) => batch[0] === 0);
}

/** @throws RecordError `BATCH_MALFORMED`, `BATCH_VERSION` */
export function readCapture({ samples, reports, ...frame }: CaptureBytes): Capture {
  return {
    ...frame,
    samples: samples.flatMap((batch) => decodeSamples(batch).samples),
    reports: reports?.flatMap(unpackReports) ?? null,
  };
}
