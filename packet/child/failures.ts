/** How the failures of a child are told: its callers have error classes and words of their own. */
import { PacketError, type PacketErrorCode } from '../errors.ts';

export interface ChildFailures {
  /** What the work refused: the error that it threw, from its code and message. */
  refused(code: string, message: string): Error;
  /** It was killed at its deadline. */
  late(seconds: number): Error;
  outOfMemory(): Error;
  /** It died, or threw what it does not throw on purpose. */
  broken(cause: Error): Error;
}

/** For work on documents. */
export const documentFailures: ChildFailures = {
  refused: (code, message) => new PacketError(code as PacketErrorCode, message),
  late: (seconds) => new PacketError('PDF_TIMEOUT', `This document took longer than ${seconds} s to read. Print it again from its program, or use paper.`),
  outOfMemory: () => new PacketError('PDF_MEMORY', 'This document needs more memory to read than is allowed. Print it with fewer or smaller pictures, or use paper.'),
  broken: (cause) => new PacketError('PDF_BROKEN', 'This PDF is damaged and cannot be read. Print it again from its program.', { cause }),
};
