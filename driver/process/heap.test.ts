/** In a process of its own: flags of V8 are the whole process's, and stay. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Each thread asks for its collector again and again while the others do. */
const THREADS = `
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
const each = ${JSON.stringify(`import(${JSON.stringify(new URL('heap.ts', import.meta.url).href)}).then(({ clearFreedHeap }) => { for (let time = 0; time < 50; time++) clearFreedHeap(); })`)};
const threads = [1, 2, 3, 4].map(() => new Worker(each, { eval: true }));
await Promise.all(threads.map((thread) => once(thread, 'exit')));
`;

test('threads that start at the same time all get their collector', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '--eval', THREADS], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
}, 120_000);
