/** The process in which `countersign import` reads foreign bytes. Before: `in-child.ts` spawned it. After: its text goes back. */
import { RecordError } from '#biometrics/errors.ts';
import { serve } from '#packet/child/index.ts';
import type { ImportWork } from './in-child.ts';
import { readForm } from './read-form.ts';

await serve<ImportWork, string[]>(async ({ from, at }, input) => {
  const { recording, limits } = readForm(input, from, at);
  return { result: limits, output: Buffer.from(recording) };
}, RecordError);
