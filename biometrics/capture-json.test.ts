import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryCapture } from '#fixtures/arbitrary-capture.ts';
import { captureFromJson, captureToJson } from './capture-json.ts';
import type { Capture } from './capture.ts';

/** JSON writes a minus zero as 0, and says so in its head comment. */
function withoutMinusZero(capture: Capture): Capture {
  const plain = (value: unknown): unknown => {
    if (Object.is(value, -0)) return 0;
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
    }
    return value;
  };
  return plain(capture) as Capture;
}

describe('a capture as JSON', () => {
  it('comes back as it was, serial numbers and bytes included', () => {
    fc.assert(fc.property(arbitraryCapture(), (capture) => {
      expect(captureFromJson(captureToJson(capture))).toEqual(withoutMinusZero(capture));
    }));
  });

  it('is refused with a code and a path where it is not one', () => {
    const [capture] = fc.sample(arbitraryCapture(), { numRuns: 1, seed: 4 });
    const json = JSON.parse(captureToJson(capture!)) as { samples: { columns: string[] }; source: { descriptor: unknown }; losses?: unknown };
    const refused = (message: string) => expect.objectContaining({ code: 'RECORD_MALFORMED', message: expect.stringContaining(message) });
    expect(() => captureFromJson('{')).toThrow(refused('JSON'));
    expect(() => captureFromJson('null')).toThrow(refused('capture'));
    expect(() => captureFromJson(JSON.stringify({ ...json, source: { ...json.source, descriptor: '*' } }))).toThrow(refused('capture.source.descriptor'));
    expect(() => captureFromJson(JSON.stringify({ ...json, source: { ...json.source, descriptor: 7 } }))).toThrow(refused('capture.source.descriptor'));
    expect(() => captureFromJson(JSON.stringify({ ...json, losses: undefined }))).toThrow(refused('"losses"'));
    expect(() => captureFromJson(JSON.stringify({ ...json, samples: { ...json.samples, columns: ['x'] } }))).toThrow(refused('columns'));
  });
});
