/**
 * Where an IPP message ends and its document begins, found while the bytes still arrive.
 *
 * RFC 8010 section 3.1: everything after the 8-byte head is flat, a delimiter byte or tag, name length, name,
 * value length, value, collections included. So the end can be found without understanding anything, and each
 * byte is looked at once however small the pieces are.
 */
import { PrintError } from '../errors.ts';
import { FIRST_VALUE_TAG, GROUP } from './tags.ts';

const HEAD = 8;

export class MessageBoundary {
  #next = HEAD;

  /**
   * @param bytes everything received so far, from the version on; grows from call to call
   * @returns the length of the message, the end-of-attributes tag included, or null: more is needed
   * @throws PrintError IPP_MALFORMED for a length with its sign bit set
   */
  find(bytes: Uint8Array): number | null {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    while (this.#next < bytes.length) {
      const tag = bytes[this.#next] as number;
      if (tag === GROUP.end) return this.#next + 1;
      const after = tag < FIRST_VALUE_TAG ? this.#next + 1 : endOfValue(view, this.#next);
      if (after === null) return null;
      this.#next = after;
    }
    return null;
  }
}

/** First byte after the value that starts at `at`, possibly beyond the view; null: its lengths are not there yet. */
function endOfValue(view: DataView, at: number): number | null {
  const valueLength = skip(view, at + 1);
  return valueLength === null ? null : skip(view, valueLength);
}

function skip(view: DataView, at: number): number | null {
  if (at + 2 > view.byteLength) return null;
  const length = view.getInt16(at);
  if (length < 0) throw new PrintError('IPP_MALFORMED', `IPP message: the length at byte ${at} is negative`);
  return at + 2 + length;
}
