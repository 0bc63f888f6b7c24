/**
 * The text of the First International Signature Verification Competition (SVC2004), which research programs read: the number of
 * points, then for each X, Y, time in ms, button (1 down), azimuth, altitude and pressure. It has no units, no ranges and no absent values.
 */
import type { Capture } from '../capture.ts';
import { RecordError } from '../errors.ts';
import { MAX_SAMPLES } from '../limits.ts';
import { isDown } from '../sample.ts';
import { filled, leftOut, milliseconds, type ForeignTable, type Written } from './form.ts';

const COLUMNS = ['x', 'y', 'time', 'tip', 'azimuth', 'altitude', 'pressure'] as const;

export function toSvc(capture: Capture): Written {
  const notCarried = leftOut(capture, COLUMNS);
  const { ms } = milliseconds(capture);
  const time = ms.map((value) => Math.round(value));
  if (ms.some((value, index) => value !== time[index])) notCarried.push('time: rounded to whole ms.');
  const columns = COLUMNS.map((name) => {
    if (name === 'time') return time;
    if (name === 'tip') return capture.samples.map((sample) => Number(isDown(sample)));
    const values = filled(capture, name, notCarried);
    if (values === null) notCarried.push(`${name}: not in the capture; the form wants the column, and 0 stands in it.`);
    return values ?? capture.samples.map(() => 0);
  });
  const lines = [String(capture.samples.length), ...capture.samples.map((_sample, index) => columns.map((values) => values[index]).join(' '))];
  notCarried.push('The form has no units and no ranges.');
  return { bytes: new TextEncoder().encode(`${lines.join('\n')}\n`), notCarried };
}

/** @throws RecordError `RECORD_MALFORMED` with the line, `RECORD_LIMIT` */
export function fromSvc(svc: string): ForeignTable {
  const [first, ...lines] = svc.trimEnd().split(/\r?\n/, MAX_SAMPLES + 2);
  if (!/^\s*\d{1,9}\s*$/.test(first!)) throw malformed(1, 'should be the number of points');
  const count = Number(first);
  if (count > MAX_SAMPLES) throw new RecordError('RECORD_LIMIT', `line 1: ${count} points, at most ${MAX_SAMPLES} allowed`);
  if (lines.length !== count) throw malformed(1, `says ${count} points, and ${lines.length} lines follow`);
  const rows = lines.map((line, index) => {
    const row = line.trim().split(/\s+/, COLUMNS.length + 1).map(Number);
    if (row.length !== COLUMNS.length || !row.every(Number.isFinite)) throw malformed(index + 2, 'should be seven numbers');
    if (row[3] !== 0 && row[3] !== 1) throw malformed(index + 2, 'the button should be 0 or 1');
    return row;
  });
  const columns = COLUMNS.map((name) => ({ name, unit: name === 'time' ? 'ms' : 'count', min: null, max: null, scaling: null }));
  return { columns, rows, notes: ['The form has no units; a channel that is 0 throughout may be one the device did not have.'] };
}

function malformed(line: number, says: string): RecordError {
  return new RecordError('RECORD_MALFORMED', `line ${line}: ${says}`);
}
