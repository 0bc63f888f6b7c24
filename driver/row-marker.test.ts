import { expect, test } from 'vitest';
import { Mark, Switch } from '#biometrics/sample.ts';
import type { Channel } from '#biometrics/capture.ts';
import { RowMarker } from './row-marker.ts';
import { Column, ROW_WIDTH, SampleRows } from './sample-rows.ts';

const channel = (name: Channel['name'], logicalMin: number, logicalMax: number): Channel =>
  ({ name, unit: 'count', logicalMin, logicalMax, physicalMin: null, physicalMax: null, unitExponent: null, perMm: null, rotation: null, derived: false });
const channels = [channel('x', 0, 1_000), channel('pressure', 0, 2_047), channel('deviceTime', 0, 65_535)];

function marksOf(...given: { x?: number; pressure?: number; deviceTime?: number; hostTime: number; switches: number }[]): { marks: number[]; anomalies: Record<string, number>; rows: SampleRows } {
  const rows = new SampleRows(given.length);
  const marker = new RowMarker(channels);
  for (const { switches, ...values } of given) {
    const row = rows.length++;
    for (const [name, value] of Object.entries(values)) rows.channels[row * ROW_WIDTH + Column[name as Channel['name']]] = value;
    rows.switches[row] = switches;
    marker.mark(rows, row, false, false);
  }
  return { marks: [...rows.marks], anomalies: marker.anomalies(), rows };
}

const down = Switch.tip | Switch.inRange;

test('what is odd is marked and counted, and stays as it came', () => {
  const { marks, anomalies, rows } = marksOf(
    { x: 1, pressure: 5, deviceTime: 70_000, hostTime: 0, switches: down },
    { x: 1_001, pressure: 2_048, deviceTime: 70_010, hostTime: 1, switches: down },
    { x: 1, pressure: 3, deviceTime: 70_010, hostTime: 1, switches: Switch.inRange },
    { x: 1, pressure: 3, deviceTime: 70_009, hostTime: 2, switches: Switch.tip },
    { x: 1, hostTime: 1, switches: 0 },
    { x: 1, pressure: 9, deviceTime: 70_020, hostTime: 3, switches: Switch.inRange | Switch.invert | Switch.eraser },
  );
  expect(marks).toEqual([0, Mark.outOfRange, Mark.pressureWithoutTip, Mark.tipOutOfRange | Mark.clockBackwards, Mark.clockBackwards, 0]);
  expect(anomalies).toEqual({ outOfRange: 1, pressureWithoutTip: 1, tipOutOfRange: 1, clockBackwards: 2 });
  expect(rows.toSamples()[1]).toMatchObject({ x: 1_001, pressure: 2_048, tiltX: null, transducerSerial: null });
});

test('a tip is not contradicted by an in-range switch that the device does not have', () => {
  const rows = new SampleRows(1);
  rows.length = 1;
  rows.switches[0] = Switch.tip;
  const marker = new RowMarker(channels, false);
  marker.mark(rows, 0, false, false);
  expect([rows.marks[0], marker.anomalies()]).toEqual([0, {}]);
});
