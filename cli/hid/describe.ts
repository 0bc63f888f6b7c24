/** What `countersign hid describe` prints: every field of a report descriptor. Runs in the child. */
import type { Collection, Field, Report, ReportDescriptor, Usage } from '#driver/hid/descriptor/field.ts';
import { flagWords, listReports } from '#driver/hid/descriptor/listing.ts';
import { parseReportDescriptor } from '#driver/hid/descriptor/parse.ts';
import { descriptorOfFile } from './descriptor-file.ts';
import { table } from './table.ts';
import { unitWords } from './unit-words.ts';
import { usageName } from './usage-names.ts';

const COLLECTIONS = ['physical', 'application', 'logical', 'report', 'named array', 'usage switch', 'usage modifier'];

/** Usages of one field that are named; the rest is counted. */
const NAMED_USAGES = 8;

/** @throws PenError DESCRIPTOR_MALFORMED, RECORDING_MALFORMED */
export function describe(file: Uint8Array, device: number | null, json: boolean): string {
  const descriptor = parseReportDescriptor(descriptorOfFile(file, device));
  return json ? `${JSON.stringify({ reports: listReports(descriptor) })}\n` : forPeople(descriptor);
}

function forPeople({ reports, numbered, applications }: ReportDescriptor): string {
  return [
    `For: ${applications.length === 0 ? 'nothing that it names' : applications.map(usageName).join(', ')}`,
    `Reports: ${reports.length}, ${numbered ? 'each after a byte with its id; bits are counted after that byte' : 'without ids'}`,
    '',
    ...reports.flatMap((report) => [reportTitle(report), ...reportRows(report), '']),
  ].join('\n');
}

function reportTitle({ type, reportId, bitLength }: Report): string {
  return `${type[0]!.toUpperCase()}${type.slice(1)} report${reportId === 0 ? '' : ` ${reportId} (0x${reportId.toString(16)})`}: ${bitLength} bits, ${Math.ceil(bitLength / 8)} bytes`;
}

/** The fields of one collection under its name. */
function reportRows({ fields }: Report): string[] {
  const rows = table([['bit', 'size', 'logical', 'physical', 'unit', 'usage', 'flags'], ...fields.map(fieldRow)]);
  return [`  ${rows[0]}`, ...fields.flatMap((field, nth) => [
    ...(field.collections === fields[nth - 1]?.collections ? [] : [`  ${field.collections.map(collectionName).join(' > ')}`]),
    `  ${rows[nth + 1]}`,
  ])];
}

function collectionName({ type, usage }: Collection): string {
  return `${usageName(usage)} (${COLLECTIONS[type] ?? `0x${type.toString(16)}`})`;
}

function fieldRow({ bitOffset, bitSize, count, usages, logicalMin, logicalMax, physicalMin, physicalMax, unitExponent, unit, flags }: Field): string[] {
  const size = count === 1 ? `${bitSize}` : `${count} × ${bitSize}`;
  if (usages.length === 0) return [`${bitOffset}`, size, '', '', '', 'padding', ''];
  return [
    `${bitOffset}`, size, `${logicalMin}..${logicalMax}`, physicalMin === physicalMax ? '' : `${physicalMin}..${physicalMax}`,
    unitWords(unit, unitExponent), usageNames(usages), flagNames(flags),
  ];
}

function usageNames(usages: Usage[]): string {
  const named = usages.slice(0, NAMED_USAGES).map(usageName).join(', ');
  return usages.length > NAMED_USAGES ? `${named}, … (${usages.length} usages)` : named;
}

/** Only what is not usual: data that is variable and absolute is what nearly every field is. */
function flagNames(flags: number): string {
  return flagWords(flags).filter((word) => word !== 'Variable' && word !== 'Absolute').join(', ');
}
