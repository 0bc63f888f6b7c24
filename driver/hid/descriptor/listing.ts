/**
 * A descriptor as a plain list of fields, for people and for other programs: the fields that the Linux kernel lists in
 * /sys/kernel/debug/hid/…/rdesc, in its order and with its words for flags.
 *
 * Before it: `parse.ts`. After it: `countersign hid describe`.
 */
import { FieldFlag, type Field, type ReportDescriptor, type ReportType } from './field.ts';

/** Usages: one for each element at least; the last stands for the elements that have none of their own. */
export interface ListedField extends Omit<Field, 'flags' | 'collections'> { flags: string[] }

export interface ListedReport { type: ReportType; reportId: number; fields: ListedField[] }

const TYPES: ReportType[] = ['input', 'output', 'feature'];

/** Padding, that is fields without usages, is left out. */
export function listReports({ reports }: ReportDescriptor): ListedReport[] {
  return TYPES.flatMap((type) => reports.filter((report) => report.type === type)).map(({ type, reportId, fields }) => ({
    type, reportId, fields: fields.filter(({ usages }) => usages.length > 0).map(listField),
  }));
}

function listField({ bitOffset, bitSize, count, usages, logicalMin, logicalMax, physicalMin, physicalMax, unitExponent, unit, flags }: Field): ListedField {
  const last = usages.at(-1)!;
  return {
    bitOffset, bitSize, count,
    usages: [...usages, ...Array.from({ length: Math.max(0, count - usages.length) }, () => last)],
    logicalMin, logicalMax, physicalMin, physicalMax, unitExponent, unit, flags: flagWords(flags),
  };
}

/** The words of HID 1.11, section 6.2.2.5, as the Linux kernel writes them; of the second and the third bit both values have one. */
export function flagWords(flags: number): string[] {
  const words: [number, string, string?][] = [
    [FieldFlag.constant, 'Constant'], [FieldFlag.variable, 'Variable', 'Array'], [FieldFlag.relative, 'Relative', 'Absolute'],
    [FieldFlag.wrap, 'Wrap'], [FieldFlag.nonLinear, 'NonLinear'], [FieldFlag.noPreferred, 'NoPreferredState'], [FieldFlag.nullState, 'NullState'],
    [FieldFlag.volatile, 'Volatile'], [FieldFlag.bufferedBytes, 'BufferedByte'],
  ];
  return words.map(([flag, set, clear]) => ((flags & flag) === 0 ? clear : set)).filter((word) => word !== undefined);
}
