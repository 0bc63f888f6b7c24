/** Reads the body of a request, within a limit. */
import type { IncomingMessage } from 'node:http';
import { inMegabytes } from './limits.ts';
import { StationError } from './errors.ts';

/** @throws StationError `TOO_LARGE`, `BAD_BODY` when the connection breaks off */
export async function readBytes(request: IncomingMessage, most: number): Promise<Buffer> {
  const refuse = () => new StationError('TOO_LARGE', `At most ${inMegabytes(most)} are taken here.`);
  if (Number(request.headers['content-length'] ?? 0) > most) throw refuse();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > most) throw refuse();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, length);
  } catch (cause) {
    throw cause instanceof StationError ? cause : new StationError('BAD_BODY', 'The connection broke off.', { cause });
  } finally {
    // pieces of a signature must not stay behind in the pool they came from
    for (const chunk of chunks) chunk.fill(0);
  }
}

/** @throws StationError `TOO_LARGE`, `BAD_BODY` */
export async function readJson(request: IncomingMessage, most: number): Promise<string> {
  const type = request.headers['content-type'] ?? 'application/json';
  if (!type.startsWith('application/json')) throw new StationError('BAD_BODY', 'Send JSON, with Content-Type: application/json.');
  return (await readBytes(request, most)).toString('utf8');
}
