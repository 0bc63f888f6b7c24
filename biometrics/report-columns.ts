/** The device's raw reports as one section: arrival times, lengths, then all bytes one after the other. FORMAT.md section 5. */
import { ByteWriter } from './byte-stream.ts';
import type { Capture } from './capture.ts';
import { readColumn, writeColumn } from './column.ts';
import { RecordError } from './errors.ts';
import { MAX_REPORT, MAX_REPORTS } from './limits.ts';
import { openSection, packSection, sectionShape, type Section } from './section.ts';
import { counted, object, type Shape } from './shape.ts';

type Reports = NonNullable<Capture['reports']>;

export interface ReportColumns {
  count: number;
  section: Section;
}

export const reportColumnsShape: Shape<ReportColumns> = object<ReportColumns>({
  count: counted(MAX_REPORTS),
  section: sectionShape,
});

/** @throws RecordError `RECORD_MALFORMED`, `RECORD_LIMIT` */
export function packReports(reports: Reports): ReportColumns {
  const tooLong = reports.findIndex(({ bytes }) => bytes.length > MAX_REPORT);
  if (tooLong >= 0) {
    throw new RecordError('RECORD_LIMIT', `report ${tooLong} has ${reports[tooLong]!.bytes.length} bytes, at most ${MAX_REPORT} allowed`);
  }
  if (reports.length > MAX_REPORTS) throw new RecordError('RECORD_LIMIT', `${reports.length} reports, at most ${MAX_REPORTS} allowed`);
  const out = new ByteWriter();
  writeColumn(out, 'hostTime', reports.map(({ hostTime }) => hostTime));
  writeColumn(out, 'length', reports.map(({ bytes }) => bytes.length));
  for (const { bytes } of reports) out.append(bytes);
  const content = out.take();
  const section = packSection('reports', content);
  content.fill(0);
  return { count: reports.length, section };
}

/** @throws RecordError `RECORD_MALFORMED`, `RECORD_LIMIT` */
export function unpackReports({ count, section }: ReportColumns): Reports {
  const input = openSection('reports', section);
  const times = readColumn(input, count);
  const lengths = readColumn(input, count);
  const untimed = times.findIndex((hostTime) => hostTime === null);
  if (untimed >= 0) throw input.malformed(`has no time for report ${untimed}`);
  const unmeasured = lengths.findIndex((length) => length === null || !isSize(length));
  if (unmeasured >= 0) throw input.malformed(`has no length for report ${unmeasured}`);
  const tooLong = lengths.findIndex((length) => length! > MAX_REPORT);
  if (tooLong >= 0) throw new RecordError('RECORD_LIMIT', `report ${tooLong} announces ${lengths[tooLong]} bytes, at most ${MAX_REPORT} allowed`);
  const reports = times.map((hostTime, index) => ({ hostTime: hostTime!, bytes: input.take(lengths[index]!) }));
  input.end();
  return reports;
}

function isSize(length: number): boolean {
  return Number.isInteger(length) && length >= 0 && !Object.is(length, -0);
}
