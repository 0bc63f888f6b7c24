/**
 * Report descriptors (USB "Device Class Definition for HID", version 1.11, section 6.2.2), read wholly: items short and
 * long, global state with Push and Pop, usages with ranges, pages and alternatives, fields of every report.
 *
 * Where HID 1.11 leaves room, the reading is that of the Linux kernel (drivers/hid/hid-core.c): it is what devices are
 * tried on. Where the kernel refuses what HID 1.11 allows (long items, more than four Push, reports longer than its
 * buffer), it is read.
 *
 * Before it: the bytes, from the system or from a recording. After it: `../report`.
 * Does not protect from a device that lies about its reports: a report is as long as it is, whatever the descriptor says.
 */
import { FieldFlag, type Collection, type Field, type Report, type ReportDescriptor, type ReportType, type Usage } from './field.ts';
import { GlobalState } from './global-state.ts';
import { itemsOf, ItemType, type Item } from './item.ts';
import { MAX_DEPTH, MAX_DESCRIPTOR_BYTES, MAX_ELEMENTS, MAX_REPORT_BITS } from './limits.ts';
import { LocalUsages } from './local-usages.ts';
import { malformed } from './malformed.ts';

const Tag = { collection: 10, endCollection: 12 } as const;

/** Tags of the main items that describe data. */
const REPORT_TYPES: Record<number, ReportType | undefined> = { 8: 'input', 9: 'output', 11: 'feature' };

const ALL_FLAGS = Object.values(FieldFlag).reduce((all, flag) => all | flag, 0);

const NO_USAGE: Usage = [0, 0];

/**
 * @param bytes at most 65,535.
 * @throws PenError DESCRIPTOR_MALFORMED; the message names the byte.
 */
export function parseReportDescriptor(bytes: Uint8Array): ReportDescriptor {
  if (bytes.length === 0) throw malformed(0, 'it is empty', '6.2.2');
  if (bytes.length > MAX_DESCRIPTOR_BYTES) throw malformed(MAX_DESCRIPTOR_BYTES, `it has ${bytes.length} bytes, more than ${MAX_DESCRIPTOR_BYTES}`, '6.2.1');
  const parser = new Parser();
  for (const item of itemsOf(bytes)) parser.read(item);
  return parser.end(bytes.length);
}

class Parser {
  readonly #globals = new GlobalState();
  readonly #locals = new LocalUsages();
  readonly #reports = new Map<string, Report>();
  readonly #applications: Usage[] = [];
  /** Never changed in place: fields keep it. */
  #collections: readonly Collection[] = [];
  #elements = 0;

  read(item: Item): void {
    if (item.type === ItemType.global) this.#globals.apply(item);
    else if (item.type === ItemType.local) this.#locals.apply(item, this.#globals.values.usagePage & 0xffff);
    else if (item.type === ItemType.main) this.#main(item);
    // Items of the reserved type say nothing.
  }

  end(length: number): ReportDescriptor {
    if (this.#collections.length > 0) throw malformed(length, `it ends inside ${this.#collections.length} open collection(s)`, '6.2.2.6');
    if (this.#locals.insideDelimiter) throw malformed(length, 'it ends inside a delimiter', '6.2.2.8');
    const reports = [...this.#reports.values()];
    return { reports, numbered: reports.some(({ reportId }) => reportId !== 0), applications: this.#applications };
  }

  #main(item: Item): void {
    const usages = this.#locals.complete(this.#globals.values.usagePage & 0xffff);
    this.#count(item, usages.length);
    const type = REPORT_TYPES[item.tag];
    if (type !== undefined) this.#addField(item, type, usages);
    else if (item.tag === Tag.collection) this.#open(item, usages[0] ?? NO_USAGE);
    else if (item.tag === Tag.endCollection) this.#close(item);
    // Other main items are reserved, and say nothing.
    this.#locals.clear();
  }

  #open(item: Item, usage: Usage): void {
    if (this.#collections.length === MAX_DEPTH) throw malformed(item.offset, `more than ${MAX_DEPTH} collections one in another`, '6.2.2.6');
    if (this.#collections.length === 0) this.#applications.push(usage);
    this.#collections = [...this.#collections, { type: item.unsigned & 0xff, usage }];
  }

  #close(item: Item): void {
    if (this.#collections.length === 0) throw malformed(item.offset, 'End Collection without Collection', '6.2.2.6');
    this.#collections = this.#collections.slice(0, -1);
  }

  #addField(item: Item, type: ReportType, usages: Usage[]): void {
    const { unitExponent, unit, reportSize, reportCount, reportId } = this.#globals.values;
    const extents = this.#globals.extents();
    const { logicalMin, logicalMax } = extents;
    if (logicalMax < logicalMin) throw malformed(item.offset, `Logical Maximum ${logicalMax} is below Logical Minimum ${logicalMin}`, '6.2.2.7');
    const report = this.#report(type, reportId);
    const field: Field = {
      bitOffset: report.bitLength, bitSize: reportSize, count: reportCount, usages,
      ...extents, unitExponent, unit,
      flags: item.unsigned & ALL_FLAGS, collections: this.#collections,
    };
    report.bitLength += reportSize * reportCount;
    this.#count(item, reportCount);
    if (report.bitLength > MAX_REPORT_BITS) throw malformed(item.offset, `the ${type} report ${reportId} is longer than ${MAX_REPORT_BITS / 8} bytes`, '6.2.2.5');
    report.fields.push(field);
  }

  #count(item: Item, more: number): void {
    this.#elements += more;
    if (this.#elements > MAX_ELEMENTS) throw malformed(item.offset, `it has more than ${MAX_ELEMENTS} elements and usages`, '6.2.2.5');
  }

  #report(type: ReportType, reportId: number): Report {
    const key = `${type} ${reportId}`;
    const known = this.#reports.get(key);
    if (known !== undefined) return known;
    const report: Report = { type, reportId, bitLength: 0, fields: [] };
    this.#reports.set(key, report);
    return report;
  }
}
