/**
 * A hid-recorder file, decoded report by report: the values of every field, and the pen sample where it is a pen's report.
 *
 * Before it: a file of a stranger, in a child process. After it: `decode.ts`, which writes it down.
 */
import type { Channel } from '#biometrics/capture.ts';
import type { Sample } from '#biometrics/sample.ts';
import { PenError } from '#driver/errors.ts';
import type { ReportDescriptor } from '#driver/hid/descriptor/field.ts';
import { parseReportDescriptor } from '#driver/hid/descriptor/parse.ts';
import { readRecording } from '#driver/hid/recording/read.ts';
import type { RecordedDevice, RecordedReport } from '#driver/hid/recording/recording.ts';
import { PenDecoder } from '#driver/hid/report/pen-decoder.ts';
import { reportValues, type ReportValue } from '#driver/hid/report/values.ts';
import { SampleRows } from '#driver/sample-rows.ts';

export interface DecodedReport {
  recorded: RecordedReport;
  values: ReportValue[];
  sample: Sample | null;
  /** What the numbers of the sample are. */
  channels: readonly Channel[];
}

export interface DecodedCapture {
  devices: RecordedDevice[];
  /** Decoded as they are taken; to be gone through once. */
  reports: Iterable<DecodedReport>;
  /** Once the reports are through: what was odd, and what the pen cannot say; null for a device that is no pen. */
  findings(device: number): { anomalies: Record<string, number>; limits: string[] } | null;
}

/** @throws PenError RECORDING_MALFORMED, DESCRIPTOR_MALFORMED */
export function decodeCapture(text: string): DecodedCapture {
  const { devices, reports } = readRecording(text);
  if (devices.length === 0) throw new PenError('RECORDING_MALFORMED', 'The hid-recorder file names no device: there is no line R:, N:, P: or I: in it.');
  const decoders = new Map(devices.filter(({ descriptor }) => descriptor.length > 0).map((device) => [device.index, new DeviceDecoder(device)]));
  return { devices, reports: decodeEach(reports, decoders), findings: (device) => decoders.get(device)?.findings() ?? null };
}

function* decodeEach(reports: readonly RecordedReport[], decoders: ReadonlyMap<number, DeviceDecoder>): Generator<DecodedReport, void> {
  for (const report of reports) yield decoders.get(report.device)!.decode(report);
}

class DeviceDecoder {
  readonly #descriptor: ReportDescriptor;
  /** Null: the device has no report of a pen. */
  readonly #pen: PenDecoder | null;
  readonly #row = new SampleRows(1);
  /** Final with the first sample. */
  #channels: readonly Channel[] = [];

  constructor({ descriptor }: RecordedDevice) {
    this.#descriptor = parseReportDescriptor(descriptor);
    this.#pen = penDecoder(this.#descriptor);
  }

  decode(recorded: RecordedReport): DecodedReport {
    const values = reportValues(this.#descriptor, recorded.bytes);
    this.#row.clear();
    const isPen = this.#pen?.decode(recorded.bytes, recorded.timeUs * 1000, this.#row) ?? false;
    if (isPen && this.#channels.length === 0) this.#channels = this.#pen!.channels;
    return { recorded, values, sample: isPen ? this.#row.toSamples()[0]! : null, channels: this.#channels };
  }

  findings(): ReturnType<DecodedCapture['findings']> {
    return this.#pen === null ? null : { anomalies: this.#pen.findings().anomalies, limits: this.#pen.limits };
  }
}

function penDecoder(descriptor: ReportDescriptor): PenDecoder | null {
  try {
    return new PenDecoder(descriptor);
  } catch (error) {
    if (error instanceof PenError && error.code === 'PEN_LAYOUT_UNKNOWN') return null;
    throw error;
  }
}
