import fc from 'fast-check';
import { decode, encode } from 'cborg';
import { deflateSync } from 'fflate';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { arbitraryCapture, arbitraryContext } from '#fixtures/arbitrary-capture.ts';
import { edgeSamples } from '#fixtures/arbitrary-edges.ts';
import { recordedPen } from '#kiosk/sample/recorded-pen.ts';
import type { Capture } from './capture.ts';
import { decodeRecord, encodeRecord, RECORD_VERSION, recordSizes } from './record.ts';
import type { Sample } from './sample.ts';

const [capture] = fc.sample(arbitraryCapture(), { numRuns: 1, seed: 7 });
const [context] = fc.sample(arbitraryContext(), { numRuns: 1, seed: 7 });

const refused = expect.objectContaining({ name: 'RecordError', code: expect.stringMatching(/^RECORD_/) });
const code = (name: string) => expect.objectContaining({ code: name });

/** A record whose CBOR body is `body`. */
function recordOf(body: Uint8Array): Uint8Array {
  const record = new Uint8Array(5 + body.length);
  record.set([0x43, 0x53, 0x47, 0x52, RECORD_VERSION]);
  record.set(body, 5);
  return record;
}

interface Body { samples: { count: number; pen: { length: number; deflate: Uint8Array } } }

const decodeBody = (record: Uint8Array): Body => decode(record.subarray(5)) as Body;

function steps(samples: readonly Sample[]): number[] {
  return samples.slice(1).map(({ deviceTime }, index) => (deviceTime ?? NaN) - (samples[index]!.deviceTime ?? NaN));
}

function attempt<T>(run: () => T): T | Error {
  try {
    return run();
  } catch (error) {
    return error as Error;
  }
}

describe('a record', () => {
  it('gives back exactly the capture and context it was made of', () => {
    fc.assert(fc.property(arbitraryCapture(), arbitraryContext(), (someCapture, someContext) => {
      const decoded = decodeRecord(encodeRecord(someCapture, someContext));
      expect(decoded).toEqual({ version: RECORD_VERSION, capture: someCapture, context: someContext });
    }), { numRuns: 300 });
  });

  it('is the same bytes for the same content, in whatever order its members were set', () => {
    const reversed = Object.fromEntries(Object.entries(context!).reverse()) as unknown as typeof context;
    expect(encodeRecord(capture!, reversed!)).toEqual(encodeRecord(capture!, context!));
  });

  it('keeps minus zeros, the ends of 32, 53 and 64 bits, times below zero: any of them in any channel', () => {
    fc.assert(fc.property(edgeSamples(), (samples) => {
      const edges = { ...capture!, samples };
      expect(decodeRecord(encodeRecord(edges, context!)).capture).toEqual(edges);
    }), { numRuns: 300, examples: [[[]]] });
  });

  it('is tried on captures of every kind', () => {
    const kinds: Record<string, (some: Capture) => boolean> = {
      'no sample': ({ samples }) => samples.length === 0,
      'one sample': ({ samples }) => samples.length === 1,
      'no reports kept': ({ reports }) => reports === null,
      'reports kept, none came': ({ reports }) => reports?.length === 0,
      'reports, one of them of no bytes': ({ reports }) => reports?.some(({ bytes }) => bytes.length === 0) ?? false,
      losses: ({ losses }) => losses.count > 0,
      anomalies: ({ anomalies }) => Object.keys(anomalies).length > 0,
      'no surface': ({ surface }) => surface === null,
      'a surface without a calibration': ({ surface }) => surface !== null && surface.calibration === null,
      'a calibration': ({ surface }) => surface !== null && surface.calibration !== null,
      'an angle that grows clockwise': ({ source }) => source.channels.some(({ rotation }) => rotation === 'clockwise'),
      'an angle that grows the other way': ({ source }) => source.channels.some(({ rotation }) => rotation === 'counter-clockwise'),
      'no device clock': ({ source }) => source.deviceClock === null,
      'a device clock': ({ source }) => source.deviceClock !== null,
      'no device time in any of many samples, or in some': ({ samples }) => samples.length > 2 && samples.some(({ deviceTime }) => deviceTime === null),
      'a device clock that runs backward': ({ samples }) => steps(samples).some((step) => step < 0 && step > -100),
      'a jump by a whole turn of 65,536 ms': ({ samples }) => steps(samples).includes(65_536) && steps(samples).includes(-65_536),
      'the largest serial numbers': ({ samples }) => samples.some(({ transducerSerial }) => transducerSerial !== null && transducerSerial > 2n ** 63n),
      'a minus zero': ({ surface }) => surface !== null && [surface.width, surface.height, surface.devicePixelRatio].some((value) => Object.is(value, -0)),
    };
    const captures = fc.sample(arbitraryCapture(), { numRuns: 600, seed: 4 });
    expect(Object.entries(kinds).filter(([, isOne]) => !captures.some(isOne)).map(([kind]) => kind)).toEqual([]);
  });

  it('refuses to be written with what it could not give back', () => {
    const infinite = { ...capture!, surface: { width: Infinity, height: 1, devicePixelRatio: 1, orientation: 0, toPage: null, calibration: null } };
    expect(() => encodeRecord(infinite, context!)).toThrow(code('RECORD_MALFORMED'));
    expect(() => encodeRecord(capture!, { ...context!, tenant: '\ud800' })).toThrow(code('RECORD_MALFORMED'));
    expect(() => encodeRecord(capture!, { ...context!, extra: 1 } as typeof context & object)).toThrow('does not know');
    expect(() => encodeRecord(capture!, { ...context!, tenant: 'x'.repeat(70_000) })).toThrow(code('RECORD_LIMIT'));
    // more items than a reader takes, in all: nothing of it stays with the encoder
    const filling = [Uint8Array.prototype, Buffer.prototype].map((prototype) => vi.spyOn(prototype, 'fill'));
    onTestFinished(() => { vi.restoreAllMocks(); });
    const { source } = recordedPen();
    const channels = Array.from({ length: 4_000 }, () => source.channels[0]!);
    expect(() => encodeRecord({ ...recordedPen(), source: { ...source, channels } }, context!)).toThrow(code('RECORD_LIMIT'));
    const encoded = filling.flatMap(({ mock }) => mock.contexts as Uint8Array[]).filter((bytes) => bytes.length > 100_000);
    expect([encoded.length, ...encoded.map((bytes) => bytes.some((byte) => byte !== 0))]).toEqual([1, false]);
  });

  it('is read from a Node Buffer and from the middle of a larger one', () => {
    const bytes = encodeRecord(capture!, context!);
    const larger = Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]);
    expect(decodeRecord(larger.subarray(6, 6 + bytes.length))).toEqual({ version: RECORD_VERSION, capture, context });
  });

  it('is refused at every truncation', () => {
    const bytes = encodeRecord(capture!, context!);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeRecord(bytes.subarray(0, length))).toThrow(code('RECORD_MALFORMED'));
    }
  });

  it('with a byte changed, every third of them, is read within the format or refused with a code', () => {
    const bytes = encodeRecord(capture!, context!);
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = bytes.slice();
      changed[at]! ^= 0x41;
      const decoded = attempt(() => decodeRecord(changed));
      if (decoded instanceof Error) expect(decoded, `byte ${at}`).toEqual(refused);
      else expect(() => encodeRecord(decoded.capture, decoded.context), `byte ${at}`).not.toThrow();
    }
  });

  it('of a newer version is refused by name', () => {
    const bytes = encodeRecord(capture!, context!);
    bytes[4] = RECORD_VERSION + 1;
    expect(() => decodeRecord(bytes)).toThrow(code('RECORD_VERSION'));
  });
});

describe('the size of a record', () => {
  it('is the sum of its parts', () => {
    const bytes = encodeRecord(recordedPen(), context!);
    const { samples, pen, host, other, reports, rest } = recordSizes(bytes);
    expect(pen + host + other + reports + rest).toBe(bytes.length);
    expect(samples).toBe(recordedPen().samples.length);
  });
});

describe('hostile bytes', () => {
  it('of any content are refused with a code', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(() => decodeRecord(recordOf(bytes))).toThrow(refused);
    }));
  });

  it('nested a million deep are refused at the limit, not by a full stack', () => {
    expect(() => decodeRecord(recordOf(new Uint8Array(1_000_000).fill(0x81)))).toThrow(code('RECORD_LIMIT'));
    expect(() => decodeRecord(recordOf(new Uint8Array(1_000_000).fill(0xa1)))).toThrow(refused);
  });

  it('with a million items are refused at the limit', () => {
    expect(() => decodeRecord(recordOf(encode(Array(1_000_000).fill(0))))).toThrow(code('RECORD_LIMIT'));
  });

  it.each([
    ['an array of 2^32 - 1 items', [0x9a, 0xff, 0xff, 0xff, 0xff]],
    ['a map of 2^53 - 1 entries', [0xbb, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['a byte string of 4 GiB', [0x5a, 0xff, 0xff, 0xff, 0xff, 0x00]],
    ['a text of 2^63 bytes', [0x7b, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x41]],
    ['an array without an end', [0x9f, 0x01]],
    ['a tag', [0xc1, 0x00]],
    ['a float where an integer is shorter', [0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]],
    ['an integer longer than needed', [0x18, 0x01]],
    ['names in the wrong order', [0xa2, 0x61, 0x62, 0x01, 0x61, 0x61, 0x02]],
    ['one name twice', [0xa2, 0x61, 0x61, 0x01, 0x61, 0x61, 0x02]],
    ['a second value behind the first', [0xa0, 0xa0]],
  ])('that announce %s are refused', (_, body) => {
    expect(() => decodeRecord(recordOf(Uint8Array.from(body)))).toThrow(refused);
  });

  it('that inflate to more than announced are stopped', () => {
    const bomb = deflateSync(new Uint8Array(5_000_000));
    const body = decodeBody(encodeRecord(capture!, context!));
    for (const [length, expected] of [[100, 'RECORD_MALFORMED'], [2 ** 40, 'RECORD_LIMIT'], [6_000_000, 'RECORD_MALFORMED'], [60_000_000, 'RECORD_MALFORMED']] as const) {
      body.samples.pen = { length, deflate: bomb };
      expect(() => decodeRecord(recordOf(encode(body, { float64: true })))).toThrow(code(expected));
    }
  });

  it('that announce more samples than they hold are refused', () => {
    const body = decodeBody(encodeRecord({ ...capture!, samples: fc.sample(arbitraryCapture(), 1)[0]!.samples }, context!));
    body.samples.count += 1;
    expect(() => decodeRecord(recordOf(encode(body, { float64: true })))).toThrow(code('RECORD_MALFORMED'));
    body.samples.count = 2 ** 32;
    expect(() => decodeRecord(recordOf(encode(body, { float64: true })))).toThrow(code('RECORD_LIMIT'));
  });
});
