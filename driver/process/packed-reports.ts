/**
 * Raw reports of one batch on their way to the station: one buffer and two lists of numbers, because a thousand small arrays
 * a second would cost more in serialization than the reports are.
 */
import type { Capture } from '#biometrics/capture.ts';

type Reports = NonNullable<Capture['reports']>;

export interface PackedReports {
  /** Index of the first one since the source was opened. */
  first: number;
  times: Float64Array;
  lengths: Uint32Array;
  bytes: Uint8Array;
}

/** Packs the reports from index `first` on. */
export function packReports(reports: Reports, first: number): PackedReports {
  const count = reports.length - first;
  const [times, lengths] = [new Float64Array(count), new Uint32Array(count)];
  let total = 0;
  for (let index = 0; index < count; index++) {
    const report = reports[first + index]!;
    times[index] = report.hostTime;
    lengths[index] = report.bytes.length;
    total += report.bytes.length;
  }
  const bytes = new Uint8Array(total);
  for (let index = 0, at = 0; index < count; index++) {
    bytes.set(reports[first + index]!.bytes, at);
    at += lengths[index]!;
  }
  return { first, times, lengths, bytes };
}

/** @throws RangeError where the lengths and the bytes do not go together */
export function unpackReports({ times, lengths, bytes }: PackedReports): Reports {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (times.length !== lengths.length || total !== bytes.length) throw new RangeError(`${total} bytes of reports announced, ${bytes.length} given`);
  let at = 0;
  return Array.from(lengths, (length, index) => {
    const report = { hostTime: times[index]!, bytes: bytes.slice(at, at + length) };
    at += length;
    return report;
  });
}
