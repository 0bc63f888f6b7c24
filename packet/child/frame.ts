/**
 * One message between parent and child: 4 bytes big-endian length, that many bytes of JSON (UTF-8), then the
 * binary rest. Plain framing on pipes; it protects from nothing but a message cut short.
 */
export interface Frame<Head> { head: Head; body: Uint8Array }

/** The two parts to be written one after the other; the body is not copied. */
export function encodeFrame(head: unknown, body: Uint8Array): [Uint8Array, Uint8Array] {
  const json = Buffer.from(JSON.stringify(head), 'utf8');
  const start = Buffer.alloc(4 + json.length);
  start.writeUInt32BE(json.length);
  start.set(json, 4);
  return [start, body];
}

/** @returns null where the bytes end before the JSON does: the other side died while writing. */
export function decodeFrame<Head>(bytes: Uint8Array): Frame<Head> | null {
  if (bytes.length < 4) return null;
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  if (bytes.length < end) return null;
  return { head: JSON.parse(new TextDecoder().decode(bytes.subarray(4, end))) as Head, body: bytes.subarray(end) };
}
