/**
 * The samples of a capture as CSV (RFC 4180) for any statistics tool: one header line with units, then one line
 * per sample, raw values, empty where a sample has none. Carries no context, ranges or losses: the JSON form does.
 * Read back, a column without a unit in brackets is one of counts.
 */
import type { Capture } from '../capture.ts';
import { RecordError } from '../errors.ts';
import { MAX_ENTRIES, MAX_SAMPLES, MAX_TEXT } from '../limits.ts';
import type { ForeignTable } from './form.ts';
import { tableOf } from './table.ts';

export const CSV_NOT_CARRIED = ['Ranges, losses, anomalies, raw reports, the source, the context and the seal stay in the record.'];

export function toCsv(capture: Capture): string {
  const { channels, rows } = tableOf(capture);
  const lines = [channels.map(({ name, unit }) => `${name} [${unit}]`), ...rows.map((row) => row.map((value) => value ?? ''))];
  return lines.map((line) => line.map((cell) => quoted(String(cell))).join(',') + '\r\n').join('');
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Reads CSV with a header line. @throws RecordError `RECORD_MALFORMED` with the line, `RECORD_LIMIT` */
export function fromCsv(csv: string): ForeignTable {
  const lines = csv.replace(/\r?\n$/, '').split(/\r?\n/, MAX_SAMPLES + 2);
  if (lines.length - 1 > MAX_SAMPLES) throw new RecordError('RECORD_LIMIT', `line ${MAX_SAMPLES + 2}: at most ${MAX_SAMPLES} samples allowed`);
  const columns = cells(lines[0]!, 1).map((title) => {
    const [, name, unit] = /^([^[\]]+?)\s*(?:\[(.*)\])?$/.exec(title) ?? [];
    if (name === undefined) throw malformed(1, `"${title.slice(0, 40)}" is no name of a column`);
    return { name, unit: unit ?? 'count', min: null, max: null, scaling: null };
  });
  if (columns.length > MAX_ENTRIES) throw new RecordError('RECORD_LIMIT', `line 1: at most ${MAX_ENTRIES} columns allowed`);
  const rows = lines.slice(1).map((line, index) => {
    const row = cells(line, index + 2);
    if (row.length !== columns.length) throw malformed(index + 2, `${row.length} values where the header has ${columns.length}`);
    return row.map((cell, column) => valueOf(cell, columns[column]!.name, index + 2));
  });
  return { columns, rows, notes: [] };
}

function cells(line: string, number: number): string[] {
  if (line.length > MAX_TEXT) throw new RecordError('RECORD_LIMIT', `line ${number}: longer than ${MAX_TEXT} characters`);
  const found = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g)];
  if (found.reduce((sum, [all]) => sum + all.length, 0) !== line.length) throw malformed(number, 'quotes do not match');
  return found.map(([, inQuotes, plain]) => inQuotes?.replaceAll('""', '"') ?? plain!);
}

function valueOf(cell: string, name: string, line: number): number | string | null {
  if (cell === '') return null;
  if (name === 'transducerSerial') return cell;
  const value = Number(cell);
  if (!/^[-+.\deE]+$/.test(cell) || !Number.isFinite(value)) throw malformed(line, `${name}: "${cell.slice(0, 40)}" is no number`);
  return value;
}

function malformed(line: number, says: string): RecordError {
  return new RecordError('RECORD_MALFORMED', `line ${line}: ${says}`);
}
