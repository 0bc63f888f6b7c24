/** A record as plain JSON, for programs of others. Lossless but for raw reports and the context, which stay in the record. */
import type { Capture, Losses, PenSourceInfo } from '../capture.ts';
import type { RecordContext } from '../context.ts';
import { findingsOf, type Finding } from '../findings.ts';
import { tableOf, type Table } from './table.ts';

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
  };
}
