import { PacketError } from '../errors.ts';

/** The refusal of what cannot be brought to show the same everywhere. */
export function broken(cause?: unknown): PacketError {
  return new PacketError('PDF_BROKEN', 'This PDF is damaged and cannot be read reliably. Print it again from its program.', { cause });
}
