/**
 * The samples of a capture as columns in three sections: `pen`, the seven channels every forensic tool reads;
 * `host`, the arrival times; `other`, everything else. FORMAT.md section 5.
 */
import { ByteWriter } from './byte-stream.ts';
import { readColumn, writeColumn, type Column } from './column.ts';
import { RecordError } from './errors.ts';
import { MAX_ENTRIES, MAX_SAMPLES } from './limits.ts';
import { Switch, type Sample } from './sample.ts';
import { openSection, packSection, sectionShape, type Section } from './section.ts';
import { counted, integer, list, object, type Shape } from './shape.ts';

export interface SampleColumns {
  count: number;
  /** Transducer serial numbers in order of first appearance; the column `transducer` counts them from 1. */
  transducers: (number | bigint)[];
  pen: Section;
  host: Section;
  other: Section;
}

/** Columns of each section in their order. `tip` is bit 0 of the switches, `switches` the bits above it. */
const SECTIONS = {
  pen: ['x', 'y', 'deviceTime', 'tip', 'azimuth', 'altitude', 'pressure'],
  host: ['hostTime'],
  other: ['z', 'tangentialPressure', 'tiltX', 'tiltY', 'twist', 'battery', 'transducer', 'switches', 'marks'],
} as const;

type SectionName = keyof typeof SECTIONS;
type ColumnName = (typeof SECTIONS)[SectionName][number];

/** Columns that every sample must fill; the others may be null. */
const ALWAYS: ReadonlySet<ColumnName> = new Set(['x', 'y', 'hostTime', 'tip', 'transducer', 'switches', 'marks']);

const MAX_U32 = 2 ** 32 - 1;
const MAX_U31 = 2 ** 31 - 1;
const MAX_U64 = 2n ** 64n - 1n;

const transducer: Shape<number | bigint> = (value, where) =>
  typeof value === 'bigint' && value >= 0n && value <= MAX_U64 ? value : integer(0, Number.MAX_SAFE_INTEGER)(value, where);

export const sampleColumnsShape: Shape<SampleColumns> = object<SampleColumns>({
  count: counted(MAX_SAMPLES),
  transducers: list(transducer),
  pen: sectionShape,
  host: sectionShape,
  other: sectionShape,
});

/** @throws RecordError `RECORD_MALFORMED`, `RECORD_LIMIT` */
export function packSamples(samples: readonly Sample[]): SampleColumns {
  if (samples.length > MAX_SAMPLES) throw new RecordError('RECORD_LIMIT', `${samples.length} samples, at most ${MAX_SAMPLES} allowed`);
  const serials = [...new Set(samples.map((sample) => sample.transducerSerial).filter((serial) => serial !== null))];
  const strange = serials.find((serial) => serial < 0n || serial > MAX_U64);
  if (strange !== undefined) throw new RecordError('RECORD_MALFORMED', `transducer serial ${strange} is no 64-bit number`);
  if (serials.length > MAX_ENTRIES) throw new RecordError('RECORD_LIMIT', `${serials.length} transducers, at most ${MAX_ENTRIES} allowed`);
  const numbers = new Map(serials.map((serial, index) => [serial, index + 1]));

  const column = (name: ColumnName): Column => samples.map((sample, index) => {
    switch (name) {
      case 'tip': return whole(sample.switches, 'switches', index, MAX_U32) % 2;
      case 'switches': return Math.floor(whole(sample.switches, 'switches', index, MAX_U32) / 2);
      case 'marks': return whole(sample.marks, 'marks', index, MAX_U32);
      case 'transducer': return sample.transducerSerial === null ? 0 : numbers.get(sample.transducerSerial)!;
      default: return filled(sample[name], name, index);
    }
  });
  const section = (name: SectionName): Section => {
    const out = new ByteWriter();
    for (const each of SECTIONS[name]) writeColumn(out, each, column(each));
    const content = out.take();
    const packed = packSection(name, content);
    content.fill(0);
    return packed;
  };
  return {
    count: samples.length,
    transducers: serials.map((serial) => (serial <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(serial) : serial)),
    pen: section('pen'), host: section('host'), other: section('other'),
  };
}

/** @throws RecordError `RECORD_MALFORMED`, `RECORD_LIMIT` */
export function unpackSamples(columns: SampleColumns): Sample[] {
  const { count, transducers } = columns;
  const read = new Map<ColumnName, (number | null)[]>();
  for (const section of Object.keys(SECTIONS) as SectionName[]) {
    const input = openSection(section, columns[section]);
    for (const name of SECTIONS[section]) read.set(name, readColumn(input, count));
    input.end();
  }
  const optional = (name: ColumnName, index: number): number | null => filled(read.get(name)![index]!, name, index);
  const always = (name: ColumnName, index: number): number => optional(name, index)!;
  const serial = (index: number): bigint | null => {
    const number = whole(always('transducer', index), 'transducer', index, transducers.length);
    return number === 0 ? null : BigInt(transducers[number - 1]!);
  };
  return Array.from({ length: count }, (_, index) => ({
    x: always('x', index),
    y: always('y', index),
    z: optional('z', index),
    pressure: optional('pressure', index),
    tangentialPressure: optional('tangentialPressure', index),
    tiltX: optional('tiltX', index),
    tiltY: optional('tiltY', index),
    azimuth: optional('azimuth', index),
    altitude: optional('altitude', index),
    twist: optional('twist', index),
    battery: optional('battery', index),
    transducerSerial: serial(index),
    deviceTime: optional('deviceTime', index),
    hostTime: always('hostTime', index),
    switches: 2 * whole(always('switches', index), 'switches', index, MAX_U31) + whole(always('tip', index), 'tip', index, Switch.tip),
    marks: whole(always('marks', index), 'marks', index, MAX_U32),
  }));
}

function filled(value: number | null, name: ColumnName, index: number): number | null {
  if (value === null && ALWAYS.has(name)) throw new RecordError('RECORD_MALFORMED', `sample ${index}: has no ${name}`);
  return value;
}

function whole(value: number, name: string, index: number, most: number): number {
  if (!Number.isInteger(value) || value < 0 || value > most || Object.is(value, -0)) {
    throw new RecordError('RECORD_MALFORMED', `sample ${index}: ${name} is ${value}, not a whole number from 0 to ${most}`);
  }
  return value;
}
