/** How long a child may take, by the size of what it reads. */

/** All that hotels print is far below; within the plain deadline even a damaged document of that size is repaired or refused. */
const plainBytes = 50 * 2 ** 20;
/** A sound scan of 190 MB took 10 s on a busy machine with two processors: reading and hashing grow with the bytes, not with the pages. */
const msPerFurtherMiB = 100;

/**
 * Whoever waits at a desk for a document that cannot be read waits `deadlineMs` at most. Only what is so large that sound ones would be
 * refused for want of time gets more, in proportion.
 */
export function deadlineFor(bytes: number, deadlineMs: number): number {
  return deadlineMs + Math.max(0, Math.ceil((bytes - plainBytes) / 2 ** 20)) * msPerFurtherMiB;
}
