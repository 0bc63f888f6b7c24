import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitrarySample } from '#fixtures/arbitrary-sample.ts';
import { decodeSamples, encodeSamples } from './samples.ts';

describe('a batch of samples', () => {
  it('comes back exactly as it went in', () => {
    fc.assert(fc.property(fc.array(arbitrarySample(), { maxLength: 50 }), fc.nat(), (samples, first) => {
      expect(decodeSamples(encodeSamples(samples, first))).toEqual({ first, samples });
    }));
  });

  it('is read from the middle of a larger buffer too', () => {
    fc.assert(fc.property(fc.array(arbitrarySample(), { maxLength: 5 }), (samples) => {
      const bytes = encodeSamples(samples, 7);
      const larger = new Uint8Array(bytes.length + 11);
      larger.set(bytes, 5);
      expect(decodeSamples(larger.subarray(5, 5 + bytes.length)).samples).toEqual(samples);
    }));
  });

  it('refuses every truncation with a code, never with a crash', () => {
    const bytes = encodeSamples(fc.sample(arbitrarySample(), { numRuns: 2, seed: 1 }), 0);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSamples(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: 'BATCH_MALFORMED' }));
    }
  });

  it('refuses arbitrary bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(() => decodeSamples(bytes)).toThrow(expect.objectContaining({ name: 'RecordError' }));
    }));
  });

  it('refuses a newer layout by name', () => {
    const bytes = encodeSamples([], 0);
    bytes[4] = 2;
    expect(() => decodeSamples(bytes)).toThrow(expect.objectContaining({ code: 'BATCH_VERSION' }));
  });

  it('refuses an infinite value on both ways', () => {
    const [sample] = fc.sample(arbitrarySample(), { numRuns: 1, seed: 2 });
    expect(() => encodeSamples([{ ...sample!, x: Infinity }])).toThrow(expect.objectContaining({ code: 'BATCH_MALFORMED' }));
    const bytes = encodeSamples([sample!]);
    new DataView(bytes.buffer).setFloat64(16, Infinity, true);
    expect(() => decodeSamples(bytes)).toThrow(expect.objectContaining({ code: 'BATCH_MALFORMED' }));
  });
});
