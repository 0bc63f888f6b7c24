/**
 * Numbers out of the bits of a report: bit 0 of byte 0 first, low bits before high ones, at any offset (HID 1.11,
 * sections 5.7 and 8.4). Nothing is checked here: whoever calls knows that the report is long enough.
 */

/** @param size 1 to 32 */
export function unsignedBits(report: Uint8Array, firstBit: number, size: number): number {
  const at = firstBit >>> 3;
  const shift = firstBit & 7;
  const bytes = (shift + size + 7) >>> 3;
  let value = report[at]!;
  if (bytes > 1) value |= report[at + 1]! << 8;
  if (bytes > 2) value |= report[at + 2]! << 16;
  if (bytes > 3) value |= report[at + 3]! << 24;
  value >>>= shift;
  // five bytes only where the shift is not 0
  if (bytes > 4) value |= report[at + 4]! << (32 - shift);
  return size === 32 ? value >>> 0 : value & ((2 ** size) - 1);
}

/** Two's complement. @param size 1 to 32 */
export function signedBits(report: Uint8Array, firstBit: number, size: number): number {
  return (unsignedBits(report, firstBit, size) << (32 - size)) >> (32 - size);
}

/** Any size. Exact up to 53 bits; the nearest number beyond. */
export function wideBits(report: Uint8Array, firstBit: number, size: number, signed: boolean): number {
  let value = 0n;
  for (let done = 0; done < size; done += 32) {
    value |= BigInt(unsignedBits(report, firstBit + done, Math.min(32, size - done))) << BigInt(done);
  }
  return Number(signed ? BigInt.asIntN(size, value) : value);
}
