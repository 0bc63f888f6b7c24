import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { arbitraryCapture } from '#fixtures/arbitrary-capture.ts';
import type { Capture } from '../capture.ts';
import { RecordError } from '../errors.ts';
import { Switch, type Sample } from '../sample.ts';
import { fromIso19794, toIso19794 } from './iso19794-7.ts';
import { decodeScaling, encodeScaling } from './scaling.ts';

const nothing: Sample = {
  x: 0, y: 0, z: null, pressure: null, tangentialPressure: null, tiltX: null, tiltY: null, azimuth: null, altitude: null, twist: null,
  battery: null, transducerSerial: null, deviceTime: null, hostTime: 0, switches: 0, marks: 0,
};
const [any] = fc.sample(arbitraryCapture(), { numRuns: 1, seed: 1 });
const captureOf = (samples: Sample[], channels: Capture['source']['channels'] = []): Capture =>
  ({ ...any!, samples, source: { ...any!.source, deviceClock: null, channels } });
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.replaceAll(/\s/g, '').match(/../g)!, (pair) => parseInt(pair, 16));

/** Two points of X, Y, T, F, S, Az and El, laid out by hand. */
const VECTOR = bytesOf(`
  53444900 20313000   c166
  80 e7a0   80 e7a0   80 cfa0   60 0000 03ff   00   00   00   00
  00  000002
  8001 7fff 0000 0000 00 0e10 0384
  8064 8000 0005 03ff 01 0000 0001`);
const plain = { unit: 'count', logicalMin: null, logicalMax: null, physicalMin: null, physicalMax: null, unitExponent: null, perMm: null, rotation: null, derived: false };
/** 8 units per mm are 8,000 per metre, 1.953125 times 2^12. */
const CAPTURE = captureOf([
  { ...nothing, x: 1, y: -1, pressure: 0, azimuth: 3600, altitude: 900, hostTime: 7_000_000 },
  { ...nothing, x: 100, y: 0, pressure: 1023, azimuth: 0, altitude: 1, hostTime: 12_000_000, switches: Switch.tip },
], [{ ...plain, name: 'x', perMm: 8 }, { ...plain, name: 'y', perMm: 8 }, { ...plain, name: 'pressure', logicalMin: 0, logicalMax: 1023 }]);

describe('the full format of ISO/IEC 19794-7:2007', () => {
  it('is byte for byte what the layout says', () => {
    expect(toIso19794(CAPTURE).bytes).toEqual(VECTOR);
    expect(toIso19794(CAPTURE).notCarried.join()).not.toMatch(/rounded|multiplied/);
  });

  it('is read back with ranges, scaling and milliseconds', () => {
    const { columns, rows, notes } = fromIso19794(VECTOR);
    expect(columns.map(({ name }) => name)).toEqual(['x', 'y', 'time', 'pressure', 'tip', 'azimuth', 'altitude']);
    expect(columns[0]).toEqual({ name: 'x', unit: 'count', min: null, max: null, scaling: 8000 });
    expect(columns[3]).toMatchObject({ min: 0, max: 1023 });
    expect(rows).toEqual([[1, -1, 0, 0, 0, 3600, 900], [100, 0, 5, 1023, 1, 0, 1]]);
    expect(notes.join()).toContain('x: the file gives a scaling of 8000');
  });

  it('reads extended data whichever bit says that it is there, and sums up time steps', () => {
    for (const flag of [0x01, 0x80]) {
      const file = bytesOf(`53444900 20313000 c080 00 00 80cfa0 00 ${flag.toString(16).padStart(2, '0')} 000002 8000 8000 0000 8000 8000 0005 0003 aabbcc`);
      expect(fromIso19794(file).rows).toEqual([[0, 0, 0], [0, 0, 5]]);
      expect(fromIso19794(file).notes.join()).toContain('Extended data');
    }
  });

  it('refuses a file cut at any byte, and one with a byte too many', () => {
    for (let length = 0; length < VECTOR.length; length++) {
      expect(() => fromIso19794(VECTOR.subarray(0, length)), String(length)).toThrow(expect.objectContaining({ code: 'RECORD_MALFORMED', message: expect.stringMatching(/^byte \d+: /) as string }));
    }
    expect(() => fromIso19794(new Uint8Array([...VECTOR, 0]))).toThrow('does not end after its 2 sample points');
  });

  test.each([
    ['no X', 10 - 2, 0x41, 'byte 8: channels'], ['a reserved bit', 10, 0x81, 'byte 10: the reserved bit'], ['the edition of 2014', 5, 0x32, 'byte 5: not the full format'],
    ['more points than bytes', 31, 0xff, 'byte 29: '],
  ])('refuses %s', (_what, at, byte, message) => {
    const bad = VECTOR.slice();
    bad[at] = byte;
    expect(() => fromIso19794(bad)).toThrow(message);
  });

  it('throws nothing but its own error at bytes of anyone', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(VECTOR.length), (noise, at) => {
      const bytes = VECTOR.slice();
      bytes.set(noise.subarray(0, bytes.length - at), at);
      try {
        fromIso19794(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(RecordError);
      }
    }));
  });

  const word = (value: number): number[] => [value >> 8, value & 0xff];
  /** X, Y, T and F with these preambles, attributes counting up from `first`, and two points of 5 in every channel that is in the points. */
  const fileWith = (preambles: number[], inPoints = [true, true, true, true]): Uint8Array => Uint8Array.from([
    0x53, 0x44, 0x49, 0, 0x20, 0x31, 0x30, 0, 0xc1, 0x40,
    ...preambles.flatMap((preamble) => [preamble, ...[0x8800, 3, 7, 5, 9].flatMap((value, index) => ((preamble & (0x80 >> index)) === 0 ? [] : word(value)))]),
    0, 0, 0, 0, 2, ...[0, 1].flatMap(() => inPoints.flatMap((there) => (there ? word(5) : []))),
  ]);

  it('reads every combination of attributes, of a signed channel and of one without a sign', () => {
    for (let preamble = 0; preamble < 256; preamble += 2) {
      const { columns, rows, notes } = fromIso19794(fileWith([preamble, 0, 0x80, preamble]));
      for (const [at, shift] of [[0, 32_768], [3, 0]] as const) {
        const has = <T>(bit: number, value: T): T | null => ((preamble & bit) === 0 ? null : value);
        expect(columns[at], preamble.toString(2)).toMatchObject({ scaling: has(0x80, 2), min: has(0x40, 3 - shift), max: has(0x20, 7 - shift) });
        expect(rows.map((row) => row[at])).toEqual([5 - shift, 5 - shift]);
      }
      expect(notes.some((note) => note.startsWith('x: the file says that a linear component'))).toBe((preamble & 2) !== 0);
      expect(() => fromIso19794(fileWith([preamble | 1, 0, 0, 0]))).toThrow('reserved bit');
    }
  });

  it('takes a constant channel from its attributes where the length of the file says that the points leave it out', () => {
    // mean and constant
    const read = fromIso19794(fileWith([0x14, 0, 0x80, 0x14], [false, true, true, false]));
    expect(read.rows.map(([x, , , pressure]) => [x, pressure])).toEqual([[5 - 32_768, 5], [5 - 32_768, 5]]);
    expect(read.notes).toContain('pressure: constant in the file and not in its points; taken as 5.');
    const unknown = fromIso19794(fileWith([0, 0, 0x80, 0x04], [true, true, true, false]));
    expect(unknown.rows.map((row) => row[3])).toEqual([null, null]);
    expect(() => fromIso19794(fileWith([0x04, 0, 0, 0], [false, true, true, true]))).toThrow('x is constant and not in the points');
  });

  it('writes scaling, least and greatest value in every combination that a device may describe', () => {
    for (const [perMm, logicalMin, logicalMax] of [[null, null, null], [8, null, null], [null, -5, null], [null, null, 9], [8, -5, 9], [8, null, 9], [8, -5, null], [null, -5, 9]] as const) {
      const { bytes } = toIso19794(captureOf([{ ...nothing, x: 1, y: 1 }], [{ ...plain, name: 'x', perMm, logicalMin, logicalMax }]));
      const expected = [...(perMm === null ? [] : word(0xe7a0)), ...(logicalMin === null ? [] : word(0x7ffb)), ...(logicalMax === null ? [] : word(0x8009))];
      const preamble = (perMm === null ? 0 : 0x80) | (logicalMin === null ? 0 : 0x40) | (logicalMax === null ? 0 : 0x20);
      expect([...bytes.subarray(10, 11 + expected.length)]).toEqual([preamble, ...expected]);
      expect(fromIso19794(bytes).columns[0]).toMatchObject({ min: logicalMin, max: logicalMax, scaling: perMm === null ? null : 8000 });
    }
  });

  it('carries whole numbers of 16 bits and whole milliseconds exactly', () => {
    const signed = fc.integer({ min: -32_768, max: 32_767 });
    const unsigned = fc.integer({ min: 0, max: 65_535 });
    const sample = fc.record({ x: signed, y: signed, tiltX: signed, tiltY: signed, pressure: unsigned, azimuth: unsigned, altitude: unsigned, twist: unsigned, ms: fc.nat(60_000), tip: fc.nat(1) });
    fc.assert(fc.property(fc.array(sample, { minLength: 1, maxLength: 40 }), (points) => {
      const { columns, rows } = fromIso19794(toIso19794(captureOf(points.map(({ ms, tip, ...raw }) => ({ ...nothing, ...raw, hostTime: ms * 1e6, switches: tip })))).bytes);
      const start = Math.min(...points.map(({ ms }) => ms));
      const names = columns.map(({ name }) => name);
      expect(rows).toEqual(points.map((point) => names.map((name) => (name === 'time' ? point.ms - start : point[name as 'x']))));
    }));
  });

  it('carries anything else to within half a step that it names, and says so', () => {
    fc.assert(fc.property(arbitraryCapture(), (capture) => {
      const { bytes, notCarried } = toIso19794(capture);
      const { rows, columns } = fromIso19794(bytes);
      expect(rows).toHaveLength(capture.samples.length);
      for (const name of ['x', 'y'] as const) {
        const at = columns.findIndex((column) => column.name === name);
        const factor = Number(new RegExp(`${name}: raw values were multiplied by (\\S+)`).exec(notCarried.join('\n'))?.[1] ?? 1);
        const exact = !notCarried.some((sentence) => sentence.startsWith(`${name}: rounded`));
        rows.forEach((row, index) => {
          const off = Math.abs((row[at] as number) - capture.samples[index]![name] * factor);
          expect(off).toBeLessThanOrEqual(exact ? 0 : 0.5);
        });
      }
    }), { numRuns: 60 });
  });

  it('says that absent values became 0, that marks and a pen\'s serial are left, and that a clock ran backwards', () => {
    const { notCarried } = toIso19794(captureOf([
      { ...nothing, pressure: 5, hostTime: 10_000_000, marks: 1, transducerSerial: 7n, switches: Switch.inRange }, { ...nothing, hostTime: 1_500_000 },
    ]));
    expect(notCarried.join('\n')).toMatch(/transducerSerial[^]*switches[^]*marks[^]*ran backwards[^]*pressure: absent in 1 samples/);
  });
});

test('a scaling is the nearest one of 16 bits', () => {
  expect(encodeScaling(1)).toBe(0x8000);
  expect(encodeScaling(1000)).toBe(0xcfa0);
  expect([encodeScaling(70_000), encodeScaling(0), encodeScaling(-1), encodeScaling(NaN)]).toEqual([null, null, null, null]);
  fc.assert(fc.property(fc.integer({ min: 0, max: 0xffff }), (bits) => { expect(encodeScaling(decodeScaling(bits))).toBe(bits); }));
  fc.assert(fc.property(fc.double({ min: 2 ** -16, max: 65_000, noNaN: true }), (value) => {
    expect(Math.abs(decodeScaling(encodeScaling(value)!) / value - 1)).toBeLessThanOrEqual(2 ** -12);
  }));
});
