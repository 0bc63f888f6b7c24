import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['node_modules/**', 'dist/**', '**/*.long.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
