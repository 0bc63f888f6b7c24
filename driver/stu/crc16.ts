/**
 * CRC-16 "ANSI": polynomial 0x8005, bits reflected (0xA001), no final xor. Finds damage on the line; it is no protection.
 *
 * The name leaves the initial value open. It is 0x0000 in CRC-16/ARC, the checksum that has always been called CRC-16 and
 * ANSI, and 0xFFFF in CRC-16/MODBUS, which some libraries call ANSI too. The SDK's source for it (Crc.hpp) is not public.
 */
export type CrcInitial = 0x0000 | 0xffff;

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

export function crc16(bytes: Uint8Array, initial: CrcInitial): number {
  let crc: number = initial;
  for (const byte of bytes) crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 0xff]!;
  return crc;
}
