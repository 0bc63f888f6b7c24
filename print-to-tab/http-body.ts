/**
 * The body of one IPP request, read piece by piece: first the message, then the document (RFC 8010 section 3.1).
 *
 * Chunked bodies and `Expect: 100-continue` are Node's; here are the waiting time, the end of a connection in
 * mid-body, and the limit on attributes. Reading stops whenever nobody asks, which holds the sender back.
 */
import type { IncomingMessage } from 'node:http';
import { PrintError } from './errors.ts';
import { MessageBoundary } from './ipp-codec/boundary.ts';
import { decode } from './ipp-codec/decode.ts';
import { CODEC_LIMITS } from './ipp-codec/limits.ts';
import type { Message } from './ipp-codec/message.ts';

export class HttpBody {
  readonly #request: IncomingMessage;
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #idleMs: number;
  #left: Uint8Array = new Uint8Array();

  constructor(request: IncomingMessage, idleMs: number) {
    this.#request = request;
    this.#pieces = request.iterator({ destroyOnReturn: false });
    this.#idleMs = idleMs;
  }

  /** @throws PrintError IPP_TRUNCATED, IPP_MALFORMED, IPP_LIMIT, IDLE, DISCONNECTED */
  async message(maxBytes: number): Promise<Message> {
    const boundary = new MessageBoundary();
    const limits = { ...CODEC_LIMITS, maxBytes };
    let received = Buffer.alloc(0);
    while (boundary.find(received) === null && received.length <= maxBytes) {
      const piece = await this.#next();
      if (piece === null) break;
      received = Buffer.concat([received, piece]);
    }
    const { message, end } = decode(received, limits);
    this.#left = received.subarray(end);
    return message;
  }

  /** Everything after the message. Leaving off in the middle keeps the connection; `drain` reads the rest. */
  async *document(): AsyncGenerator<Uint8Array> {
    const left = this.#left;
    this.#left = new Uint8Array();
    if (left.length > 0) yield left;
    for (let piece = await this.#next(); piece !== null; piece = await this.#next()) yield piece;
  }

  /**
   * Reads what nobody wants, so that the client gets its answer instead of a broken connection.
   * @returns false: there is more than `maxBytes` of it, and the connection has to end
   */
  async drain(maxBytes: number): Promise<boolean> {
    let drained = 0;
    for await (const piece of this.document()) {
      drained += piece.length;
      if (drained > maxBytes) return false;
    }
    return true;
  }

  async #next(): Promise<Uint8Array | null> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new PrintError('IDLE', `Nothing arrived for ${this.#idleMs} ms.`)), this.#idleMs);
    });
    try {
      const next = await Promise.race([this.#pieces.next(), silence]);
      return next.done === true ? null : next.value;
    } catch (error) {
      this.#request.destroy();
      if (error instanceof PrintError) throw error;
      throw new PrintError('DISCONNECTED', 'The sender went away in the middle of the request.', { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}
