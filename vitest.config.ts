import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['node_modules/**', 'dist/**', '.cache/**', '**/*.long.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Real browsers, processes and disks on a busy machine: once more, and `run-tests.ts` names every test that needed it.
    retry: 1,
    // Most tests wait for processes, browsers and disks; the default leaves one of two processors idle.
    maxWorkers: Math.max(3, availableParallelism()),
  },
});
