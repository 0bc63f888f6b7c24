/** A record as plain JSON, for programs of others. Lossless but for raw reports and the context, which stay in the record. */
import type { Capture, Losses, PenSourceInfo } from '../capture.ts';
import type { RecordContext } from '../context.ts';
import { RecordError } from '../errors.ts';
import { findingsOf, type Finding } from '../findings.ts';
import { MAX_SAMPLES } from '../limits.ts';
import { list, nullable, number, object, text, type Shape } from '../shape.ts';
import type { ForeignTable } from './form.ts';
import { tableOf, type Table } from './table.ts';

export const JSON_NOT_CARRIED = ['Raw reports, anomalies, the surface, the context but for the document, and the seal stay in the record.'];

export interface JsonForm {
  /** Version of the record this was made of. */
  version: number;
  document: RecordContext['document'];
  /** The source as recorded; its descriptor as hexadecimal text. */
  source: Omit<PenSourceInfo, 'descriptor'> & { descriptor: string | null };
  channels: Table['channels'];
  /** One row per sample, raw values in the order of `channels`. */
  samples: Table['rows'];
  losses: Losses;
  findings: Finding[];
  /** Plain sentences: what of the record is not in this file. */
  notCarried: string[];
}

export function toJson({ version, capture, context }: { version: number; capture: Capture; context: RecordContext }): JsonForm {
  const { channels, rows } = tableOf(capture);
  const { descriptor, ...source } = capture.source;
  return {
    version,
    document: context.document,
    source: { ...source, descriptor: descriptor && Array.from(descriptor, (byte) => byte.toString(16).padStart(2, '0')).join('') },
    channels,
    samples: rows,
    losses: capture.losses,
    findings: findingsOf(capture),
    notCarried: JSON_NOT_CARRIED,
  };
}

const cell: Shape<number | string | null> = (value, where) => (typeof value === 'string' ? text(value, where) : nullable(number)(value, where));
const column = object<Table['channels'][number]>({ name: text, unit: text, min: nullable(number), max: nullable(number) });

/**
 * Reads the samples of the JSON form back; what it says of source, document and losses is left, for a file without a seal proves none of it.
 * @throws RecordError `RECORD_MALFORMED` with the member, `RECORD_LIMIT`
 */
export function fromJson(json: string): ForeignTable {
  let form: Partial<JsonForm> | null;
  try {
    form = JSON.parse(json) as Partial<JsonForm> | null;
  } catch (error) {
    throw new RecordError('RECORD_MALFORMED', 'not JSON', { cause: error });
  }
  const columns = list(column)(form?.channels, 'channels').map((each) => ({ ...each, scaling: null }));
  const rows = list(list(cell), MAX_SAMPLES)(form?.samples, 'samples');
  const odd = rows.findIndex((row) => row.length !== columns.length);
  if (odd >= 0) throw new RecordError('RECORD_MALFORMED', `samples[${odd}]: should have ${columns.length} values`);
  return { columns, rows, notes: ['What the file says of its source, its document and its losses was not taken over: nothing in it proves that.'] };
}
