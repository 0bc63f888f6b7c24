/**
 * What the record's size and speed are measured on: captures with X, Y, time, tip, azimuth, altitude and pressure.
 *
 * One is computed: the sample pen, its tilt turned into azimuth and altitude in tenths of a degree, as pads with a resonant pen report
 * them, with the noise of a hand and of a digitizer, and with the reports a USB pen would have sent. The others are
 * real pens from `../shared`, where it is there: people trying tablets out, slower than a signature, with its time of arrival in ms in the
 * place of a device's clock.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Capture, PenSourceInfo } from '#biometrics/capture.ts';
import type { Sample } from '#biometrics/sample.ts';
import { tiltDegrees } from '#biometrics/units.ts';
import { PenDecoder } from '#driver/hid/report/pen-decoder.ts';
import { SampleRows } from '#driver/sample-rows.ts';
import { capturesIn, type PenCapture } from '#fixtures/hid/captures.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';

const SHARED = join(import.meta.dirname, '../../../shared/data/hid/streams');

export function computedSignature(): Capture {
  const pen = recordedPen();
  const samples = pen.samples.map((sample) => withAngles(sample, pen.source));
  return { ...pen, source: withAngleChannels(pen.source), samples, reports: samples.map((sample) => ({ hostTime: sample.hostTime, bytes: reportOf(sample) })) };
}

/** Null where `../shared` is not there. */
export function realPens(): Capture[] | null {
  if (!existsSync(SHARED)) return null;
  return capturesIn(SHARED).map(decoded).filter(({ samples }) => samples.some(({ azimuth }) => azimuth !== null));
}

function decoded({ name, descriptor, reports }: PenCapture): Capture {
  const decoder = new PenDecoder(descriptor);
  const rows = new SampleRows(reports.length);
  for (const { bytes, hostTime } of reports) decoder.decode(bytes, hostTime, rows);
  const pen = recordedPen();
  const source: PenSourceInfo = {
    ...pen.source, kind: 'hid', device: { ...pen.source.device, name }, channels: decoder.channels, deviceClock: { tickNs: 1e6, wrapsAfter: null },
  };
  const samples = rows.toSamples().map((sample) => ({ ...withAngles(sample, source), deviceTime: Math.round(sample.hostTime / 1e6) }));
  return { ...pen, source: withAngleChannels(source), samples, reports };
}

function withAngles(sample: Sample, source: PenSourceInfo): Sample {
  const tilt = tiltDegrees(sample, source);
  const tenths = (degrees: number): number => Math.round(10 * degrees);
  return { ...sample, tiltX: null, tiltY: null, azimuth: tilt && tenths(tilt.azimuth), altitude: tilt && tenths(tilt.altitude) };
}

function withAngleChannels(source: PenSourceInfo): PenSourceInfo {
  const angle = (name: 'azimuth' | 'altitude', logicalMax: number): PenSourceInfo['channels'][number] => ({
    name, unit: 'deg', logicalMin: 0, logicalMax, physicalMin: 0, physicalMax: logicalMax / 10, unitExponent: null, perMm: null,
    rotation: name === 'azimuth' ? 'clockwise' : null, derived: false,
  });
  return { ...source, channels: [...source.channels.filter(({ name }) => name !== 'tiltX' && name !== 'tiltY'), angle('azimuth', 3_600), angle('altitude', 900)] };
}

/** Report id, switches, then 16 bits for each channel, low byte first. */
function reportOf({ x, y, pressure, azimuth, altitude, deviceTime, switches }: Sample): Uint8Array {
  const words = [x, y, pressure ?? 0, azimuth ?? 0, altitude ?? 0, deviceTime ?? 0].map((value) => value & 0xffff);
  return Uint8Array.from([1, switches, ...words.flatMap((word) => [word & 0xff, word >> 8])]);
}
