import { expect, test } from 'vitest';
import fc from 'fast-check';
import { checksum, frame } from '#fixtures/stu-pad/pad-serial.ts';
import { crc16 } from './crc16.ts';
import { encodeFrame, FrameReader } from './serial-frame.ts';

const initials = fc.constantFrom<0x0000 | 0xffff>(0x0000, 0xffff);
const reports = fc.uint8Array({ minLength: 1, maxLength: 2_560 });

test('the checksum is CRC-16/ARC and CRC-16/MODBUS by their published check values', () => {
  const check = new TextEncoder().encode('123456789');
  expect([crc16(check, 0x0000), crc16(check, 0xffff)]).toEqual([0xbb3d, 0x4b37]);
});

test('a frame is as written down: header, length of 13 bits, 8 bits packed to 7', () => {
  // 0x80 0x08 = 1000 0000 0000 1000 → 1000000 0000010 00(00000)
  expect([...encodeFrame(Uint8Array.of(0x80, 0x08), null)]).toEqual([0x80, 3, 0x40, 0x02, 0x00]);
  const long = encodeFrame(new Uint8Array(256), 0x0000);
  expect([long[0], long[1], long.length]).toEqual([0x80 | 0x40 | (295 >> 7), 295 & 127, 297]);
  expect(encodeFrame(new Uint8Array(7_165), 0x0000)).toHaveLength(2 + 8_191);
  expect(() => encodeFrame(new Uint8Array(7_166), 0x0000)).toThrow(RangeError);
});

test('whatever is framed equals what a second codec makes of it, and only the first byte has bit 7', () => {
  fc.assert(fc.property(reports, fc.option(initials), (report, initial) => {
    const bytes = encodeFrame(report, initial);
    expect(Buffer.compare(bytes, frame(report, { crcInitial: initial }))).toBe(0);
    expect(bytes.slice(1).every((byte) => byte < 0x80)).toBe(true);
  }));
});

test('frames come back however the line cuts them, with and without the byte too many of the SDK', () => {
  const anyFrame = fc.record({ report: fc.uint8Array({ minLength: 1, maxLength: 60 }), crcInitial: fc.option(initials), extraByte: fc.boolean() });
  fc.assert(fc.property(fc.array(anyFrame, { maxLength: 20 }), fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (frames, sizes) => {
    const line = Buffer.concat(frames.map(({ report, ...options }) => frame(report, options)));
    const reader = new FrameReader();
    const read = [];
    for (let at = 0; at < line.length;) {
      const size = sizes.next().value;
      read.push(...reader.push(line.subarray(at, at + size)));
      at += size;
    }
    expect(read.map(({ report }) => [...report])).toEqual(frames.map(({ report }) => [...report]));
    read.forEach(({ report, crcInitials }, index) => {
      const { crcInitial } = frames[index]!;
      expect(crcInitial === null || crcInitials.includes(crcInitial)).toBe(true);
      if (crcInitial !== null && checksum([...report], 0x0000) !== checksum([...report], 0xffff)) expect(crcInitials).toEqual([crcInitial]);
    });
    expect(reader.broken).toBe(0);
  }));
});

test('after any garbage the next whole frame is read again, and damage is not taken for a report', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), reports, initials, (garbage, report, initial) => {
    const reader = new FrameReader();
    reader.push(garbage);
    const [last] = reader.push(Buffer.concat([encodeFrame(report, initial)])).slice(-1);
    expect(last?.report).toEqual(report);
    expect(last?.crcInitials).toContain(initial);
  }));
  const damaged = encodeFrame(Uint8Array.of(1, 2, 3, 4), 0x0000);
  damaged[4]! ^= 0x11;
  expect(new FrameReader().push(damaged)[0]?.crcInitials).toEqual([]);
});
