/**
 * The `compression` of a document: RFC 8011 section 5.4.32, gzip is RFC 1952, deflate RFC 1951 (CUPS sends it
 * without a zlib header; one is accepted too).
 *
 * What comes out is not bounded here: whoever iterates counts, and stops. Inflating waits for the reader, so a
 * bomb costs no more memory than one piece.
 */
import { pipeline } from 'node:stream';
import { createGunzip, createInflate, createInflateRaw, type Gunzip } from 'node:zlib';
import { PrintError } from './errors.ts';

export const COMPRESSIONS = ['none', 'gzip', 'deflate'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** First byte of a zlib header: deflate with a 32 KB window. As raw deflate it would be a stored block with padding set. */
const ZLIB = 0x78;

/** @throws PrintError COMPRESSION while iterating; errors of `source` pass through */
export async function* decompress(source: AsyncIterable<Uint8Array>, compression: Compression): AsyncGenerator<Uint8Array> {
  if (compression === 'none') {
    yield* source;
    return;
  }
  const { first, all } = await peek(source);
  if (first === undefined) return;
  try {
    yield* pipeline(all, inflater(compression, first), () => { /* errors reach whoever iterates */ });
  } catch (error) {
    if (error instanceof PrintError) throw error;
    throw new PrintError('COMPRESSION', `The document is marked as ${compression}, but it does not unpack.`, { cause: error });
  }
}

function inflater(compression: 'gzip' | 'deflate', first: Uint8Array): Gunzip {
  if (compression === 'gzip') return createGunzip();
  return first[0] === ZLIB ? createInflate() : createInflateRaw();
}

/** The first piece with bytes in it, and everything with that piece in front again. */
async function peek(source: AsyncIterable<Uint8Array>): Promise<{ first: Uint8Array | undefined; all: AsyncIterable<Uint8Array> }> {
  const pieces = source[Symbol.asyncIterator]();
  let next = await pieces.next();
  while (next.done !== true && next.value.length === 0) next = await pieces.next();
  const first = next.done === true ? undefined : next.value;
  async function* all(): AsyncGenerator<Uint8Array> {
    if (first !== undefined) yield first;
    yield* { [Symbol.asyncIterator]: () => pieces };
  }
  return { first, all: all() };
}
