/**
 * `countersign hid` on bytes of strangers: in a process of its own with a deadline and a memory limit.
 *
 * Before: `../hid.ts`. After: `child.ts` does the work.
 */
import { PenError, type PenErrorCode } from '#driver/errors.ts';
import { runInChild, type ChildFailures, type ChildLimits } from '#packet/child/index.ts';

export interface HidWork {
  verb: 'describe' | 'decode';
  /** Which one of a hid-recorder file is to be described; null: the first. */
  device: number | null;
  json: boolean;
}

/** Largest file that is read; a 200 Hz pen fills it in about an hour. What is printed of it is some ten times as much. */
export const MAX_FILE_BYTES = 32 * 2 ** 20;

const LIMITS: ChildLimits = { deadlineMs: 120_000, memoryMb: 2048 };

const failures: ChildFailures = {
  refused: (code, message) => new PenError(code as PenErrorCode, message),
  late: (seconds) => new Error(`it took longer than ${seconds} s to read`),
  outOfMemory: () => new Error('it needs more memory to read than is allowed; cut the recording into parts'),
  broken: (cause) => new Error(`it cannot be read: ${cause.message}`, { cause }),
};

/** @returns what is to be printed. @throws PenError DESCRIPTOR_MALFORMED, RECORDING_MALFORMED */
export async function hidInChild(file: Uint8Array, work: HidWork, limits: ChildLimits = LIMITS): Promise<Uint8Array> {
  const { output } = await runInChild<HidWork, null>(new URL('child.ts', import.meta.url), work, file, limits, failures);
  return output;
}
