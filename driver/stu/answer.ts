/** The one check that every answer of a pad goes through: it is the report that was asked for, and whole. */
import { PenError } from '../errors.ts';
import { Report, REPORT_LENGTH, type Askable } from './report-ids.ts';

/** @returns the answer, id first. Longer is no error: Windows pads feature reports. @throws PenError `PEN_SILENT` */
export function answerTo(name: Askable, report: Uint8Array): DataView<ArrayBufferLike> {
  const length = REPORT_LENGTH[name];
  if (report[0] !== Report[name] || report.length < length) {
    throw new PenError('PEN_SILENT', `The pad was asked for its ${name} (${length} bytes beginning with ${hex(Report[name])}) and answered `
      + `${report.length} bytes beginning with ${hex(report[0] ?? 0)}. It is no STU pad, or something garbles what it says.`);
  }
  return new DataView(report.buffer, report.byteOffset, report.byteLength);
}

/** Text of a fixed length, filled up with zeros or spaces. */
export function textAt(bytes: DataView, at: number, length: number): string {
  const codes = Array.from({ length }, (_, index) => bytes.getUint8(at + index));
  const end = codes.indexOf(0);
  return String.fromCharCode(...(end === -1 ? codes : codes.slice(0, end))).trim();
}

export function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
