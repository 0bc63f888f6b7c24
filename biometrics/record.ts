/**
 * The record: a capture and its context encoded for keeping, as FORMAT.md specifies byte by byte.
 *
 * Before it: a capture from `driver/`, a context from the station. After it: `seal.ts`.
 * Encode then decode is the identity; nothing is smoothed, resampled or normalised on the way.
 *
 * By itself a record protects nothing: it is neither signed nor secret until it is sealed.
 */
import { captureFrameMembers, captureFrameMembersV1, captureFrameMembersV2, type CaptureFrame } from './capture-shape.ts';
import type { Capture } from './capture.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { contextShape, contextShapeV2, type RecordContext } from './context.ts';
import { RecordError } from './errors.ts';
import { MAX_RECORD } from './limits.ts';
import { packReports, reportColumnsShape, unpackReports, type ReportColumns } from './report-columns.ts';
import { packSamples, sampleColumnsShape, unpackSamples, type SampleColumns } from './sample-columns.ts';
import { nullable, object } from './shape.ts';

/** "CSGR", then one byte of version. */
const MAGIC = [0x43, 0x53, 0x47, 0x52];
const HEADER = MAGIC.length + 1;

/** The version of FORMAT.md this program writes, and the newest it reads. */
export const RECORD_VERSION = 3;

/** The CBOR map after the header. */
interface RecordBody extends CaptureFrame {
  context: RecordContext;
  samples: SampleColumns;
  reports: ReportColumns | null;
}

const columnMembers = { samples: sampleColumnsShape, reports: nullable(reportColumnsShape) };
const bodyShape = object<RecordBody>({ ...captureFrameMembers, ...columnMembers, context: contextShape });

/** What the body of each version that this program reads looks like. */
const BODIES = new Map([
  [1, object<RecordBody>({ ...captureFrameMembersV1, ...columnMembers, context: contextShapeV2 })],
  [2, object<RecordBody>({ ...captureFrameMembersV2, ...columnMembers, context: contextShapeV2 })],
  [RECORD_VERSION, bodyShape],
]);

/**
 * Encodes a capture and its context as a record.
 * @throws RecordError `RECORD_MALFORMED` if a member is missing, unknown or of the wrong type, or a number is
 *   NaN or infinite; `RECORD_LIMIT` above a limit of FORMAT.md
 */
export function encodeRecord(capture: Capture, context: RecordContext): Uint8Array<ArrayBuffer> {
  const { samples, reports, ...frame } = capture;
  const body = encodeCbor(bodyShape({
    ...frame,
    context,
    samples: packSamples(samples),
    reports: reports === null ? null : packReports(reports),
  }, 'record'));
  try {
    decodeCbor(body); // items and entries beyond the limits of a reader
    if (HEADER + body.length > MAX_RECORD) {
      throw new RecordError('RECORD_LIMIT', `the record has ${HEADER + body.length} bytes, at most ${MAX_RECORD} allowed`);
    }
    const bytes = new Uint8Array(HEADER + body.length);
    bytes.set([...MAGIC, RECORD_VERSION]);
    bytes.set(body, HEADER);
    return bytes;
  } finally {
    // the encoder's own, in a pool that it shares with others
    body.fill(0);
  }
}

/**
 * Reads a record. The bytes may come from anyone: time and memory stay within the limits of FORMAT.md.
 * @throws RecordError `RECORD_MALFORMED`, `RECORD_VERSION` (newer than this program), `RECORD_LIMIT`
 */
export function decodeRecord(bytes: Uint8Array): { version: number; capture: Capture; context: RecordContext } {
  const { context, samples, reports, ...frame } = readBody(bytes);
  return {
    version: bytes[MAGIC.length]!,
    capture: { ...frame, samples: unpackSamples(samples), reports: reports === null ? null : unpackReports(reports) },
    context,
  };
}

/** Bytes each part of a record takes. */
export interface RecordSizes {
  /** Number of samples, for bytes per sample. */
  samples: number;
  /** The seven forensic channels. */
  pen: number;
  host: number;
  other: number;
  reports: number;
  /** Context, source and the framing of all. */
  rest: number;
}

/** For the bench. @throws RecordError as `decodeRecord` */
export function recordSizes(bytes: Uint8Array): RecordSizes {
  const { samples, reports: raw } = readBody(bytes);
  const pen = samples.pen.deflate.length;
  const host = samples.host.deflate.length;
  const other = samples.other.deflate.length;
  const reports = raw?.section.deflate.length ?? 0;
  return { samples: samples.count, pen, host, other, reports, rest: bytes.length - pen - host - other - reports };
}

function readBody(bytes: Uint8Array): RecordBody {
  if (bytes.length > MAX_RECORD) {
    throw new RecordError('RECORD_LIMIT', `the record has ${bytes.length} bytes, at most ${MAX_RECORD} allowed`);
  }
  if (bytes.length < HEADER || MAGIC.some((byte, at) => bytes[at] !== byte)) {
    throw new RecordError('RECORD_MALFORMED', 'not a record: it does not begin with "CSGR"');
  }
  const shape = BODIES.get(bytes[MAGIC.length]!);
  if (shape === undefined) {
    throw new RecordError('RECORD_VERSION', `record version ${bytes[MAGIC.length]}; this program reads versions up to ${RECORD_VERSION}: use a newer one`);
  }
  return shape(decodeCbor(bytes.subarray(HEADER)), 'record');
}
