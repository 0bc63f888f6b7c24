import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** `npm run test:long`: fuzzing, soak, other machines, whole corpora. What fails there once has failed. */
export default defineConfig({
  test: {
    include: ['**/*.long.test.ts'],
    exclude: ['node_modules/**', 'dist/**'],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    retry: 0,
    maxWorkers: Math.max(3, availableParallelism()),
  },
});
