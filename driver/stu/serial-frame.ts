/**
 * Frames of the pads' serial protocol (SDK, SerialProtocol.hpp and SerialProtocol.cpp):
 *
 *   byte 0      0x80 | 0x40 with a checksum | bits 12 to 7 of the packed length
 *   byte 1      bits 6 to 0 of the packed length
 *   then        the report, its CRC-16 little-endian where there is one, packed 8 to 7 bits, most significant bit first
 *
 * Bit 7 is set in the first byte of a frame and nowhere else, so a reader that lost its place finds it again. The SDK's own
 * encoder sends one byte more than it announces when report and checksum are 6, 13, 20, … bytes; it is passed over here.
 */
import { crc16, type CrcInitial } from './crc16.ts';

const START = 0x80;
const HAS_CRC = 0x40;
const MAX_PACKED = (1 << 13) - 1;

/** @param crcInitial null: without a checksum. @throws RangeError for more than 7,165 bytes with a checksum, 7,167 without */
export function encodeFrame(report: Uint8Array, crcInitial: CrcInitial | null): Uint8Array {
  const content = crcInitial === null ? report : withCrc(report, crcInitial);
  const packedLength = Math.ceil((content.length * 8) / 7);
  if (packedLength > MAX_PACKED) throw new RangeError(`a frame holds ${MAX_PACKED} packed bytes at most, this report needs ${packedLength}`);
  const frame = new Uint8Array(2 + packedLength);
  frame[0] = START | (crcInitial === null ? 0 : HAS_CRC) | (packedLength >> 7);
  frame[1] = packedLength & 0x7f;
  pack(content, frame.subarray(2));
  return frame;
}

function withCrc(report: Uint8Array, crcInitial: CrcInitial): Uint8Array {
  const crc = crc16(report, crcInitial);
  return Uint8Array.of(...report, crc & 0xff, crc >> 8);
}

function pack(content: Uint8Array, packed: Uint8Array): void {
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const byte of content) {
    held = ((held << 8) | byte) & 0x7fff;
    for (bits += 8; bits >= 7; at++) packed[at] = (held >> (bits -= 7)) & 0x7f;
  }
  if (bits > 0) packed[at] = (held << (7 - bits)) & 0x7f;
}

function unpack(packed: Uint8Array): Uint8Array {
  const content = new Uint8Array(Math.floor((packed.length * 7) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const byte of packed) {
    held = ((held << 7) | byte) & 0x7fff;
    bits += 7;
    if (bits >= 8) content[at++] = (held >> (bits -= 8)) & 0xff;
  }
  return content;
}

export interface Frame {
  report: Uint8Array;
  /** Initial values for which the checksum is right; both where the frame has none. */
  crcInitials: readonly CrcInitial[];
}

/** Finds frames in a stream whose pieces begin and end anywhere. */
export class FrameReader {
  readonly #packed = new Uint8Array(MAX_PACKED);
  /** Bytes of the frame so far, its header included; -1: looking for the start of one. */
  #at = -1;
  #first = 0;
  #length = 0;
  /** Frames that another frame cut short, and bytes outside of any. */
  broken = 0;

  /** @returns the frames that ended in these bytes; empty ones are passed over */
  push(bytes: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    for (const byte of bytes) {
      const frame = this.#take(byte);
      if (frame !== null) frames.push(frame);
    }
    return frames;
  }

  #take(byte: number): Frame | null {
    if ((byte & START) !== 0) {
      if (this.#at >= 0) this.broken++;
      this.#first = byte;
      this.#at = 1;
    } else if (this.#at === 1) {
      this.#length = ((this.#first & 0x3f) << 7) | byte;
      this.#at = this.#length === 0 ? -1 : 2;
    } else if (this.#at > 1) {
      this.#packed[this.#at++ - 2] = byte;
      if (this.#at - 2 === this.#length) return this.#whole();
    } else if (byte !== 0) this.broken++;
    return null;
  }

  #whole(): Frame | null {
    this.#at = -1;
    const content = unpack(this.#packed.subarray(0, this.#length));
    if ((this.#first & HAS_CRC) === 0) return content.length === 0 ? null : { report: content, crcInitials: [0x0000, 0xffff] };
    if (content.length < 3) {
      this.broken++;
      return null;
    }
    const report = content.subarray(0, -2);
    const stored = content.at(-2)! | (content.at(-1)! << 8);
    return { report, crcInitials: ([0x0000, 0xffff] as const).filter((initial) => crc16(report, initial) === stored) };
  }
}
