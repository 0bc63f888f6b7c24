import { expect, test } from 'vitest';
import type { Sample } from '#biometrics/sample.ts';
import { bytesOfBatch } from '#biometrics/samples.ts';
import { recordedPen } from '#kiosk/sample/index.ts';
import { readCapture, reportsInPieces, SampleBatches, wipeReports } from './capture-bytes.ts';

const pen = recordedPen();
/** More than one batch and one piece hold. */
const samples: Sample[] = Array.from({ length: 9_000 }, (_, at) => ({ ...pen.samples[at % pen.samples.length]!, hostTime: at }));
const reports = samples.map(({ hostTime }) => ({ hostTime, bytes: Uint8Array.of(2, hostTime & 255, hostTime >> 8).subarray(0, 1 + hostTime % 3) }));

test('a capture comes out of its bytes as it went in', async () => {
  const batches = new SampleBatches();
  for (const sample of samples) batches.add(sample);
  expect([batches.length, batches.bytes.map(({ length }) => length)]).toEqual([9_000, [4_096, 4_096, 808].map(bytesOfBatch)]);
  expect(readCapture({ ...pen, samples: batches.bytes, reports: await reportsInPieces(reports) })).toEqual({ ...pen, samples, reports });
  expect(readCapture({ ...pen, samples: [], reports: null })).toEqual({ ...pen, samples: [], reports: null });
});

test('nothing is left in the memory once it was wiped, wherever else it is shared', async () => {
  const batches = new SampleBatches();
  for (const sample of samples) batches.add(sample);
  const [kept, pieces] = [batches.bytes, await reportsInPieces(reports)];
  const elsewhere = structuredClone([...kept, ...pieces.flatMap(({ times, bytes }) => [times, bytes])]);
  expect(elsewhere.every((bytes) => bytes.buffer instanceof SharedArrayBuffer && bytes.some((byte) => byte !== 0))).toBe(true);
  batches.wipe();
  wipeReports(pieces);
  expect(elsewhere.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  expect([batches.length, batches.bytes]).toEqual([0, []]);
});
