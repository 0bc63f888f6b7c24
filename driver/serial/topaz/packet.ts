/**
 * Pen packets of Topaz signature pads, as two open decoders read them: waxbee topaz_serial.cpp and l1n/topaz-dext (format 0).
 * No vendor document is public. Five bytes, bit 7 set in the first only:
 *
 *   0  1 N k k k . . T   N pen near, k kind of packet, T tip on the surface
 *   1  . X 6..0          2  0 0 0 X 11..7
 *   3  . Y 6..0          4  0 0 0 Y 11..7
 *
 * Kinds 0, 1 and 4 are positions; 2 is the device, 3 an answer, 7 (says topaz-dext alone) a pressure of models that have one.
 * waxbee knows no kinds. Both ends at 4095 mean "no position" (topaz-dext). The 7-bit format of some pads with a screen
 * (SignatureGem LCD 1x5) is another one and is not read here.
 */
import { Switch } from '#biometrics/sample.ts';
import { Column, ROW_WIDTH, type SampleRows } from '../../sample-rows.ts';

export const PACKET_LENGTH = 5;
export const POSITION_MAX = 4_095;

const NEAR = 0x40;
const TIP = 0x01;
const POSITION_KINDS: readonly number[] = [0, 1, 4];
/** Bits that are 0 in the high bytes of a position. */
const HIGH_ZERO = 0xe0;

/** @returns what the packet is; 'damaged' where bits are set that no position has */
export function readTopaz(packet: Uint8Array, hostTime: number, rows: SampleRows, row: number): 'pen' | 'other' | 'damaged' {
  const lead = packet[0]!;
  if (!POSITION_KINDS.includes((lead >> 2) & 7)) return 'other';
  if (((packet[2]! | packet[4]!) & HIGH_ZERO) !== 0) return 'damaged';
  const x = (packet[2]! << 7) | packet[1]!;
  const y = (packet[4]! << 7) | packet[3]!;
  if (x === POSITION_MAX && y === POSITION_MAX) return 'other';
  const at = row * ROW_WIDTH;
  rows.channels[at + Column.x] = x;
  rows.channels[at + Column.y] = y;
  rows.channels[at + Column.hostTime] = hostTime;
  rows.switches[row] = ((lead & NEAR) === 0 ? 0 : Switch.inRange) | ((lead & TIP) === 0 ? 0 : Switch.tip);
  return 'pen';
}
