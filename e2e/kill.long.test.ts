/**
 * Promise 3, in finer steps than `kill.test.ts`: the station is killed at each flush, at single writes to its databases, and at each
 * rename and unlink while it tidies up.
 */
import { afterAll, expect, test } from 'vitest';
import { killRounds, type KillRounds, type Left } from './kill-rounds.ts';

/** Of the station's own thread, to the database that says how far a request is; the signing thread's, page by page of the packet, are counted by themselves. */
const MOST_WRITES = 60;
const MOST_FLUSHES = 12;
let rounds: KillRounds | undefined;

afterAll(async () => rounds?.end());

test('a station killed at any write between Done and "Thank you" has the whole packet or none', async (context) => {
  rounds ??= await killRounds(context);
  const left: Left[] = [];
  while (left.length < MOST_WRITES && left.at(-1) !== 'untouched') left.push(await rounds.round({ calls: 'pwrite64,pwritev', when: 1 + 2 * left.length, path: 'station.db-wal' }));
  // how many writes come before the packet is the signing thread's to say, so for a while it is the one or the other
  expect(left.join(' ')).toMatch(/^(unsigned ){3,}((unsigned|complete) )*complete untouched$/);
  await rounds.checkChain();
});

test('a station killed at any flush between Done and "Thank you" has the whole packet or none', async (context) => {
  rounds ??= await killRounds(context);
  const left: Left[] = [];
  while (left.length < MOST_FLUSHES && left.at(-1) !== 'untouched') left.push(await rounds.round({ calls: 'fsync,fdatasync', when: left.length + 1 }));
  // the trail, the record announced, the packet, the request completed: each flushed before the next is begun
  expect(left.join(' ')).toMatch(/^(unsigned ){2,}(complete )+(untouched|complete)$/);
});

test.for([
  ['unlink,unlinkat', 'documents/ID.document'], ['fsync,fdatasync', 'documents/ID.signed.new'], ['rename,renameat,renameat2', 'documents/ID.signed.new'], ['fsync,fdatasync', 'documents'],
] as const)('a station killed while it tidies up (%s of %s) has the packet', async ([calls, path], context) => {
  rounds ??= await killRounds(context);
  expect(await rounds.round({ calls, when: 1, path })).toBe('complete');
});

/** One kill for each thing that is made durable between two signings: the document of the next, what is on its way, the packet, the next request, the tidying. */
const BETWEEN: readonly { calls: string; when: number }[] = [1, 2, 3, 4, 5, 6, 7].map((when) => ({ calls: 'fsync,fdatasync', when }));

test('a station killed at any flush between two signings of one document has the first and one that follows it, or neither', async (context) => {
  const several = await killRounds(context);
  try {
    const left: Left[] = [];
    for (const kill of BETWEEN) {
      left.push(await several.chained(kill));
      if (left.at(-1) === 'untouched') break;
    }
    expect(left.join(' ')).toMatch(/^(unsigned ){2,}complete/);
    await several.checkChain();
  } finally {
    await several.end();
  }
});
