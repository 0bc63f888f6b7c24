/**
 * The second reader against the vectors of FORMAT.md, against damaged records, and against files of ISO/IEC 19794-7:2007
 * put together here from the layout's table. `two-readers.test.ts` compares both readers on damaged records.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { constants, deflateRawSync } from 'node:zlib';
import { expect, test, type TestContext } from 'vitest';
import { toIso19794 } from '#biometrics/forms/iso19794-7.ts';
import { decodeRecord } from '#biometrics/record.ts';
import { Switch } from '#biometrics/sample.ts';
import { judge } from '#fixtures/needs.ts';
import { numbers } from '#fixtures/records/mutations.ts';
import { askPython, type Answer } from '#fixtures/records/python-reader.ts';

interface Vector {
  name: string;
  record: string;
  expect: { error: string } | { version: number; context: unknown; capture: unknown };
}

const folder = join(import.meta.dirname, '../../fixtures/records');
const vectors = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Vector);
const goodRecords = vectors.filter((vector) => !('error' in vector.expect)).map((vector) => Buffer.from(vector.record, 'base64'));

function ask(context: TestContext, kind: Parameters<typeof askPython>[1], cases: Uint8Array[]): Answer[] {
  return askPython(judge(context, 'python3'), kind, cases);
}

function bytes(...parts: (number[] | Uint8Array)[]): Buffer {
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

test('agrees with every vector', (context) => {
  const answers = ask(context, 'record', vectors.map((vector) => Buffer.from(vector.record, 'base64')));
  for (const [index, vector] of vectors.entries()) expect(answers[index], vector.name).toEqual(vector.expect);
  expect(goodRecords.length).toBeGreaterThan(5);
});

test('refuses a record cut at any byte', (context) => {
  const whole = goodRecords[0] as Buffer;
  const answers = ask(context, 'record', Array.from(whole, (_byte, length) => whole.subarray(0, length)));
  expect(new Set(answers.map((answer) => answer.error))).toEqual(new Set(['RECORD_MALFORMED']));
});

test('names of a map are read once and in order', (context) => {
  const answers = ask(context, 'cbor', [
    bytes([0xa2, 0x61, 0x61, 1, 0x61, 0x62, 2]), bytes([0xa2, 0x61, 0x61, 1, 0x61, 0x61, 2]), bytes([0xa2, 0x61, 0x62, 1, 0x61, 0x61, 2]),
  ]);
  expect(answers).toEqual([{ item: { a: 1, b: 2 } }, { error: 'RECORD_MALFORMED' }, { error: 'RECORD_MALFORMED' }]);
});

test('a damaged column is read or refused, and nothing else', (context) => {
  const next = numbers(2);
  const heads = [0, 1, 2, 5, 9, 17, 18, 21, 25];
  const columns = Array.from({ length: 600 }, () =>
    bytes([next(6), heads[next(heads.length)] as number], Array.from({ length: next(24) }, () => next(256) >> next(8))));
  const answers = ask(context, 'column', columns);
  expect(answers.filter((answer) => 'crash' in answer)).toEqual([]);
  expect(answers.some((answer) => 'column' in answer) && answers.some((answer) => 'error' in answer)).toBe(true);
});

test('reads columns of every kind and order', (context) => {
  const zigzags = [2, 2, 2, 1];
  const answers = ask(context, 'column', [
    bytes([4, 0b00001, 2], zigzags), bytes([4, 0b00101, 2], zigzags), bytes([4, 0b01001, 2], zigzags),
    bytes([2, 0b00010], [0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0x80]),
    bytes([5, 0b10001, 0, 2, 1, 1, 1], [1, 14, 10]),
    bytes([3, 0]),
  ]);
  expect(answers.map((answer) => answer['column'])).toEqual([
    [0.5, 0.5, 0.5, -0.5], [0.5, 1, 1.5, 1], [0.5, 1, 2, 2.5], [1.5, -0], [null, null, 7, null, 5], [null, null, null],
  ]);
});

test('what is deep, long or lies about lengths ends within its memory', (context) => {
  const head = [0x43, 0x53, 0x47, 0x52, 3];
  const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
  const answers = ask(context, 'record', [
    bytes(head, Buffer.alloc(1 << 20, 0x81)),
    bytes(head, [0x5b, 0x7f], huge), bytes(head, [0x7b, 0x7f], huge), bytes(head, [0x9b, 0x7f], huge), bytes(head, [0xbb, 0x7f], huge),
    bytes(head, [0x9a, 0, 1, 0, 0], Buffer.alloc(1 << 16, 0)),
    bytes(head, [0x90], ...Array.from({ length: 16 }, () => bytes([0x99, 0x10, 0x00], Buffer.alloc(4096, 0)))),
    Buffer.alloc((1 << 26) + 1),
  ]);
  expect(answers.map((answer) => answer.error)).toEqual([
    'RECORD_LIMIT', 'RECORD_MALFORMED', 'RECORD_MALFORMED', 'RECORD_LIMIT', 'RECORD_LIMIT',
    'RECORD_LIMIT', 'RECORD_LIMIT', 'RECORD_LIMIT',
  ]);
});

test('inflating stops behind the announced length', (context) => {
  const part = deflateRawSync(Buffer.alloc(1 << 26), { finishFlush: constants.Z_FULL_FLUSH });
  const bomb = Buffer.concat(Array.from({ length: 32 }, () => part)); // 2 GiB: more than the process may have
  const whole = deflateRawSync(Buffer.alloc(100));
  const answers = ask(context, 'section', [bomb, whole, whole.subarray(0, -1), bytes(whole, [0])]);
  expect(answers).toEqual([{ error: 'RECORD_MALFORMED' }, { size: 100 }, { error: 'RECORD_MALFORMED' }, { error: 'RECORD_MALFORMED' }]);
});

/** X with scaling, least and greatest; Y; T; F constant; S. */
const isoHeader = bytes(
  Buffer.from('SDI\0 10\0', 'latin1'), [0b1100_0001, 0b0110_0000],
  [0xe0, 0x8c, 0x00, 0x00, 0x00, 0xff, 0xff], [0x00], [0x00], [0x04], [0x00],
  [0x00],
);
const isoPoint = [0x80, 0x01, 0x7f, 0xff, 0x01, 0x02];

test('ISO/IEC 19794-7: reads channels, points of either sign, the switch of one byte and extended data', (context) => {
  const withConstant = bytes(isoHeader, [0x80], [0, 0, 2], isoPoint, [0x00, 0x2a, 1], isoPoint, [0x00, 0x2a, 0], [0, 3], [7, 8, 9]);
  const withoutConstant = bytes(isoHeader, [0x00], [0, 0, 2], isoPoint, [1], isoPoint, [0]);
  const [there, absent] = ask(context, 'iso', [withConstant, withoutConstant]);
  expect(there).toMatchObject({
    columns: ['X', 'Y', 'T', 'F', 'S'], points: [[1, -1, 258, 42, 1], [1, -1, 258, 42, 0]], extendedData: 'BwgJ', constantInPoints: true,
  });
  expect(there).toHaveProperty(['channels', 0], {
    name: 'X', constant: false, linearRemoved: false, scaling: 3, min: -32768, max: 32767, mean: null, std: null,
  });
  expect(absent).toMatchObject({ columns: ['X', 'Y', 'T', 'S'], points: [[1, -1, 258, 1], [1, -1, 258, 0]], constantInPoints: false, extendedData: null });
});

test('ISO/IEC 19794-7: refuses what is cut, of another edition, without a time, or announces what it does not hold', (context) => {
  const whole = bytes(isoHeader, [0x01], [0, 0, 1], isoPoint, [0x00, 0x2a, 1], [0, 0]);
  const cut = Array.from(whole, (_byte, length) => whole.subarray(0, length));
  expect(new Set(ask(context, 'iso', cut).map((answer) => answer.error))).toEqual(new Set(['ISO_MALFORMED']));
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(whole);
    copy[at] = value;
    return copy;
  };
  const answers = ask(context, 'iso', [whole, changed(5, 0x32), changed(8, 0b1100_0000), bytes(isoHeader, [0, 0xff, 0xff, 0xff]), bytes(whole, [0])]);
  expect(answers.map((answer) => answer.error)).toEqual([undefined, 'ISO_VERSION', 'ISO_MALFORMED', 'ISO_LIMIT', 'ISO_MALFORMED']);
});

test('ISO/IEC 19794-7: reads what our export writes, every value of it', (context) => {
  const pad = vectors.find(({ name }) => name === 'pad')!;
  const { capture } = decodeRecord(Buffer.from(pad.record, 'base64'));
  const [read] = ask(context, 'iso', [toIso19794(capture).bytes]);
  const first = capture.samples[0]!.deviceTime!;
  expect(read).toMatchObject({
    columns: ['X', 'Y', 'T', 'F', 'S', 'Az', 'El'], extendedData: null,
    points: capture.samples.map(({ x, y, deviceTime, pressure, switches, azimuth, altitude }) => [x, y, deviceTime! - first, pressure, switches & Switch.tip, azimuth, altitude]),
  });
  // ticks of one millisecond: a thousand to the second; the device's range is carried
  expect(read).toHaveProperty(['channels', 2, 'scaling'], 1000);
  expect(read).toHaveProperty(['channels', 3, 'max'], 1023);
});
