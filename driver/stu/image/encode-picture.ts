/**
 * Pictures as an STU pad takes them (SDK, `EncodingMode`): 1 bit, 1 bit compressed with zlib (RFC 1950), 16 bit, 24 bit a pixel.
 *
 * What is in the bytes is as the vendor's own code makes it from a bitmap (SDK, Win32 ProtocolHelper: flattenMonochrome,
 * flattenColor16, flattenColor24); no pad was at hand to see it. Where a pad shows it otherwise there are settings, and
 * `test-picture.ts` shows what is wrong:
 * - 1 bit: the most significant bit is the left pixel, 1 is white, a row begins on a whole byte and is filled up with white;
 * - 16 bit: 5, 6 and 5 bits of red, green and blue, the high byte first, unlike the pads' 16-bit colour settings.
 * 24 bit is blue, green, red.
 */
import { deflateSync } from 'node:zlib';
import type { PadArea } from '../../pad.ts';
import { ENCODING_FLAG } from '../capability.ts';

/** The `EncodingMode` byte of the report that begins a picture. */
export const Encoding = { mono: 0x00, monoZlib: 0x01, rgb565: 0x02, bgr24: 0x04 } as const;
export type Encoding = (typeof Encoding)[keyof typeof Encoding];

export interface PictureSettings {
  /** 1 bit: which bit is the leftmost pixel. */
  bitOrder: 'msb' | 'lsb';
  /** 1 bit: which bit is white. */
  whiteBit: 0 | 1;
  /** 1 bit: `threshold` keeps print sharp, `dither` (Floyd and Steinberg, 1976) keeps greys. */
  shades: 'threshold' | 'dither';
  /** 16 bit: the order of the two bytes. */
  byteOrder: 'little' | 'big';
}

export const PICTURE_SETTINGS: PictureSettings = { bitOrder: 'msb', whiteBit: 1, shades: 'threshold', byteOrder: 'big' };

const MIDDLE = 128;

/**
 * Encodings to try for a picture, best first: the smallest that loses nothing of it, then plainer ones for a pad that refuses that.
 *
 * What is only black and white goes as 1 bit, also to a colour pad: nobody signs while a picture is sent, and 800 × 480 pixels are 190
 * blocks like this and 4,554 in 24 bit, seconds over USB. Over a serial port it goes compressed where the pad offers that: there
 * each byte takes its time; over USB little is to be gained, and what a pad takes as compressed has not been seen. Colours need
 * 24 bit, or 16 where there is no more; over a serial port they would take more than a minute, and go as 1 bit.
 * @param flags of the capability (`ENCODING_FLAG`). @param blackAndWhite `isBlackAndWhite` of the picture
 */
export function encodingsFor(flags: number, transport: 'hid' | 'serial', blackAndWhite: boolean): Encoding[] {
  if (transport === 'serial') return (flags & ENCODING_FLAG.zlib) === 0 ? [Encoding.mono] : [Encoding.monoZlib, Encoding.mono];
  const colours: Encoding[] = [];
  if ((flags & ENCODING_FLAG.bits24) !== 0) colours.push(Encoding.bgr24);
  if ((flags & ENCODING_FLAG.bits16) !== 0) colours.push(Encoding.rgb565);
  // a colour pad need not offer 1 bit; one that names no encoding has it
  const mono = (flags & ENCODING_FLAG.bits1) !== 0 || colours.length === 0 ? [Encoding.mono] : [];
  return blackAndWhite ? [...mono, ...colours] : [...colours, ...mono];
}

/** Whether every pixel is pure black or pure white. @param rgba 4 bytes a pixel; alpha is ignored */
export function isBlackAndWhite(rgba: Uint8Array): boolean {
  for (let at = 0; at < rgba.length; at += 4) {
    const red = rgba[at]!;
    if ((red !== 0 && red !== 255) || rgba[at + 1] !== red || rgba[at + 2] !== red) return false;
  }
  return true;
}

/**
 * @param rgba 4 bytes a pixel, rows from the top. @param width of the whole picture. @param area the part to encode
 * @returns what goes into the blocks
 */
export function encodePicture(rgba: Uint8Array, width: number, area: PadArea, encoding: Encoding, settings: PictureSettings): Uint8Array {
  const columns = area.x2 - area.x1 + 1;
  const rows = area.y2 - area.y1 + 1;
  const cut = new Uint8Array(4 * columns * rows);
  for (let row = 0; row < rows; row++) {
    const from = 4 * ((area.y1 + row) * width + area.x1);
    cut.set(rgba.subarray(from, from + 4 * columns), 4 * row * columns);
  }
  switch (encoding) {
    case Encoding.bgr24: return bgr24(cut);
    case Encoding.rgb565: return rgb565(cut, settings.byteOrder === 'little');
    case Encoding.mono: return mono(cut, columns, rows, settings);
    case Encoding.monoZlib: return deflateSync(mono(cut, columns, rows, settings));
  }
}

function bgr24(rgba: Uint8Array): Uint8Array {
  const bytes = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    bytes[to] = rgba[from + 2]!;
    bytes[to + 1] = rgba[from + 1]!;
    bytes[to + 2] = rgba[from]!;
  }
  return bytes;
}

function rgb565(rgba: Uint8Array, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(rgba.length / 2));
  for (let from = 0; from < rgba.length; from += 4) {
    view.setUint16(from / 2, rgb565Of(rgba[from]!, rgba[from + 1]!, rgba[from + 2]!), littleEndian);
  }
  return new Uint8Array(view.buffer);
}

/** 5 bits red, 6 green, 5 blue: the upper ones of each. */
export function rgb565Of(red: number, green: number, blue: number): number {
  return ((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3);
}

function mono(rgba: Uint8Array, columns: number, rows: number, { bitOrder, whiteBit, shades }: PictureSettings): Uint8Array {
  const grey = luma(rgba);
  const stride = Math.ceil(columns / 8);
  const bytes = new Uint8Array(stride * rows).fill(whiteBit === 1 ? 0xff : 0x00);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const white = grey[row * columns + column]! >= MIDDLE;
      if (shades === 'dither') spread(grey, columns, row, column, grey[row * columns + column]! - (white ? 255 : 0));
      if (!white) bytes[row * stride + (column >> 3)]! ^= bitOrder === 'msb' ? 0x80 >> (column & 7) : 1 << (column & 7);
    }
  }
  return bytes;
}

/** Rec. 601 luma, 0 to 255. */
function luma(rgba: Uint8Array): Float64Array {
  const grey = new Float64Array(rgba.length / 4);
  for (let pixel = 0; pixel < grey.length; pixel++) grey[pixel] = 0.299 * rgba[4 * pixel]! + 0.587 * rgba[4 * pixel + 1]! + 0.114 * rgba[4 * pixel + 2]!;
  return grey;
}

/** Hands on what a pixel could not show to those right of it and below. What would leave the picture is dropped. */
function spread(grey: Float64Array, columns: number, row: number, column: number, error: number): void {
  const at = row * columns + column;
  const below = at + columns;
  if (column + 1 < columns) grey[at + 1]! += (error * 7) / 16;
  if (below >= grey.length) return;
  if (column > 0) grey[below - 1]! += (error * 3) / 16;
  grey[below]! += (error * 5) / 16;
  if (column + 1 < columns) grey[below + 1]! += error / 16;
}
