/** The codec against RFC 8010: its own worked example, everything it can say, and everything a stranger can send. */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedData } from '#fixtures/needs.ts';
import { PrintError } from '../errors.ts';
import { MessageBoundary } from './boundary.ts';
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import { CODEC_LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import type { Attribute, Value } from './value.ts';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const short = fc.string({ unit: 'grapheme', maxLength: 40 });
const name = fc.string({ minLength: 1, maxLength: 20 });

const { attributes } = fc.letrec<{ value: Value; attribute: Attribute; attributes: Attribute[] }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.oneof(
      fc.record({ type: fc.constantFrom('integer', 'enum'), value: int32 }),
      fc.record({ type: fc.constant('boolean'), value: fc.boolean() }),
      fc.record({ type: fc.constant('rangeOfInteger'), lower: int32, upper: int32 }),
      fc.record({ type: fc.constant('resolution'), x: int32, y: int32, units: fc.integer({ min: 0, max: 127 }) }),
      fc.record({ type: fc.constant('dateTime'), bytes: fc.uint8Array({ minLength: 11, maxLength: 11 }) }),
      fc.record({ type: fc.constant('octetString'), bytes: fc.uint8Array({ maxLength: 300 }) }),
      fc.record({ type: fc.constantFrom('keyword', 'uri', 'uriScheme', 'charset', 'naturalLanguage', 'mimeMediaType'), value: short }),
      fc.record({ type: fc.constantFrom('text', 'name'), value: short, language: short }, { requiredKeys: ['type', 'value'] }),
      fc.record({ type: fc.constantFrom('unsupported', 'default', 'unknown', 'no-value', 'not-settable', 'delete-attribute', 'admin-define') }),
      fc.record({ type: fc.constant('other'), tag: fc.integer({ min: 0x4b, max: 0xff }), bytes: fc.uint8Array({ maxLength: 50 }) }),
    ) as fc.Arbitrary<Value>,
    fc.record({ type: fc.constant('collection'), members: tie('attributes') }) as fc.Arbitrary<Value>,
  ),
  attribute: fc.record({ name, values: fc.array(tie('value'), { minLength: 1, maxLength: 4 }) }),
  attributes: fc.array(tie('attribute'), { maxLength: 5 }),
}));

const message: fc.Arbitrary<Message> = fc.record({
  version: fc.record({ major: fc.integer({ min: 0, max: 255 }), minor: fc.integer({ min: 0, max: 255 }) }),
  code: fc.integer({ min: 0, max: 0xffff }),
  requestId: int32,
  groups: fc.array(fc.record({ tag: fc.constantFrom(1, 2, 4, 5, 6, 9, 15), attributes }), { maxLength: 4 }),
});

/** Decoding may end in an answer or in a PrintError, and in nothing else. */
function decodeAnything(bytes: Uint8Array): void {
  try {
    decode(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(PrintError);
    expect((error as PrintError).code).toMatch(/^IPP_(TRUNCATED|MALFORMED|LIMIT)$/);
  }
}

const octets = (hex: string): Buffer => Buffer.from(hex.replace(/\s+/g, ''), 'hex');
const preamble = '0200 000b 00000001 01';
const codeOf = (bytes: Uint8Array): string => {
  try {
    decode(bytes);
    return 'decoded';
  } catch (error) {
    return (error as PrintError).code;
  }
};

test('what is encoded decodes to the same, and a document behind it is left alone', () => {
  fc.assert(fc.property(message, fc.uint8Array({ maxLength: 20 }), (original, document) => {
    const bytes = encode(original);
    expect(decode(Buffer.concat([bytes, document]))).toEqual({ message: original, end: bytes.length });
  }));
});

test('the end of the attributes is found at the same byte, however the bytes arrive', () => {
  fc.assert(fc.property(message, fc.integer({ min: 1, max: 50 }), (original, step) => {
    const bytes = Buffer.concat([encode(original), Buffer.from('%PDF-1.7')]);
    const boundary = new MessageBoundary();
    let found: number | null = null;
    for (let length = 0; found === null; length += step) {
      expect(length).toBeLessThan(bytes.length + step);
      found = boundary.find(bytes.subarray(0, length));
    }
    expect(found).toBe(bytes.length - '%PDF-1.7'.length);
  }));
});

test('RFC 8010 appendix A.1, the Print-Job request, byte for byte', () => {
  const string = (tag: number, attribute: string, value: string): Buffer => Buffer.concat([
    Buffer.of(tag, 0, attribute.length), Buffer.from(attribute), Buffer.of(0, value.length), Buffer.from(value),
  ]);
  const request = Buffer.concat([
    octets('0101 0002 00000001 01'),
    string(0x47, 'attributes-charset', 'utf-8'),
    string(0x48, 'attributes-natural-language', 'en-us'),
    string(0x45, 'printer-uri', 'ipp://printer.example.com/ipp/print/pinetree'),
    string(0x42, 'job-name', 'foobar'),
    octets('22 0016'), Buffer.from('ipp-attribute-fidelity'), octets('0001 01'),
    octets('02 21 0006'), Buffer.from('copies'), octets('0004 00000014'),
    string(0x44, 'sides', 'two-sided-long-edge'),
    octets('03'),
  ]);
  const { message: decoded } = decode(request);
  expect(decoded).toEqual({
    version: { major: 1, minor: 1 }, code: 2, requestId: 1,
    groups: [
      {
        tag: 1, attributes: [
          { name: 'attributes-charset', values: [{ type: 'charset', value: 'utf-8' }] },
          { name: 'attributes-natural-language', values: [{ type: 'naturalLanguage', value: 'en-us' }] },
          { name: 'printer-uri', values: [{ type: 'uri', value: 'ipp://printer.example.com/ipp/print/pinetree' }] },
          { name: 'job-name', values: [{ type: 'name', value: 'foobar' }] },
          { name: 'ipp-attribute-fidelity', values: [{ type: 'boolean', value: true }] },
        ],
      },
      {
        tag: 2, attributes: [
          { name: 'copies', values: [{ type: 'integer', value: 20 }] },
          { name: 'sides', values: [{ type: 'keyword', value: 'two-sided-long-edge' }] },
        ],
      },
    ],
  });
  expect(encode(decoded)).toEqual(request);
});

describe('a stranger', () => {
  test('may send any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), decodeAnything));
  });

  test('may change any byte of a good message, or stop anywhere', () => {
    fc.assert(fc.property(message, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(), (original, at, byte, length) => {
      const bytes = encode(original);
      bytes[at % bytes.length] = byte;
      decodeAnything(bytes);
      decodeAnything(bytes.subarray(0, length % bytes.length));
    }));
  });

  test('may send the seeds others fuzz IPP with', (context) => {
    const folder = sharedData(context, 'print', 'ipp-fuzz');
    const seeds = readdirSync(folder).filter((file) => /\.(raw|bin|txt)$/.test(file));
    expect(seeds.length).toBeGreaterThan(10);
    for (const seed of seeds) decodeAnything(readFileSync(join(folder, seed)));
  });

  test.each([
    ['nothing', '', 'IPP_TRUNCATED'],
    ['a head without groups', '0200 000b 00000001', 'IPP_TRUNCATED'],
    ['a message without attributes', `${preamble} 03`, 'decoded'],
    ['a value before the first group', '0200 000b 00000001 21 0001 61 0004 00000001 03', 'IPP_MALFORMED'],
    ['the reserved delimiter 0', '0200 000b 00000001 00 03', 'IPP_MALFORMED'],
    ['a further value without an attribute', `${preamble} 21 0000 0004 00000001 03`, 'IPP_MALFORMED'],
    ['a negative length', `${preamble} 21 ffff 61 0004 00000001 03`, 'IPP_MALFORMED'],
    ['an integer of three octets', `${preamble} 21 0001 61 0003 000001 03`, 'IPP_MALFORMED'],
    ['a date of ten octets', `${preamble} 31 0001 61 000a 00000000000000000000 03`, 'IPP_MALFORMED'],
    ['an attribute name of 256 octets', `${preamble} 44 0100 ${'61'.repeat(256)} 0000 03`, 'IPP_MALFORMED'],
    ['text with language, one octet too few', `${preamble} 35 0001 61 0007 0002 656e 0002 61 03`, 'IPP_MALFORMED'],
    ['text with language, its language beyond the value', `${preamble} 35 0001 61 0006 7fff 656e 0000 03`, 'IPP_MALFORMED'],
    ['a collection that does not end', `${preamble} 34 0001 61 0000 03`, 'IPP_TRUNCATED'],
    ['a collection with a value before any name', `${preamble} 34 0001 61 0000 21 0000 0004 00000001 37 0000 0000 03`, 'IPP_MALFORMED'],
    ['a member without a value', `${preamble} 34 0001 61 0000 4a 0000 0001 62 37 0000 0000 03`, 'IPP_MALFORMED'],
    ['the end of a collection outside of one', `${preamble} 37 0001 61 0000 03`, 'IPP_MALFORMED'],
  ])('sends %s', (_, hex, expected) => {
    expect(codeOf(octets(hex))).toBe(expected);
  });

  test('cannot send more than the limits: depth, attributes, values, octets; at each limit all is well', () => {
    const nested = (depth: number): Value => ({ type: 'collection', members: depth === 1 ? [] : [{ name: 'm', values: [nested(depth - 1)] }] });
    const withValues = (...values: Value[]): Buffer => encode({ version: { major: 2, minor: 0 }, code: 11, requestId: 1, groups: [{ tag: 1, attributes: [{ name: 'a', values }] }] });
    const many = (count: number): Value[] => Array.from({ length: count }, () => ({ type: 'boolean', value: true }));
    const attributesOf = (count: number): Buffer => encode({
      version: { major: 2, minor: 0 }, code: 11, requestId: 1,
      // A group counts as one, so that empty groups are bounded too.
      groups: [{ tag: 1, attributes: Array.from({ length: count - 1 }, (_, index) => ({ name: `a${index}`, values: many(1) })) }],
    });
    expect(codeOf(withValues(nested(CODEC_LIMITS.maxDepth)))).toBe('decoded');
    expect(codeOf(withValues(nested(CODEC_LIMITS.maxDepth + 1)))).toBe('IPP_LIMIT');
    expect(codeOf(withValues(...many(CODEC_LIMITS.maxValues)))).toBe('decoded');
    expect(codeOf(withValues(...many(CODEC_LIMITS.maxValues + 1)))).toBe('IPP_LIMIT');
    expect(codeOf(attributesOf(CODEC_LIMITS.maxAttributes))).toBe('decoded');
    expect(codeOf(attributesOf(CODEC_LIMITS.maxAttributes + 1))).toBe('IPP_LIMIT');
    const bytes = withValues(...many(10));
    expect(decode(bytes, { ...CODEC_LIMITS, maxBytes: bytes.length }).end).toBe(bytes.length);
    expect(() => decode(bytes, { ...CODEC_LIMITS, maxBytes: bytes.length - 1 })).toThrow(expect.objectContaining({ code: 'IPP_LIMIT' }));
  });
});

test.each<[string, Attribute]>([
  ['a value longer than 32,767 octets', { name: 'a', values: [{ type: 'text', value: 'x'.repeat(32_768) }] }],
  ['a name longer than 255 octets', { name: 'ä'.repeat(128), values: [{ type: 'integer', value: 1 }] }],
  ['an integer beyond 32 bits', { name: 'a', values: [{ type: 'integer', value: 2 ** 31 }] }],
  ['a fraction', { name: 'a', values: [{ type: 'enum', value: 1.5 }] }],
  ['an attribute without a value', { name: 'a', values: [] }],
  ['an attribute without a name', { name: '', values: [{ type: 'integer', value: 1 }] }],
])('%s cannot be written', (_, attribute) => {
  const write = (): unknown => encode({ version: { major: 2, minor: 0 }, code: 2, requestId: 1, groups: [{ tag: 1, attributes: [attribute] }] });
  expect(write).toThrow(expect.objectContaining({ code: 'IPP_UNENCODABLE' }));
});
