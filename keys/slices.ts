/**
 * Large bytes piece by piece, so that whoever hashes, encrypts or overwrites them gives way between: all pens and screens of a station
 * share one event loop. Before: `at-rest-key.ts`, `sync-agent`, `packet/intake`, `kiosk/station`. The bytes must stay as they are meanwhile.
 */
import { createHash } from 'node:crypto';
import { setImmediate as giveWay } from 'node:timers/promises';

/** A few milliseconds of SHA-256 or AES on a slow machine. */
export const SLICE_LENGTH = 2 * 1024 * 1024;

/** From here on memory comes from the system by itself. */
const LARGE = 8 * 1024 * 1024;

/**
 * Zeros. The station has its allocator overwrite whatever it hands out (`kiosk/supervisor.ts`), which takes 60 ms for 100 MB; the memory of
 * a buffer that could be resized does not come from there, and only what is used of it is ever touched.
 */
export function roomFor(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length < LARGE ? new ArrayBuffer(length) : new ArrayBuffer(length, { maxByteLength: length }), 0, length);
}

/**
 * Gives the memory of large buffers back at once, piece by piece: who still reads them finds nothing. Left to a collection of the heap,
 * hundreds of MB wait for long, make each child slower to start (the kernel copies the tables of all pages), and go in one turn.
 */
export async function letGo(...all: readonly Uint8Array[]): Promise<void> {
  for (const { buffer } of all) {
    if (!(buffer instanceof ArrayBuffer) || buffer.byteLength < LARGE) continue;
    while (buffer.resizable && buffer.byteLength > LARGE) {
      buffer.resize(buffer.byteLength - LARGE);
      await giveWay();
    }
    buffer.transferToFixedLength(0);
    await giveWay();
  }
}

/** Views, in their order; none of no bytes. The event loop turns between two of them. */
export async function* inSlices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE_LENGTH) {
    if (at > 0) await giveWay();
    yield bytes.subarray(at, at + SLICE_LENGTH);
  }
}

/** SHA-256 of whole documents and packets, lower-case hex. */
export async function sha256OfLarge(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for await (const slice of inSlices(bytes)) hash.update(slice);
  return hash.digest('hex');
}
