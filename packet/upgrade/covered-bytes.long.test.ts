/** As `covered-bytes.test.ts`, over generated revisions. */
import fc from 'fast-check';
import { test } from 'vitest';
import { expectGrowth, STEPS } from '#fixtures/grown-document.ts';

test('in whatever order', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(
    fc.constantFrom('table' as const, 'stream' as const), fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat(255)), { minLength: 1, maxLength: 5 }), expectGrowth,
  ), { numRuns: 60 });
});
