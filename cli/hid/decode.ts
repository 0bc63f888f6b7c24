/** What `countersign hid decode` prints: every report of a hid-recorder file. Runs in the child. */
import { Mark, Switch, type Sample } from '#biometrics/sample.ts';
import { positionMm } from '#biometrics/units.ts';
import type { RecordedDevice } from '#driver/hid/recording/recording.ts';
import { sampleJson } from '#driver/hid/report/sample-json.ts';
import { decodeCapture, type DecodedCapture, type DecodedReport } from './decoded-capture.ts';
import { usageName } from './usage-names.ts';

/** In pieces: the whole can be longer than a string may be. @throws PenError RECORDING_MALFORMED, DESCRIPTOR_MALFORMED */
export function decode(text: string, json: boolean): Iterable<string> {
  const capture = decodeCapture(text);
  return json ? forPrograms(capture) : forPeople(capture);
}

function* forPrograms({ reports }: DecodedCapture): Generator<string, void> {
  yield '{"reports":[';
  let separator = '';
  for (const { values, sample, channels } of reports) {
    yield separator + JSON.stringify({ values, sample: sample === null ? null : sampleJson(sample, { kind: 'hid', channels: [...channels] }) });
    separator = ',';
  }
  yield ']}\n';
}

function* forPeople({ devices, reports, findings }: DecodedCapture): Generator<string, void> {
  for (const device of devices) yield `${deviceTitle(device)}\n`;
  yield '\nseconds         device  report\n';
  let count = 0;
  for (const report of reports) {
    yield `${reportLine(report)}\n`;
    count++;
  }
  yield `\n${count} reports\n`;
  for (const { index } of devices) yield findingLines(index, findings(index));
}

function deviceTitle({ index, name, bus, vendorId, productId, descriptor }: RecordedDevice): string {
  const ids = [vendorId, productId].map((id) => id.toString(16).padStart(4, '0')).join(':');
  return `Device ${index}: ${name === '' ? 'without a name' : name}, ${ids} on bus ${bus}, descriptor of ${descriptor.length} bytes`;
}

/** A pen's report by its sample, any other by the values that are not 0. */
function reportLine({ recorded, values, sample, channels }: DecodedReport): string {
  const start = `${(recorded.timeUs / 1_000_000).toFixed(6).padStart(14)}  ${String(recorded.device).padEnd(6)}  `;
  if (sample === null) return `${start}${values.filter(([, , value]) => value !== 0).map(([page, id, value]) => `${usageName([page, id])} ${value}`).join('  ')}`.trimEnd();
  const given = channels.filter(({ name }) => name !== 'hostTime' && sample[name] !== null).map(({ name }) => `${name} ${sample[name]}`);
  return start + [...given, ...millimetres(sample, channels), ...bitNames(sample.switches, Switch), ...bitNames(sample.marks, Mark).map((mark) => `(${mark})`)].join('  ');
}

function millimetres(sample: Sample, channels: DecodedReport['channels']): string[] {
  const mm = positionMm(sample, { kind: 'hid', channels: [...channels] });
  return mm === null ? [] : [`= ${mm.x.toFixed(2)}, ${mm.y.toFixed(2)} mm`];
}

function bitNames(bits: number, all: Record<string, number>): string[] {
  return Object.keys(all).filter((name) => (bits & all[name]!) !== 0);
}

function findingLines(device: number, findings: ReturnType<DecodedCapture['findings']>): string {
  if (findings === null) return `Device ${device} is no pen.\n`;
  const odd = Object.entries(findings.anomalies).map(([name, count]) => `${name} ${count}`);
  return [`Device ${device}: ${odd.length === 0 ? 'nothing odd' : `odd: ${odd.join(', ')}`}`, ...findings.limits.map((limit) => `  ${limit}`), ''].join('\n');
}
