import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHANNELS, type Sample } from '#biometrics/sample.ts';
import { decodeSamples } from '#biometrics/samples.ts';
import { decodeDone, encodeDone, MAX_DONE_HEADER } from './done.ts';
import type { Done } from './routes.ts';

const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const channel = fc.option(number);
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const short = fc.string({ maxLength: 40 });
const hash = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });

const sample: fc.Arbitrary<Sample> = fc.record({
  x: number, y: number, z: channel, pressure: channel, tangentialPressure: channel, tiltX: channel, tiltY: channel,
  azimuth: channel, altitude: channel, twist: channel, battery: channel, deviceTime: channel, hostTime: number,
  transducerSerial: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })), switches: u32, marks: u32,
});

const done: fc.Arbitrary<Done> = fc.record({
  header: fc.record({
    documentSha256: hash, consentSha256: hash,
    language: fc.constantFrom('en', 'sv', 'lv', 'de', 'ar', 'pt-BR'),
    attempts: fc.integer({ min: 1, max: 99 }), clears: fc.integer({ min: 0, max: 99 }),
    capture: fc.record({
      source: fc.record({
        kind: fc.constantFrom('pointer', 'recorded'), instrument: fc.constantFrom('pen', 'touch', 'mouse'),
        device: fc.record({
          name: short, vendorId: fc.option(fc.integer({ min: 0, max: 0xffff })), productId: fc.option(fc.integer({ min: 0, max: 0xffff })),
          serialNumber: fc.option(short), firmware: fc.option(short), bus: fc.option(short),
        }),
        driver: fc.record({ name: short, version: short }),
        host: short,
        channels: fc.array(fc.record({
          name: fc.constantFrom(...CHANNELS), unit: fc.constantFrom('px', 'deg', 'ratio'),
          logicalMin: channel, logicalMax: channel, physicalMin: channel, physicalMax: channel, unitExponent: channel, perMm: channel,
          rotation: fc.constantFrom(null, 'clockwise' as const, 'counter-clockwise' as const), derived: fc.boolean(),
        }), { maxLength: CHANNELS.length }),
        deviceClock: fc.option(fc.record({ tickNs: number, wrapsAfter: channel })),
        limits: fc.array(short, { maxLength: 4 }),
        descriptor: fc.constant(null),
        openedAt: fc.constant('2026-03-01T09:30:00.000Z'),
      }),
      surface: fc.option(fc.record({
        width: number, height: number, devicePixelRatio: number, orientation: fc.constantFrom(0, 90, 180, 270),
        toPage: fc.option(fc.tuple(number, number, number, number, number, number)), calibration: fc.constant(null),
      })),
      losses: fc.record({ count: fc.integer({ min: 0, max: 600_000 }), method: fc.constantFrom('sequence', 'device-clock', 'interval', 'unknown') }),
      anomalies: fc.dictionary(fc.stringMatching(/^[a-z]{1,12}$/), fc.nat()),
      complete: fc.boolean(),
    }),
  }),
  batch: fc.record({ first: u32, samples: fc.array(sample, { maxLength: 12 }) }),
}) as fc.Arbitrary<Done>;

function one(): Done {
  return fc.sample(done, { numRuns: 1, seed: 7 })[0] as Done;
}

/** The same bytes with the header's JSON changed. */
function withHeader(change: (header: Record<string, unknown>) => void): Uint8Array {
  const bytes = encodeDone(one());
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Record<string, unknown>;
  change(header);
  const head = new TextEncoder().encode(JSON.stringify(header));
  const changed = new Uint8Array(4 + head.length + bytes.length - 4 - length);
  new DataView(changed.buffer).setUint32(0, head.length, true);
  changed.set(head, 4);
  changed.set(bytes.subarray(4 + length), 4 + head.length);
  return changed;
}

describe('the body of Done', () => {
  test('is read out of shared memory as well', () => {
    const bytes = encodeDone(one());
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    expect(decodeDone(shared)).toEqual({ header: decodeDone(bytes).header, batch: expect.objectContaining({ buffer: shared.buffer }) });
  });

  test('comes out as it went in, every float and serial', () => {
    fc.assert(fc.property(done, (given) => {
      const { header, batch } = decodeDone(encodeDone(given));
      expect({ header, batch: decodeSamples(batch) }).toEqual(given);
    }));
  });

  test('cut anywhere, it is refused', () => {
    const bytes = encodeDone(one());
    const begin = bytes.length - decodeDone(bytes).batch.length;
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      if (length < begin) expect(() => decodeDone(cut)).toThrow(expect.objectContaining({ name: 'ProtocolError' }));
      else expect(() => decodeSamples(decodeDone(cut).batch)).toThrow(expect.objectContaining({ code: 'BATCH_MALFORMED' }));
    }
  });

  test('with any byte changed, it is read or refused, and never anything else', () => {
    const bytes = encodeDone(one());
    fc.assert(fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = bytes.slice();
      changed[at] = (changed[at] as number) ^ flip;
      try {
        expect(decodeDone(changed).header.attempts).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toMatchObject({ name: 'ProtocolError' });
      }
    }));
  });

  test.each([
    ['a descriptor', (header) => Object.assign((header['capture'] as { source: object }).source, { descriptor: 'AAAA' })],
    ['raw reports', (header) => Object.assign(header['capture'] as object, { reports: [] })],
    ['samples outside the batch', (header) => Object.assign(header['capture'] as object, { samples: [] })],
    ['a device that no browser reads', (header) => Object.assign((header['capture'] as { source: object }).source, { kind: 'hid' })],
    ['five numbers for six', (header) => Object.assign(header['capture'] as object, { surface: { width: 1, height: 1, devicePixelRatio: 1, orientation: 0, toPage: [1, 0, 0, 1, 0] } })],
    ['a hash in capitals', (header) => Object.assign(header, { documentSha256: 'AB'.repeat(32) })],
    ['an unknown key', (header) => Object.assign(header, { valid: true })],
  ] satisfies [string, (header: Record<string, unknown>) => void][])('%s from a browser is refused', (_, change) => {
    expect(() => decodeDone(withHeader(change))).toThrow(expect.objectContaining({ code: 'MALFORMED' }));
  });

  test('a header above the limit is refused before it is parsed', () => {
    const bytes = new Uint8Array(4 + MAX_DONE_HEADER + 1);
    new DataView(bytes.buffer).setUint32(0, MAX_DONE_HEADER + 1, true);
    expect(() => decodeDone(bytes)).toThrow(expect.objectContaining({ code: 'TOO_LONG' }));
  });
});
