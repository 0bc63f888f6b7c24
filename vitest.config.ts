import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const NEVER = ['node_modules/**', 'dist/**', '.cache/**', '**/*.long.test.ts'];
const ALL = ['**/*.test.ts', '**/*.test.tsx'];

/**
 * A worker each: they put a module in place of another, which would stay there; the library of a PKCS #11 token reads its settings once;
 * and one measures the memory of its process.
 */
const CHANGE_THEIR_WORKER = [
  ...globSync(ALL, { cwd: import.meta.dirname, exclude: NEVER }).filter((path) => readFileSync(join(import.meta.dirname, path), 'utf8').includes('vi.mock(')),
  'keys/signers/pkcs11-key.test.ts',
  'keys/slices.test.ts',
];

/** Houses and browsers first: those files take longest, and the last one to begin would leave the other workers idle. */
class HouseFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isHouse = ({ moduleId }: TestSpecification) => /\/(e2e|kiosk\/screens)\//.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isHouse), ...sorted.filter((file) => !isHouse(file))];
  }
}

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Real browsers, processes and disks on a busy machine: once more, and `run-tests.ts` names every test that needed it.
    retry: 1,
    expect: { poll: { timeout: 20_000 } },
    // Most tests wait for processes, browsers and disks; the default leaves one of two processors idle.
    maxWorkers: Math.max(2, availableParallelism()),
    // what one test spied on or set is as it was for the next, in whichever file
    restoreMocks: true,
    unstubEnvs: true,
    sequence: { sequencer: HouseFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: CHANGE_THEIR_WORKER, exclude: NEVER } },
      // Loading the same hundreds of modules for each of 200 small files costs more than what they test.
      { extends: true, test: { name: 'together', include: ALL, exclude: [...NEVER, ...CHANGE_THEIR_WORKER], isolate: false } },
    ],
  },
});
