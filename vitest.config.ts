import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The whole house first: those files take longest, and the last one to begin would leave the other workers idle. */
class HouseFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isHouse = ({ moduleId }: TestSpecification) => moduleId.includes('/e2e/');
    const sorted = await super.sort(files);
    return [...sorted.filter(isHouse), ...sorted.filter((file) => !isHouse(file))];
  }
}

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
    sequence: { sequencer: HouseFirst },
  },
});
