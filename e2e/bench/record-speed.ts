/** Encoding and decoding a record of 2,000 samples, beside JSON under deflate, which neither checks nor canonicalises. */
import { deflateSync, inflateSync } from 'node:zlib';
import { captureFromJson, captureToJson } from '#biometrics/capture-json.ts';
import type { Capture } from '#biometrics/capture.ts';
import { decodeRecord, encodeRecord } from '#biometrics/record.ts';
import { benchContext } from './bench-context.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { inTurns, medianPeer, timed } from './rounds.ts';
import { computedSignature } from './seven-channels.ts';
import { median } from './statistics.ts';

const SAMPLES = 2_000;
const ROUNDS = 30;
const PEER = 'JSON and deflate (larger; limits and ranges not checked)';

export async function recordSpeed(tell: Tell): Promise<Measurement[]> {
  tell(`  encoding and decoding, ${ROUNDS} times`);
  const capture = longCapture();
  const record = encodeRecord(capture, benchContext);
  const json = deflateSync(captureToJson(capture));
  const encoding = await inTurns(ROUNDS, () => timed(() => { encodeRecord(capture, benchContext); }), () => timed(() => { deflateSync(captureToJson(capture)); }));
  const decoding = await inTurns(ROUNDS, () => timed(() => { decodeRecord(record); }), () => timed(() => { captureFromJson(inflateSync(json).toString()); }));
  return [
    measurement(`encoding ${SAMPLES} samples`, median(encoding.ours), 'ms', medianPeer(PEER, encoding.peer)),
    measurement(`decoding ${SAMPLES} samples`, median(decoding.ours), 'ms', medianPeer(PEER, decoding.peer)),
  ];
}

/** The computed signature, written again and again; without raw reports, which few sources give. */
function longCapture(): Capture {
  const pen = computedSignature();
  const { length } = pen.samples;
  return { ...pen, reports: null, samples: Array.from({ length: SAMPLES }, (_, index) => ({ ...pen.samples[index % length]! })) };
}
