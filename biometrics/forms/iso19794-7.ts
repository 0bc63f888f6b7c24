/**
 * The samples of a capture in the full format of ISO/IEC 19794-7:2007, written and read.
 *
 * Layout from the public texts: GOST R ISO/IEC 19794-7-2009 clause 7.3 and its ASN.1, ITU-T X.695 (2007). Not the 2014 edition,
 * whose headers are not public. All integers big-endian; signed channels as value + 32,768. The scaling of x, y and z is per metre
 * and that of time per second, as other programs have it: the official table of units is not public either.
 * On the way out there is no extended data, mean, deviation or constant channel. What the public texts leave open, and what is done
 * about it on the way in, stands in README.md.
 */
import type { Capture, Channel } from '../capture.ts';
import { RecordError } from '../errors.ts';
import { MAX_SAMPLES } from '../limits.ts';
import { isDown, type ChannelName } from '../sample.ts';
import { channelOf } from '../units.ts';
import { filled, leftOut, milliseconds, type ForeignTable, type Written } from './form.ts';
import { decodeScaling, encodeScaling, factorFor } from './scaling.ts';

/** "SDI", zero, " 10", zero. */
const MAGIC = [0x53, 0x44, 0x49, 0x00, 0x20, 0x31, 0x30, 0x00];

/** Every channel of the format in its order; the first is bit 15 of the inclusion field. */
const CHANNELS = [
  { name: 'x', signed: true, width: 2 }, { name: 'y', signed: true, width: 2 }, { name: 'z', signed: false, width: 2 },
  { name: 'velocityX', signed: true, width: 2 }, { name: 'velocityY', signed: true, width: 2 },
  { name: 'accelerationX', signed: true, width: 2 }, { name: 'accelerationY', signed: true, width: 2 },
  { name: 'time', signed: false, width: 2 }, { name: 'timeStep', signed: false, width: 2 },
  { name: 'pressure', signed: false, width: 2 }, { name: 'tip', signed: false, width: 1 },
  { name: 'tiltX', signed: true, width: 2 }, { name: 'tiltY', signed: true, width: 2 },
  { name: 'azimuth', signed: false, width: 2 }, { name: 'altitude', signed: false, width: 2 }, { name: 'twist', signed: false, width: 2 },
] as const;
type IsoChannel = (typeof CHANNELS)[number];

const RAW: readonly ChannelName[] = ['x', 'y', 'z', 'pressure', 'tiltX', 'tiltY', 'azimuth', 'altitude', 'twist'];

/** Bits of a channel's preamble that bring two bytes each, in their order. */
const ATTRIBUTES = [['scaling', 0x80], ['min', 0x40], ['max', 0x20], ['mean', 0x10], ['deviation', 0x08]] as const;

/** Bits without data: all values of the channel are one; a linear trend was taken out of them. */
const CONSTANT = 0x04;
const TREND_REMOVED = 0x02;

/** One channel on its way out: values as coded, attributes where there are any. */
interface Coded {
  channel: IsoChannel;
  values: number[];
  scaling: number | null;
  min: number | null;
  max: number | null;
}

export function toIso19794(capture: Capture): Written {
  const notCarried = leftOut(capture, RAW);
  const coded = CHANNELS.map((channel) => code(channel, capture, notCarried)).filter((each) => each !== null);
  const inclusion = coded.reduce((bits, { channel }) => bits | (0x8000 >> CHANNELS.indexOf(channel)), 0);
  const { length } = capture.samples;
  const bytes = [...MAGIC, ...word(inclusion), ...coded.flatMap(description), 0];
  const point = coded.reduce((sum, { channel }) => sum + channel.width, 0);
  const whole = new Uint8Array(bytes.length + 4 + length * point);
  whole.set([...bytes, 0, length >> 16, ...word(length)]);
  let at = bytes.length + 4;
  for (let index = 0; index < length; index++) {
    for (const { channel, values } of coded) {
      const stored = values[index]! + offset(channel);
      if (channel.width === 2) whole[at++] = stored >> 8;
      whole[at++] = stored;
    }
  }
  notCarried.push('Scaling values are per metre for x, y and z and per second for time; pressure and angles stand as the device counts them, without a unit. The table of units of the standard is not public.');
  return { bytes: whole, notCarried };
}

function code(channel: IsoChannel, capture: Capture, notCarried: string[]): Coded | null {
  const { name } = channel;
  const plain = { channel, scaling: null, min: null, max: null };
  if (name === 'tip') return { ...plain, values: capture.samples.map((sample) => Number(isDown(sample))) };
  if (name === 'time') return codeTime(channel, capture, notCarried);
  if (!isRaw(name)) return null;
  const given = filled(capture, name, notCarried);
  return given && codeRaw(channel, given, channelOf(capture.source, name), notCarried);
}

function isRaw(name: string): name is ChannelName & IsoChannel['name'] {
  return (RAW as readonly string[]).includes(name);
}

function codeRaw(channel: IsoChannel, raw: number[], described: Channel | null, notCarried: string[]): Coded {
  const [lowest, highest] = range(channel);
  const factor = factorFor(raw, lowest, highest);
  const values = raw.map((value) => Math.max(lowest, Math.round(value * factor)));
  if (factor !== 1) notCarried.push(`${channel.name}: raw values were multiplied by ${factor} to become whole numbers of 16 bits.`);
  if (raw.some((value, index) => value * factor !== values[index])) {
    notCarried.push(`${channel.name}: rounded to steps of ${1 / factor} of the raw unit${raw.some((value) => value * factor < lowest) ? '; negative values became 0' : ''}.`);
  }
  const perUnit = factor * (described?.perMm ? described.perMm * 1000 : 1);
  const bound = (value: number | null): number | null => {
    const stored = value === null ? NaN : value * factor;
    return Number.isInteger(stored) && stored >= lowest && stored <= highest ? stored : null;
  };
  return { channel, values, scaling: perUnit === 1 ? null : scalingOf(channel.name, perUnit, notCarried), min: bound(described?.logicalMin ?? null), max: bound(described?.logicalMax ?? null) };
}

function codeTime(channel: IsoChannel, capture: Capture, notCarried: string[]): Coded {
  const { ms } = milliseconds(capture);
  const first = ms.reduce((least, value) => Math.min(least, value), 0);
  if (first < 0) notCarried.push(`time: the clock ran backwards; counted from its lowest value, ${-first} ms before the first sample.`);
  const whole = ms.map((value) => Math.round(value - first));
  const factor = Math.min(1, factorFor(whole, 0, 0xffff));
  const values = whole.map((value) => Math.round(value * factor));
  const exact = ms.every((value, index) => value - first === values[index]! / factor);
  if (!exact) notCarried.push(`time: rounded to steps of ${1 / factor} ms.`);
  return { channel, values, scaling: scalingOf('time', 1000 * factor, notCarried), min: null, max: null };
}

function scalingOf(name: string, perUnit: number, notCarried: string[]): number | null {
  const bits = encodeScaling(perUnit);
  if (bits === null) notCarried.push(`${name}: a scaling of ${perUnit} is outside what the format can say, and is not in the file.`);
  else if (decodeScaling(bits) !== perUnit) notCarried.push(`${name}: the scaling ${perUnit} is written as ${decodeScaling(bits)}, the nearest the format has.`);
  return bits;
}

function description({ channel, scaling, min, max }: Coded): number[] {
  const preamble = (scaling === null ? 0 : 0x80) | (min === null ? 0 : 0x40) | (max === null ? 0 : 0x20);
  const bounds = [min, max].filter((value) => value !== null).map((value) => value + offset(channel));
  return [preamble, ...[...(scaling === null ? [] : [scaling]), ...bounds].flatMap(word)];
}

function word(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

function offset({ signed }: IsoChannel): number {
  return signed ? 32_768 : 0;
}

function range(channel: IsoChannel): [number, number] {
  return [-offset(channel), 0xffff - offset(channel)];
}

/** Reads the full format; bytes may come from anyone. @throws RecordError `RECORD_MALFORMED` with the byte, `RECORD_LIMIT` */
export function fromIso19794(bytes: Uint8Array): ForeignTable {
  const reader = new Reader(bytes);
  for (const byte of MAGIC) if (reader.next(1) !== byte) throw reader.malformed('not the full format of ISO/IEC 19794-7:2007, version 10', 1);
  const inclusion = reader.next(2);
  const included = CHANNELS.filter((_channel, index) => (inclusion & (0x8000 >> index)) !== 0);
  const has = (name: IsoChannel['name']): boolean => included.some((channel) => channel.name === name);
  if (!has('x') || !has('y') || has('time') === has('timeStep')) throw reader.malformed('channels should be X, Y and one of T and DT', 2);
  const described = included.map((channel) => readDescription(reader, channel));
  if (reader.next(1) !== 0) throw reader.malformed('the reserved byte should be 0', 1);
  const extended = reader.next(1) !== 0;
  const count = reader.next(3);
  if (count > MAX_SAMPLES) throw new RecordError('RECORD_LIMIT', `byte ${reader.at - 3}: ${count} sample points, at most ${MAX_SAMPLES} allowed`);
  const inPoints = pointsThatFit(reader, described, count, extended);
  const rows = Array.from({ length: count }, () => described.map((each) => (inPoints.has(each) ? reader.next(each.channel.width) - offset(each.channel) : each.value)));
  if (extended) reader.skip(reader.next(2));
  const notes = described.flatMap((each) => notesOn(each, inPoints.has(each)));
  const columns = described.map(({ column }) => column);
  inMilliseconds(columns, rows, notes);
  return { columns, rows, notes: [...notes, ...(extended ? ['Extended data in the file was passed over.'] : [])] };
}

interface Described {
  channel: IsoChannel;
  column: ForeignTable['columns'][number];
  constant: boolean;
  /** Of a constant channel, as far as its attributes say it; null where they do not. */
  value: number | null;
  trendRemoved: boolean;
}

function readDescription(reader: Reader, channel: IsoChannel): Described {
  const preamble = reader.next(1);
  if ((preamble & 1) !== 0) throw reader.malformed('the reserved bit of a channel should be 0', 1);
  const read = new Map(ATTRIBUTES.filter(([, bit]) => (preamble & bit) !== 0).map(([name]) => [name, reader.next(2)]));
  const bound = (name: 'min' | 'max' | 'mean'): number | null => (read.has(name) ? read.get(name)! - offset(channel) : null);
  const [min, max, scaling] = [bound('min'), bound('max'), read.get('scaling')];
  return {
    channel, constant: (preamble & CONSTANT) !== 0, trendRemoved: (preamble & TREND_REMOVED) !== 0, value: min !== null && min === max ? min : bound('mean'),
    column: { name: channel.name, unit: 'count', min, max, scaling: scaling === undefined ? null : decodeScaling(scaling) },
  };
}

/** Whether the points leave out a constant channel is not in the public texts: the length of the file tells; where both fit, they have it. */
function pointsThatFit(reader: Reader, described: Described[], count: number, extended: boolean): Set<Described> {
  const size = (channels: Described[]): number => count * channels.reduce((sum, { channel }) => sum + channel.width, 0);
  const fitting = [described, described.filter(({ constant }) => !constant)].find((channels) => reader.endsAfter(size(channels), extended));
  if (fitting === undefined) {
    throw size(described) > reader.left
      ? reader.malformed(`${count} sample points do not fit into the file`, 3)
      : reader.malformed(`the file does not end after its ${count} sample points${extended ? ' and extended data' : ''}`, 3);
  }
  const inPoints = new Set(fitting);
  const lost = described.find((each) => !inPoints.has(each) && each.value === null && ['x', 'y', 'time', 'timeStep'].includes(each.channel.name));
  if (lost !== undefined) throw reader.malformed(`${lost.channel.name} is constant and not in the points, and its attributes do not say what it is`, 0);
  return inPoints;
}

function notesOn({ channel: { name }, column: { scaling }, constant, value, trendRemoved }: Described, inPoints: boolean): string[] {
  return [
    ...(scaling === null || name === 'time' || name === 'timeStep' ? [] : [`${name}: the file gives a scaling of ${scaling}; of which unit it does not say.`]),
    ...(trendRemoved ? [`${name}: the file says that a linear component was removed; it is not in the values.`] : []),
    ...(constant && !inPoints ? [`${name}: constant in the file and not in its points; ${value === null ? 'its value is not said' : `taken as ${value}`}.`] : []),
  ];
}

/** Makes T, or the sum of DT, milliseconds. Without a scaling they are taken to be that already. */
function inMilliseconds(columns: ForeignTable['columns'], rows: (number | null)[][], notes: string[]): void {
  const at = columns.findIndex(({ name }) => name === 'time' || name === 'timeStep');
  const { name, scaling } = columns[at]!;
  if (scaling === null) notes.push('time: the file gives no scaling; taken as milliseconds.');
  let sum = 0;
  for (const row of rows) {
    sum = (name === 'time' ? 0 : sum) + row[at]!;
    row[at] = sum * 1000 / (scaling ?? 1000);
  }
  columns[at] = { name: 'time', unit: 'ms', min: null, max: null, scaling: null };
}

class Reader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(width: number): number {
    const from = this.at;
    this.skip(width);
    return this.#bytes.subarray(from, this.at).reduce((value, byte) => value * 256 + byte, 0);
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  /** Whether the file ends after so many bytes more, and after extended data with its length in two bytes, if there is any. */
  endsAfter(size: number, extended: boolean): boolean {
    const [high = 0, low = 0] = this.#bytes.subarray(this.at + size);
    return this.left === size + (extended ? 2 + high * 256 + low : 0);
  }

  skip(width: number): void {
    if (this.at + width > this.#bytes.length) throw this.malformed('the file ends too early', 0);
    this.at += width;
  }

  /** An error about what began `back` bytes before here. */
  malformed(says: string, back: number): RecordError {
    return new RecordError('RECORD_MALFORMED', `byte ${this.at - back}: ${says}`);
  }
}
