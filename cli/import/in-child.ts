/**
 * `countersign import` on bytes of strangers: in a process of its own with a deadline and a memory limit.
 *
 * Before: `../import.ts`. After: `child.ts` does the work.
 */
import { RecordError, type RecordErrorCode } from '#biometrics/errors.ts';
import { runInChild, type ChildFailures, type ChildLimits } from '#packet/child/index.ts';
import type { Form } from './read-form.ts';

export interface ImportWork {
  from: Form;
  /** When it is imported, RFC 3339 UTC. */
  at: string;
}

export interface Imported {
  /** JSON text in UTF-8. */
  recording: Uint8Array;
  /** Plain sentences: what had to be assumed. */
  limits: string[];
}

/** The largest recording that is allowed (600,000 samples) is written in some ten seconds and 1 GiB. */
const LIMITS: ChildLimits = { deadlineMs: 60_000, memoryMb: 2048 };

const failures: ChildFailures = {
  refused: (code, message) => new RecordError(code as RecordErrorCode, message),
  late: (seconds) => new Error(`it takes longer than ${seconds} s to read; cut it into one file for each signature`),
  outOfMemory: () => new Error('it needs more memory to read than is allowed; cut it into one file for each signature'),
  broken: (cause) => new Error(`it cannot be read: ${cause.message}`, { cause }),
};

/** @throws RecordError as `readForm`; Error where it takes too long or too much memory, or the child died */
export async function readFormInChild(file: Uint8Array, work: ImportWork, limits: ChildLimits = LIMITS): Promise<Imported> {
  const { result, output } = await runInChild<ImportWork, string[]>(new URL('child.ts', import.meta.url), work, file, limits, failures);
  return { recording: output, limits: result };
}
