import fc from 'fast-check';
import { deflateSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { readZip, writeZip, ZIP_LIMITS } from './zip.ts';

const text = (value: string) => new TextEncoder().encode(value);
const malformed = expect.objectContaining({ code: 'CONTAINER_MALFORMED' });
const aboveLimit = expect.objectContaining({ code: 'CONTAINER_LIMIT' });
const two = writeZip(new Map([['first', text('one')], ['second', text('two')]]));

/** Changes `bytes` at the `nth` place where `signature` stands, `offset` bytes on. */
function patched(bytes: Uint8Array, signature: number, nth: number, offset: number, value: number, width: 2 | 4): Uint8Array {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  let seen = 0;
  for (let at = 0; at + 4 <= changed.length; at++) {
    if (view.getUint32(at, true) !== signature || seen++ !== nth) continue;
    if (width === 2) view.setUint16(at + offset, value, true);
    else view.setUint32(at + offset, value, true);
    return changed;
  }
  throw new Error('no such header');
}
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

test('files come back as they were, in their order, and the same files give the same bytes', () => {
  const name = fc.stringMatching(/^[a-z]{1,8}(\/[a-zA-Z0-9_-]{1,8}){0,2}$/);
  fc.assert(fc.property(fc.uniqueArray(fc.tuple(name, fc.uint8Array()), { maxLength: 6, selector: ([key]) => key }), (files) => {
    const zip = writeZip(new Map(files));
    expect(Array.from(readZip(zip))).toEqual(files);
    expect(writeZip(readZip(zip))).toEqual(zip);
  }));
});

test('a packed file is unpacked too', () => {
  expect(readZip(zipSync({ packed: [text('a'.repeat(1000)), { level: 9 }] })).get('packed')).toEqual(text('a'.repeat(1000)));
});

test('whatever the bytes, reading gives files or a PacketError', () => {
  fc.assert(fc.property(fc.nat(two.length - 1), fc.nat(255), fc.nat(two.length), (at, byte, cut) => {
    for (const changed of [two.with(at, byte), two.subarray(0, cut), two.subarray(cut)]) {
      try {
        readZip(changed);
      } catch (error) {
        expect(error).toMatchObject({ name: 'PacketError' });
      }
    }
  }), { numRuns: 1000 });
});

test.each(['../out', 'a/../../out', '/root', 'C:/x', 'a\\b', 'a//b', '.', 'a/./b', 'a\0b', 'a\nb', ''])('refuses the name %j', (name) => {
  expect(() => readZip(zipSync({ [name]: [text('x'), { level: 0 }] }))).toThrow(malformed);
});

test('refuses two files of one name', () => {
  const zip = writeZip(new Map([['same', text('one')], ['sume', text('two')]]));
  const changed = Buffer.from(Buffer.from(zip).toString('latin1').replaceAll('sume', 'same'), 'latin1');
  expect(() => readZip(new Uint8Array(changed))).toThrow(malformed);
});

test('refuses more files, longer names and more bytes than its limits, before it unpacks anything', () => {
  const many = Object.fromEntries(Array.from({ length: ZIP_LIMITS.files + 1 }, (_, index) => [`f${index}`, text('')]));
  expect(() => readZip(zipSync(many))).toThrow(aboveLimit);
  expect(() => readZip(zipSync({ ['n'.repeat(ZIP_LIMITS.nameLength + 1)]: text('') }))).toThrow(aboveLimit);
  const huge = patched(patched(two, CENTRAL, 0, 24, 0xfffffff0, 4), LOCAL, 0, 22, 0xfffffff0, 4);
  expect(() => readZip(huge)).toThrow(aboveLimit);
});

test('a bomb that hides its size unpacks no further than the size it claims', () => {
  const zip = zipSync({ bomb: [new Uint8Array(20_000_000), { level: 9 }] });
  const lying = patched(patched(zip, CENTRAL, 0, 24, 100, 4), LOCAL, 0, 22, 100, 4);
  expect(() => readZip(lying)).toThrow(malformed);
});

test('refuses a size larger than what is there', () => {
  const zip = zipSync({ small: [text('a'.repeat(100)), { level: 9 }] });
  expect(() => readZip(patched(patched(zip, CENTRAL, 0, 24, 1000, 4), LOCAL, 0, 22, 1000, 4))).toThrow(malformed);
});

test('refuses headers that contradict each other', () => {
  expect(() => readZip(patched(two, LOCAL, 1, 22, 2, 4))).toThrow(malformed);
  expect(() => readZip(patched(two, LOCAL, 1, 8, 8, 2))).toThrow(malformed);
  expect(() => readZip(patched(two, LOCAL, 1, 26, 3, 2))).toThrow(malformed);
  expect(() => readZip(patched(two, END, 0, 10, 1, 2))).toThrow(malformed);
  expect(() => readZip(patched(two, END, 0, 16, 1, 4))).toThrow(malformed);
});

test('refuses files that share bytes', () => {
  const same = patched(two, CENTRAL, 1, 42, 0, 4);
  const [first, second] = [Buffer.from(same).indexOf('PK\u0001\u0002', 0, 'latin1'), Buffer.from(same).lastIndexOf('PK\u0001\u0002', undefined, 'latin1')];
  same.copyWithin(second + 16, first + 16, first + 32);
  expect(() => readZip(same)).toThrow(malformed);
  const deflated = deflateSync(text('inner'));
  expect(() => readZip(patched(zipSync({ a: [deflated, { level: 0 }] }), CENTRAL, 0, 20, deflated.length + 40, 4))).toThrow(malformed);
});

test('refuses an encrypted file, an unknown method, a wrong checksum, and bytes behind the end', () => {
  expect(() => readZip(patched(patched(two, CENTRAL, 0, 8, 1, 2), LOCAL, 0, 6, 1, 2))).toThrow(malformed);
  expect(() => readZip(patched(patched(two, CENTRAL, 0, 10, 12, 2), LOCAL, 0, 8, 12, 2))).toThrow(malformed);
  expect(() => readZip(patched(patched(two, CENTRAL, 0, 16, 1, 4), LOCAL, 0, 14, 1, 4))).toThrow(malformed);
  expect(() => readZip(new Uint8Array([...two, 0]))).toThrow(malformed);
});
