/**
 * hid-recorder files, written; the format is told in `read.ts`. Others can play them to their kernel with hid-replay.
 *
 * Before it: a device. After it: a file. The reports in it are what somebody wrote: a signature in such a file is biometric data.
 */
import type { RecordedDevice, RecordedReport } from './recording.ts';

/** What comes before the first report of a device. */
export function recordingHeader({ index, name, phys, bus, vendorId, productId, descriptor }: RecordedDevice): string {
  return [
    recordingSwitch(index).trimEnd(),
    `R: ${descriptor.length} ${hexBytes(descriptor)}`,
    `N: ${oneLine(name)}`,
    `P: ${oneLine(phys)}`,
    `I: ${bus.toString(16)} ${hexId(vendorId)} ${hexId(productId)}`,
    '',
  ].join('\n');
}

/** Where a file has several devices: the reports after it are of this one. */
export function recordingSwitch(index: number): string {
  return `D: ${index}\n`;
}

export function recordingReport({ timeUs, bytes }: Pick<RecordedReport, 'timeUs' | 'bytes'>): string {
  const seconds = Math.floor(timeUs / 1_000_000);
  return `E: ${String(seconds).padStart(6, '0')}.${String(timeUs - seconds * 1_000_000).padStart(6, '0')} ${bytes.length} ${hexBytes(bytes)}\n`;
}

const hexId = (id: number): string => id.toString(16).padStart(4, '0');

const hexBytes = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** Names come from the device: a line break in one would be a line of the file. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
