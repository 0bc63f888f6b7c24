/**
 * The body of "Done": one POST that carries the whole capture.
 *
 *   offset  size  field
 *   0       4     length of the header, n, little-endian u32
 *   4       n     header, UTF-8 JSON (`DoneHeader`)
 *   4+n     rest  samples, one batch of `biometrics/samples.ts`
 *
 * Before: the guest screen encodes it, in memory only. After: `kiosk/station/complete.ts`.
 * Strict: what a browser cannot know (a report descriptor, raw reports) is refused, because a record must
 * never claim it. Reader and writer share no state, so nothing of the ink outlives the two buffers.
 */
import { encodeSamples, MAX_BATCH } from '#biometrics/samples.ts';
import { CHANNELS } from '#biometrics/sample.ts';
import { ProtocolError } from './errors.ts';
import type { Done, DoneHeader, ScreenCapture, StationCapture } from './routes.ts';
import { affine, dictionary, finite, integer, list, matching, nothing, nullable, object, oneOf, optional, parseJson, text, truth, type Reader } from './shape.ts';
import { languageTag, sha256Hex } from './validate.ts';

/** Most bytes of the header. */
export const MAX_DONE_HEADER = 65_536;
/** How often one signature may be started again or cleared. */
const MAX_TRIES = 10_000;
/** As many fields as `packet/fields` finds in one document. */
const MAX_CHECKS = 500;

const name = text(300);
const number = nullable(finite);
const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, 'a time in UTC as RFC 3339 writes it');

const channel = object({
  name: oneOf(CHANNELS),
  unit: text(20),
  logicalMin: number, logicalMax: number, physicalMin: number, physicalMax: number, unitExponent: number, perMm: number,
  rotation: nullable(oneOf(['clockwise', 'counter-clockwise'])),
  derived: truth,
});

const source = object({
  // hid, serial and the like are read by the station's own pen process, never by a page
  kind: oneOf(['pointer', 'recorded']),
  instrument: oneOf(['pen', 'touch', 'mouse']),
  device: object({
    name,
    vendorId: nullable(integer(0, 0xffff)),
    productId: nullable(integer(0, 0xffff)),
    serialNumber: nullable(name),
    firmware: nullable(name),
    bus: nullable(name),
  }),
  driver: object({ name, version: name }),
  host: text(1_000),
  channels: list(channel, CHANNELS.length),
  deviceClock: nullable(object({ tickNs: finite, wrapsAfter: number })),
  limits: list(name, 40),
  descriptor: nothing,
  openedAt: time,
});

const surface = object({
  width: finite,
  height: finite,
  devicePixelRatio: finite,
  orientation: oneOf([0, 90, 180, 270]),
  toPage: nullable(affine),
  // a page's own coordinates are the screen's; only the station lays a device on it
  calibration: nothing,
});

const screenCapture: Reader<ScreenCapture> = object({
  source,
  surface: nullable(surface),
  losses: object({ count: integer(0, MAX_BATCH), method: oneOf(['sequence', 'device-clock', 'interval', 'unknown']) }),
  anomalies: dictionary(integer(0, Number.MAX_SAFE_INTEGER), 100),
  complete: truth,
});

const stationCapture: Reader<StationCapture> = object({ reads: oneOf(['station']), attempt: integer(1, MAX_TRIES) });

const header: Reader<DoneHeader> = object({
  documentSha256: sha256Hex,
  consentSha256: sha256Hex,
  language: languageTag,
  attempts: integer(1, MAX_TRIES),
  clears: integer(0, MAX_TRIES),
  checks: optional(list(object({ name, checked: truth }), MAX_CHECKS)),
  capture: (value: unknown, at: string) => (typeof value === 'object' && value !== null && 'reads' in value ? stationCapture(value, at) : screenCapture(value, at)),
});

/** @throws ProtocolError `MALFORMED`, `TOO_LONG` for a header that `decodeDone` would refuse; RecordError as `encodeSamples` */
export function encodeDone(done: Done): Uint8Array<ArrayBuffer> {
  const json = JSON.stringify(header(done.header, 'done'));
  const head = new TextEncoder().encode(json);
  if (head.length > MAX_DONE_HEADER) throw new ProtocolError('TOO_LONG', `a header of ${head.length} bytes; at most ${MAX_DONE_HEADER} are taken`);
  const batch = encodeSamples(done.batch.samples, done.batch.first);
  const bytes = new Uint8Array(4 + head.length + batch.length);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  bytes.set(batch, 4 + head.length);
  // the caller overwrites what it gets; this copy is nobody's
  batch.fill(0);
  return bytes;
}

/** @returns the header, and the batch as it lies in the body: it is read by `decodeSamples` of `biometrics/samples.ts`. @throws ProtocolError `MALFORMED`, `TOO_LONG` */
export function decodeDone<Memory extends ArrayBufferLike>(bytes: Uint8Array<Memory>): { header: DoneHeader; batch: Uint8Array<Memory> } {
  if (bytes.byteLength < 4) throw new ProtocolError('MALFORMED', `"done" has at least 4 bytes, this has ${bytes.byteLength}`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  if (length > MAX_DONE_HEADER) throw new ProtocolError('TOO_LONG', `a header of ${length} bytes; at most ${MAX_DONE_HEADER} are taken`);
  if (4 + length > bytes.byteLength) throw new ProtocolError('MALFORMED', `a header of ${length} bytes announced, ${bytes.byteLength - 4} given`);
  // a copy: no text is decoded out of shared memory
  const head = new Uint8Array(bytes.subarray(4, 4 + length));
  return { header: header(parseJson(utf8(head), MAX_DONE_HEADER), 'done'), batch: bytes.subarray(4 + length) };
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ProtocolError('MALFORMED', 'the header is not UTF-8', { cause });
  }
}
