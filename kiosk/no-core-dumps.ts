/**
 * Keeps strokes, documents and keys out of core dumps: after this call the kernel writes no memory of this process, nor of
 * any process it starts from then on, into one. Linux: core(5), "Controlling which mappings are written to the core dump"; the
 * filter is inherited over fork and kept over execve.
 *
 * Before: `supervisor.ts`, at its start. It does not keep root, or a debugger of the same user, from reading memory; on Windows
 * and macOS nothing is done here, and docs/threat-model.md says so.
 */
import { writeFileSync } from 'node:fs';

/** One bit for each kind of mapping; none is wanted. */
const NO_MAPPINGS = '0';

export function noCoreDumps(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', NO_MAPPINGS);
  } catch {
    // another system, or a kernel without core dumps
  }
}
