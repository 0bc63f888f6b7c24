/**
 * The head of an AWS Encryption SDK message, format 2.0 (message-header.md of the SDK's specification): whom it is for
 * and its context, readable by anyone and worth nothing until the message opens.
 */
import { SyncError } from './errors.ts';

export interface EnvelopeHeader {
  /** Algorithm suite, e.g. 0x0478. */
  suite: number;
  context: Record<string, string>;
  /** Every key that can open it. `provider` is `aws-kms` or a namespace; `name` the ARN or the key's id. */
  keys: { provider: string; name: string }[];
  frameLength: number;
}

const VERSION = 2;
const FRAMED = 2;
const MESSAGE_ID_LENGTH = 32;
/** Far above what `wrap.ts` writes; a lying header costs no more than this. */
const MAX_CONTEXT_LENGTH = 8 * 1024;
export const MAX_KEYS = 8;
const MAX_FRAME_LENGTH = 16 * 1024 * 1024;

/** @throws SyncError `ENVELOPE_MALFORMED` */
export function readEnvelopeHeader(envelope: Uint8Array): EnvelopeHeader {
  const reader = new Reader(envelope);
  if (reader.uint(1) !== VERSION) throw malformed('its first byte is not 2, the version of the format');
  const suite = reader.uint(2);
  reader.bytes(MESSAGE_ID_LENGTH);
  const context = readContext(reader.bytes(reader.uint(2, MAX_CONTEXT_LENGTH)));
  const keys = Array.from({ length: reader.uint(2, MAX_KEYS) }, () => {
    const [provider, name] = [reader.text(), reader.text()];
    reader.bytes(reader.uint(2));
    return { provider, name };
  });
  if (reader.uint(1) !== FRAMED) throw malformed('its content is not framed');
  return { suite, context, keys, frameLength: reader.uint(4, MAX_FRAME_LENGTH) };
}

function readContext(bytes: Uint8Array): Record<string, string> {
  if (bytes.length === 0) return {};
  const reader = new Reader(bytes);
  return Object.fromEntries(Array.from({ length: reader.uint(2, MAX_CONTEXT_LENGTH) }, () => [reader.text(), reader.text()]));
}

class Reader {
  #at = 0;
  readonly #source: Uint8Array;

  constructor(source: Uint8Array) {
    this.#source = source;
  }

  bytes(length: number): Uint8Array {
    const part = this.#source.subarray(this.#at, this.#at + length);
    if (part.length < length) throw malformed(`it ends within its header, at byte ${this.#source.length}`);
    this.#at += length;
    return part;
  }

  uint(length: 1 | 2 | 4, limit = Infinity): number {
    const value = Buffer.from(this.bytes(length)).readUIntBE(0, length);
    if (value > limit) throw malformed(`${value} at byte ${this.#at - length} is above the limit of ${limit}`);
    return value;
  }

  text(): string {
    return Buffer.from(this.bytes(this.uint(2))).toString('utf8');
  }
}

function malformed(reason: string): SyncError {
  return new SyncError('ENVELOPE_MALFORMED', `This is no envelope of the kind made here: ${reason}.`);
}
