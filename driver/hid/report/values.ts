/**
 * The values of one input report, as the field table says and without any normalisation: the slow and plain way, beside
 * which `pen-decoder.ts` is checked and measured.
 *
 * By HID 1.11: bits in little-endian order (8.4); signed where the Logical Minimum is below 0 (5.8, 6.2.2.7); constants
 * and fields without a usage are padding (6.2.2.9); the last usage stands for all elements that have none of their own
 * (6.2.2.8); an element of an array names the usage that is on, and none where it is outside the logical range (6.2.2.5).
 *
 * Before it: `../descriptor`. After it: `countersign hid decode`.
 */
import { FieldFlag, type Field, type Report, type ReportDescriptor } from '../descriptor/field.ts';
import { signedBits, unsignedBits, wideBits } from './bits.ts';

export type ReportValue = [page: number, usage: number, value: number];

/**
 * In the order of the bits. For an element of an array that is on, the value is 1. Values wider than 53 bits are rounded.
 * A report whose id the descriptor does not name gives none; of a short report, the elements that are wholly there; what
 * a report has beyond its fields is not looked at.
 *
 * @param report with its id byte, if the device numbers its reports
 */
export function reportValues(descriptor: ReportDescriptor, report: Uint8Array): ReportValue[] {
  const layout = inputReport(descriptor, report);
  if (layout === null) return [];
  const start = descriptor.numbered ? 8 : 0;
  return layout.fields.flatMap((field) => fieldValues(field, report, start + field.bitOffset));
}

/** The input report that this is, by its id; null where the descriptor names none. */
function inputReport({ reports, numbered }: ReportDescriptor, report: Uint8Array): Report | null {
  const id = numbered ? report[0] : 0;
  return reports.find(({ type, reportId }) => type === 'input' && reportId === id) ?? null;
}

function fieldValues(field: Field, report: Uint8Array, firstBit: number): ReportValue[] {
  const { bitSize, count, usages, flags } = field;
  if ((flags & FieldFlag.constant) !== 0 || usages.length === 0 || bitSize === 0) return [];
  const values: ReportValue[] = [];
  for (let element = 0; element < count; element++) {
    const at = firstBit + element * bitSize;
    if (at + bitSize > report.length * 8) break;
    const value = elementValue(field, report, at);
    if ((flags & FieldFlag.variable) !== 0) {
      const [page, id] = usages[Math.min(element, usages.length - 1)]!;
      values.push([page, id, value]);
      continue;
    }
    const usage = value > field.logicalMax ? undefined : usages[value - field.logicalMin];
    if (usage !== undefined) values.push([usage[0], usage[1], 1]);
  }
  return values;
}

function elementValue({ bitSize, logicalMin }: Field, report: Uint8Array, at: number): number {
  if (bitSize > 32) return wideBits(report, at, bitSize, logicalMin < 0);
  return logicalMin < 0 ? signedBits(report, at, bitSize) : unsignedBits(report, at, bitSize);
}
