/**
 * A section of a record: bytes under raw deflate (RFC 1951), beside their inflated length. FORMAT.md section 4.
 * The length is checked before anything is reserved and again while inflating, so a section of a few bytes
 * cannot ask for gigabytes.
 */
import { Inflate, deflateSync } from 'fflate';
import { ByteReader } from './byte-stream.ts';
import { RecordError } from './errors.ts';
import { MAX_SECTION } from './limits.ts';
import { bytes, integer, object, type Shape } from './shape.ts';

export interface Section {
  /** Bytes after inflating. */
  length: number;
  deflate: Uint8Array;
}

/** No deflate stream grows by more than this factor. */
const DEFLATE_RATIO = 1032;
const PIECE = 16 * 1024;

export const sectionShape: Shape<Section> = object<Section>({ length: integer(0, Number.MAX_SAFE_INTEGER), deflate: bytes });

/** @throws RecordError `RECORD_LIMIT` */
export function packSection(name: string, content: Uint8Array): Section {
  if (content.length > MAX_SECTION) {
    throw new RecordError('RECORD_LIMIT', `${name}: ${content.length} bytes, at most ${MAX_SECTION} allowed`);
  }
  return { length: content.length, deflate: deflateSync(content, { level: 9 }) };
}

/** @throws RecordError `RECORD_MALFORMED`, `RECORD_LIMIT` */
export function openSection(name: string, section: Section): ByteReader {
  if (section.length > MAX_SECTION) {
    throw new RecordError('RECORD_LIMIT', `${name}: ${section.length} bytes announced, at most ${MAX_SECTION} allowed`);
  }
  if (section.length > section.deflate.length * DEFLATE_RATIO) {
    throw new RecordError('RECORD_MALFORMED', `${name}: announces more bytes than its deflate stream can hold`);
  }
  return new ByteReader(inflate(name, section), name);
}

function inflate(name: string, { length, deflate }: Section): Uint8Array {
  const content = new Uint8Array(length);
  let at = 0;
  const stream = new Inflate((chunk) => {
    if (chunk.length > length - at) {
      throw new RecordError('RECORD_MALFORMED', `${name}: inflates to more than the ${length} bytes announced`);
    }
    content.set(chunk, at);
    at += chunk.length;
  });
  try {
    for (let start = 0; start < deflate.length; start += PIECE) {
      stream.push(deflate.subarray(start, start + PIECE), start + PIECE >= deflate.length);
    }
  } catch (error) {
    if (error instanceof RecordError) throw error;
    throw new RecordError('RECORD_MALFORMED', `${name}: not a deflate stream`, { cause: error });
  }
  if (at !== length) throw new RecordError('RECORD_MALFORMED', `${name}: inflates to ${at} bytes, ${length} announced`);
  return content;
}
