/** Real captures, beside what two other implementations make of them: hid-tools 0.12 and Linux 6.1. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Switch } from '#biometrics/sample.ts';
import { capturesIn } from '#fixtures/hid/captures.ts';
import { sharedData } from '#fixtures/needs.ts';
import { SampleRows } from '../../sample-rows.ts';
import { PenDecoder } from './pen-decoder.ts';
import { reportValues, type ReportValue } from './values.ts';

const CAPTURES = 71;

interface KernelStream {
  nodes: { abs: Record<string, { min: number; max: number }> }[];
  /** Of each report: [node, type, code, value]. */
  reports: [node: number, type: number, code: number, value: number][][];
}

const EV_ABS = 3;
/** linux/input-event-codes.h, by page and usage. */
const AXES: Record<string, number> = { '1,48': 0, '1,49': 1, '13,48': 24, '13,61': 26, '13,62': 27 };

function expected(folder: string, name: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(join(folder, `${name}.json.gz`))).toString());
}

test('every value of every report is that of hid-tools', (context) => {
  const captures = capturesIn(sharedData(context, 'hid', 'streams'));
  const folder = sharedData(context, 'hid', 'expected-streams');
  expect(captures).toHaveLength(CAPTURES);
  for (const { name, descriptor, reports } of captures) {
    const peer = expected(folder, `${name}.hidtools`) as { reports: ReportValue[][] };
    expect(reports, name).toHaveLength(peer.reports.length);
    // as text: comparing a quarter of a million lists one by one takes long
    const wrong = reports.findIndex(({ bytes }, index) => JSON.stringify(reportValues(descriptor, bytes)) !== JSON.stringify(peer.reports[index]));
    expect(wrong === -1 ? null : [name, wrong, reportValues(descriptor, reports[wrong]!.bytes), peer.reports[wrong]]).toBeNull();
  }
});

/**
 * The kernel tells an axis only when it has changed, so where it stands after each report is compared; a value that is
 * out of range it puts at the end of the range. Beside these two there is no difference.
 */
test('every axis is where Linux has it, but for values that Linux clamps', (context) => {
  const captures = capturesIn(sharedData(context, 'hid', 'streams'));
  const folder = sharedData(context, 'hid', 'expected-streams');
  const seen = { same: 0, clamped: 0, other: [] as unknown[] };
  for (const { name, descriptor, reports } of captures) {
    const { nodes, reports: told } = expected(folder, `${name}.kernel`) as KernelStream;
    const state = nodes.map(() => new Map<number, number>());
    const nodeOf = new Map<number, number>();
    for (const [index, events] of told.entries()) {
      const { bytes } = reports[index]!;
      for (const [node, type, code, value] of events) {
        nodeOf.set(bytes[0]!, node);
        if (type === EV_ABS) state[node]!.set(code, value);
      }
      const node = nodeOf.get(bytes[0]!);
      for (const [page, usage, ours] of reportValues(descriptor, bytes)) {
        const code = AXES[`${page},${usage}`];
        const range = node === undefined || code === undefined ? undefined : nodes[node]!.abs[String(code)];
        if (range === undefined) continue;
        const kernel = state[node!]!.get(code!) ?? 0;
        if (ours === kernel) seen.same++;
        else if (kernel === Math.min(range.max, Math.max(range.min, ours))) seen.clamped++;
        else seen.other.push([name, index, code, kernel, ours]);
      }
    }
  }
  expect(seen).toEqual({ same: 241_449, clamped: 4_915, other: [] });
});

test('the fast decoder gives the plain values, one sample for each report of the pen', (context) => {
  for (const { name, descriptor, reports } of capturesIn(sharedData(context, 'hid', 'streams'))) {
    const decoder = new PenDecoder(descriptor);
    const rows = new SampleRows(reports.length);
    const decoded = reports.filter(({ bytes, hostTime }) => decoder.decode(bytes, hostTime, rows));
    const samples = rows.toSamples();
    expect(samples, name).toHaveLength(decoded.length);
    expect(reports.length - decoded.length, name).toBe(Object.entries(decoder.findings().anomalies).reduce((sum, [key, count]) => sum + (key.startsWith('otherReport') ? count : 0), 0));
    const first = (values: readonly ReportValue[], page: number, usage: number): number | null => values.find(([one, other]) => one === page && other === usage)?.[2] ?? null;
    const wrong = decoded.map(({ bytes, hostTime }, index) => {
      const values = reportValues(descriptor, bytes);
      const sample = samples[index]!;
      const plain = [first(values, 1, 0x30), first(values, 1, 0x31), first(values, 13, 0x30), first(values, 13, 0x3d), first(values, 13, 0x3e), hostTime, first(values, 13, 0x42) ?? first(values, 9, 1)];
      const fast = [sample.x, sample.y, sample.pressure, sample.tiltX, sample.tiltY, sample.hostTime, sample.switches & Switch.tip];
      return plain.every((value, at) => value === fast[at]) ? null : { index, plain, fast };
    }).find((difference) => difference !== null);
    expect(wrong, name).toBeUndefined();
  }
});
