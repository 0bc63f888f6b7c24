/**
 * Text from a stranger made fit for a queue window, a log line or an attribute of bounded length.
 */

/** Runs of control, white-space and bidirectional-override characters become one space; cut at `octets` of UTF-8, never within a character. */
export function printableText(text: string, octets: number): string {
  const plain = text.replace(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
  const { read } = new TextEncoder().encodeInto(plain, new Uint8Array(octets));
  return plain.slice(0, read);
}
