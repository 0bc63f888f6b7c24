/**
 * A section of a record: bytes under raw deflate (RFC 1951), beside their inflated length. FORMAT.md section 4.
 * The length is checked before anything is reserved and again while inflating, so a section of a few bytes
 * cannot ask for gigabytes.
 */
import { deflateSync } from 'fflate';
import { ByteReader } from './byte-stream.ts';
import { RecordError } from './errors.ts';
import { InflateError, inflateExactly } from './inflate.ts';
import { MAX_SECTION } from './limits.ts';
import { bytes, counted, object, type Shape } from './shape.ts';

export interface Section {
  /** Bytes after inflating. */
  length: number;
  deflate: Uint8Array;
}

/** No deflate stream grows by more than this factor. */
const DEFLATE_RATIO = 1032;

export const sectionShape: Shape<Section> = object<Section>({ length: counted(MAX_SECTION), deflate: bytes });

/** @throws RecordError `RECORD_LIMIT` */
export function packSection(name: string, content: Uint8Array): Section {
  if (content.length > MAX_SECTION) {
    throw new RecordError('RECORD_LIMIT', `${name}: ${content.length} bytes, at most ${MAX_SECTION} allowed`);
  }
  return { length: content.length, deflate: deflateSync(content, { level: 9 }) };
}

/** @param section whose `length` is within the limit: its shape has checked that. @throws RecordError `RECORD_MALFORMED` */
export function openSection(name: string, section: Section): ByteReader {
  if (section.length > section.deflate.length * DEFLATE_RATIO) {
    throw new RecordError('RECORD_MALFORMED', `${name}: announces more bytes than its deflate stream can hold`);
  }
  return new ByteReader(inflate(name, section), name);
}

function inflate(name: string, { length, deflate }: Section): Uint8Array {
  try {
    return inflateExactly(deflate, length);
  } catch (error) {
    if (!(error instanceof InflateError)) throw error;
    throw new RecordError('RECORD_MALFORMED', `${name}: the deflate stream has ${error.message}`, { cause: error });
  }
}
