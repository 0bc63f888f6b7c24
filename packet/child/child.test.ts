import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Deed } from '#fixtures/misbehaving-child.ts';
import type { PacketError } from '../errors.ts';
import { deadlineFor } from './deadline.ts';
import { runInChild, type ChildLimits } from './index.ts';
import { inTurn } from './turn.ts';

const module = new URL('../../fixtures/misbehaving-child.ts', import.meta.url);
const path = join(tmpdir(), `countersign-child-${randomBytes(6).toString('hex')}`);
const run = async (deed: Deed, input = new Uint8Array(), limits: ChildLimits = { deadlineMs: 20_000, memoryMb: 256 }): Promise<{ result: unknown; output: Uint8Array }> =>
  runInChild(module, { deed, path }, input, limits);
const failure = async (deed: Deed, limits?: ChildLimits): Promise<string> =>
  run(deed, undefined, limits).then(() => 'answered', (error: PacketError) => error.code);

test('bytes go there and back unchanged', async () => {
  const input = randomBytes(3_000_001);
  expect(input.equals((await run('echo', input)).output)).toBe(true);
  expect((await run('echo')).output).toHaveLength(0);
});

test.each<[Deed, string]>([
  ['refuse', 'PDF_NO_PAGES'], ['throw', 'PDF_BROKEN'], ['exit', 'PDF_BROKEN'], ['fill heap', 'PDF_MEMORY'], ['fill buffers', 'PDF_MEMORY'],
])('a child that does "%s" ends as %s', async (deed, code) => {
  expect(await failure(deed)).toBe(code);
});

test('a child that never yields is killed at the deadline, which others may have used up before it', async () => {
  const limits = { deadlineMs: 21_000, memoryMb: 256, spent: { ms: 0 } };
  await run('echo', undefined, limits);
  expect(limits.spent.ms).toBeGreaterThan(0);
  limits.spent.ms = 19_500;
  expect(await failure('loop', limits)).toBe('PDF_TIMEOUT');
  expect(limits.spent.ms).toBeGreaterThanOrEqual(20_900);
});

test.each([[0, 10_000], [50, 10_000], [51, 10_100], [200, 25_000]])('the deadline for %i MiB is %i ms', (megabytes, expected) => {
  expect(deadlineFor(megabytes * 2 ** 20, 10_000)).toBe(expected);
});

test('a child can neither write a file nor start a program', async () => {
  await expect(run('write file')).rejects.toMatchObject({ code: 'PDF_BROKEN', cause: { message: expect.stringContaining('restricted') } });
  expect(existsSync(path)).toBe(false);
  await expect(run('start program')).rejects.toMatchObject({ cause: { message: expect.stringContaining('restricted') } });
});

test('an answer that comes after the child has died starts nothing, or the process would wait for its deadline', async () => {
  const { promise, resolve: answer } = Promise.withResolvers<unknown>();
  await expect(runInChild(module, { deed: 'ask and die', path }, new Uint8Array(), { deadlineMs: 20_000, memoryMb: 256 }, undefined, () => promise)).rejects.toMatchObject({ code: 'PDF_BROKEN' });
  const timers = vi.spyOn(globalThis, 'setTimeout');
  answer(null);
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(timers).not.toHaveBeenCalled();
  timers.mockRestore();
});

test('what a library prints does not reach the answer', async () => {
  expect((await run('print')).result).toBe('printed');
});

test('no more than two run at once, and a failure frees its place', async () => {
  let running = 0;
  const most: number[] = [];
  const work = async (number: number): Promise<void> => {
    most.push(++running);
    await new Promise((resolve) => { setImmediate(resolve); });
    running--;
    if (number % 2 === 0) throw new Error('failed');
  };
  const ended = await Promise.allSettled(Array.from({ length: 9 }, (_, number) => inTurn(() => work(number))));
  expect(ended.filter(({ status }) => status === 'rejected')).toHaveLength(5);
  expect(most).toHaveLength(9);
  expect(Math.max(...most)).toBe(2);
});
