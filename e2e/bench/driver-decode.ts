/**
 * Reports of HID pens into samples: how many a second on one core, beside the plain interpretation of the field table
 * (which makes a list of page, usage and value for each report, and looks no further), and what is left on the heap.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PenDecoder } from '#driver/hid/report/pen-decoder.ts';
import { reportValues } from '#driver/hid/report/values.ts';
import { SampleRows } from '#driver/sample-rows.ts';
import { capturesIn, circlingPen, type PenCapture } from '#fixtures/hid/captures.ts';
import { measurement, type Measurement, type Tell } from './measurement.ts';
import { inTurns, medianPeer, timed } from './rounds.ts';
import { median } from './statistics.ts';

const CAPTURES = join(import.meta.dirname, '../../../shared/data/hid/streams');
const ROUNDS = 9;
const PEER = 'the field table, interpreted (a list of values; nothing marked, no loss counted)';
const ROWS = 4_096;

export async function driverDecode(tell: Tell): Promise<Measurement[]> {
  const captures = existsSync(CAPTURES) ? capturesIn(CAPTURES) : [circlingPen(100_000)];
  const reports = captures.reduce((sum, capture) => sum + capture.reports.length, 0);
  tell(`  decoding ${reports} reports of ${captures.length} captures${existsSync(CAPTURES) ? '' : ', made up: ../shared is not there'}, ${ROUNDS} times`);
  const lists = captures.map(({ descriptor, reports: given }) => ({ decoder: new PenDecoder(descriptor), arrivals: given.map(({ bytes, hostTime }): Arrival => [bytes, hostTime]) }));
  const rows = new SampleRows(ROWS);
  const took = await inTurns(ROUNDS, () => timed(() => { decodeAll(lists, rows); }), () => timed(() => { interpretAll(captures); }));
  const rate = (ms: number): number => reports / (ms / 1_000);
  return [
    measurement('HID reports decoded', rate(median(took.ours)), 'reports/s', medianPeer(PEER, took.peer.map(rate))),
    measurement('heap grown by decoding', heapGrowth(lists, rows, reports), 'B/report'),
  ];
}

/** A pair and not an object: a number read from an object is allocated anew, here and not in the decoder. */
type Arrival = readonly [bytes: Uint8Array, hostTime: number];

interface Recorded { decoder: PenDecoder; arrivals: readonly Arrival[] }

function decodeAll(lists: readonly Recorded[], rows: SampleRows): void {
  for (const { decoder, arrivals } of lists) {
    for (const arrival of arrivals) {
      if (rows.length === ROWS) rows.clear();
      decoder.decode(arrival[0], arrival[1], rows);
    }
  }
}

/** @returns so that nothing is optimised away */
function interpretAll(captures: readonly PenCapture[]): number {
  let values = 0;
  for (const { descriptor, reports } of captures) for (const { bytes } of reports) values += reportValues(descriptor, bytes).length;
  return values;
}

/** Over a million reports and more, all warm; the median of rounds, because the engine does things of its own in between. */
function heapGrowth(lists: readonly Recorded[], rows: SampleRows, reports: number): number {
  const rounds = Array.from({ length: Math.ceil(1_000_000 / reports) }, () => {
    const before = process.memoryUsage().heapUsed;
    decodeAll(lists, rows);
    return Math.max(0, process.memoryUsage().heapUsed - before) / reports;
  });
  return median(rounds);
}
