/** How a broken descriptor is refused: what is wrong, at which byte, and where HID 1.11 says how it should be. */
import { PenError } from '../../errors.ts';

/** @param offset of the item's first byte. @param section of "Device Class Definition for HID", version 1.11. */
export function malformed(offset: number, what: string, section: string): PenError {
  return new PenError('DESCRIPTOR_MALFORMED', `The report descriptor is malformed at byte ${offset} (0x${offset.toString(16)}): ${what}. See HID 1.11, section ${section}.`);
}
