/** The device's raw reports as one section: arrival times, lengths, then all bytes one after the other. FORMAT.md section 5. */
import { ByteWriter } from './byte-stream.ts';
import type { Capture } from './capture.ts';
import { readColumn, writeColumn } from './column.ts';
import { RecordError } from './errors.ts';
import { MAX_REPORT, MAX_REPORTS } from './limits.ts';
import { openSection, packSection, sectionShape, type Section } from './section.ts';
import { integer, object, type Shape } from './shape.ts';

type Reports = NonNullable<Capture['reports']>;

export interface ReportColumns {
  count: number;
  section: Section;
}

export const reportColumnsShape: Shape<ReportColumns> = object<ReportColumns>({
  count: integer(0, Number.MAX_SAFE_INTEGER),
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
  return { count: reports.length, section: packSection('reports', out.take()) };
}

/** @throws RecordError `RECORD_MALFORMED`, `RECORD_LIMIT` */
export function unpackReports({ count, section }: ReportColumns): Reports {
  if (count > MAX_REPORTS) throw new RecordError('RECORD_LIMIT', `${count} reports announced, at most ${MAX_REPORTS} allowed`);
  const input = openSection('reports', section);
  const times = readColumn(input, count);
  const lengths = readColumn(input, count);
  const reports = times.map((hostTime, index) => {
    const length = lengths[index]!;
    if (hostTime === null || !Number.isInteger(length) || length! < 0) throw input.malformed(`has no time or length for report ${index}`);
    if (length! > MAX_REPORT) {
      throw new RecordError('RECORD_LIMIT', `report ${index} announces ${length} bytes, at most ${MAX_REPORT} allowed`);
    }
    return { hostTime, bytes: input.take(length!) };
  });
  input.end();
  return reports;
}
