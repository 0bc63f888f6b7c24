/**
 * Bytes per sample of the record, beside the same numbers as text and as that text under `xz -9e`.
 * The seven forensic channels are compared as the rows in which signature databases publish them
 * (x y time button azimuth altitude pressure); the whole record, with everything else that a device gave and with
 * its context, beside its own JSON.
 */
import { execFileSync } from 'node:child_process';
import { captureToJson } from '#biometrics/capture-json.ts';
import type { Capture } from '#biometrics/capture.ts';
import { encodeRecord, recordSizes } from '#biometrics/record.ts';
import { isDown } from '#biometrics/sample.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';
import { benchContext } from './bench-context.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { findPeer } from './peer-program.ts';

export async function recordSize(tell: Tell): Promise<Measurement[]> {
  const xz = findPeer('xz', 'xz-utils', tell);
  tell('  bytes per sample of the recorded pen');
  const pen = recordedPen();
  const { samples, pen: forensic, host, other, reports, rest } = recordSizes(encodeRecord(pen, benchContext));
  const beside = (name: string, ours: number, text: string): Measurement[] => {
    const line = (peer: string, bytes: number): Measurement => measurement(`${name} per sample`, ours / samples, 'B/sample', { name: peer, value: bytes / samples });
    const plain = line('as text', Buffer.byteLength(text));
    return xz === null ? [plain] : [plain, line('as text, xz -9e', execFileSync(xz, ['-9e', '-c'], { input: text }).length)];
  };
  return [
    ...beside('forensic channels', forensic, rows(pen)),
    ...beside('whole record', forensic + host + other + reports + rest, `${captureToJson(pen)}${JSON.stringify(benchContext)}`),
  ];
}

/** One row for each sample; a channel that the device does not give is left out, in the record as in the text. */
function rows({ samples }: Capture): string {
  return samples.map((sample) => {
    const { x, y, deviceTime, azimuth, altitude, pressure } = sample;
    return [x, y, deviceTime, isDown(sample) ? 1 : 0, azimuth, altitude, pressure].filter((value) => value !== null).join(' ');
  }).join('\n');
}
