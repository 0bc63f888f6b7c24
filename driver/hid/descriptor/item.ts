/**
 * Items, the words of a report descriptor (HID 1.11, sections 6.2.2.1 to 6.2.2.3).
 *
 * Before it: bytes. After it: `parse.ts`.
 */
import { malformed } from './malformed.ts';

export const ItemType = { main: 0, global: 1, local: 2, reserved: 3 } as const;

export interface Item {
  /** Of its prefix byte in the descriptor. */
  offset: number;
  /** Of the byte after it. */
  end: number;
  type: number;
  tag: number;
  /** Bytes of data: 0, 1, 2 or 4. */
  size: number;
  /** The data, little-endian; 0 where there is none. */
  unsigned: number;
  /** The same as a two's complement number of `size` bytes. */
  signed: number;
}

/** Tag 15 with type 3: a long item (section 6.2.2.3). Only the tag counts, as for the Linux kernel: no short item has it. */
const LONG_TAG = 15;

const SIZES = [0, 1, 2, 4] as const;

/** The short items in order. Long items are stepped over: no tag for them was ever defined. @throws PenError DESCRIPTOR_MALFORMED where one is cut short. */
export function* itemsOf(bytes: Uint8Array): Generator<Item, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let offset = 0;
  while (offset < bytes.length) {
    const prefix = bytes[offset]!;
    if (prefix >> 4 === LONG_TAG) {
      offset = endOfLongItem(bytes, offset);
      continue;
    }
    const size = SIZES[(prefix & 3) as 0 | 1 | 2 | 3];
    const end = offset + 1 + size;
    if (end > bytes.length) throw malformed(offset, `the item 0x${hex(prefix)} wants ${size} data bytes and ${bytes.length - offset - 1} are left`, '6.2.2.2');
    yield { offset, end, type: (prefix >> 2) & 3, tag: prefix >> 4, size, unsigned: unsignedAt(view, offset + 1, size), signed: signedAt(view, offset + 1, size) };
    offset = end;
  }
}

function endOfLongItem(bytes: Uint8Array, offset: number): number {
  const end = offset + 3 + (bytes[offset + 1] ?? 0);
  if (offset + 3 > bytes.length || end > bytes.length) throw malformed(offset, 'a long item reaches past the end', '6.2.2.3');
  return end;
}

function unsignedAt(view: DataView, at: number, size: number): number {
  if (size === 1) return view.getUint8(at);
  if (size === 2) return view.getUint16(at, true);
  return size === 4 ? view.getUint32(at, true) : 0;
}

function signedAt(view: DataView, at: number, size: number): number {
  if (size === 1) return view.getInt8(at);
  if (size === 2) return view.getInt16(at, true);
  return size === 4 ? view.getInt32(at, true) : 0;
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
