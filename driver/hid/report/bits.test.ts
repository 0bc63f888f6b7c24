import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signedBits, unsignedBits, wideBits } from './bits.ts';

/** The report as one number, low byte first. */
function whole(report: Uint8Array): bigint {
  return report.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

const place = (largest: number) => fc.record({
  report: fc.uint8Array({ minLength: 1 + largest / 8, maxLength: 24 }), size: fc.integer({ min: 1, max: largest }), fraction: fc.double({ min: 0, max: 1, noNaN: true }),
}).map(({ report, size, fraction }) => ({ report, size, at: Math.floor(fraction * (report.length * 8 - size)) }));

test('any bits of a report, at any offset, are the number that a big integer shifts out', () => {
  fc.assert(fc.property(place(32), ({ report, size, at }) => {
    const bits = BigInt.asUintN(size, whole(report) >> BigInt(at));
    expect(unsignedBits(report, at, size)).toBe(Number(bits));
    expect(signedBits(report, at, size)).toBe(Number(BigInt.asIntN(size, bits)));
  }), { numRuns: 2_000 });
});

test('so are wide ones, as exactly as a number can hold them', () => {
  fc.assert(fc.property(place(128), fc.boolean(), ({ report, size, at }, signed) => {
    const bits = whole(report) >> BigInt(at);
    expect(wideBits(report, at, size, signed)).toBe(Number(signed ? BigInt.asIntN(size, bits) : BigInt.asUintN(size, bits)));
  }), { numRuns: 2_000 });
});
