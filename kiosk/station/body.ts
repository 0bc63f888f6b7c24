/** Reads the body of a request, within a limit. */
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import { setImmediate as giveWay } from 'node:timers/promises';
import { SLICE_LENGTH } from '#keys/slices.ts';
import { sharedRoom } from './capture-bytes.ts';
import { inMegabytes } from './limits.ts';
import { StationError } from './errors.ts';

/** @throws StationError `TOO_LARGE`, `BAD_BODY` when the connection breaks off */
export async function readBytes(request: IncomingMessage, most: number): Promise<Buffer> {
  return inChunks(request, most, (chunks, length) => Buffer.concat(chunks, length));
}

/** The same in memory that threads share, put there piece by piece: the event loop turns between. */
export async function readShared(request: IncomingMessage, most: number): Promise<Uint8Array<SharedArrayBuffer>> {
  return inChunks(request, most, async (chunks, length) => {
    const body = sharedRoom(length);
    let at = 0;
    let turned = 0;
    for (const chunk of chunks) {
      body.set(chunk, at);
      at += chunk.length;
      if (at - turned < SLICE_LENGTH) continue;
      await giveWay();
      turned = at;
    }
    return body;
  });
}

async function inChunks<Body>(request: IncomingMessage, most: number, joined: (chunks: Buffer[], length: number) => Body | Promise<Body>): Promise<Body> {
  const chunks: Buffer[] = [];
  try {
    const length = await receive(request, most, chunks);
    return await joined(chunks, length);
  } finally {
    // pieces of a signature must not stay behind in the pool they came from
    for (const chunk of chunks) chunk.fill(0);
  }
}

/** @returns how many bytes */
async function receive(request: IncomingMessage, most: number, chunks: Buffer[]): Promise<number> {
  const refuse = () => new StationError('TOO_LARGE', `At most ${inMegabytes(most)} are taken here.`);
  if (Number(request.headers['content-length'] ?? 0) > most) throw refuse();
  let length = 0;
  // each piece as it came, to be overwritten: an iterator would give copies of several, joined, and nobody has those that it joined
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    chunks.push(chunk);
    if (length > most) request.destroy(refuse());
  });
  try {
    await finished(request);
  } catch (cause) {
    throw cause instanceof StationError ? cause : new StationError('BAD_BODY', 'The connection broke off.', { cause });
  }
  return length;
}

/** @throws StationError `TOO_LARGE`, `BAD_BODY` */
export async function readJson(request: IncomingMessage, most: number): Promise<string> {
  const type = request.headers['content-type'] ?? 'application/json';
  if (!type.startsWith('application/json')) throw new StationError('BAD_BODY', 'Send JSON, with Content-Type: application/json.');
  return (await readBytes(request, most)).toString('utf8');
}
