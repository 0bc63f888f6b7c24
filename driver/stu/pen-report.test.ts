import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import fc from 'fast-check';
import { PadPen, penBytes, type PadPoint } from '#fixtures/stu-pad/pad-pen.ts';
import { penCipher } from './pen-cipher.ts';
import { decodePenReport, type PenReportContext } from './pen-report.ts';

const anyPoint: fc.Arbitrary<Required<Omit<PadPoint, 'lost'>>> = fc.record({
  x: fc.nat(65_535), y: fc.nat(65_535), pressure: fc.nat(4_095), switches: fc.nat(7), inRange: fc.boolean(), after: fc.nat(65_535),
});
const word = fc.nat(65_535);
const clear: PenReportContext = { option: null, capture: null };

function reading({ x, y, pressure, switches, inRange }: Required<Omit<PadPoint, 'lost'>>): object {
  return { x, y, pressure, switches, inRange };
}

test('a report written down by hand: rdy and sw are the upper bits of the first byte, the rest is big-endian', () => {
  // in range, switch 1, pressure 0x2c1, x 0x1234, y 0x0abc
  const pen = [0x92, 0xc1, 0x12, 0x34, 0x0a, 0xbc];
  const expected = { inRange: true, switches: 1, pressure: 0x2c1, x: 0x1234, y: 0x0abc, timeCount: null, sequence: null };
  expect(decodePenReport(Uint8Array.from([0x01, ...pen]), clear)).toMatchObject({ readings: [expected] });
  expect(decodePenReport(Uint8Array.from([0x34, ...pen, 0x01, 0x02, 0xff, 0xfe]), clear)).toMatchObject({ readings: [{ ...expected, timeCount: 0x0102, sequence: 0xfffe }] });
  expect(decodePenReport(Uint8Array.from([0x30, ...pen, 0x01, 0x02]), { ...clear, option: 'time' })).toMatchObject({ readings: [{ ...expected, timeCount: 0x0102 }] });
  expect(decodePenReport(Uint8Array.from([0x30, ...pen, 0x01, 0x02]), { ...clear, option: 'sequence' })).toMatchObject({ readings: [{ ...expected, sequence: 0x0102 }] });
  expect(decodePenReport(Uint8Array.from([0x30, ...pen, 0x01, 0x02]), clear)).toMatchObject({ readings: [expected] });
});

test('whatever a pad sends in clear is read as it was', () => {
  fc.assert(fc.property(anyPoint, word, word, fc.constantFrom(0, 1, 2, 3), (point, time, sequence, option) => {
    const report = new PadPen(time, sequence).report({ ...point, after: 5 }, { option, capture: null })!;
    const decoded = decodePenReport(report, { option: option === 1 ? 'time' : option === 2 ? 'sequence' : null, capture: null });
    expect(decoded).toEqual({
      plain: report, encrypted: false,
      readings: [{ ...reading(point), timeCount: option === 1 || option === 3 ? time : null, sequence: option >= 2 ? sequence : null }],
    });
  }));
});

test('whatever a pad sends encrypted is read as it was: one sample or two, old cipher and new', () => {
  fc.assert(fc.property(fc.tuple(anyPoint, anyPoint), fc.constantFrom(0, 1, 2, 3), fc.constantFrom(16, 32), fc.integer({ min: 0, max: 2 ** 32 - 1 }), word, (points, option, keySize, session, sequence) => {
    const key = randomBytes(keySize);
    const pen = new PadPen(100, sequence);
    const mode = { option, capture: { session, key } };
    const reports = points.map((point) => pen.report({ ...point, after: 5 }, mode)).filter((report) => report !== null);
    const context: PenReportContext = { option: option === 1 ? 'time' : option === 2 ? 'sequence' : null, capture: { cipher: penCipher(key), session } };
    const readings = reports.flatMap((report) => {
      const decoded = decodePenReport(report, context);
      if (typeof decoded === 'string') throw new Error(decoded);
      expect(decoded.plain).toHaveLength(report.length);
      expect(decoded.plain[0]).toBe(report[0]);
      return decoded.readings;
    });
    expect(reports).toHaveLength(option === 3 ? 2 : 1);
    expect(readings).toEqual(points.map((point, index) => ({
      ...reading(point), timeCount: option === 1 || option === 3 ? 100 + 5 * index : null, sequence: option >= 2 ? (sequence + index) % 65_536 : null,
    })));
    // another key, another session
    for (const capture of [{ cipher: penCipher(randomBytes(keySize)), session }, { cipher: penCipher(key), session: (session + 1) % 2 ** 32 }, null]) {
      expect(decodePenReport(reports[0]!, { ...context, capture })).toBe('unreadable');
    }
  }));
});

test('any bytes at all: no throw, and no reading outside its fields', () => {
  const capture = { cipher: penCipher(new Uint8Array(32)), session: 0 };
  fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.tuple(fc.constantFrom(0x01, 0x10, 0x30, 0x31, 0x33, 0x34), fc.uint8Array({ maxLength: 40 })).map(([id, rest]) => Uint8Array.of(id, ...rest))),
    fc.constantFrom<PenReportContext>({ option: 'time', capture }, clear), (bytes, context) => {
      const decoded = decodePenReport(bytes, context);
      if (typeof decoded === 'string') return;
      for (const { x, y, pressure, switches } of decoded.readings) expect([x <= 65_535, y <= 65_535, pressure <= 4_095, switches <= 7]).toEqual([true, true, true, true]);
    }), { numRuns: 20_000 });
  expect(penBytes({ x: 1, y: 2 })).toHaveLength(6);
});
