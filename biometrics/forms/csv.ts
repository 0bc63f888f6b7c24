/**
 * The samples of a capture as CSV (RFC 4180) for any statistics tool: one header line with units, then one line
 * per sample, raw values, empty where a sample has none. Carries no context, ranges or losses: the JSON form does.
 */
import type { Capture } from '../capture.ts';
import { tableOf } from './table.ts';

export function toCsv(capture: Capture): string {
  const { channels, rows } = tableOf(capture);
  const lines = [channels.map(({ name, unit }) => `${name} [${unit}]`), ...rows.map((row) => row.map((value) => value ?? ''))];
  return lines.map((line) => line.map((cell) => quoted(String(cell))).join(',') + '\r\n').join('');
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
