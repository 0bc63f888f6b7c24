/**
 * Global items: what stays in force until it is said anew (HID 1.11, section 6.2.2.7), with Push and Pop.
 *
 * Before it: `item.ts`. After it: `parse.ts`, which copies the state into each field.
 */
import type { Item } from './item.ts';
import { MAX_DEPTH, MAX_REPORT_COUNT, MAX_REPORT_SIZE } from './limits.ts';
import { malformed } from './malformed.ts';

const Tag = {
  usagePage: 0, logicalMinimum: 1, logicalMaximum: 2, physicalMinimum: 3, physicalMaximum: 4, unitExponent: 5, unit: 6,
  reportSize: 7, reportId: 8, reportCount: 9, push: 10, pop: 11,
} as const;

const SECTION = '6.2.2.7';

/** A maximum as it was read beside the minimum of that moment, and as a number without sign. */
interface Maximum { read: number; unsigned: number }

const ZERO: Maximum = { read: 0, unsigned: 0 };

const START = {
  usagePage: 0, logicalMin: 0, logicalMax: ZERO, physicalMin: 0, physicalMax: ZERO, unitExponent: 0, unit: 0, reportSize: 0, reportId: 0, reportCount: 0,
};

export class GlobalState {
  values = { ...START };
  readonly #stack: (typeof START)[] = [];

  /** What a field takes from it. */
  extents(): { logicalMin: number; logicalMax: number; physicalMin: number; physicalMax: number } {
    const { logicalMin, logicalMax, physicalMin, physicalMax } = this.values;
    return { logicalMin, logicalMax: maximumBeside(logicalMin, logicalMax), physicalMin, physicalMax: maximumBeside(physicalMin, physicalMax) };
  }

  /** @throws PenError DESCRIPTOR_MALFORMED */
  apply(item: Item): void {
    const { values } = this;
    switch (item.tag) {
      case Tag.usagePage: values.usagePage = item.unsigned; break;
      case Tag.logicalMinimum: values.logicalMin = item.signed; break;
      case Tag.logicalMaximum: values.logicalMax = maximum(item, values.logicalMin); break;
      case Tag.physicalMinimum: values.physicalMin = item.signed; break;
      case Tag.physicalMaximum: values.physicalMax = maximum(item, values.physicalMin); break;
      case Tag.unitExponent: values.unitExponent = exponent(item.signed); break;
      case Tag.unit: values.unit = item.unsigned; break;
      case Tag.reportSize: values.reportSize = upTo(MAX_REPORT_SIZE, item, 'Report Size'); break;
      case Tag.reportId: values.reportId = reportId(item); break;
      case Tag.reportCount: values.reportCount = upTo(MAX_REPORT_COUNT, item, 'Report Count'); break;
      case Tag.push: this.#push(item); break;
      case Tag.pop: this.#pop(item); break;
      default: throw malformed(item.offset, `there is no global item with tag ${item.tag}`, SECTION);
    }
  }

  #push(item: Item): void {
    if (this.#stack.length === MAX_DEPTH) throw malformed(item.offset, `more than ${MAX_DEPTH} Push items without Pop`, SECTION);
    this.#stack.push({ ...this.values });
  }

  #pop(item: Item): void {
    const values = this.#stack.pop();
    if (values === undefined) throw malformed(item.offset, 'Pop without Push', SECTION);
    this.values = values;
  }
}

/**
 * A maximum is signed only beside a negative minimum: "25 FF" after "15 00" means 255. HID 1.11 calls all extents signed;
 * devices rely on the other reading, and the Linux kernel reads so. The minimum counts that is in force when the maximum is said.
 */
function maximum({ signed, unsigned }: Item, minimum: number): Maximum {
  return { read: minimum < 0 ? signed : unsigned, unsigned };
}

/**
 * A maximum that was said before its minimum was read beside the one of the field before. Beside a minimum of 0 it cannot be below
 * 0; beside a negative one 32 bits have no room for more than 2^31 - 1 (the Linux kernel keeps both in 32 signed bits).
 */
function maximumBeside(minimum: number, { read, unsigned }: Maximum): number {
  if (minimum >= 0) return read < 0 ? unsigned : read;
  return read > 0x7fff_ffff ? read - 2 ** 32 : read;
}

/** HID 1.11 has a signed nibble here; many devices write a whole signed byte. The two cannot be taken for each other. */
function exponent(value: number): number {
  return value >= 8 && value <= 15 ? value - 16 : value;
}

function upTo(limit: number, item: Item, name: string): number {
  if (item.unsigned > limit) throw malformed(item.offset, `${name} is ${item.unsigned}, more than the ${limit} that are read`, SECTION);
  return item.unsigned;
}

function reportId(item: Item): number {
  if (item.unsigned === 0 || item.unsigned > 0xff) throw malformed(item.offset, `Report ID is ${item.unsigned}, not 1 to 255`, SECTION);
  return item.unsigned;
}
