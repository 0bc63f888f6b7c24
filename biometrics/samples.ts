/**
 * The one batch encoding of samples across processes and sockets: pen child process to station,
 * guest screen to station, station to desk. Not for keeping: `record.ts` is.
 *
 * Layout, little-endian:
 *
 *   offset  size  field
 *   0       4     magic "CSSB"
 *   4       2     layout version, 1
 *   6       2     bytes per row, 132
 *   8       4     number of rows, n
 *   12      4     index of the first row since the source was opened (a gap shows a lost batch)
 *   16      132n  rows: 13 float64 in the order of CHANNELS (NaN = null), u64 transducer serial,
 *                 u32 switches, u32 marks, u32 1 if the serial is present, u32 0, u32 0
 *
 * float64 carries every integer below 2^53 and every float32 exactly, so nothing is rounded on the way.
 */
import { RecordError } from './errors.ts';
import { CHANNELS, type Sample } from './sample.ts';

const MAGIC = 0x42535343; // "CSSB" read as a little-endian u32
const VERSION = 1;
const HEADER = 16;
const ROW = CHANNELS.length * 8 + 8 + 5 * 4;

/** Most rows one batch may hold: ten minutes at 1,000 reports a second. */
export const MAX_BATCH = 600_000;

export interface Batch {
  /** Index of the first sample since the source was opened. */
  first: number;
  samples: Sample[];
}

/** Encodes samples as one batch. @throws RecordError `BATCH_MALFORMED` for a NaN or infinite channel. */
export function encodeSamples(samples: readonly Sample[], first = 0): Uint8Array<ArrayBuffer> {
  const batch = new BatchWriter(new Uint8Array(bytesOfBatch(samples.length)), first);
  for (const sample of samples) batch.add(sample);
  return batch.bytes();
}

export function bytesOfBatch(count: number): number {
  return HEADER + ROW * count;
}

/** Writes one batch row by row into memory of the caller's choice. */
export class BatchWriter<Memory extends ArrayBufferLike> {
  readonly #memory: Uint8Array<Memory>;
  readonly #view: DataView<Memory>;
  #count = 0;

  /** @param memory zeros: `bytesOfBatch` of as many samples as there may be */
  constructor(memory: Uint8Array<Memory>, first: number) {
    this.#memory = memory;
    this.#view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
    this.#view.setUint32(0, MAGIC, true);
    this.#view.setUint16(4, VERSION, true);
    this.#view.setUint16(6, ROW, true);
    this.#view.setUint32(12, first, true);
  }

  get full(): boolean {
    return bytesOfBatch(this.#count + 1) > this.#memory.length;
  }

  /** @throws RecordError `BATCH_MALFORMED` for a NaN or infinite channel */
  add(sample: Sample): void {
    const view = this.#view;
    let at = bytesOfBatch(this.#count);
    for (const name of CHANNELS) {
      const value = sample[name];
      if (value !== null && !Number.isFinite(value)) {
        throw new RecordError('BATCH_MALFORMED', `sample ${this.#count}: ${name} is ${value}, which no device reports`);
      }
      view.setFloat64(at, value ?? Number.NaN, true);
      at += 8;
    }
    view.setBigUint64(at, sample.transducerSerial ?? 0n, true);
    view.setUint32(at + 8, sample.switches, true);
    view.setUint32(at + 12, sample.marks, true);
    view.setUint32(at + 16, sample.transducerSerial === null ? 0 : 1, true);
    this.#count += 1;
  }

  /** The batch so far: a view of the memory given. */
  bytes(): Uint8Array<Memory> {
    this.#view.setUint32(8, this.#count, true);
    return this.#memory.subarray(0, bytesOfBatch(this.#count));
  }
}

/**
 * Reads one batch. The bytes may come from another machine, so every length is checked before use.
 * @throws RecordError `BATCH_MALFORMED`, `BATCH_VERSION`
 */
export function decodeSamples(bytes: Uint8Array): Batch {
  if (bytes.byteLength < HEADER) throw new RecordError('BATCH_MALFORMED', `a batch has at least ${HEADER} bytes, this has ${bytes.byteLength}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new RecordError('BATCH_MALFORMED', 'not a batch of samples: byte 0 is not "CSSB"');
  if (view.getUint16(4, true) !== VERSION) throw new RecordError('BATCH_VERSION', `batch layout ${view.getUint16(4, true)}; this program reads ${VERSION}`);
  const count = view.getUint32(8, true);
  if (view.getUint16(6, true) !== ROW || count > MAX_BATCH || bytes.byteLength !== bytesOfBatch(count)) {
    throw new RecordError('BATCH_MALFORMED', `${count} rows announced, ${bytes.byteLength} bytes given`);
  }
  const samples: Sample[] = [];
  for (let row = 0; row < count; row++) samples.push(readRow(view, bytesOfBatch(row), row));
  return { first: view.getUint32(12, true), samples };
}

function readRow(view: DataView, offset: number, row: number): Sample {
  let at = offset;
  const channel = (): number | null => {
    const value = view.getFloat64(at, true);
    at += 8;
    if (value === Infinity || value === -Infinity) throw new RecordError('BATCH_MALFORMED', `sample ${row}: an infinite value at byte ${at - 8}`);
    return Number.isNaN(value) ? null : value;
  };
  const needed = (): number => {
    const value = channel();
    if (value === null) throw new RecordError('BATCH_MALFORMED', `sample ${row}: a channel that every report has is missing at byte ${at - 8}`);
    return value;
  };
  const sample: Sample = {
    x: needed(), y: needed(), z: channel(), pressure: channel(), tangentialPressure: channel(),
    tiltX: channel(), tiltY: channel(), azimuth: channel(), altitude: channel(), twist: channel(),
    battery: channel(), deviceTime: channel(), hostTime: needed(),
    transducerSerial: null, switches: view.getUint32(at + 8, true), marks: view.getUint32(at + 12, true),
  };
  if (view.getUint32(at + 16, true) !== 0) sample.transducerSerial = view.getBigUint64(at, true);
  return sample;
}
