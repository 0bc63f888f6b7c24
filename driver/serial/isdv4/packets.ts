/**
 * Packets of Wacom's ISDv4 / W8001 protocol, as two open drivers read them independently: Linux
 * drivers/input/touchscreen/wacom_w8001.c and xf86-input-wacom include/isdv4.h. No vendor document is public.
 *
 * Bit 7 is set in byte 0 only. Bit 6 of byte 0: an answer to a query, 11 bytes. Else bit 4: touch, 5, 7 or 13 bytes by the
 * sensor. Else: pen, 9 bytes:
 *
 *   0  1 . P . . 2 S T   P in proximity, 2 second side switch or eraser, S side switch, T tip
 *   1  X 15..9     2  X 8..2     3  Y 15..9     4  Y 8..2
 *   5  pressure 6..0             6  X 1..0, Y 1..0, pressure 9..7
 *   7  tilt X                    8  tilt Y
 *
 * The answer to a pen query has the maxima in the same places, and the version in bytes 9 and 10. Of its two tilt maxima,
 * isdv4.h takes byte 7 as Y and byte 8 as X, the kernel the other way round, as in pen packets; so do we.
 */
import { Column, ROW_WIDTH, type SampleRows } from '../../sample-rows.ts';

export const PEN_LENGTH = 9;
export const REPLY_LENGTH = 11;
export const TOUCH_LENGTHS: readonly number[] = [5, 7, 13];
export const MAX_LENGTH = 13;

const PenBit = { tip: 0x01, side: 0x02, second: 0x04, proximity: 0x20 } as const;
const REPLY_BIT = 0x40;
const TOUCH_BIT = 0x10;

export type PacketKind = 'pen' | 'touch' | 'reply';

/** @param lead byte 0 of a packet */
export function packetKind(lead: number): PacketKind {
  if ((lead & REPLY_BIT) !== 0) return 'reply';
  return (lead & TOUCH_BIT) !== 0 ? 'touch' : 'pen';
}

/** The four switches of byte 0. */
export interface PenSwitches { tip: boolean; side: boolean; second: boolean; proximity: boolean }

export function penSwitches(packet: Uint8Array): PenSwitches {
  const lead = packet[0]!;
  return {
    tip: (lead & PenBit.tip) !== 0, side: (lead & PenBit.side) !== 0,
    second: (lead & PenBit.second) !== 0, proximity: (lead & PenBit.proximity) !== 0,
  };
}

/** Writes the raw numbers of a pen packet into a row, switches and marks aside. @param tilt false for a tablet that has none */
export function readPen(packet: Uint8Array, hostTime: number, tilt: boolean, rows: SampleRows, row: number): void {
  const at = row * ROW_WIDTH;
  const { channels } = rows;
  channels[at + Column.x] = penX(packet);
  channels[at + Column.y] = penY(packet);
  channels[at + Column.pressure] = penPressure(packet);
  if (tilt) {
    channels[at + Column.tiltX] = packet[7]!;
    channels[at + Column.tiltY] = packet[8]!;
  }
  channels[at + Column.hostTime] = hostTime;
}

/** What a tablet says of its pen. */
export interface PenReply {
  xMax: number;
  yMax: number;
  pressureMax: number;
  /** 0: the tablet has no tilt. */
  tiltXMax: number;
  tiltYMax: number;
  version: number;
}

/** @param reply 11 bytes */
export function readPenReply(reply: Uint8Array): PenReply {
  return {
    xMax: penX(reply), yMax: penY(reply), pressureMax: penPressure(reply),
    tiltXMax: reply[7]!, tiltYMax: reply[8]!, version: (reply[9]! << 7) | reply[10]!,
  };
}

/** Length of a touch packet by the sensor id in the answer to a touch query; null: the tablet has no touch, or a sensor not known. */
export function touchLength(reply: Uint8Array): number | null {
  // tablets without touch may answer, with nothing in byte 1
  if (reply[1] === 0) return null;
  return [5, 7, 5, 7, 7, 13][reply[2]! & 7] ?? null;
}

function penX(packet: Uint8Array): number {
  return (packet[1]! << 9) | (packet[2]! << 2) | ((packet[6]! >> 5) & 3);
}

function penY(packet: Uint8Array): number {
  return (packet[3]! << 9) | (packet[4]! << 2) | ((packet[6]! >> 3) & 3);
}

function penPressure(packet: Uint8Array): number {
  return ((packet[6]! & 7) << 7) | packet[5]!;
}
